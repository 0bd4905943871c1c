"""The latest solution is kept although a reopening empties resolved_at (feature IN-11)."""

from django.db import migrations, models

KNOWN = """
UPDATE incidents_incident i SET last_resolved_at = COALESCE(
    (SELECT max(e.at) FROM records_timelineentry e
      WHERE e.record_id = r.id AND e.to_state = 'resolved'),
    r.resolved_at)
FROM records_record r
WHERE r.id = i.record_ptr_id AND (r.resolved_at IS NOT NULL OR r.reopen_count > 0)
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_numbers"), ("records", "0002_reference")]
    operations = [
        migrations.AddField(
            model_name="incident",
            name="last_resolved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]

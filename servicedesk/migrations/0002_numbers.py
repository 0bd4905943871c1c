"""Numbers of calls."""

from django.db import migrations

from records.numbers import make_sequence


class Migration(migrations.Migration):
    dependencies = [("servicedesk", "0001_initial")]
    operations = [make_sequence("CALL")]

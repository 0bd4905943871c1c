"""Read-only views for reports, auditors and tests from outside: the schema `reporting`.

Their columns are promised (docs/reporting.md): add, never rename or take away.
"""

from django.db import migrations

VIEWS = {
    "clock": """
        SELECT id, record_id,
               CASE clock_kind WHEN 'sla' THEN metric ELSE clock_kind || ':' || metric END AS kind,
               state, started_at, due_at
        FROM slm_clock
    """,
    # Shares of clocks only. What another desk had escalated is not ours to prove.
    "threshold": """
        SELECT t.clock_id, t.cycle, t.code AS threshold, t.fires_at
        FROM slm_threshold t
        WHERE t.clock_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM slm_escalation e
            WHERE e.clock_id = t.clock_id AND e.cycle = t.cycle AND e.threshold = t.code
              AND e.is_imported
        )
    """,
    "escalation": """
        SELECT id, clock_id, cycle, threshold, fired_at
        FROM slm_escalation WHERE clock_id IS NOT NULL AND NOT is_imported
    """,
    # A notice in the page is delivered by being written: it is shown, never sent.
    "outbox": """
        SELECT n.id, n.template AS kind, n.dedup_key, n.record_id,
               COALESCE(NULLIF(n.recipient, ''), p.email, p.code) AS recipient,
               CASE n.channel WHEN 'in_app' THEN 'shown' ELSE n.status END AS status,
               n.attempts, n.created_at, n.sent_at, NULLIF(n.message_id, '') AS message_id
        FROM records_notification n JOIN people_person p ON p.id = n.person_id
    """,
    "inbound": """
        SELECT NULL::bigint AS id, NULL::bigint AS channel_id, NULL::text AS transport_key,
               NULL::text AS raw_sha256, NULL::text AS status, NULL::text AS reason,
               NULL::bigint AS record_id, NULL::bigint AS comment_id,
               NULL::timestamptz AS received_at
        WHERE false
    """,
    "event": """
        SELECT record_id, seq, verb AS type, NULLIF(from_state, '') AS from_state,
               NULLIF(to_state, '') AS to_state, author_id AS actor, at,
               NULLIF(request_id, '') AS request_id
        FROM records_timelineentry
    """,
    "ticket": "SELECT id, number, state, assignee_id, version FROM records_record",
    "attachment": "SELECT id, file AS path, size, sha256 FROM records_document",
    "heartbeat": "SELECT process, at FROM core_heartbeat",
}
CREATE = "CREATE SCHEMA IF NOT EXISTS reporting;\n" + "".join(
    f"CREATE VIEW reporting.{name} AS {query.strip()};\n" for name, query in VIEWS.items()
)
DROP = "DROP SCHEMA IF EXISTS reporting CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_models"),
        ("people", "0001_initial"),
        ("records", "0001_initial"),
        ("slm", "0001_initial"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]

"""reporting.inbound shows the mail that came in; the columns stay as they were promised."""

from django.db import migrations

VIEW = """
    CREATE OR REPLACE VIEW reporting.inbound AS
    SELECT m.id::bigint AS id, m.mailbox_id::bigint AS channel_id, m.sha256::text AS transport_key,
           m.sha256::text AS raw_sha256,
           (CASE m.state WHEN 'received' THEN 'new' WHEN 'quarantined' THEN 'quarantined'
                 ELSE CASE WHEN m.decision IN ('new_ticket', 'reply', 'follow_up', 'joined_as_cc')
                      THEN 'taken' ELSE 'dropped' END END)::text AS status,
           NULLIF(m.decision, '')::text AS reason, m.record_id::bigint AS record_id,
           m.entry_id::bigint AS comment_id, m.received_at AS received_at
    FROM servicedesk_inboundmessage m;
"""
EMPTY = """
    CREATE OR REPLACE VIEW reporting.inbound AS
    SELECT NULL::bigint AS id, NULL::bigint AS channel_id, NULL::text AS transport_key,
           NULL::text AS raw_sha256, NULL::text AS status, NULL::text AS reason,
           NULL::bigint AS record_id, NULL::bigint AS comment_id,
           NULL::timestamptz AS received_at
    WHERE false;
"""


class Migration(migrations.Migration):
    dependencies = [("itsm", "0001_reporting"), ("servicedesk", "0010_mail")]
    operations = [migrations.RunSQL(VIEW, EMPTY)]

"""What must hold whatever was killed: the queries of docs/reporting.md. No row is a pass."""

from django.db import connection

QUERIES = {
    "I1 no escalation is lost": """
        SELECT t.* FROM reporting.threshold t JOIN reporting.clock c ON c.id = t.clock_id
        LEFT JOIN reporting.escalation e USING (clock_id, cycle, threshold)
        WHERE e.id IS NULL AND t.fires_at < now() - interval '60 s' AND c.state = 'running'
    """,
    "I2 none came twice": """
        SELECT clock_id, cycle, threshold FROM reporting.escalation
        GROUP BY 1, 2, 3 HAVING count(*) <> 1
    """,
    "I2 the database forbids it": """
        SELECT 1 WHERE NOT EXISTS (
            SELECT FROM pg_indexes WHERE tablename = 'slm_escalation'
            AND indexdef LIKE 'CREATE UNIQUE INDEX%(clock_id, cycle, threshold)%'
        )
    """,
    "I3 each has its messages": """
        SELECT e.* FROM reporting.escalation e LEFT JOIN reporting.outbox o
        ON o.dedup_key LIKE 'esc:' || clock_id || ':' || cycle || ':' || threshold || ':%%'
        WHERE o.id IS NULL
    """,
    "I3 no message twice": """
        SELECT dedup_key FROM reporting.outbox GROUP BY dedup_key HAVING count(*) > 1
    """,
    "I7 the story is whole": """
        SELECT record_id FROM reporting.event GROUP BY 1
        HAVING min(seq) <> 1 OR max(seq) <> count(*)
    """,
    "I7 the last state is the present one": """
        SELECT t.number, t.state, last.to_state FROM reporting.ticket t JOIN LATERAL (
            SELECT to_state FROM reporting.event e
            WHERE e.record_id = t.id AND to_state IS NOT NULL ORDER BY seq DESC LIMIT 1
        ) last ON true WHERE last.to_state <> t.state
    """,
    "I12 none came early": """
        SELECT * FROM reporting.escalation e
        JOIN reporting.threshold t USING (clock_id, cycle, threshold) WHERE e.fired_at < t.fires_at
    """,
}


def violations():
    """{invariant: rows} of what does not hold."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in QUERIES.items():
            cursor.execute(query.replace("%%", "%"))
            if rows := cursor.fetchall():
                found[name] = rows
    return found

"""Notices a part that lives but does nothing: its heartbeat row in the database has grown old.

Looked at by the supervisor. Where the database does not answer, nobody is to blame; and after it
was away, every part gets one more round to speak.
"""

import contextlib
import time

import psycopg2

LOOK_EVERY = 30
SILENT_AFTER = 120
QUERY = "SELECT process, extract(epoch FROM clock_timestamp() - at)::float FROM core_heartbeat"


class Watch:
    """`silent(parts)` names the parts that ran long enough and were silent twice in a row."""

    def __init__(self, connect):
        self._connect = connect
        self._looked_at = time.monotonic()
        self._suspects = set()

    def silent(self, parts):
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY:
            return []
        self._looked_at = now
        try:
            ages = self._ages()
        except psycopg2.Error:
            self._suspects = set()
            return []
        silent = [part for part in parts if is_silent(part, ages, now)]
        guilty = [part for part in silent if part.name in self._suspects]
        self._suspects = {part.name for part in silent} - {part.name for part in guilty}
        return guilty

    def _ages(self):
        """{process: seconds since it last spoke}"""
        with contextlib.closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 2000")
            cursor.execute(QUERY)
            return dict(cursor.fetchall())


def is_silent(part, ages, now):
    """A part speaks as "sweeper" or as "sweeper:clocks", …; one that never spoke is let be."""
    own = [age for process, age in ages.items() if process.split(":")[0] == part.name]
    has_run = part.is_running() and now - part.started_at > SILENT_AFTER
    return bool(own) and has_run and max(own) > SILENT_AFTER

"""A process says that it is alive; the health page listens."""

from django.db import connection


def beat(process):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_heartbeat (process, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (process) DO UPDATE SET at = excluded.at",
            [process],
        )

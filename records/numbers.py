"""Numbers like INC-000123, from one PostgreSQL sequence a prefix. Gaps are allowed."""

from django.db import connection, migrations


def sequence(prefix):
    return f"record_number_{prefix.lower()}"


def take(prefix):
    """The next number and the database's present instant, in one question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass), clock_timestamp()", [sequence(prefix)])
        value, at = cursor.fetchone()
    return f"{prefix}-{value:06d}", at


def take_many(prefix, count):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence(prefix), count]
        )
        return [f"{prefix}-{row[0]:06d}" for row in cursor.fetchall()]


def make_sequence(prefix):
    """A migration operation: every app that registers a kind makes the sequence of its prefix."""
    name = sequence(prefix)
    return migrations.RunSQL(f"CREATE SEQUENCE IF NOT EXISTS {name}", f"DROP SEQUENCE {name}")

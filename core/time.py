"""The one clock. What is due, and when something happened, is said by the database."""

from django.db import connection


def now():
    """The database's present instant (aware, UTC). Call it once an action, after the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]

"""Exit code 0 where a process has spoken lately: the health check of containers without a port."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Fails where the named process has been silent for longer than --seconds."

    def add_arguments(self, parser):
        parser.add_argument("process")
        parser.add_argument("--seconds", type=int, default=60)

    def handle(self, *, process, seconds, **options):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM clock_timestamp() - at)::int"
                " FROM core_heartbeat WHERE process = %s",
                [process],
            )
            row = cursor.fetchone()
        if row is None:
            raise CommandError(f"{process} has never spoken")
        if row[0] > seconds:
            raise CommandError(f"{process} has been silent for {row[0]} s")
        self.stdout.write(f"{process} spoke {row[0]} s ago")

"""manage.py import_servicenow FILE: bring in the audit log of a ServiceNow instance."""

import json
from pathlib import Path
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError

from core import time
from itsm.importing import desk, servicenow

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Reads the audit log of ServiceNow incidents (CSV, one row an update) and writes people, "
        "groups, categories, CIs and incidents with their whole history. Twice is harmless."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--shift-to-now", action="store_true",
            help="move all dates by whole weeks so that the last opening is now",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        parser.add_argument(
            "--time-zone", default="UTC", help="zone of the log's dates (default: UTC)"
        )
        parser.add_argument(
            "--organization", default="SERVICENOW", help="code of the customer (made if missing)"
        )
        parser.add_argument("--calendar", default="", help="code of the calendar of new groups")

    def handle(self, *, file, **options):
        if options["time_zone"] not in available_timezones():
            raise CommandError(f"“{options['time_zone']}” is not a time zone.")
        try:
            log = servicenow.read(file.read_bytes(), zone=options["time_zone"])
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except servicenow.NotALog as error:
            raise CommandError(f"{file} is not such a log: {error}") from error
        if options["shift_to_now"]:
            log = servicenow.shift_to(log, time.now())
        calendar = desk.calendar_by_code(options["calendar"])
        if calendar is None:
            raise CommandError("There is no calendar yet, or none of this code. Make one first.")
        summary = desk.bring_in(
            log, organization=options["organization"], calendar=calendar,
            dry_run=options["dry_run"],
        )  # fmt: skip
        self.tell(summary, options)

    def tell(self, summary, options):
        if options["json"]:
            self.stdout.write(json.dumps(summary.as_dict(), ensure_ascii=False, indent=2))
            return
        for name, value in summary.as_dict().items():
            if name != "rejections":
                self.stdout.write(f"{name.replace('_', ' '):>14}  {value}")
        for rejection in summary.rejections[:MOST_SHOWN]:
            where = f"line {rejection['line']}"
            if rejection["column"]:
                where += f", {rejection['column']}"
            self.stdout.write(f"left out: {where}: {rejection['reason']}")
        if len(summary.rejections) > MOST_SHOWN:
            more = len(summary.rejections) - MOST_SHOWN
            self.stdout.write(f"… and {more} more; --json names all of them")
        if options["dry_run"]:
            self.stdout.write("Nothing was written.")

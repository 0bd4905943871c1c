"""Load the official holidays and make-up working days of mainland China into calendars."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from calendars import actions, official
from calendars.models import Calendar
from core.errors import Refused


class Command(BaseCommand):
    help = (
        "Load the official holidays and make-up working days of mainland China. Without --calendar"
        " into every calendar that follows them. --file reads a CSV with the columns"
        " date,kind,name_en,name_zh (kind: holiday or makeup_workday) for years that the"
        " built-in data does not know yet."
    )

    def add_arguments(self, parser):
        parser.add_argument("years", nargs="*", type=int, metavar="YEAR")
        parser.add_argument("--calendar", metavar="CODE", help="only this calendar")
        parser.add_argument("--file", metavar="CSV", help="read the days from this file")

    def handle(self, *, years, calendar, file, **options):
        days = self._days(years, file)
        calendars = self._calendars(calendar)
        try:
            with transaction.atomic():
                for one in calendars:
                    for year in sorted(days):
                        count = actions.load_cn_holidays(one, year, None, days=days[year])
                        self.stdout.write(f"{one.code} {year}: {count} days")
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _days(self, years, file):
        if not file:
            if not years:
                raise CommandError("Say which year, or give a --file.")
            return dict.fromkeys(years)
        try:
            with Path(file).open(encoding="utf-8-sig", newline="") as lines:
                days = official.read_csv(lines)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except official.BadFile as error:
            listed = "\n".join(f"  line {n}, {column}: {why}" for n, column, why in error.problems)
            raise CommandError(f"{file} was not loaded:\n{listed}") from error
        if missing := [str(year) for year in years if year not in days]:
            raise CommandError(f"{file} holds no days of {', '.join(missing)}")
        return {year: days[year] for year in years} if years else days

    def _calendars(self, code):
        if code:
            calendars = list(Calendar.objects.filter(code=code))
            if not calendars:
                raise CommandError(f"There is no calendar with the code {code}.")
        else:
            calendars = list(Calendar.objects.active().following_cn_holidays().by_code())
            if not calendars:
                raise CommandError("No calendar follows the official calendar of mainland China.")
        return calendars

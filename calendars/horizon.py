"""How far ahead the official days are known: a year without data is told, never guessed."""

from datetime import timedelta

from calendars.models import Calendar
from core import time

WARN_FOR = timedelta(days=60)


def lacking(year):
    """The calendars in use that follow the official calendar and hold no days of that year."""
    return Calendar.objects.active().lacking_holidays(year).by_code()


def years_to_check(at=None):
    """This year, and the next one from 60 days before it begins."""
    today = (at or time.now()).date()
    return sorted({today.year, (today + WARN_FOR).year})


def warnings(at=None):
    """[(year, [calendars])] of the years that should be loaded by now and are not."""
    found = [(year, list(lacking(year))) for year in years_to_check(at)]
    return [(year, calendars) for year, calendars in found if calendars]

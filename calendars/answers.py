"""What a calendar answers when it is asked, with the stretches that explain it. For page and API."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from calendars.engine import NeverOpens
from calendars.models import CalendarVersion
from calendars.timetables import current_version, timetable
from core.errors import Refused


def length_text(seconds):
    """Open time in hours and minutes. Never in days: an office day is not 24 hours."""
    hours, rest = divmod(seconds, 3600)
    if rest < 60:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)02d m") % {"hours": hours, "minutes": rest // 60}


@dataclass(frozen=True)
class Stretch:
    start: datetime
    end: datetime
    seconds: int

    @property
    def length(self):
        return length_text(self.seconds)


@dataclass(frozen=True)
class Answer:
    """`seconds` open between `start` and `end`; the stretches add up to them."""

    version: CalendarVersion
    zone: str
    start: datetime
    end: datetime
    seconds: int
    stretches: list[Stretch]

    @property
    def length(self):
        return length_text(self.seconds)


def due(calendar, *, start, seconds, kind) -> Answer:
    """When so many open seconds will have passed. Refused when that is not within ten years."""
    version, table = _asked(calendar, kind)
    try:
        end = table.add(start, seconds)
    except NeverOpens as error:
        raise Refused(
            _("This calendar is not open for so long within ten years of the start.")
        ) from error
    return _answer(version, table, start, end)


def elapsed(calendar, *, start, end, kind) -> Answer:
    """How many open seconds lie between two instants; none when the end is not after the start."""
    version, table = _asked(calendar, kind)
    return _answer(version, table, start, end)


def _asked(calendar, kind):
    version = current_version(calendar)
    return version, timetable(version.pk, kind)


def _answer(version, table, start, end):
    return Answer(
        version=version,
        zone=table.zone.key,
        start=start,
        end=end,
        seconds=table.between(start, end),
        stretches=[
            Stretch(opens, closes, int((closes - opens).total_seconds()))
            for opens, closes in table.stretches(start, end)
        ],
    )

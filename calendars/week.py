"""A frozen week as a page draws it: a tape for each day, and the same in words."""

from dataclasses import dataclass

from calendars.answers import length_text
from calendars.engine import MINUTES_A_DAY, minute_of
from calendars.forms import hours_text
from calendars.models import CalendarException, Kind, Weekday


@dataclass(frozen=True)
class Day:
    label: str
    segments: list
    text: str
    seconds: int

    @property
    def length(self):
        return length_text(self.seconds)


@dataclass(frozen=True)
class Week:
    kinds: list
    days: list

    @property
    def length(self):
        return length_text(sum(day.seconds for day in self.days))


def weeks_of(frozen):
    """One Week for each kind of hours, or a single one where the kinds are alike."""
    kinds = {kind: frozen[kind]["weekly"] for kind in Kind.values}
    if len({str(weekly) for weekly in kinds.values()}) == 1:
        return [_week(list(kinds), next(iter(kinds.values())))]
    return [_week([kind], weekly) for kind, weekly in kinds.items()]


def _week(kinds, weekly):
    days = [_day(weekday.label, weekly.get(str(weekday.value), [])) for weekday in Weekday]
    return Week([Kind(kind).label for kind in kinds], days)


def _day(label, windows):
    minutes = [(minute_of(start), minute_of(end)) for start, end in windows]
    return Day(
        label=label,
        segments=[(100 * a / MINUTES_A_DAY, 100 * b / MINUTES_A_DAY, "run") for a, b in minutes],
        text=hours_text(windows),
        seconds=60 * sum(b - a for a, b in minutes),
    )


def hours_of(exception, frozen):
    """The hours of an exception in words; empty is closed."""
    if exception.kind == CalendarException.Type.HOLIDAY:
        return ""
    day = exception.date.isoformat()
    return hours_text(frozen[Kind.SUPPORT]["exceptions"].get(day, []))


def ruling(exceptions):
    """One exception a date: the own one where there are two."""
    by_date = {}
    for exception in sorted(exceptions, key=lambda e: (e.date, not e.is_official)):
        by_date[exception.date] = exception
    return list(by_date.values())

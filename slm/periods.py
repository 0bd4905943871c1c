"""Spans of time that figures are counted over, on the wall clock of the reader.

A week begins on Monday. A span is half open: its end is the start of the next one.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KEYS = {
    "today": gettext_lazy("Today"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
}
USUAL = "month"
WEEKS = 13
LONGEST = timedelta(days=400)


@dataclass(frozen=True)
class Span:
    """From `start` up to, not including, `end`; `key` is empty for one that was typed."""

    key: str
    start: datetime
    end: datetime

    @property
    def query(self):
        """What an address says to mean this span again."""
        if self.key:
            return {"p": self.key}
        return {"from": self.start.date().isoformat(), "to": self.end.date().isoformat()}


def span_of(key, now):
    """The present span of a kind. `now` is aware and in the reader's zone."""
    key = key if key in KEYS else USUAL
    first = _first_day(key, now.date())
    return _between(key, first, _next(key, first), now.tzinfo)


def former_of(span):
    """The whole span of the same kind before this one."""
    first = span.start.date()
    before = _first_day(span.key, first - timedelta(days=1))
    return _between(span.key, before, first, span.start.tzinfo)


def former_word(key):
    return {
        "today": _("on yesterday"),
        "week": _("on last week"),
        "month": _("on last month"),
        "quarter": _("on last quarter"),
    }[key]


def weeks_before(now, count=WEEKS):
    """The last `count` weeks, the present one last."""
    monday = _first_day("week", now.date())
    first = [monday - timedelta(weeks=n) for n in reversed(range(count))]
    return [_between("", day, day + timedelta(weeks=1), now.tzinfo) for day in first]


def asked(data, now):
    """The span that an address asks for: two days (`from`, `to`, which is not included) or a kind."""
    first, last = _day(data.get("from")), _day(data.get("to"))
    if first and last and first < last <= first + LONGEST:
        return _between("", first, last, now.tzinfo)
    return span_of(data.get("p", ""), now)


def _day(text):
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return day if day and 1990 <= day.year <= 2100 else None


def _first_day(key, day):
    if key == "week":
        return day - timedelta(days=day.weekday())
    if key == "month":
        return day.replace(day=1)
    if key == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day


def _next(key, first):
    if key in ("month", "quarter"):
        months = first.year * 12 + first.month - 1 + (1 if key == "month" else 3)
        return date(months // 12, months % 12 + 1, 1)
    return first + timedelta(days=7 if key == "week" else 1)


def _between(key, first, last, zone):
    return Span(key, datetime.combine(first, time(), zone), datetime.combine(last, time(), zone))

"""What the page "Satisfaction" shows, worked out: the period, what is narrowed to, trend, tables."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from core.templatetags.ui import language
from servicedesk.models import SurveyResponse
from servicedesk.models.surveys import GOOD, LOW
from servicedesk.surveys import figures

SPANS = (4, 13, 52)  # weeks
USUAL = 13
SHOWS = ("sent", "answered", "content", "low", "comment")
MOST_LINES = 15  # of a table
PLOT = 120  # height of the trend in pixels


@dataclass(frozen=True)
class Wanted:
    """What an address asks for: period, narrowing, and which rows."""

    weeks: int
    since: datetime
    until: datetime
    ids: dict  # service, desk, group -> key, 0 for "none"
    show: str
    week: date | None

    def rows(self, person):
        rows = figures.sent_between(person, self.since, self.until)
        for name, key in self.ids.items():
            rows = rows.filter(**({name: key} if key else {f"{name}__isnull": True}))
        return rows

    def shown(self, person):
        rows = self.rows(person)
        return {
            "sent": rows,
            "answered": rows.answered(),
            "content": rows.filter(score__gte=GOOD),
            "low": rows.filter(score__lte=LOW),
            "comment": rows.exclude(comment=""),
        }[self.show]

    def href(self, page="servicedesk:satisfaction_answers", **changes):
        """The address of the same question with some of it changed; None leaves a part out."""
        given = {"p": self.weeks, "show": self.show, **self.ids}
        if self.week:
            given["week"] = self.week.isoformat()
        given |= changes
        return f"{reverse(page)}?" + urlencode({k: v for k, v in given.items() if v is not None})


def wanted(data, now):
    """Read ?p=, ?week=, ?service=, ?desk=, ?group=, ?show=; what cannot be read counts as absent."""
    weeks = _number(data.get("p"))
    weeks = weeks if weeks in SPANS else USUAL
    ids = {name: _number(data.get(name)) for name in figures.BY}
    week = _day(data.get("week"))
    local = timezone.localtime(now)
    monday = local.date() - timedelta(days=local.weekday())
    first, last = monday - timedelta(weeks=weeks - 1), monday + timedelta(weeks=1)
    if week is not None:
        first = week - timedelta(days=week.weekday())
        last = first + timedelta(weeks=1)
    show = data.get("show")
    return Wanted(
        weeks, _midnight(first), _midnight(last),
        {name: key for name, key in ids.items() if key is not None},
        show if show in SHOWS else "answered", week,
    )  # fmt: skip


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text):
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def percent(value):
    """62.50 as people read it: "62.5"; nothing was answered: "–"."""
    return "–" if value is None else f"{value:.1f}"


def stats(found, asked):
    """[(label, value, unit, delta, address)] of the head."""
    return [
        (pgettext("satisfaction", "Content (4 or 5)"), percent(found.csat), "%",
         _("%(content)d of %(answered)d answers")
         % {"content": found.content, "answered": found.answered}, asked.href(show="content")),
        (_("Mean score"), "–" if found.mean is None else f"{found.mean:.2f}", _("of 5"), "",
         asked.href(show="answered")),
        (_("Response rate"), percent(found.response_rate), "%",
         _("%(answered)d of %(sent)d surveys")
         % {"answered": found.answered, "sent": found.sent}, asked.href(show="sent")),
        (_("Low scores (1 or 2)"), str(found.low), "", "", asked.href(show="low")),
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One service, desk or group of a table."""

    name: str
    csat: str
    mean: str
    rate: str
    answered: int
    sent: int
    low: int
    href: str
    low_href: str


def lines(rows, what, asked):
    """The least content first; a long list is cut, the other rows stand behind the figures above."""
    found = []
    for one, counted in figures.by(rows, what)[:MOST_LINES]:
        key = {what: one.pk if one else 0}
        found.append(
            Line(
                name=one.name if one else _("none"), csat=percent(counted.csat),
                mean="–" if counted.mean is None else f"{counted.mean:.2f}",
                rate=percent(counted.response_rate), answered=counted.answered,
                sent=counted.sent, low=counted.low, href=asked.href(show="answered", **key),
                low_href=asked.href(show="low", **key),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Week:
    """A bar of the trend, and its row in the table beside it."""

    label: str
    csat: str
    rate: str
    answered: int
    sent: int
    href: str
    x: str
    width: str
    y: int
    height: int
    text_x: str
    has_text: bool


def weeks(rows, asked):
    found = figures.by_week(rows, asked.since, asked.until)
    step, every = 100 / max(len(found), 1), max(len(found) // 13, 1)
    bars = []
    for place, (monday, counted) in enumerate(found):
        height = round(float(counted.csat or 0) * PLOT / 100)
        bars.append(
            Week(
                label=formats.date_text(
                    timezone.localtime(_midnight(monday)), language(), with_year=False
                ),
                csat=percent(counted.csat), rate=percent(counted.response_rate),
                answered=counted.answered, sent=counted.sent,
                href=asked.href(show="sent", week=monday.isoformat()),
                x=f"{place * step + step * 0.15:.2f}%", width=f"{step * 0.7:.2f}%",
                y=PLOT - height, height=height, text_x=f"{place * step + step / 2:.2f}%",
                has_text=place % every == 0,
            )
        )  # fmt: skip
    return bars


def narrowed(asked):
    """[(what, name)] of the services, desks and groups that the address narrows to."""
    words = {"service": _("Service"), "desk": _("Desk"), "group": _("Group")}
    found = []
    for name, key in asked.ids.items():
        model = SurveyResponse._meta.get_field(name).related_model
        row = model.objects.filter(pk=key).first() if key else None
        found.append((words[name], row.name if row else _("none")))
    return found

"""Figures of the dashboard: how many promises were kept, and the clocks behind each of them.

A figure counts clocks that ended in a span, met or missed, on records that the reader may see.
What is cancelled, excluded or still running stays out. Source: ITSM domain rules 5.16, S3.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from django.core.cache import cache
from django.db import connection
from django.db.models import Case, CharField, Count, F, Min, Q, Sum, Value, When
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext_lazy as _

from core import freshness
from core.keeping import OF_THE_PAST, keep, kept
from people.models import Organization
from records import visibility
from records.kinds import KINDS, OPEN_PHASES
from records.models import Record
from slm.models import Clock
from slm.periods import former_of, weeks_before
from slm.promises import CLOCKED, FINAL_METRICS
from slm.terms import ClockKind, ClockState, Metric

SECONDS_KEPT = 30
SECONDS_KEPT_NOW = 10
SECONDS_KEPT_PAST = OF_THE_PAST  # of weeks that are over
ENDED = (ClockState.MET, ClockState.MISSED)
AT_RISK_SECONDS = 3600
FINALS = sorted(str(metric) for metric in FINAL_METRICS)


@dataclass(frozen=True)
class Measure:
    """A family of promises that are counted together."""

    key: str
    label: object
    clock_kind: str
    metrics: tuple

    def rows(self, prefix=""):
        return Q(**{
            f"{prefix}clock_kind": self.clock_kind, f"{prefix}metric__in": self.metrics,
        })  # fmt: skip


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("resolve", _("Resolved in time"), ClockKind.SLA, tuple(FINALS)),
        Measure("answer", _("Answered in time"), ClockKind.SLA, (Metric.RESPONSE,)),
        Measure("ola", _("Team OLAs kept"), ClockKind.OLA, tuple(FINALS)),
        Measure("update", _("Updated in time"), ClockKind.SLA, (Metric.UPDATE,)),
    )
}
ON_DASHBOARD = ("resolve", "answer", "ola")


@dataclass
class Tally:
    """So many promises ended, so many of them missed. `goals` are per cent, where agreed."""

    total: int = 0
    missed: int = 0
    goal_sum: object = 0
    goal_count: int = 0

    def __add__(self, other):
        return Tally(
            self.total + other.total, self.missed + other.missed,
            (self.goal_sum or 0) + (other.goal_sum or 0), self.goal_count + other.goal_count,
        )  # fmt: skip

    @property
    def met(self):
        return self.total - self.missed

    @property
    def share(self):
        """Per cent kept, exactly; None where nothing ended."""
        return Fraction(self.met * 100, self.total) if self.total else None

    @property
    def goal(self):
        """The mean of the goals of these promises, per cent: what all of them together require."""
        return Fraction(self.goal_sum) / self.goal_count if self.goal_count else None

    @property
    def is_kept(self):
        return None if self.share is None or self.goal is None else self.share >= self.goal

    @property
    def left(self):
        """How many more may be missed, of these, before the goal is; negative when it is."""
        if self.goal is None or not self.total:
            return None
        return floor(self.total * (100 - self.goal) / 100) - self.missed


@dataclass
class Figures:
    """{measure: Tally} of the span and of the one before, and by service, group and priority.

    Parts are {(measure, key or None): Tally}; `names` is {("service" | "group", key): (en, zh)}.
    """

    at: object
    now: dict = field(default_factory=dict)
    former: dict = field(default_factory=dict)
    service: dict = field(default_factory=dict)
    group: dict = field(default_factory=dict)
    priority: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)


# --- which rows -------------------------------------------------------------------------------


def clocked_kinds():
    return [code for code in CLOCKED if code in KINDS]


def records_of(person, customer=None):
    """Records with promises that the reader may see, of a customer and what belongs to it."""
    codes = clocked_kinds()
    found = Record.objects.filter(visibility.rows_for(person, Record, codes), kind__in=codes)
    if customer is not None:
        below = Organization.objects.filter(path__startswith=customer.path)
        found = found.filter(organization_id__in=below.values("pk"))
    return found


def ended_in(start, end, measures, prefix=""):
    """The Q of clocks that ended in a span and count, of these measures."""
    wanted = Q()
    for key in measures:
        wanted |= MEASURES[key].rows(prefix)
    return wanted & Q(**{
        f"{prefix}state__in": ENDED, f"{prefix}is_excluded": False,
        f"{prefix}stopped_at__gte": start, f"{prefix}stopped_at__lt": end,
    })  # fmt: skip


def group_column(measure):
    """Whose result it is: an OLA names its group, an SLA is the group's that holds the record."""
    return "group_id" if measure == "ola" else "record__assigned_group_id"


def ended(person, span, measure, *, customer=None, **narrow):
    """The clocks behind a figure. `narrow`: state, and service, group or priority (None: without)."""
    found = Clock.objects.filter(ended_in(span.start, span.end, [measure]))
    found = found.filter(record__in=records_of(person, customer))
    columns = {
        "service": "record__service_id", "group": group_column(measure),
        "priority": "record__priority", "state": "state",
    }  # fmt: skip
    for name, value in narrow.items():
        column = columns[name]
        found = found.filter(**({f"{column}__isnull": True} if value is None else {column: value}))
    return found


# --- figures ----------------------------------------------------------------------------------

ROLLED_UP = """
WITH cell AS (%s)
SELECT m, level, rolled.s, rolled.g, rolled.p, total, missed, goals, goal_count,
       service.name_en, service.name_zh, team.name_en, team.name_zh
FROM (SELECT m, s, g, p, grouping(s, g, p) AS level, sum(total) AS total, sum(missed) AS missed,
             sum(goals) AS goals, sum(goal_count) AS goal_count
      FROM cell GROUP BY GROUPING SETS ((m), (m, s), (m, g), (m, p))) AS rolled
LEFT JOIN cmdb_service service ON service.id = rolled.s
LEFT JOIN people_supportgroup team ON team.id = rolled.g
"""


def figures_of(person, span, customer=None, *, at):
    """All figures of a span that end in shares, in one statement, and the former ones in another."""
    former = former_of(span)
    figures = kept(
        _key("figures", person, customer, span.start, span.end),
        lambda: _figures(person, span, customer, at), SECONDS_KEPT,
    )  # fmt: skip
    figures.former = kept(
        _key("former", person, customer, former.start, former.end),
        lambda: _totals(person, former, customer), SECONDS_KEPT_PAST,
    )  # fmt: skip
    return figures


def _key(name, person, customer, *parts):
    instants = ":".join(f"{part:%Y%m%d%H%M%z}" for part in parts)
    return f"{name}:{person.pk}:{customer.pk if customer else ''}:{instants}"


TALLIED = {
    "total": Count("clocks"),
    "missed": Count("clocks", filter=Q(clocks__state=ClockState.MISSED)),
    "goals": Sum("clocks__target__attainment_goal_pct"),
    "goal_count": Count("clocks__target__attainment_goal_pct"),
}


def _totals(person, span, customer):
    """{measure: Tally} of a span that is over."""
    rows = (
        records_of(person, customer)
        .filter(ended_in(span.start, span.end, ON_DASHBOARD, "clocks__"))
        .order_by()
        .annotate(m=_measure())
        .values("m")
        .annotate(**TALLIED)
        .values_list("m", *TALLIED)
    )
    found = {m: Tally(*counts) for m, *counts in rows}
    return {m: found.get(m, Tally()) for m in ON_DASHBOARD}


def _measure():
    cases = [When(MEASURES[key].rows("clocks__"), then=Value(key)) for key in ON_DASHBOARD]
    return Case(*cases, output_field=CharField())


def _figures(person, span, customer, at):
    cells = (
        records_of(person, customer)
        .filter(ended_in(span.start, span.end, ON_DASHBOARD, "clocks__"))
        .order_by()
        .annotate(
            m=_measure(),
            s=F("service_id"),
            p=F("priority"),
            g=Case(
                When(clocks__clock_kind=ClockKind.OLA, then=F("clocks__group_id")),
                default=F("assigned_group_id"),
            ),
        )
        .values("m", "s", "g", "p")
        .annotate(**TALLIED)
    )
    sql, params = cells.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(ROLLED_UP.replace("%s", sql, 1), params)
        rows = cursor.fetchall()
    return _gathered(rows, at)


# What grouping(s, g, p) says: a bit is set where the column was rolled up.
LEVELS = {0b111: None, 0b011: "service", 0b101: "group", 0b110: "priority"}


def _gathered(rows, at):
    figures = Figures(at)
    for row in rows:
        m, level, s, g, p, total, missed, goals, goal_count, *names = row
        tally = Tally(int(total), int(missed), goals or 0, int(goal_count))
        part = LEVELS[level]
        if part is None:
            figures.now[m] = tally
        elif tally.total:
            key = {"service": s, "group": g, "priority": p}[part]
            getattr(figures, part)[m, key] = tally
            if part != "priority" and key is not None:
                figures.names[part, key] = tuple(names[:2] if part == "service" else names[2:])
    for m in ON_DASHBOARD:
        figures.now.setdefault(m, Tally())
    return figures


def trend_of(person, now, customer=None):
    """[(week's Span, {measure: Tally})] of thirteen weeks, the present one last.

    Weeks that are over are kept longer: only a reopened record changes them.
    """
    weeks = weeks_before(now)
    *past, present = weeks
    past_key = _key("trend", person, customer, past[0].start, past[-1].end)
    present_key = _key("trend", person, customer, present.start, present.end)
    if cache.get(past_key) is None:  # nothing is known yet: all weeks in one statement
        made_at, tallies = freshness.instant(), _weekly(person, weeks, customer)
        keep(past_key, _of_weeks(tallies, past), SECONDS_KEPT_PAST, made_at)
        keep(present_key, _of_weeks(tallies, [present]), SECONDS_KEPT, made_at)
    else:
        tallies = kept(past_key, lambda: _weekly(person, past, customer), SECONDS_KEPT_PAST)
        tallies = tallies | kept(
            present_key, lambda: _weekly(person, [present], customer), SECONDS_KEPT
        )
    empty = Tally()
    return [
        (week, {m: tallies.get((week.start.date(), m), empty) for m in ("resolve", "answer")})
        for week in weeks
    ]


def _of_weeks(tallies, weeks):
    mondays = {week.start.date() for week in weeks}
    return {key: tally for key, tally in tallies.items() if key[0] in mondays}


def _weekly(person, weeks, customer):
    """{(Monday, measure): Tally}"""
    zone = weeks[0].start.tzinfo
    rows = (
        records_of(person, customer)
        .filter(ended_in(weeks[0].start, weeks[-1].end, ("resolve", "answer"), "clocks__"))
        .order_by()
        .annotate(m=_measure(), w=TruncWeek("clocks__stopped_at", tzinfo=zone))
        .values("m", "w")
        .annotate(**TALLIED)
        .values_list("m", "w", *TALLIED)
    )
    return {
        (w.date(), m): Tally(total, missed, goals or 0, goal_count)
        for m, w, total, missed, goals, goal_count in rows
    }


# --- now --------------------------------------------------------------------------------------


def open_queue(person, customer=None):
    """What is worked on now; the same rows as the queue without filters."""
    found = Record.objects.queue_of(person).filter(phase__in=OPEN_PHASES)
    if customer is not None:
        below = Organization.objects.filter(path__startswith=customer.path)
        found = found.filter(organization_id__in=below.values("pk"))
    return found


def at_risk(soon):
    """Breached, due within the hour, or past its warning. The queue's filter `sla=risk`."""
    return Q(due_at__lte=soon) | Q(due_at__isnull=False, sla_status="warning")


RISKS_SHOWN = 5


def now_of(person, now, soon, customer=None):
    """{open, risk, breached, next_at, first}: of what is open now. A clock past its due is breached;
    `first` are the keys of the tickets that are most at risk. Kept as the queue's counts are."""

    def make():
        found = open_queue(person, customer)
        tally = found.aggregate(
            open=Count("pk"),
            risk=Count("pk", filter=at_risk(soon)),
            breached=Count("pk", filter=Q(due_at__lte=now)),
            next_at=Min("due_at", filter=Q(due_at__gt=now)),
        )
        first = found.filter(at_risk(soon)).order_by("due_at", "priority", "pk")
        tally["first"] = list(first.values_list("pk", flat=True)[:RISKS_SHOWN])
        return tally

    return kept(_key("now", person, customer), make, SECONDS_KEPT_NOW)

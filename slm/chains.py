"""Whether OLAs and contracts can carry an SLA, path by path: times, and availability with hours.

A support path goes desk → second line → third line → supplier; of each only what underpins the SLA
and has not ended. Formulas: ITSM domain rules 5.3 (chain check); availability in series: 5.13.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice, product
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from calendars.engine import NeverOpens
from calendars.timetables import current_version, timetable
from people.models import SupportGroup
from records.kinds import Phase
from slm.engine import chain
from slm.promises import FINAL_METRICS
from slm.terms import ClockKind, Metric

TIERS = (
    SupportGroup.Kind.DESK, SupportGroup.Kind.SECOND_LINE, SupportGroup.Kind.THIRD_LINE,
    SupportGroup.Kind.MANAGEMENT, SupportGroup.Kind.SUPPLIER,
)  # fmt: skip
MOST_PATHS = 200  # of one target
WEEKS_COMPARED = 4


@dataclass
class Check:
    """One target of the SLA against one path. `slack_seconds` is None where per cent are compared."""

    target: object
    parts: list
    is_ok: bool
    slack_seconds: int | None = None
    reachable: object = None
    worst: object = None
    lacking: list = field(default_factory=list)
    problem: str = ""


@dataclass
class Verdict:
    """All checks, those that fail first; `lacking` are underpinning agreements without a promise."""

    checks: list
    has_parts: bool

    @property
    def failed(self):
        return [check for check in self.checks if not check.is_ok]

    @property
    def is_ok(self):
        return not self.failed


def verdict_on(agreement, at):
    """The chain check of an SLA, as of `at`. OLAs and contracts pass: nothing stands below them."""
    if agreement.agreement_kind != ClockKind.SLA:
        return Verdict([], False)
    tiers = tiers_of(agreement)
    checks = []
    for target in agreement.targets.select_related("calendar", "category"):
        if target.metric in FINAL_METRICS and target.unit == target.Unit.SEC:
            checks += _checks(target, tiers, lambda *pair: _time(agreement, *pair, at))
        elif target.metric == Metric.AVAILABILITY_PCT:
            checks += _checks(target, tiers, lambda *pair: _availability(agreement, *pair, at))
    checks.sort(key=lambda check: (check.is_ok, check.slack_seconds or 0))
    return Verdict(checks, bool(tiers))


def tiers_of(agreement):
    """[[agreement, …] of each tier that has any], desk first."""
    below = (
        agreement.underpinned_by.exclude(phase=Phase.CLOSED)
        .select_related("provider_group", "supplier", "calendar", "service_hours")
        .prefetch_related("targets__calendar")
        .order_by("number")
    )
    tiers = {}
    for part in below:
        is_contract = part.agreement_kind == ClockKind.UC
        tier = SupportGroup.Kind.SUPPLIER if is_contract else part.provider_group.kind
        tiers.setdefault(tier, []).append(part)
    return [tiers[tier] for tier in TIERS if tier in tiers]


def _checks(target, tiers, check):
    if not tiers:
        return []
    return [check(target, path) for path in islice(product(*tiers), MOST_PATHS)]


def row_for(target, agreement):
    """The row of an underpinning agreement that serves a target: the closest one, then the longest.

    A target for any priority needs all rows below it to fit, so the longest of them decides.
    """
    metrics = FINAL_METRICS if target.metric in FINAL_METRICS else {target.metric}
    rows = [
        row
        for row in agreement.targets.all()
        if row.metric in metrics
        and row.unit == target.unit
        and (not target.record_kind or row.record_kind in ("", target.record_kind))
        and (target.priority is None or row.priority in (None, target.priority))
    ]
    if not rows:
        return None
    if target.priority is not None:
        exact = [row for row in rows if row.priority == target.priority]
        rows = exact or rows
    same = [row for row in rows if row.metric == target.metric]
    return max(same or rows, key=lambda row: (row.value, -row.pk))


def _parts(target, path):
    found = [(agreement, row_for(target, agreement)) for agreement in path]
    parts = [(agreement, row) for agreement, row in found if row is not None]
    return parts, [agreement for agreement, row in found if row is None]


def _time(agreement, target, path, at):
    parts, lacking = _parts(target, path)
    try:
        sla = _promise(agreement, target, at)
        week = (at + timedelta(days=7 - at.weekday())).date()
        zone = ZoneInfo((target.calendar or agreement.calendar).time_zone)
        result = chain.check(
            sla, [_promise(part, row, at) for part, row in parts], week=week, zone=zone
        )
    except NeverOpens:
        return Check(target, parts, False, 0, lacking=lacking, problem=_("A calendar never opens."))
    return Check(
        target, parts, result.is_ok, result.slack_seconds, worst=result.worst, lacking=lacking
    )


def _promise(agreement, target, at):
    version = current_version(target.calendar or agreement.calendar, at)
    return chain.Promise(target.pk, int(target.value), version.pk, timetable(version.pk))


def _availability(agreement, target, path, at):
    """In series: the product of the parts, each only in the hours that it shares with the SLA."""
    parts, lacking = _parts(target, path)
    begin = at.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = _hours(agreement, begin)
    reachable = 1.0
    for part, row in parts:
        reachable *= float(row.value) / 100 * _covered(hours, _hours(part, begin))
    reachable *= 100
    # Floats: a product that is equal on paper may be a hair below.
    is_ok = reachable + 1e-9 >= float(target.value)
    return Check(target, parts, is_ok, reachable=reachable, lacking=lacking)


def _hours(agreement, begin):
    """The stretches in which availability is promised, of some weeks from `begin` on."""
    calendar = agreement.service_hours or agreement.calendar
    kind = "service" if agreement.service_hours_id else "support"
    version = current_version(calendar, begin)
    end = begin + timedelta(weeks=WEEKS_COMPARED)
    return timetable(version.pk, kind).stretches(begin, end) or timetable(version.pk).stretches(
        begin, end
    )


def _covered(wanted, given):
    """The share of the wanted stretches that the given ones cover, from 0 to 1."""
    total = sum((end - start).total_seconds() for start, end in wanted)
    shared, n = 0.0, 0
    for start, end in wanted:
        while n < len(given) and given[n][1] <= start:
            n += 1
        k = n
        while k < len(given) and given[k][0] < end:
            low, high = max(start, given[k][0]), min(end, given[k][1])
            shared += (high - low).total_seconds()
            k += 1
    return shared / total if total else 1.0

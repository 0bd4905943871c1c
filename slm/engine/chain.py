"""Whether the promises behind an agreement can carry it (ITSM domain rules 5.3, chain check).

One support path (desk → second line → supplier) is checked at a time; lengths are seconds.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from .terms import Timetable

PROBE_TIMES = (time(9), time(17))


@dataclass(frozen=True, slots=True)
class Promise:
    """A target value with the calendar it is counted in: of the SLA, or of an OLA or UC below it."""

    id: Hashable
    seconds: int
    calendar_key: Hashable
    timetable: Timetable


@dataclass(frozen=True, slots=True)
class Probe:
    """A request handed in at `from_at`: when each part ends in turn, and when the SLA is due.

    `slack_seconds` is business time of the SLA's calendar, negative where the path ends too late.
    The path may end after the due and yet have a slack of 0: the delay lies in off hours.
    """

    from_at: datetime
    part_ends_at: tuple[datetime, ...]
    due_at: datetime
    slack_seconds: int

    @property
    def ends_at(self) -> datetime:
        return self.part_ends_at[-1]

    @property
    def is_ok(self) -> bool:
        return self.ends_at <= self.due_at


@dataclass(frozen=True, slots=True)
class ChainResult:
    """The verdict on one path. `probes` is empty where sums alone decided.

    `slack_seconds` is the smallest of all probes; `worst` the probe that has it.
    """

    is_ok: bool
    slack_seconds: int
    path: tuple[Hashable, ...]
    probes: tuple[Probe, ...] = ()
    worst: Probe | None = None


def check(sla: Promise, parts: Sequence[Promise], *, week: date, zone: tzinfo) -> ChainResult:
    """Whether the parts, one after the other, end within the SLA.

    Equal calendars: the sum of the parts must not exceed the SLA's value. Different calendars: the
    parts are walked from 14 instants, each weekday 09:00 and 17:00 of the week that begins on
    `week`, in `zone` (the SLA calendar's), and must end by the SLA's due at every one.
    Out: verdict, slack, the ids of the path in order, the probes. A path without parts is ok.
    Errors: calendars.engine.NeverOpens where a calendar does not open long enough.
    Source: ITSM domain rules 5.3, vector S2.
    """
    path = tuple(part.id for part in parts)
    if all(part.calendar_key == sla.calendar_key for part in parts):
        slack = sla.seconds - sum(part.seconds for part in parts)
        return ChainResult(slack >= 0, slack, path)
    probes = tuple(_probe(sla, parts, at) for at in probe_instants(week, zone))
    worst = min(probes, key=lambda probe: (probe.is_ok, probe.slack_seconds))
    return ChainResult(worst.is_ok, worst.slack_seconds, path, probes, worst)


def probe_instants(week: date, zone: tzinfo) -> list[datetime]:
    """09:00 and 17:00 of seven days from `week` on, by the clock on the wall of `zone`."""
    days = (week + timedelta(days=n) for n in range(7))
    return [datetime.combine(day, at, zone) for day in days for at in PROBE_TIMES]


def _probe(sla, parts, at) -> Probe:
    due_at, ends_at = sla.timetable.add(at, sla.seconds), []
    reached = at
    for part in parts:
        reached = part.timetable.add(reached, part.seconds)
        ends_at.append(reached)
    if reached <= due_at:
        slack = sla.timetable.between(reached, due_at)
    else:
        slack = -sla.timetable.between(due_at, reached)
    return Probe(at, tuple(ends_at), due_at, slack)

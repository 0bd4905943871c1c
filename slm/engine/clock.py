"""Service level clocks as a pure replay of their events (ITSM domain rules 5.4).

Nothing is ever added to a due date by hand: what a clock shows is a function of its events, the
immutable calendar versions they name, and `now`. Instants are aware datetimes of any zone and come
back in UTC; lengths are whole seconds, and parts of a second in an instant are cut off, so that all
sums agree to the second.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from .terms import Event, Kind, ReopenRule, State, Timetable, TimetableOf
from .walk import Walk

__all__ = [
    "Event",
    "Kind",
    "ReopenRule",
    "Replay",
    "State",
    "Timetable",
    "TimetableOf",
    "deadline",
    "instants",
    "replay",
]


@dataclass(frozen=True, slots=True)
class Replay:
    """What a clock shows at one instant. Lengths in seconds, instants in UTC.

    `due_at` is set while running only. `remaining_seconds` is negative past the target.
    `breached_at` stays once stamped, unless a retarget lifted it.
    """

    state: State
    elapsed_seconds: int
    target_seconds: int | None
    due_at: datetime | None
    breached_at: datetime | None
    started_at: datetime | None
    stopped_at: datetime | None
    remaining_seconds: int | None
    calendar_key: Hashable


def replay(events: Iterable[Event], timetable_of: TimetableOf, now: datetime) -> Replay:
    """What the clock with these events shows at `now`; events after `now` are ignored.

    In: events in any order, a function from calendar key to timetable, an aware instant.
    Out: a `Replay`; state "none" where no start has happened yet.
    elapsed = sum of business time over the running intervals, each in the calendar then in force.
    due = while running, the earliest instant at which elapsed reaches (or reached) the target;
    it does not move while nothing happens, and is None in a calendar that never opens again.
    A breach is elapsed > target, so a stop exactly on due is met; it is stamped with the instant
    at which the target was reached, but never before the retarget (or counted closed time) that
    caused it. An event that makes no sense in the state changes no figure: start twice, pause
    while paused (its rule explains the pause from there on), resume while running, retarget or
    cancel after the stop, anything after cancel or before start.
    Errors: ValueError for a naive instant, an unknown kind, a start without target or calendar.
    Source: ITSM domain rules 5.4, vectors K2-K12.
    """
    walk = Walk(events, timetable_of, now)
    target = walk.target
    return Replay(
        state=walk.state,
        elapsed_seconds=walk.elapsed,
        target_seconds=target,
        due_at=walk.when(target) if walk.state is State.RUNNING else None,
        breached_at=walk.breached_at,
        started_at=walk.started_at,
        stopped_at=walk.stopped_at,
        remaining_seconds=None if target is None else target - walk.elapsed,
        calendar_key=walk.key,
    )


def instants(
    events: Iterable[Event],
    timetable_of: TimetableOf,
    percents: Sequence[int | Fraction],
    now: datetime,
) -> dict[int | Fraction, datetime | None]:
    """When each share of the current target falls due, as things stand at `now` (`fires_at`).

    In: as `replay`, and percentages of the target (100 is the breach; more is allowed, repeats
    come every 25). Out: UTC instant per percentage; None for all of them unless the clock runs, and
    where the calendar never opens that far. The share is rounded up to the second. A share that
    was passed already gives the instant it was passed, but never before the retarget that made
    it so: for 100 that is `breached_at`, where the breach is of the current target.
    Errors: as `replay`. Source: ITSM domain rules 5.4 and 5.5, vector K1.
    """
    walk = Walk(events, timetable_of, now)
    if walk.state is not State.RUNNING:
        return dict.fromkeys(percents)
    # Floor division of the negative rounds up, and stays exact for whole numbers and fractions.
    return {percent: walk.fires_at(-(-walk.target * percent // 100)) for percent in percents}


def deadline(events: Iterable[Event], timetable_of: TimetableOf, now: datetime) -> datetime | None:
    """The due instant to draw: also where `due_at` is empty because the clock no longer runs.

    The instant at which elapsed reached the current target, if it did; else, for a running clock,
    its due; for a stopped one, the due it would have had; None while paused short of the target,
    when cancelled short of it, and before the start. In and errors: as `replay`. UTC.
    """
    walk = Walk(events, timetable_of, now)
    if walk.state is State.NONE:
        return None
    return walk.when(walk.target)

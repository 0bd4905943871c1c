"""The words of service level arithmetic: what a clock log holds, and what a calendar must do.

The values of the enumerations are stored, and event fields are what replay may read: no more.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol


class Timetable(Protocol):
    """One version of a business calendar; `calendars.engine` has the real one."""

    def between(self, start: datetime, end: datetime) -> int: ...

    def add(self, start: datetime, seconds: int) -> datetime: ...

    def stretches(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]: ...


TimetableOf = Callable[[Hashable], Timetable]


class Kind(StrEnum):
    """What can happen to a clock. The words are stored: never rename one."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    RETARGET = "retarget"
    RESPONSIBLE = "responsible"
    STOP = "stop"
    REOPEN = "reopen"
    CANCEL = "cancel"
    RECOMPUTE = "recompute"


class State(StrEnum):
    """Where a clock stands. The words are stored: never rename one."""

    NONE = "none"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


class ReopenRule(StrEnum):
    """What a reopening does with the time since the stop."""

    WITHOUT_CLOSED_TIME = "without_closed_time"
    WITH_CLOSED_TIME = "with_closed_time"
    NEW_CYCLE = "new_cycle"  # this clock stays stopped; the caller starts another


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a clock's log, with all that replay needs.

    `calendar_key` names an immutable calendar version and zone; it is opaque here.
    `target_seconds` belongs to start and retarget, `calendar_key` to start, retarget (where the
    new agreement has another calendar), responsible and recompute. `elapsed_seconds` is the figure
    that a recompute freezes; on a retarget it sets the counted time (0: counts from now).
    `lift` withdraws a stamped breach that the new target no longer justifies.
    `rule` is a text key that says why ("pending:wait_customer"), `actor` who; both are passed
    through to the explanation. Events at the same instant happen in the order of `seq`.
    """

    at: datetime
    kind: Kind
    seq: int = 0
    target_seconds: int | None = None
    calendar_key: Hashable = None
    lift: bool = False
    reopen_rule: ReopenRule = ReopenRule.WITHOUT_CLOSED_TIME
    elapsed_seconds: int | None = None
    actor: object = None
    rule: str = ""


def utc(at: datetime) -> datetime:
    """The same instant in UTC. ValueError for a naive one."""
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError("a clock needs aware instants")
    # Two instants of one zoneinfo zone compare by the clock on the wall: wrong in an autumn night.
    return at.astimezone(UTC)

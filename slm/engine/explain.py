"""Why a clock shows what it shows: its segments, and the geometry of the drawings of them.

Only data: instants in UTC, lengths in seconds, places in per cent of the drawing's width. The
words are made by templates. Source: ITSM domain rules 5.4 and the user interface design, the tape.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .terms import Event, State, TimetableOf, utc
from .walk import Piece, Walk

OFF_HOURS = "off_hours"


class SegmentKind(StrEnum):
    """What a stretch of a clock's life was. The words go out by the API: never rename one."""

    RUNNING = "running"
    PAUSED = "paused"
    OFF_HOURS = "off_hours"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a clock's life. `seconds` is what it counted: 0 unless running.

    `rule` and `actor` are those of the event that began the stretch (the kind of the event where
    it names no rule); off hours have the rule "off_hours" and no actor. A running segment without
    length carries a correction: the difference to a figure that a recompute froze or a retarget
    set; only such a one may count less than nothing.
    """

    from_at: datetime
    to_at: datetime
    kind: SegmentKind
    rule: str
    actor: object
    seconds: int
    calendar_key: Hashable

    @property
    def length_seconds(self) -> int:
        """How long it lasted by the clock on the wall."""
        return int((self.to_at - self.from_at).total_seconds())


def segments(events: Iterable[Event], timetable_of: TimetableOf, now: datetime) -> list[Segment]:
    """The life of a clock, without a gap, from its start to its stop or cancellation or `now`.

    The counted seconds add up to `replay(…).elapsed_seconds` exactly. Off hours lie only inside
    running time: nothing is off hours during a pause. The time between a stop and a reopening is
    "stopped", never "paused"; where the reopening counts closed time, it is running. Empty before
    the start. In and errors: as `clock.replay`.
    """
    walk = Walk(events, timetable_of, now)
    found: list[Segment] = []
    for piece in _until_the_end(walk):
        for segment in _split(piece, timetable_of):
            if found and _goes_on(found[-1], segment):
                found[-1] = _join(found[-1], segment)
            else:
                found.append(segment)
    return found


def _until_the_end(walk: Walk) -> list[Piece]:
    """Of a clock that is stopped now, what came after the stop is no part of its life."""
    pieces = walk.pieces
    while pieces and walk.state in AT_REST and pieces[-1].state in AT_REST:
        pieces = pieces[:-1]
    return pieces


def _split(piece: Piece, timetable_of: TimetableOf) -> Iterator[Segment]:
    state, start, end, key, seconds, rule, actor = piece
    if state is State.PAUSED:
        yield Segment(start, end, SegmentKind.PAUSED, rule, actor, 0, key)
    elif state is not State.RUNNING:
        yield Segment(start, end, SegmentKind.STOPPED, rule, actor, 0, key)
    elif start == end:
        yield Segment(start, end, SegmentKind.RUNNING, rule, actor, seconds, key)
    else:
        at = start
        for opens, closes in timetable_of(key).stretches(start, end):
            if at < opens:
                yield Segment(at, opens, SegmentKind.OFF_HOURS, OFF_HOURS, None, 0, key)
            counted = int((closes - opens).total_seconds())
            yield Segment(opens, closes, SegmentKind.RUNNING, rule, actor, counted, key)
            at = closes
        if at < end:
            yield Segment(at, end, SegmentKind.OFF_HOURS, OFF_HOURS, None, 0, key)


def _goes_on(last: Segment, segment: Segment) -> bool:
    """The same thing for the same reason: off hours cut by an event, a stop by a change of hands."""
    if (last.kind, last.rule, last.actor) != (segment.kind, segment.rule, segment.actor):
        return False
    if last.kind is SegmentKind.RUNNING:
        return False
    return last.calendar_key == segment.calendar_key or last.kind is not SegmentKind.OFF_HOURS


def _join(last: Segment, segment: Segment) -> Segment:
    return Segment(
        last.from_at, segment.to_at, last.kind, last.rule, last.actor, 0, last.calendar_key
    )


AT_REST = frozenset({State.MET, State.MISSED})


# ── drawings ──


@dataclass(frozen=True, slots=True)
class Tape:
    """The small drawing of a clock. Places in per cent from the start to the later of due and end.

    `parts` are (x0, x1, class), class one of run, pause, over, met; what is not covered is the bed.
    `due` is the place of the notch; None where there is no due.
    """

    parts: list[tuple[float, float, str]]
    due: float | None


def tape(
    parts: Sequence[Segment],
    due_at: datetime | None,
    now: datetime | None,
    *,
    is_met: bool = False,
    smallest: float = 1.0,
) -> Tape:
    """The tape of these segments.

    In: the segments; the due instant to mark (`clock.deadline` knows one for stopped clocks too);
    `now` for a clock that lives, None for one that is over. Running time past the due is "over".
    Off hours and the time between stop and reopening stay bed, but gaps and parts narrower than
    `smallest` per cent are drawn into their neighbour, so a month needs no hundred rectangles.
    """
    scale = Scale.over(parts, due_at, now)
    if scale is None:
        return Tape([], None)
    drawn: list[tuple[float, float, str]] = []
    for start, end, look, _ in _looks(parts, due_at, "met" if is_met else "run"):
        x0, x1 = scale.place(start), scale.place(end)
        last = drawn[-1] if drawn else None
        is_sliver = look != "over" and x1 - x0 < smallest / 2  # an overrun shows, however short
        if last and x0 - last[1] < smallest and (last[2] == look or is_sliver):
            drawn[-1] = (last[0], x1, last[2])
        elif x1 > x0:
            drawn.append((x0, x1, look))
    return Tape(drawn, None if due_at is None else scale.place(due_at))


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the ruler: run, over or pause; the segment it draws tells reason and length."""

    x0: float
    x1: float
    look: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant on the ruler; `percent` is the share of the target, for a warning."""

    x: float
    at: datetime
    percent: object = None


@dataclass(frozen=True, slots=True)
class Ruler:
    """The large drawing. `ticks` stand `step` apart; in steps of a day or more they are days."""

    from_at: datetime
    to_at: datetime
    bed: tuple[float, float]
    bars: list[Bar]
    ticks: list[Mark]
    step: timedelta
    warnings: list[Mark]
    due: Mark | None
    now: Mark | None


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEPS = (
    *(MINUTE * n for n in (1, 5, 15, 30)),
    *(HOUR * n for n in (1, 2, 3, 6, 12)),
    *(DAY * n for n in (1, 2, 7, 14, 28, 91, 364)),
)


def ruler(
    parts: Sequence[Segment],
    due_at: datetime | None,
    now: datetime | None,
    *,
    zone,
    warnings: dict | None = None,
    most_ticks: int = 8,
) -> Ruler | None:
    """The data of the explain ruler; None for a clock without segments that has no due.

    In: as `tape`; `zone` is the reader's (tzinfo): ticks stand on its full hours and days, their
    instants come back in it; `warnings` maps a percentage to its instant or None (`instants`).
    The ruler begins at the tick before the start and ends a little after the last thing on it.
    """
    scale = Scale.over(parts, due_at, now)
    if scale is None:
        return None
    first, last = scale.from_at, scale.to_at
    step = next((s for s in STEPS if (last - first) / s <= most_ticks - 1), STEPS[-1])
    begin = _tick_before(first, step, zone)
    scale = Scale(begin, last + (last - begin) / 20)
    bars = [
        Bar(scale.place(start), scale.place(end), look, segment)
        for start, end, look, segment in _looks(parts, due_at, "run")
    ]
    shown = {p: at for p, at in (warnings or {}).items() if at and scale.from_at <= at <= last}
    return Ruler(
        from_at=scale.from_at,
        to_at=scale.to_at,
        bed=(scale.place(first), 100.0),
        bars=bars,
        ticks=[Mark(scale.place(at), at) for at in _ticks(begin, scale.to_at, step, zone)],
        step=step,
        warnings=[Mark(scale.place(at), at, percent) for percent, at in shown.items()],
        due=None if due_at is None else Mark(scale.place(due_at), due_at),
        now=None if now is None else Mark(scale.place(utc(now)), utc(now)),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """From instants to per cent of a width."""

    from_at: datetime
    to_at: datetime

    @classmethod
    def over(cls, parts, due_at, now) -> "Scale | None":
        """From the first segment to the last of: segments, due, now. None where that is nothing."""
        if not parts:
            return None
        ends = [parts[-1].to_at, *(utc(at) for at in (due_at, now) if at is not None)]
        return cls(parts[0].from_at, max(*ends, parts[0].from_at + timedelta(seconds=1)))

    def place(self, at: datetime) -> float:
        share = (utc(at) - self.from_at) / (self.to_at - self.from_at)
        return round(min(max(share, 0.0), 1.0) * 100, 2)


def _looks(parts, due_at, running) -> Iterator[tuple[datetime, datetime, str, Segment]]:
    """What is drawn: pauses, and running time cut at the due."""
    for part in parts:
        if part.from_at == part.to_at:
            continue
        if part.kind is SegmentKind.PAUSED:
            yield part.from_at, part.to_at, "pause", part
        elif part.kind is SegmentKind.RUNNING:
            cut = part.to_at if due_at is None else min(max(due_at, part.from_at), part.to_at)
            if part.from_at < cut:
                yield part.from_at, cut, running, part
            if cut < part.to_at:
                yield cut, part.to_at, "over", part


def _tick_before(at, step, zone):
    local = at.astimezone(zone)
    if step >= DAY:
        return utc(local.replace(hour=0, minute=0, second=0, microsecond=0))
    since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return at - since_midnight % step


def _ticks(begin, end, step, zone) -> Iterator[datetime]:
    """Steps of a day keep to local midnight, shorter ones to time that really passes."""
    if step < DAY:
        at = begin
        while at <= end:
            yield at.astimezone(zone)
            at += step
        return
    at = begin.astimezone(zone)
    while utc(at) <= end:
        yield at
        at += step  # the wall clock of one zone: midnight stays midnight through a change of hours

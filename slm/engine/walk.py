"""One pass over a clock's events: the figures, and the pieces of time they add up from.

Replay, thresholds and explanation all read this pass, so they cannot disagree.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import NamedTuple

from calendars.engine import NeverOpens

from .terms import Event, Kind, ReopenRule, State, TimetableOf, utc


class Piece(NamedTuple):
    """A stretch in one state under one calendar; `seconds` is the business time counted in it."""

    state: State
    from_at: datetime
    to_at: datetime
    calendar_key: Hashable
    seconds: int
    rule: str
    actor: object


class Walk:
    """The pass itself, made up to `now`. Event by event it follows ITSM domain rules 5.4."""

    __slots__ = (
        "actor",
        "breached_at",
        "changed_at",
        "elapsed",
        "full_at",
        "key",
        "pieces",
        "rule",
        "since",
        "started_at",
        "state",
        "stopped_at",
        "target",
        "timetable",
        "timetable_of",
    )

    def __init__(self, events: Iterable[Event], timetable_of: TimetableOf, now: datetime):
        self.timetable_of = timetable_of
        self.state = State.NONE
        self.elapsed = 0
        self.pieces: list[Piece] = []
        self.target = self.key = self.timetable = None
        self.breached_at = self.started_at = self.stopped_at = None
        self.since = None  # up to where time has been accounted for
        self.changed_at = None  # the last event that moved the target or the figure itself
        self.full_at = None  # elapsed equals the target since then, in this run
        self.rule, self.actor = "", None

        now = utc(now)
        for at, event in sorted(((utc(e.at), e) for e in events), key=_order):
            if at > now:
                break
            try:
                handle = HANDLERS[event.kind]
            except KeyError:
                raise ValueError(f"unknown clock event {event.kind!r}") from None
            handle(self, event, at.replace(microsecond=0))
        if self.state in LIVE:
            self.account(now.replace(microsecond=0))

    # ── questions ──

    def when(self, seconds: int) -> datetime | None:
        """The earliest instant at which elapsed reached this; else when it will (would) be so."""
        if self.elapsed >= seconds:
            return self._reached_at(seconds)
        if self.state is State.PAUSED or self.state is State.CANCELLED:
            return None
        since, timetable = self.since, self.timetable
        if self.state in STOPPED:
            since, timetable = self.stopped_at, self._timetable_at_stop()
        try:
            return timetable.add(since, seconds - self.elapsed)
        except NeverOpens:
            return None

    def fires_at(self, seconds: int) -> datetime | None:
        """As `when`, but a share passed long ago becomes due with the retarget that made it so."""
        at = self.when(seconds)
        if at is not None and self.changed_at is not None:
            return max(at, self.changed_at)
        return at

    def _reached_at(self, seconds):
        found, elapsed = None, 0
        for piece in self.pieces:
            if piece.state is not State.RUNNING:
                continue
            before, elapsed = elapsed, elapsed + piece.seconds
            if elapsed < seconds:
                found = None  # a figure set back: what was reached before no longer counts
            elif found is None:
                missing = seconds - before
                timetable = self.timetable_of(piece.calendar_key)
                is_jump = piece.from_at == piece.to_at
                found = piece.from_at if is_jump else timetable.add(piece.from_at, missing)
        return found or self.started_at

    def _timetable_at_stop(self):
        for piece in self.pieces:
            if piece.state in STOPPED and piece.from_at == self.stopped_at:
                return self.timetable_of(piece.calendar_key)  # switched since
        return self.timetable

    # ── accounting ──

    def account(self, at: datetime) -> None:
        """Bring the figures up to this instant; the state is unchanged."""
        since = self.since
        if at <= since:
            return
        is_running = self.state is State.RUNNING
        seconds = self.timetable.between(since, at) if is_running else 0
        if is_running and self.breached_at is None and self.elapsed + seconds >= self.target:
            self._reach(since, seconds)
        self.pieces.append(Piece(self.state, since, at, self.key, seconds, self.rule, self.actor))
        self.elapsed += seconds
        self.since = at

    def _reach(self, since, seconds):
        full_at = self.full_at
        if full_at is None:
            missing = self.target - self.elapsed
            full_at = self.timetable.add(since, missing) if missing > 0 else since
        if self.elapsed + seconds > self.target:
            self.breached_at = full_at
        else:
            self.full_at = full_at

    def judge(self, at: datetime) -> None:
        """Stamp a breach that exists at this instant because of what happened at it."""
        self.changed_at, self.full_at = at, None
        if self.breached_at is None and self.elapsed > self.target:
            self.breached_at = at

    def set_elapsed(self, event: Event, at: datetime) -> None:
        difference = event.elapsed_seconds - self.elapsed
        if difference:
            # A piece without length carries it, so that the pieces still add up to the figure.
            rule = event.rule or str(event.kind)
            self.pieces.append(
                Piece(State.RUNNING, at, at, self.key, difference, rule, event.actor)
            )
            self.elapsed += difference

    def switch(self, key: Hashable) -> None:
        if key is not None and key != self.key:
            self.key = key
            self.timetable = self.timetable_of(key)

    def explain_by(self, event: Event) -> None:
        self.rule, self.actor = event.rule or str(event.kind), event.actor

    # ── events ──

    def start(self, event, at):
        if self.state is not State.NONE:
            return
        if event.target_seconds is None or event.calendar_key is None:
            raise ValueError("a clock starts with a target and a calendar")
        self.state, self.started_at, self.since = State.RUNNING, at, at
        self.target = event.target_seconds
        self.switch(event.calendar_key)
        self.explain_by(event)

    def pause(self, event, at):
        if self.state in LIVE:
            self.account(at)
            self.state = State.PAUSED
            self.explain_by(event)

    def resume(self, event, at):
        if self.state is State.PAUSED:
            self.account(at)
            self.state, self.full_at = State.RUNNING, None
            self.explain_by(event)

    def retarget(self, event, at):
        if self.state not in LIVE:
            return
        if self.state is State.RUNNING:
            self.account(at)
            self.explain_by(event)
        if event.target_seconds is not None:
            self.target = event.target_seconds
        self.switch(event.calendar_key)
        if event.elapsed_seconds is not None:
            self.account(at)
            self.set_elapsed(event, at)
        if event.lift and self.elapsed <= self.target:
            self.breached_at = None
        self.judge(at)

    def responsible(self, event, at):
        if self.state is State.RUNNING:
            self.account(at)
            self.explain_by(event)
        elif self.state in STOPPED:
            self.account(at)  # the closed time may yet be counted, each part in its own calendar
        if self.state in LIVE or self.state in STOPPED:
            self.switch(event.calendar_key)

    def recompute(self, event, at):
        if self.state in LIVE and event.elapsed_seconds is not None:
            self.account(at)
            if event.elapsed_seconds != self.elapsed:
                self.set_elapsed(event, at)
                self.judge(at)
        self.responsible(event, at)

    def stop(self, event, at):
        if self.state in LIVE:
            self.account(at)
            self.state = State.MET if self.breached_at is None else State.MISSED
            self.stopped_at = at
            self.explain_by(event)

    def reopen(self, event, at):
        if self.state not in STOPPED or event.reopen_rule == ReopenRule.NEW_CYCLE:
            return
        self.account(at)
        if event.reopen_rule == ReopenRule.WITH_CLOSED_TIME:
            self._count_closed_time(event)
            self.judge(at)
        self.state, self.stopped_at, self.full_at = State.RUNNING, None, None
        self.explain_by(event)

    def _count_closed_time(self, event):
        rule = event.rule or str(event.kind)
        for index, piece in enumerate(self.pieces):
            if piece.state in STOPPED and piece.from_at >= self.stopped_at:
                timetable = self.timetable_of(piece.calendar_key)
                seconds = timetable.between(piece.from_at, piece.to_at)
                self.elapsed += seconds
                self.pieces[index] = piece._replace(
                    state=State.RUNNING, seconds=seconds, rule=rule, actor=event.actor
                )

    def cancel(self, event, at):
        if self.state in LIVE:
            self.account(at)
            self.state, self.stopped_at = State.CANCELLED, at


LIVE = frozenset({State.RUNNING, State.PAUSED})
STOPPED = frozenset({State.MET, State.MISSED})
HANDLERS = {
    Kind.START: Walk.start,
    Kind.PAUSE: Walk.pause,
    Kind.RESUME: Walk.resume,
    Kind.RETARGET: Walk.retarget,
    Kind.RESPONSIBLE: Walk.responsible,
    Kind.STOP: Walk.stop,
    Kind.REOPEN: Walk.reopen,
    Kind.CANCEL: Walk.cancel,
    Kind.RECOMPUTE: Walk.recompute,
}


def _order(pair):
    return pair[0], pair[1].seq

"""What a record shows of its clocks without asking them: the next due clock, small enough to be
kept on the record, and drawn by lists without any query."""

from dataclasses import dataclass
from datetime import datetime

from records.models import Record
from slm.engine.terms import Kind
from slm.terms import ClockKind, ClockState, Metric

Status = Record.SlaStatus
AT_RISK_PERCENT = 75


@dataclass(frozen=True)
class Face:
    due_at: datetime | None
    status: str
    cache: dict | None


def face_of(hands, at):
    """The face of a record whose clocks are `hands` (slm.clockwork.Hand), as of `at`.

    Whole seconds, like the clocks themselves. A round of updates that is over colours nothing.
    """
    at = at.replace(microsecond=0)
    promises = [hand for hand in hands if hand.clock.clock_kind == ClockKind.SLA]
    running = [hand for hand in promises if hand.clock.state == ClockState.RUNNING]
    paused = [hand for hand in promises if hand.clock.state == ClockState.PAUSED]
    stopped = [
        hand
        for hand in promises
        if hand.clock.state in {ClockState.MET, ClockState.MISSED}
        and hand.clock.metric != Metric.UPDATE
    ]
    if running:
        shown = min(
            running, key=lambda hand: hand.clock.due_at or datetime.max.replace(tzinfo=at.tzinfo)
        )
        status = worst([status_of(hand.clock, at) for hand in running])
        return Face(shown.clock.due_at, status, cache_of(shown, at))
    if paused:
        shown = min(paused, key=lambda hand: hand.clock.target_seconds - hand.clock.elapsed_seconds)
        return Face(None, Status.PAUSED, cache_of(shown, at))
    if stopped:
        shown = max(stopped, key=lambda hand: (hand.clock.target_seconds, hand.clock.pk))
        missed = any(hand.clock.state == ClockState.MISSED for hand in stopped)
        return Face(None, Status.MISSED if missed else Status.MET, cache_of(shown, at))
    return Face(None, Status.NONE, None)


def status_of(clock, at):
    if clock.breached_at is not None or (clock.due_at is not None and clock.due_at < at):
        return Status.BREACHED
    if clock.elapsed_seconds * 100 >= clock.target_seconds * at_risk_percent(clock):
        return Status.WARNING
    return Status.OK


def at_risk_percent(clock):
    warnings = [percent for percent in clock.warn_percents if percent < 100]
    if AT_RISK_PERCENT in warnings or not warnings:
        return AT_RISK_PERCENT
    return max(warnings)


def worst(statuses):
    for status in (Status.BREACHED, Status.WARNING, Status.OK):
        if status in statuses:
            return status
    return Status.NONE


def cache_of(hand, at):
    """Epoch seconds throughout. `tape` is wall-clock time: [from, to, "run" | "pause"], open at
    the end while the clock is live."""
    clock = hand.clock
    return {
        "metric": clock.metric,
        "kind": clock.clock_kind,
        "state": clock.state,
        "target": clock.target_seconds,
        "elapsed": clock.elapsed_seconds,
        "at": int(at.timestamp()),
        "due": int(clock.due_at.timestamp()) if clock.due_at else None,
        "breached": int(clock.breached_at.timestamp()) if clock.breached_at else None,
        "warn": at_risk_percent(clock),
        "key": [clock.calendar_version_id, clock.calendar_kind, clock.zone],
        "tape": tape_of(hand.log(), clock.is_live, at),
    }


def tape_of(log, is_live, at):
    """Stretches of running and pausing, at most the last twelve."""
    pieces, since, looks = [], None, None
    for event in log:
        moment = int(event.at.timestamp())
        if event.kind in {Kind.START, Kind.RESUME, Kind.REOPEN}:
            following = "run"
        elif event.kind in {Kind.PAUSE, Kind.STOP}:
            following = "pause" if event.kind == Kind.PAUSE else None
        else:
            continue
        if since is not None and looks and moment > since:
            pieces.append([since, moment, looks])
        since, looks = moment, following
    if is_live and looks:
        pieces.append([since, None, looks])
    return pieces[-12:]

"""Clocks of records that lived in another desk: the same events, at the times they had.

The happenings are those of an import (state, reason, priority, group at an instant). Thresholds
that were passed are kept as escalations marked as imported; nobody is told.
"""

from records.models import Record
from slm import effects, promises
from slm.clockwork import Clockwork, timetable_of
from slm.engine import clock as engine
from slm.engine.terms import Kind
from slm.models import Escalation, Threshold
from slm.terms import ClockKind, ClockState, Metric

OVER = {"resolved", "closed"}
REOPENABLE = {ClockState.MET, ClockState.MISSED}


def run(record, story, lines, *, now):
    """Start the promises of a new record and walk through all that happened to it."""
    work = Clockwork(record, at=story.opened_at, by=None, is_new=True)
    final_priority = record.priority
    record.priority = lines[0].priority
    for promise in promises.promises_for(record, at=story.opened_at).values():
        if promise.metric != Metric.UPDATE:  # the log knows no public updates
            work.start(promise)
    record.priority = final_priority
    before = None
    for line in lines:
        _step(work, record, before, line, story)
        before = line
    _finish(work, now)


def go_on(record, story, lines, before, *, now):
    work = Clockwork(record, at=lines[0].at, by=None)
    for line in lines:
        _step(work, record, before, line, story)
        before = line
    _finish(work, now)


def _step(work, record, before, line, story):
    state_before = before.state if before is not None else "new"
    work.by = line.by
    work.at = max(line.at, record.opened_at)
    if line.state in OVER and story.resolved_at is not None and state_before not in OVER:
        work.at = min(max(story.resolved_at, _last(work) or line.at), work.at)
    if before is not None and line.priority != before.priority and line.state not in OVER:
        _retarget(work, record, line)
    if line.state != "new" and state_before == "new":
        work.note(work.live(ClockKind.SLA, Metric.RESPONSE), Kind.STOP, rule="responded")
    if state_before in OVER and line.state not in OVER | {"cancelled"}:
        _reopen(work)
    if state_before == "pending" and line.state != "pending":
        effects.resume_all(work, "resumed")
    if line.state == "pending" and (state_before != "pending" or line.reason != before.reason):
        if state_before == "pending":
            effects.resume_all(work, "resumed")
        effects.pause_all(work, line.reason)
    if line.state in OVER and state_before not in OVER:
        work.note(work.live(), Kind.STOP, rule="resolved")
    if line.state == "cancelled":
        work.note(work.live(), Kind.CANCEL, rule="cancelled")


def _last(work):
    """The last instant that any clock knows: nothing is noted before it."""
    instants = [hand.log()[-1].at for hand in work.hands if hand.log()]
    return max(instants, default=None)


def _reopen(work):
    for hand in work.hands:
        if hand.clock.metric in promises.FINAL_METRICS and hand.state in REOPENABLE:
            hand.note(
                Kind.REOPEN, at=work.at, by=work.by, rule="reopened",
                reopen_rule=hand.clock.target.reopen_rule,
            )  # fmt: skip


def _retarget(work, record, line):
    kept, record.priority = record.priority, line.priority
    found = promises.promises_for(record, at=line.at)
    for hand in work.live(ClockKind.SLA):
        promise = found.get(hand.clock.metric)
        if promise is not None and promise.target.pk != hand.clock.target_id:
            effects.retarget_one(work, hand, promise, lift=False)
    record.priority = kept


def _finish(work, now):
    """Save, then set down what had been escalated by then."""
    work.at = now
    work.save()
    for hand in work.hands:
        type(hand.clock).objects.filter(pk=hand.clock.pk).update(is_imported=True)
        _passed(work.record, hand, now)


def _passed(record: Record, hand, now):
    log = hand.log()
    end = hand.clock.stopped_at or now
    while log and log[-1].kind in {Kind.STOP, Kind.CANCEL}:
        log = log[:-1]
    percents = sorted({*hand.clock.warn_percents, 100})
    found = engine.instants(log, timetable_of, percents, end)
    for percent, instant in found.items():
        if instant is None or instant > end:
            continue
        if percent == 100 and hand.clock.breached_at is None:  # noqa: PLR2004 - the breach
            continue
        row, _is_new = Threshold.objects.get_or_create(
            record=record, clock=hand.clock, cycle=hand.clock.cycle, code=str(percent)
        )
        if row.fired_at is None:
            row.fires_at = row.fired_at = instant
            row.save(update_fields=["fires_at", "fired_at"])
        Escalation.objects.get_or_create(
            clock=hand.clock, cycle=hand.clock.cycle, threshold=str(percent),
            defaults={
                "record": record, "type": "notify", "due_at": instant, "fired_at": instant,
                "is_imported": True,
            },
        )  # fmt: skip

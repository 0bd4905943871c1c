"""Clocks of records that lived in another desk: the same events, at the times they had.

The happenings are those of an import (state, reason, priority, group at an instant). Thresholds
that were passed are kept as escalations marked as imported; nobody is told.
"""

from django.db import connection
from psycopg2.extras import execute_values

from slm import effects, promises
from slm.clockwork import BREACH, Clockwork, timetable_of
from slm.engine import clock as engine
from slm.engine.terms import Kind
from slm.models import Escalation
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
                reopen_rule=hand.clock.reopen_rule,
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
    """Save, and set down what had been escalated by then."""
    work.at = now
    for hand in work.hands:
        hand.clock.is_imported = True
    work.save()
    rows = [
        (work.record.pk, hand.clock.pk, hand.clock.cycle, str(percent), instant, instant)
        for hand in work.hands
        for percent, instant in passed(hand, now)
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, FIRED, rows)
    Escalation.objects.bulk_create(
        [
            Escalation(
                record_id=record, clock_id=clock, cycle=cycle, threshold=code, type="notify",
                due_at=instant, fired_at=instant, is_imported=True,
            )
            for record, clock, cycle, code, instant, _ in rows
        ],
        ignore_conflicts=True,
    )  # fmt: skip


FIRED = """
    INSERT INTO slm_threshold (record_id, clock_id, cycle, code, fires_at, fired_at) VALUES %s
    ON CONFLICT (record_id, clock_id, cycle, code)
    DO UPDATE SET fires_at = excluded.fires_at, fired_at = excluded.fired_at
    WHERE slm_threshold.fired_at IS NULL
"""


def passed(hand, now):
    """The shares of the target that the clock passed before it stopped: [(percent, instant)]."""
    log, clock = hand.log(), hand.clock
    end = clock.stopped_at or now
    while log and log[-1].kind in {Kind.STOP, Kind.CANCEL}:
        log.pop()
    shares = sorted({*clock.warn_percents, BREACH} if clock.breached_at else {*clock.warn_percents})
    found = engine.instants(log, timetable_of, shares, end)
    return [(share, at) for share, at in found.items() if at is not None and at <= end]

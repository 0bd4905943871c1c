"""What each happening does to the clocks of a record: the table of ITSM domain rules 5.4.

Called by the actions of the processes, inside their transaction, with the record locked and
saved. Every function leaves clocks, thresholds and the record's own cache consistent.
"""

from slm import promises, varying, waiting
from slm.clockwork import Clockwork
from slm.engine.terms import Kind
from slm.terms import (
    ClockKind,
    ClockState,
    Metric,
    ReopenRule,
    RetargetRule,
    UpdateRule,
)

TIMED = promises.FINAL_METRICS
UPDATES = (Metric.UPDATE,)
UNTAKEN, SILENT = waiting.On.UNASSIGNED_FOR, waiting.On.NO_UPDATE_FOR


def opened(record, *, at, by, defaults=()):
    """Start the promised clocks, as the record stands: running, or paused from the first second.

    `defaults` are the desk's own promises (promises.own_promise) where no agreement promises.
    """
    work = Clockwork(record, at=at, by=by, is_new=True)
    found = _promised(record, at, defaults)
    for promise in found.values():
        if promise.metric == Metric.UPDATE and not _updates_run(record, promise):
            continue
        work.start(promise)
    _start_group_clock(work, record)
    if record.pending_reason_id:
        pause_all(work, record.pending_reason)
    waiting.begin(work, UNTAKEN, SILENT)
    work.save()
    return work


def assigned(record, *, at, by, old_group_id):
    """The group's own clock changes hands; promises that follow the sun change their calendar."""
    is_same = old_group_id == record.assigned_group_id
    if is_same and record.assignee_id is not None:
        waiting.withdraw(record, UNTAKEN)
        return
    work = Clockwork(record, at=at, by=by)
    waiting.renew(work, UNTAKEN)
    if is_same:
        work.save()
        return
    work.note(work.live(ClockKind.OLA), Kind.STOP, rule="handed_over")
    _start_group_clock(work, record)
    following = [hand for hand in work.live(ClockKind.SLA) if hand.clock.follows_the_group]
    if following:
        keys = promises.calendar_keys(record, [hand.clock.target for hand in following], at)
        for hand in following:
            hand.note(
                Kind.RESPONSIBLE, at=at, by=by, rule="group", key=keys[hand.clock.target_id],
                data={"group": record.assigned_group_id},
            )  # fmt: skip
    work.save()


def responded(record, *, at, by):
    """The first human answer: the response clock stops, a new round of updates begins."""
    work = Clockwork(record, at=at, by=by)
    work.note(work.live(ClockKind.SLA, Metric.RESPONSE), Kind.STOP, rule="responded")
    _next_round(work, record, rule="responded")
    waiting.renew(work, SILENT)
    work.save()


def updated(record, *, at, by):
    """A public message of ours: the update clock begins its next round."""
    work = Clockwork(record, at=at, by=by)
    _next_round(work, record, rule="updated")
    waiting.renew(work, SILENT)
    work.save()


def asked(record, *, at, by):
    """A message of the requester waits: updates that run only then begin to."""
    work = Clockwork(record, at=at, by=by)
    if not work.live(ClockKind.SLA, Metric.UPDATE):
        promise = promises.promises_for(record, at=at).get(Metric.UPDATE)
        if promise and promise.target.update_rule == UpdateRule.WHILE_WAITING:
            work.start(promise, cycle=_next_cycle(record), rule="asked")
            work.save()


def paused(record, reason, *, at, by):
    work = Clockwork(record, at=at, by=by)
    pause_all(work, reason)
    waiting.withdraw(record)
    work.save()


def resumed(record, *, at, by, rule="resumed"):
    work = Clockwork(record, at=at, by=by)
    resume_all(work, rule)
    waiting.renew(work, UNTAKEN, SILENT)
    work.save()


def approval_awaited(record, *, at, by):
    """Others have to say yes first: clocks whose target waits for approvals pause, and so does
    the group's, which cannot begin."""
    work = Clockwork(record, at=at, by=by)
    for hand in work.live():
        is_groups = hand.clock.clock_kind == ClockKind.OLA
        target = hand.clock.target
        if is_groups or (target is not None and target.pause_on_approval):
            hand.note(Kind.PAUSE, at=at, by=by, rule="approval")
    waiting.withdraw(record)
    work.save()


def approval_given(record, *, at, by):
    resumed(record, at=at, by=by, rule="approved")


def begun_again(record, *, at, by, defaults=(), rule="resubmitted"):
    """What was rejected is asked for anew: the promises count from now, in a cycle of their own."""
    work = Clockwork(record, at=at, by=by)
    for promise in _promised(record, at, defaults).values():
        if promise.metric == Metric.UPDATE and not _updates_run(record, promise):
            continue
        cycle = _next_cycle(record, promise.metric)
        work.start(promise, cycle=cycle, rule=rule)
    _start_group_clock(work, record)
    waiting.renew(work, UNTAKEN, SILENT)
    work.save()


def _promised(record, at, defaults):
    own = {promise.metric: promise for promise in defaults}
    return own | promises.promises_for(record, at=at)


def resolved(record, *, at, by):
    """Response and resolution stop (the latter provisionally), updates are over."""
    work = Clockwork(record, at=at, by=by)
    for hand in work.live():
        if hand.clock.metric == Metric.UPDATE and hand.clock.clock_kind == ClockKind.SLA:
            hand.note(Kind.CANCEL, at=at, by=by, rule="resolved")
        else:
            hand.note(Kind.STOP, at=at, by=by, rule="resolved")
    waiting.withdraw(record)
    work.save()


def reopened(record, *, at, by):
    """By each target's own rule; the group begins anew, and so do the updates."""
    work = Clockwork(record, at=at, by=by)
    for metric in TIMED:
        hand = work.latest(metric)
        if hand is None or hand.clock.state not in {ClockState.MET, ClockState.MISSED}:
            continue
        rule = hand.clock.reopen_rule
        promise = promises.promises_for(record, at=at).get(metric)
        if rule == ReopenRule.NEW_CYCLE:
            if promise:
                work.start(promise, cycle=hand.clock.cycle + 1, rule="reopened")
        else:
            hand.note(Kind.REOPEN, at=at, by=by, rule="reopened", reopen_rule=rule)
            varying.catch_up(hand, promise, at=at, by=by)
    _start_group_clock(work, record)
    _next_round(work, record, rule="reopened")
    waiting.renew(work, UNTAKEN, SILENT)
    work.save()


def referred(record, referral, *, at, by):
    """The supplier's own clocks begin, where a contract promises anything."""
    if referral.agreement_id is None:
        return
    work = Clockwork(record, at=at, by=by)
    for promise in promises.supplier_promises(record, referral.agreement, at=at):
        work.start(promise, kind=ClockKind.UC, referral=referral.number, rule="referred")
    work.save()


def referral_moved(record, referral, kind, *, at, by, metrics, rule):
    """Stop, go on with (REOPEN) or cancel the clocks of one referral."""
    work = Clockwork(record, at=at, by=by)
    for hand in work.hands:
        clock = hand.clock
        if clock.referral != referral.number or clock.metric not in metrics:
            continue
        if kind == Kind.REOPEN and clock.state in {ClockState.MET, ClockState.MISSED}:
            hand.note(kind, at=at, by=by, rule=rule, reopen_rule=ReopenRule.WITHOUT_CLOSED_TIME)
        elif kind != Kind.REOPEN and hand.is_live:
            hand.note(kind, at=at, by=by, rule=rule)
    work.save()


def cancelled(record, *, at, by, rule="cancelled"):
    """Outside the figures: cancelled and merged records keep no promise and break none."""
    work = Clockwork(record, at=at, by=by)
    work.note(work.live(), Kind.CANCEL, rule=rule)
    waiting.withdraw(record)
    work.save()


def closed(record, *, at, by):
    """Final. A record closed without having been resolved stops what still runs."""
    work = Clockwork(record, at=at, by=by)
    if work.live():
        work.note(work.live(), Kind.STOP, rule="closed")
        work.save()


def restarted(record, *, at, by):
    """An undone merge: what the merge cancelled begins again, counting from the opening on."""
    work = Clockwork(record, at=at, by=by)
    found = promises.promises_for(record, at=at)
    for promise in found.values():
        last = work.latest(promise.metric)
        if last is not None and last.is_live:
            continue
        if last is not None and last.clock.state != ClockState.CANCELLED:
            continue
        start = at if promise.metric == Metric.UPDATE else record.opened_at
        work.start(promise, cycle=_next_cycle(record, promise.metric), rule="unmerged", at=start)
    _start_group_clock(work, record)
    waiting.renew(work, UNTAKEN, SILENT)
    work.save()


def retargeted(record, *, at, by, lift=False):
    """Priority, service or customer changed: running clocks take the row that fits now.

    Elapsed time and pauses are kept, unless the target says that time counts from the change on.
    `lift` withdraws a stamped breach that the new target does not justify: only for a correction
    by who may, with a reason.
    """
    work = Clockwork(record, at=at, by=by)
    found = promises.promises_for(record, at=at)
    for hand in work.live(ClockKind.SLA):
        promise = found.pop(hand.clock.metric, None)
        if promise is None:
            # a clock that no row has started does not end because no row fits
            if hand.clock.target_id is not None:
                hand.note(Kind.CANCEL, at=at, by=by, rule="no_promise")
        elif promise.target.pk != hand.clock.target_id:
            retarget_one(work, hand, promise, lift=lift)
    for metric, promise in found.items():
        if work.latest(metric) is None and _may_begin_late(record, promise):
            work.start(promise, rule="retargeted", at=_late_start(record, promise, at))
            if record.pending_reason_id:
                pause_all(work, record.pending_reason, only=[work.hands[-1]])
    waiting.adjust(work, UNTAKEN, SILENT)
    work.save()


def retarget_one(work, hand, promise, *, lift):
    from_now = promise.target.retarget_rule == RetargetRule.NOW
    key = promise.calendar_key
    shown = (hand.clock.calendar_version_id, hand.clock.calendar_kind, hand.clock.zone)
    hand.note(
        Kind.RETARGET, at=work.at, by=work.by, rule="retargeted", lift=lift,
        target_seconds=promise.seconds, elapsed_seconds=0 if from_now else None,
        key=key if key != shown else None,
        data={
            "target": promise.target.pk, "agreement": promise.target.agreement_id,
            "from": hand.clock.target_seconds, "to": promise.seconds,
            **({"variation": promise.variation} if promise.variation else {}),
        },
    )  # fmt: skip
    hand.clock.target = promise.target
    hand.clock.agreement_id = promise.target.agreement_id
    hand.clock.warn_percents = promise.target.warn_percents or [50, 75, 90]


def _may_begin_late(record, promise):
    if promise.metric == Metric.RESPONSE:
        return getattr(record, "first_response_at", None) is None
    if promise.metric == Metric.UPDATE:
        return _updates_run(record, promise)
    return record.is_open


def _late_start(record, promise, at):
    from_opening = promise.target.retarget_rule == RetargetRule.OPENING
    return record.opened_at if from_opening and promise.metric != Metric.UPDATE else at


def _updates_run(record, promise):
    return promise.target.update_rule == UpdateRule.ALWAYS or record.unanswered_since is not None


def _next_round(work, record, *, rule):
    live = work.live(ClockKind.SLA, Metric.UPDATE)
    work.note(live, Kind.STOP, rule=rule)
    promise = promises.promises_for(record, at=work.at).get(Metric.UPDATE)
    if promise is None or not record.is_open or not _updates_run(record, promise):
        return
    hand = work.start(promise, cycle=_next_cycle(record), rule=rule)
    if record.pending_reason_id:
        pause_all(work, record.pending_reason, only=[hand])


def _next_cycle(record, metric=Metric.UPDATE):
    last = (
        record.clocks.filter(metric=metric, clock_kind=ClockKind.SLA)
        .order_by("-cycle").values_list("cycle", flat=True).first()
    )  # fmt: skip
    return 0 if last is None else last + 1


def _start_group_clock(work, record):
    group = record.assigned_group
    if group is None or not record.is_open:
        return
    promise = promises.group_promise(record, group, at=work.at)
    if promise is None:
        return
    earlier = record.clocks.filter(clock_kind=ClockKind.OLA, group=group).count()
    work.start(promise, kind=ClockKind.OLA, group=group, cycle=earlier, rule="assigned")


def pause_all(work, reason, only=None):
    rule = f"pending:{reason.code}"
    hands = work.live() if only is None else only
    for hand in hands:
        kind = hand.clock.clock_kind
        waits = reason.pauses_sla if kind == ClockKind.SLA else reason.pauses_ola
        if waits and kind != ClockKind.UC:
            hand.note(Kind.PAUSE, at=work.at, by=work.by, rule=rule)


def resume_all(work, rule):
    for hand in work.live():
        if hand.state == ClockState.PAUSED:
            hand.note(Kind.RESUME, at=work.at, by=work.by, rule=rule)

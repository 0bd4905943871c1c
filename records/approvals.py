"""Asking for approval, answering, and what follows. A process wraps `ask` in its own action and
says with `verb_of(kind, "approval_decided")` what a decision does to its record.

Order of locks: the record, then the approval. Every answer, from page, mail or API, goes through
`answer`, which asks again whether this person may.
"""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.lifecycle import take
from core.text import without_nul
from records import approvers, timeline
from records.deadlines import business_seconds_after
from records.deciding import decision
from records.events import Verb
from records.kinds import KINDS, verb
from records.models import Approval, ApprovalVote, RecordAccess, TimelineEntry

State, Vote, Via = Approval.State, ApprovalVote.Vote, ApprovalVote.Via
Kind, Visibility = TimelineEntry.Kind, TimelineEntry.Visibility
ACCESS = "approval"


@dataclass(frozen=True)
class Stage:
    """One question: whom to ask (records.approvers) and what decides it (records.deciding)."""

    source: dict
    mode: str = Approval.Mode.ANY
    quorum_percent: object = None
    threshold_percent: object = None
    patience_hours: int | None = None
    snapshot: dict = field(default_factory=dict)


def ask(record, stages, *, by, at, barred=()):
    """Put the stages of a question, the first at once. `record` is locked.

    Nobody decides what they asked for themselves: the requester, who reported it, and `barred` are
    left out. Raises Refused where nobody is left who could decide a stage.
    """
    kept_out = sorted({record.requester_id, record.reported_by_id, *barred} - {None})
    made = []
    for number, stage in enumerate(stages, start=1):
        people = approvers.found_by(record, stage.source, kept_out)
        if not people:
            raise Refused(
                _("Nobody can approve this: %(who)s is missing.")
                % {"who": approvers.kind_of(stage.source).label}
            )
        approval = Approval.objects.create(
            record_id=record.pk, kind=approvers.kind_of(stage.source), stage=number,
            mode=stage.mode, quorum_percent=stage.quorum_percent,
            threshold_percent=stage.threshold_percent, state=State.PLANNED, source=stage.source,
            barred=kept_out, patience_hours=stage.patience_hours, snapshot=stage.snapshot,
        )  # fmt: skip
        approval.approvers.set(people)
        made.append(approval)
    if made:
        _open(record, made[0], by=by, at=at)
    return made


def _open(record, approval, *, by, at):
    take(approval, "open", by=None, at=at, due_at=_due(record, approval, at))
    approval.save()
    _let_in(record, approval.approvers.all())
    _tell(record, approval, Verb.APPROVAL_ASKED, by=by, at=at)


def _due(record, approval, at):
    if approval.patience_hours is None:
        return None
    return business_seconds_after(record, at, approval.patience_hours * 3600)


def _let_in(record, people):
    """Who has to decide sees what they decide on."""
    known = set(
        RecordAccess.objects.filter(record_id=record.pk, reason=ACCESS).values_list(
            "person_id", flat=True
        )
    )
    RecordAccess.objects.bulk_create(
        RecordAccess(record_id=record.pk, person=person, reason=ACCESS)
        for person in people
        if person.pk not in known
    )


def _tell(record, approval, verb_, *, by, at, body="", **data):
    return timeline.record(
        record, verb_, by=by, at=at, kind=Kind.APPROVAL, visibility=Visibility.PUBLIC, body=body,
        approval_id=approval.pk, approval_kind=approval.kind, stage=approval.stage,
        round=approval.round, **data,
    )  # fmt: skip


@transaction.atomic
def answer(approval, *, by, vote, comment="", seat=None, via=Via.PAGE, recorded_by=None, at=None):
    """`by` answers, for themselves or as deputy in the `seat` of somebody. Returns the vote.

    Raises PermissionDenied for who has no say, Refused (409) for what is decided already, answered
    twice, or rejected without a reason.
    """
    record = _hold(approval.record_id, approval.record.kind)
    approval = Approval.objects.lock(approval.pk)
    at, comment = at or time.now(), without_nul(comment).strip()
    seat = _seat(record, approval, by, seat, at)
    if vote not in Vote.values:
        raise Refused(_("Say yes or no."))
    if vote == Vote.REJECT and not comment:
        raise Refused(_("Say why you reject it."))
    stands_for = seat if seat.pk != by.pk else None
    made = ApprovalVote.objects.create(
        approval=approval, round=approval.round, approver=by, on_behalf_of=stands_for, vote=vote,
        comment=comment, via=via, recorded_by=recorded_by, at=at,
    )  # fmt: skip
    _tell(
        record, approval, Verb.APPROVAL_VOTED, by=by, at=at, body=comment, vote=vote, via=via,
        on_behalf_of=stands_for.name if stands_for else "",
    )  # fmt: skip
    _conclude(record, approval, by=by, at=at)
    return made


def _hold(record_id, kind):
    return KINDS[kind].model.objects.lock(record_id)


def _seat(record, approval, by, seat, at):
    """The seat in which `by` answers. Whether they still may is worked out anew."""
    mine = [one for one in approval.approvers.all() if _may_sit(by, one, at)]
    if not mine or by.pk in approval.barred or not by.is_active:
        raise PermissionDenied
    if approval.state != State.PENDING:
        raise Refused(_("This is decided already: %(state)s.") % {"state": approval.state_label})
    free = approvers.seats_of(approval, by, at.date())
    if seat is not None:
        free = [one for one in free if one.pk == seat.pk]
    if not free:
        raise Refused(_("You have answered already."))
    present = {person.pk for person in approvers.found_by(record, approval.source, approval.barred)}
    still = [one for one in free if one.pk in present]
    if not still:
        raise Refused(_("You may not decide this any more."))
    return min(still, key=lambda one: one.pk != by.pk)  # one's own seat first


def _may_sit(by, seat, at):
    return seat.pk == by.pk or approvers.is_deputy(by, seat, at.date())


def _conclude(record, approval, *, by, at, is_over=False):
    """Decide where the votes do; then the next stage, or the process goes on. None: still open."""
    votes = approval.votes.filter(round=approval.round).values_list("vote", flat=True)
    found = decision(
        approval.mode, approval.approvers.count(), votes,
        quorum_percent=approval.quorum_percent, threshold_percent=approval.threshold_percent,
        is_over=is_over,
    )  # fmt: skip
    if found is None:
        return None
    is_yes = found == "approved"
    take(approval, "approve" if is_yes else "reject", by=None, at=at)
    approval.save()
    told = Verb.APPROVAL_APPROVED if is_yes else Verb.APPROVAL_REJECTED
    reasons = "" if is_yes else _reasons(approval)
    _tell(record, approval, told, by=None, at=at, body=reasons)
    following = record.approvals.filter(state=State.PLANNED).order_by("stage", "pk").first()
    if is_yes and following is not None:
        _open(record, Approval.objects.lock(following.pk), by=by, at=at)
        return found
    if not is_yes:
        _drop(record, at=at)
    decided = verb(record, "approval_decided")
    if decided is not None:
        decided(record, approval, is_yes, by=by, at=at, reason=reasons)
    return found


def _reasons(approval):
    rows = approval.votes.filter(round=approval.round, vote=Vote.REJECT)
    return "\n".join(row.comment for row in rows if row.comment)


def _drop(record, *, at):
    for approval in record.approvals.filter(state__in=Approval.LIVE):
        take(approval, "cancel", by=None, at=at)
        approval.save()


def cancel(record, *, by, at):
    """The record is withdrawn: nobody needs to answer any more. `record` is locked."""
    live = list(record.approvals.filter(state__in=Approval.LIVE))
    for approval in live:
        take(approval, "cancel", by=None, at=at)
        approval.save()
    if live:
        _tell(record, live[0], Verb.APPROVAL_CANCELLED, by=by, at=at)


def invalidate(record, *, by, at):
    """What was approved is not what stands there now. Returns the approvals that are void."""
    void = list(record.approvals.filter(state=State.APPROVED))
    for approval in void:
        take(approval, "invalidate", by=None, at=at)
        approval.save()
    if void:
        _tell(record, void[0], Verb.APPROVAL_VOID, by=by, at=at)
    return void


def reissue(approval, *, by, at):
    """Ask again in a new round; old votes are kept. `approval` and its record are locked."""
    record = approval.record
    take(approval, "reissue", by=None, at=at, due_at=_due(record, approval, at))
    found = approvers.found_by(record, approval.source, approval.barred)
    if not found:
        raise Refused(
            _("Nobody can approve this: %(who)s is missing.")
            % {"who": approvers.kind_of(approval.source).label}
        )
    approval.approvers.set(found)
    approval.save()
    _let_in(record, found)
    _tell(record, approval, Verb.APPROVAL_ASKED, by=by, at=at)
    return approval


# --- what time does ---------------------------------------------------------------------------


def sweep_due(limit=100):
    """Remind when half of the time is over; at its end decide, or ask those above. Runs twice,
    late, or on several workers without harm. Returns how many were done."""
    done = 0
    for find, act in ((_to_remind, _remind), (_to_expire, _expire)):
        for pk, record_id, kind in find().values_list("pk", "record_id", "record__kind")[
            : max(limit - done, 0)
        ]:
            done += act(pk, record_id, kind) is not None
    return done


def _to_remind():
    return Approval.objects.pending().filter(remind_at__lte=Now(), due_at__gt=Now())


def _to_expire():
    return Approval.objects.pending().filter(due_at__lte=Now())


@transaction.atomic
def _remind(pk, record_id, kind):
    record = _hold(record_id, kind)
    approval = _to_remind().filter(pk=pk).select_for_update(of=("self",)).first()
    if approval is None:
        return None
    approval.remind_at, at = None, time.now()
    approval.save()
    return _tell(record, approval, Verb.APPROVAL_REMINDED, by=None, at=at)


@transaction.atomic
def _expire(pk, record_id, kind):
    record = _hold(record_id, kind)
    approval = _to_expire().filter(pk=pk).select_for_update().first()
    if approval is None:
        return None
    at = time.now()
    if _conclude(record, approval, by=None, at=at, is_over=True):
        return approval
    take(approval, "expire", by=None, at=at)
    approval.save()
    silent, above = _silent(approval), _above(record, approval)
    entry = _tell(
        record, approval, Verb.APPROVAL_EXPIRED, by=None, at=at,
        escalated_to=[person.name for person in above],
    )  # fmt: skip
    if above:
        _escalate(approval, {person.pk for person in silent}, above, at)
    return entry


def _silent(approval):
    answered = {v.seat_id for v in approval.votes.all() if v.round == approval.round}
    return [person for person in approval.approvers.all() if person.pk not in answered]


def _above(record, approval):
    """The managers of those who did not answer, else the organisation's; nobody who was asked."""
    known = {person.pk for person in approval.approvers.all()} | set(approval.barred)
    managers = [person.manager for person in _silent(approval) if person.manager_id]
    managers = managers or [record.organization.manager]
    found = {
        person.pk: person
        for person in managers
        if person is not None and person.is_active and person.can_sign_in
    }
    return [person for pk, person in found.items() if pk not in known]


def _escalate(approval, silent, above, at):
    """Those above are asked in place of who did not answer; where one answer is enough, beside
    them. Everybody is asked anew: the round is another."""
    stay = [
        person.pk
        for person in approval.approvers.all()
        if approval.mode == Approval.Mode.ANY or person.pk not in silent
    ]
    approval.source = {"of": "people", "people": [*stay, *(person.pk for person in above)]}
    reissue(approval, by=None, at=at)

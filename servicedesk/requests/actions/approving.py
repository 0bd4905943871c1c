"""Approval of an order: asked where the offering wants it, and what each decision does."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.lifecycle import take
from records import actions as records
from records import approvals, approvers, timeline
from records.models import TimelineEntry
from servicedesk.catalogue import plans
from servicedesk.events import RequestVerb as Verb
from servicedesk.models import ServiceRequest
from servicedesk.requests.actions import fulfilling
from slm import effects

INTERNAL = {"visibility": TimelineEntry.Visibility.INTERNAL}


def stages_of(request):
    """What has to be asked for this order, at its price: records.approvals.Stage."""
    snapshot = {
        "offering": request.offering.code, "version": request.offering_version.number,
        "quantity": request.quantity,
        "total": str(request.total_price) if request.total_price is not None else "",
    }  # fmt: skip
    return [
        approvals.Stage(
            source=plan.source, mode=plan.mode,
            quorum_percent=_share(plan.quorum_percent),
            threshold_percent=_share(plan.threshold_percent),
            patience_hours=plan.patience_hours, snapshot=snapshot,
        )
        for plan in plans.read_stages(request.offering_version.approval)
        if plan.is_asked(request.total_price)
    ]  # fmt: skip


def _share(text):
    return Decimal(text) if text else None


def foreseen(request):
    """[(kind as a word, [people])] of who would be asked: for the page, before it is sent."""
    barred = {request.requester_id, request.reported_by_id} - {None}
    return [
        (approvers.kind_of(stage.source).label, approvers.found_by(request, stage.source, barred))
        for stage in stages_of(request)
    ]


def ask_or_go_on(request, *, by, at):
    """After the order was handed in: put the questions, or go on where nobody has to be asked."""
    stages = stages_of(request)
    before = request.state
    if not stages:
        take(request, "auto_approve", by=None)
        records.save(request, at=at, from_state=before)
        timeline.record(request, Verb.APPROVED, by=None, at=at, from_state=before, **INTERNAL)
        return fulfilling.begin_if_planned(request, at=at)
    take(request, "request_approval", by=None)
    records.save(request, at=at, from_state=before)
    effects.approval_awaited(request, at=at, by=by)
    timeline.record(request, Verb.APPROVAL_REQUESTED, by=None, at=at, from_state=before, **INTERNAL)
    approvals.ask(request, stages, by=by, at=at)
    return request


def decided(request, approval, is_yes, *, by, at, reason):
    """All stages said yes, or one said no. Called by records.approvals with the record locked."""
    if request.state != ServiceRequest.State.AWAITING:
        return request
    if not is_yes:
        return _rejected(request, by=None, at=at, reason=reason)
    before = request.state
    take(request, "approve", by=None)
    records.save(request, at=at, from_state=before)
    effects.approval_given(request, at=at, by=by)
    timeline.record(request, Verb.APPROVED, by=None, at=at, from_state=before, **INTERNAL)
    return fulfilling.begin_if_planned(request, at=at)


@transaction.atomic
def reject(request, *, by, reason, at=None, seen_version=None):
    """The desk does not do it, and says why; nobody needs to decide about it any more."""
    request = ServiceRequest.objects.lock(request)
    records.check_version(request, seen_version)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why you reject it.")})
    at = at or time.now()
    return _rejected(request, by=by, at=at, reason=reason.strip())


def _rejected(request, *, by, at, reason):
    before = request.state
    take(request, "reject", by=by, reason=reason, at=at)
    records.save(request, at=at, from_state=before)
    effects.cancelled(request, at=at, by=by, rule="rejected")
    approvals.cancel(request, by=by, at=at)
    timeline.record(request, Verb.REJECTED, by=by, at=at, from_state=before, body=reason)
    return request

"""Words between the requester and the desk about an order."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from incidents.actions.opening import open_incident
from records.models import TimelineEntry
from servicedesk.models import ServiceRequest
from servicedesk.requests import policies
from servicedesk.requests.actions import fulfilling
from slm import work
from slm.talking import say_publicly, waits_for_requester


@transaction.atomic
def reply(request, *, by, body, uploads=(), html="", at=None, kind=None, then=None):
    """A public message. On a finished order it opens a new report that follows it, which is
    returned with the entry None (SD-13). Returns (record, entry)."""
    request = ServiceRequest.objects.lock(request)
    if by is not None and not policies.can_comment(request, by):
        raise PermissionDenied
    work.check_uploads(uploads)
    if request.state == ServiceRequest.State.DRAFT:
        raise Refused(_("Hand the order in first."))
    if request.state in {ServiceRequest.State.CLOSED, ServiceRequest.State.CANCELLED}:
        channel = "email" if kind == TimelineEntry.Kind.EMAIL_IN else "portal"
        made = _follow_up(request, by=by, body=body, at=at, uploads=uploads, channel=channel)
        return made, None
    at = at or time.now()
    from_desk = by is None or (
        policies.can_work(request, by) and not policies.is_requester(request, by)
    )
    entry = say_publicly(
        request, by=by, at=at, body=body, html=html, uploads=uploads, kind=kind,
        from_desk=from_desk,
    )  # fmt: skip
    is_pending = request.state == ServiceRequest.State.PENDING
    if not from_desk and is_pending and waits_for_requester(request):
        request = fulfilling.resume(request, by=by, at=at, rule="answered")
    return request, entry


def _follow_up(request, *, by, body, at, uploads, channel):
    """Something about what was delivered: a report of its own, for the order is done."""
    return open_incident(
        by=by, at=at, title=request.title, description=body, requester=request.requester or by,
        reported_by=by if by != request.requester else None, service=request.service,
        organization=request.organization, confidentiality=request.confidentiality,
        channel=channel, uploads=uploads, follows=request,
    )  # fmt: skip

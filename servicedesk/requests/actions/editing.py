"""Putting the facts of an order right. What was ordered and what it costs is not edited here."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from records import actions as records
from servicedesk.models import ServiceRequest
from servicedesk.requests import policies
from servicedesk.requests.actions import placing_again
from slm import effects

EDITABLE = ("title", "category", "service", "ci", "confidentiality", "cost_centre")


@transaction.atomic
def edit(request, *, by, at=None, seen_version=None, **changes):
    """Change plain facts; running clocks take the row of the agreement that fits then."""
    request = ServiceRequest.objects.lock(request)
    records.check_version(request, seen_version)
    if by is not None and not policies.can_work(request, by):
        raise PermissionDenied
    if set(changes) - set(EDITABLE):
        raise Refused(_("This cannot be changed."))
    if request.is_final:
        raise Refused(_("The record is closed."))
    at = at or time.now()
    if records.edit_fields(request, changes, by=by, at=at) and {"category", "service"} & set(
        changes
    ):
        effects.retargeted(request, at=at, by=by)
    if placing_again.ASKED_BY & set(changes):
        placing_again.place(request, at=at)
    return request

"""What time does to requests: wake at the agreed date, remind, close what nobody objects to."""

from django.utils import translation
from django.utils.translation import gettext as _

from servicedesk.events import RequestVerb as Verb
from servicedesk.models import ServiceRequest
from servicedesk.requests.actions import fulfilling
from slm.due import Due

State = ServiceRequest.State


def give_up(request, at):
    """No answer to our question: it is called off, for nobody can go on without it."""
    with translation.override(request.requester.locale if request.requester_id else "en"):
        words = _("We had no answer to our question, so we called the order off.")
    return fulfilling.cancel(request, by=None, at=at, reason=words)


DUE = Due(
    model=ServiceRequest,
    pending=State.PENDING,
    resolved=State.FULFILLED,
    chased=Verb.CHASED,
    resume=fulfilling.resume,
    close=fulfilling.auto_close,
    give_up=give_up,
)


def sweep_due(limit=100):
    """Do up to `limit` things that are due. Returns how many were done."""
    return DUE.sweep(limit)

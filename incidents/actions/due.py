"""What time does to incidents: wake at the agreed date, remind, close what nobody objects to."""

from django.utils import translation
from django.utils.translation import gettext as _

from incidents.actions import lifecycle
from incidents.events import Verb
from incidents.models import Incident
from records import actions as records
from records.models import ClosureCode
from slm.due import Due


def give_up(incident, at):
    language = incident.requester.locale if incident.requester_id else "en"
    with translation.override(language):
        text = _("We had no answer to our question and take it that all is well.")
    if incident.service_id is None:
        incident.chase_at = None
        records.save(incident, at=at)
        return incident
    return lifecycle.resolve(
        incident, by=None, at=at, resolution=text,
        closure_code=ClosureCode.objects.get(code="auto_closed"),
    )  # fmt: skip


DUE = Due(
    model=Incident, pending=Incident.State.PENDING, resolved=Incident.State.RESOLVED,
    chased=Verb.CHASED, resume=lifecycle.resume, close=lifecycle.auto_close, give_up=give_up,
)  # fmt: skip


def sweep_due(limit=100):
    """Do up to `limit` things that are due. Returns how many were done."""
    return DUE.sweep(limit)

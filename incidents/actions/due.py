"""What time does to incidents: wake at the agreed date, remind, close what nobody objects to.

Each sweep finds rows that are due by the database's clock, claims them one by one, and may run
twice, late, or on several workers.
"""

from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from core import time
from incidents.actions import lifecycle
from incidents.events import Verb
from incidents.models import Incident
from records import actions as records
from records import timeline
from records.deadlines import business_seconds_after
from records.models import ClosureCode, TimelineEntry

PENDING = Incident.State.PENDING


def sweep_due(limit=100):
    """Do up to `limit` things that are due. Returns how many were done."""
    done = 0
    for find, act in ((_to_wake, _wake), (_to_chase, _chase), (_to_close, lifecycle.auto_close)):
        for pk in find().values_list("pk", flat=True)[: limit - done]:
            done += act(pk) is not None
        if done >= limit:
            break
    return done


def _to_wake():
    return Incident.objects.filter(state=PENDING, pending_until__lte=Now())


def _to_chase():
    return Incident.objects.filter(state=PENDING, chase_at__lte=Now())


def _to_close():
    return Incident.objects.filter(state=Incident.State.RESOLVED, rejection_deadline__lte=Now())


@transaction.atomic
def _wake(pk):
    """The agreed date has come (IN-05)."""
    incident = _to_wake().claim(pk)
    if incident is None:
        return None
    return lifecycle.resume(incident, by=None, at=time.now(), rule="date")


@transaction.atomic
def _chase(pk):
    """Remind the requester; after the last reminder, resolve for want of an answer (IN-06)."""
    incident = _to_chase().claim(pk)
    if incident is None:
        return None
    at, reason = time.now(), incident.pending_reason
    if reason.close_after_chases and incident.chases >= reason.close_after_chases:
        return _give_up(incident, at)
    incident.chases += 1
    incident.chase_at = business_seconds_after(incident, at, reason.chase_after)
    records.save(incident, at=at)
    timeline.record(
        incident, Verb.CHASED, by=None, at=at, kind=TimelineEntry.Kind.SYSTEM,
        count=incident.chases, most=reason.close_after_chases, reason=reason.code,
    )  # fmt: skip
    return incident


def _give_up(incident, at):
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

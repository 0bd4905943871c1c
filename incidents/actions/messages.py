"""Words between the requester and the desk, and what they move: an answer starts and stops clocks."""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from core import time
from core.errors import Refused
from incidents import policies
from incidents.actions import lifecycle, opening
from incidents.models import Incident
from records import actions as records
from records.kinds import Phase
from records.models import RecordLink, TimelineEntry
from slm import effects, work
from slm.talking import say_publicly, waits_for_requester

log = logging.getLogger(__name__)


@transaction.atomic
def reply(incident, *, by, body, uploads=(), html="", at=None, kind=None, then=None):
    """A public message.

    Of the desk: the first one is the first response, each begins a new round of updates.
    Of the requester's side: it waits for an answer, and ends a wait for the requester.
    On a closed incident it opens a new one, which is returned with the entry None.
    Returns (incident, entry).
    """
    incident = Incident.objects.lock(incident)
    if by is not None and not policies.can_comment(incident, by):
        raise PermissionDenied
    work.check_uploads(uploads)
    if incident.phase == Phase.CLOSED:
        followed = incident.merged_into or incident
        if followed.pk != incident.pk and not followed.is_final:
            return reply(
                followed.child(), by=by, body=body, uploads=uploads, html=html, at=at, kind=kind
            )
        made = opening.follow_up(
            incident, by=by, body=body, at=at, uploads=uploads,
            channel="email" if kind == TimelineEntry.Kind.EMAIL_IN else "portal",
        )  # fmt: skip
        return made, None
    at = at or time.now()
    from_desk = by is None or (
        policies.can_work(incident, by) and not policies.is_requester(incident, by)
    )
    entry = say_publicly(
        incident, by=by, at=at, body=body, html=html, uploads=uploads, kind=kind,
        from_desk=from_desk,
    )  # fmt: skip
    is_pending = incident.state == Incident.State.PENDING
    if not from_desk and is_pending and waits_for_requester(incident):
        incident = lifecycle.resume(incident, by=by, at=at, rule="answered")
    return incident, entry


@transaction.atomic
def pass_on(incident, entry):
    """A parent's public word of the desk goes to its open children too, once each."""
    children = Incident.objects.active().filter(
        links_in__source=incident, links_in__type=RecordLink.Type.PARENT_OF
    )
    for pk in children.order_by("pk").values_list("pk", flat=True):
        child = Incident.objects.lock(pk)
        told = child.timeline.filter(data__passed_on=entry.pk).exists()
        if child.is_open and not told:
            at = time.now()
            records.save(child, at=at)
            records.say(
                child, by=entry.author, at=at, body=entry.body, is_public=True,
                passed_on=entry.pk, from_desk=True, parent=incident.number,
            )  # fmt: skip
            effects.updated(child, at=at, by=entry.author)


@transaction.atomic
def resolve_children(incident, entry):
    """The solution of a parent solves its open children with the same text; closed ones stay.

    A child that cannot be resolved (a task that must be done) stays open and holds up no other.
    """
    children = Incident.objects.active().filter(
        links_in__source=incident, links_in__type=RecordLink.Type.PARENT_OF
    )
    for child in children.order_by("pk"):
        try:
            with transaction.atomic():
                lifecycle.resolve(
                    child, by=None, resolution=incident.resolution,
                    closure_code=incident.closure_code, service=child.service or incident.service,
                )  # fmt: skip
        except (Refused, ValidationError) as refusal:
            log.info("%s stays open: %s", child, refusal)


Kind = TimelineEntry.Kind

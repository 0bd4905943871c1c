"""What requesters do in the portal beyond the steps of a process: report, join, let others in."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from incidents.actions.opening import open_incident
from incidents.models import Incident
from records import actions as records
from records.models import RecordLink, Watch
from servicedesk.portal import policies, services
from slm import work

# What the three sentences of the form mean to the priority matrix.
URGENCY = {"blocked": 1, "slower": 2, "can_wait": 3}
IMPACT = {"me": 3, "team": 2, "site": 1}


@transaction.atomic
def report(
    *, by, subject, details="", stops="slower", others="", service=None, device=None, since=None,
    for_person=None, uploads=(), at=None,
):  # fmt: skip
    """Something is broken, in somebody's own words. `for_person`: the one who has it, if not `by`."""
    if not policies.can_report(None, by):
        raise PermissionDenied
    work.check_uploads(uploads)
    requester = for_person or by
    if requester.pk != by.pk:
        _refuse_stranger(requester, by, "for_person")
    return open_incident(
        by=by, title=subject, description=details, requester=requester, service=service,
        reported_by=by if requester.pk != by.pk else None, ci=device, channel="portal",
        urgency=URGENCY[stops], impact=IMPACT.get(others), uploads=uploads, at=at,
        **({"occurred_at": since} if since else {}),
    )  # fmt: skip


def _refuse_stranger(person, by, field):
    if not policies.colleagues_of(by).filter(pk=person.pk).exists():
        raise ValidationError({field: _("Choose a colleague of your organisation.")})


@transaction.atomic
def join_disruption(disruption, *, by, at=None):
    """“I have this too”: a request of one's own, led by the disruption's. Once a person.

    It is told and solved together with it, and shows nothing of whoever reported first.
    """
    if not policies.can_report(None, by):
        raise PermissionDenied
    major = Incident.objects.lock(disruption)
    if not services.joinable(by).filter(pk=major.pk).exists():
        raise Refused(_("This disruption is over. Please report what you see now."))
    mine = Incident.objects.active().filter(
        links_in__source=major, links_in__type=RecordLink.Type.PARENT_OF, requester=by
    )
    if (joined := mine.first()) is not None:
        return joined
    at = at or time.now()
    made = open_incident(
        by=by, requester=by, service=major.service, channel="portal", at=at,
        title=_("Affected by the disruption of “%(service)s”") % {"service": major.service.name if major.service_id else major.number},
    )  # fmt: skip
    records.link(major, made, RecordLink.Type.PARENT_OF, by=by, at=at)
    return made


@transaction.atomic
def take_part(record, *, by, at=None):
    """“I have this too”, on a colleague's request: told of everything, and may answer."""
    record = work.hold_row(record)
    work.ask(policies.can_join, record, by)
    records.watch(record, by, by=by, at=at or time.now(), takes_part=True)
    return record


@transaction.atomic
def invite(record, person, *, by, at=None):
    """Let a colleague take part: they are told of everything, and may answer."""
    record = work.hold_row(record)
    work.ask(policies.can_invite, record, by)
    _refuse_stranger(person, by, "person")
    if person.pk not in {record.requester_id, record.reported_by_id}:
        records.watch(record, person, by=by, at=at or time.now(), takes_part=True)
    return record


@transaction.atomic
def follow(record, *, by, at=None):
    """Be told about a request that one may see. Who takes part already goes on doing so."""
    record = work.hold_row(record)
    if not Watch.objects.filter(record=record, person=by).exists():
        records.watch(record, by, by=by, at=at or time.now())


@transaction.atomic
def unfollow(record, *, by, at=None):
    record = work.hold_row(record)
    records.unwatch(record, by, by=by, at=at or time.now())

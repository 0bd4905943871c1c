"""Major incidents (ITSM domain rules 5.6): declared, told about in time, ended, reviewed."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import preferences, time
from core.lifecycle import take
from incidents import policies
from incidents.events import Verb
from incidents.models import Incident, MajorIncident
from people.models import SupportGroup
from records import actions as records
from records import timeline
from records.deadlines import working_days_after
from records.models import Record, Task
from slm import effects

REVIEW_DAYS = 5


@transaction.atomic
def declare(
    incident, *, by, reason, manager, severity=1, bridge_info="", comms_interval=1800, at=None,
    seen_version=None,
):  # fmt: skip
    """Priority 1, owned by the central desk, with a manager, timed updates and a review task."""
    incident = Incident.objects.lock(incident)
    records.check_version(incident, seen_version)
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    if not 300 <= comms_interval <= 86_400:
        raise ValidationError({"comms_interval": _("Between five minutes and one day.")})
    before = incident.priority
    take(incident, "declare_major", by=by)
    at = at or time.now()
    central = SupportGroup.objects.active().filter(is_central=True).first()
    incident.owner_group = central or incident.owner_group
    records.save(incident, at=at)
    MajorIncident.objects.create(
        incident=incident, declared_at=at, declared_by=by, reason=reason.strip(), manager=manager,
        severity=severity, bridge_info=bridge_info, comms_interval=comms_interval,
        next_update_at=at + timedelta(seconds=comms_interval),
    )  # fmt: skip
    if before != 1:
        effects.retargeted(incident, at=at, by=by)
    records.add_task(
        incident, by=by, at=at, title=_("Review the major incident %(number)s")
        % {"number": incident.number},
        kind=Task.Kind.REVIEW, assignee=manager, due_at=None,
    )  # fmt: skip
    timeline.record(
        incident, Verb.MAJOR_DECLARED, by=by, at=at, body=reason.strip(), severity=severity,
        manager=manager.name, manager_id=manager.pk,
    )  # fmt: skip
    return incident


@transaction.atomic
def broadcast(incident, *, by, body, at=None):
    """Tell everybody affected where it stands; the next word is due one interval later."""
    incident = Incident.objects.lock(incident)
    if by is not None and not policies.can_work(incident, by):
        raise PermissionDenied
    if not body.strip():
        raise ValidationError({"body": _("Write something first.")})
    at = at or time.now()
    major = MajorIncident.objects.select_for_update().get(incident=incident, ended_at=None)
    major.next_update_at = at + timedelta(seconds=major.comms_interval)
    major.save(update_fields=["next_update_at"])
    incident.unanswered_since = None
    records.save(incident, at=at)
    entry = timeline.record(
        incident, Verb.MAJOR_UPDATED, by=by, at=at, body=body.strip(),
        next_at=major.next_update_at.isoformat(), from_desk=True,
    )  # fmt: skip
    effects.responded(incident, at=at, by=by)
    records.find_again(incident, bits=[(body, True)])
    return entry


@transaction.atomic
def end(incident, *, by, at=None, comment=""):
    """The emergency is over; the review is due some working days later."""
    incident = Incident.objects.lock(incident)
    take(incident, "end_major", by=by)
    at = at or time.now()
    major = MajorIncident.objects.select_for_update().get(incident=incident)
    if major.ended_at is not None:
        return incident
    major.ended_at, major.next_update_at = at, None
    major.save(update_fields=["ended_at", "next_update_at"])
    incident.tasks.filter(kind=Task.Kind.REVIEW, due_at=None).update(
        due_at=working_days_after(incident, at, REVIEW_DAYS)
    )
    records.save(incident, at=at)
    timeline.record(incident, Verb.MAJOR_ENDED, by=by, at=at, body=comment.strip())
    return incident


def proposals(person, *, at):
    """Services and CIs with so many open incidents in so short a time that one may be major.

    Read-only: [(service or ci, [incidents])]. Nothing is declared by itself.
    """
    since = at - timedelta(minutes=int(preferences.get("major_incident_minutes")))
    least = int(preferences.get("major_incident_count"))
    recent = (
        Incident.objects.visible_to(person).active().filter(opened_at__gte=since, is_major=False)
        .exclude(links_in__type="parent_of").select_related("service", "ci")
    )  # fmt: skip
    clusters = {}
    for incident in recent[:500]:
        for subject in (incident.service, incident.ci):
            if subject is not None:
                clusters.setdefault((subject._meta.model_name, subject.pk), (subject, []))[
                    1
                ].append(incident)
    return [found for found in clusters.values() if len(found[1]) >= least]


def affected_people(incident):
    """The requesters of a major incident's children and itself: who is told."""
    numbers = Record.objects.filter(links_in__source=incident, links_in__type="parent_of")
    return {incident.requester_id, *numbers.values_list("requester_id", flat=True)} - {None}

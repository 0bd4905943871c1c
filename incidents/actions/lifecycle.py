"""The steps of an incident (ITSM domain rules 4.2). One order: lock, step, save, clocks, story."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import preferences, time
from core.errors import Refused
from core.lifecycle import take
from incidents import policies
from incidents.actions import placing_again
from incidents.events import Verb
from incidents.models import STAGES, Incident
from records import actions as records
from records import files, staffing, timeline
from records import priority as priorities
from records.deadlines import terms_of_wait, working_days_after
from records.models import TimelineEntry
from slm import effects

Kind = TimelineEntry.Kind
Visibility = TimelineEntry.Visibility
INTERNAL = {"visibility": Visibility.INTERNAL}


def _hold(incident, seen_version=None):
    """The incident, fresh and locked, with what its rules look at."""
    incident = Incident.objects.lock(incident)
    records.check_version(incident, seen_version)
    return incident


@transaction.atomic
def classify(incident, *, by, at=None, seen_version=None, override=None, reason="", **fields):
    """Change category, service, CI, impact, urgency, kind …; priority follows unless overridden.

    `override` sets the priority against the matrix and needs `reason`; priority 1 needs the
    incident or desk manager. A correction by who may lift a breach carries `reason` too.
    """
    incident = _hold(incident, seen_version)
    before = {name: getattr(incident, name) for name in (*fields, "priority")}
    take(incident, "classify", by=by, **fields)
    _set_priority(incident, override, reason, by)
    at = at or time.now()
    told = {
        name: [_plain(value), _plain(getattr(incident, name))]
        for name, value in before.items()
        if value != getattr(incident, name)
    }
    if not told:
        return incident
    records.save(incident, at=at)
    if {"title", "description"} & set(told):
        records.refresh_text(incident)
    if {"priority", "service", "organization", "category"} & set(told):
        lift = bool(reason) and by is not None and policies.can_lift_breach(by)
        effects.retargeted(incident, at=at, by=by, lift=lift)
    timeline.record(
        incident, Verb.CLASSIFIED, by=by, at=at, kind=Kind.FIELDS, fields=told, reason=reason,
        **INTERNAL,
    )  # fmt: skip
    if placing_again.ASKED_BY & set(told):
        placing_again.place(incident, at=at)
    return incident


def _plain(value):
    return value if isinstance(value, (int, bool)) or value is None else str(value)


def _set_priority(incident, override, reason, by):
    proposed = priorities.propose(
        impact=incident.impact, urgency=incident.urgency, service=incident.service,
        organization=incident.organization,
    ).priority  # fmt: skip
    if incident.is_major:
        incident.priority = 1
    elif override is not None and override != proposed:
        if not reason.strip():
            raise ValidationError({"reason": _("Say why the priority differs from the matrix.")})
        if override == 1 and by is not None and not policies.can_override_priority_1(by):
            raise ValidationError(
                {"priority": _("Only the incident manager or the desk manager may set P1.")}
            )
        incident.priority, incident.priority_override_reason = override, reason
    elif override is not None or not incident.priority_override_reason:
        incident.priority, incident.priority_override_reason = proposed, ""


@transaction.atomic
def assign(incident, *, by, group, person=None, at=None, seen_version=None, note=""):
    """Give the work to a group, and perhaps to one of its members."""
    incident = _hold(incident, seen_version)
    staffing.refuse_stranger(group, person)
    old_group_id, before = incident.assigned_group_id, incident.state
    is_same = old_group_id == group.pk and incident.assignee_id == (person.pk if person else None)
    if is_same and before == Incident.State.ASSIGNED:
        raise Refused(_("It is assigned like this already."))
    was_pending = before == Incident.State.PENDING
    take(incident, "assign", by=by, group=group, person=person)
    at = at or time.now()
    records.save(incident, at=at, from_state=before)
    if was_pending:
        effects.resumed(incident, at=at, by=by, rule="assigned")
    effects.assigned(incident, at=at, by=by, old_group_id=old_group_id)
    timeline.record(
        incident, Verb.ASSIGNED, by=by, at=at, from_state=before, group=group.code,
        group_id=group.pk, person_id=person.pk if person else None,
        from_group_id=old_group_id, note=note, **INTERNAL,
    )  # fmt: skip
    return incident


@transaction.atomic
def start(incident, *, by, at=None, seen_version=None):
    """Take the work in hand. Whoever starts an unassigned incident becomes its assignee."""
    incident = _hold(incident, seen_version)
    if incident.assignee_id and by is not None and incident.assignee_id != by.pk:
        raise Refused(_("%(name)s has taken it already.") % {"name": incident.assignee.name})
    before, old_group_id = incident.state, incident.assigned_group_id
    is_first = incident.first_response_at is None
    staffing.join_own_group(incident, by)
    at = at or time.now()
    take(incident, "start", by=by, person=by, at=at)
    records.save(incident, at=at, from_state=before)
    effects.assigned(incident, at=at, by=by, old_group_id=old_group_id)
    if is_first:
        effects.responded(incident, at=at, by=by)
    moved = {}
    if incident.assigned_group_id != old_group_id:
        moved = {"group_id": incident.assigned_group_id, "from_group_id": old_group_id}
    timeline.record(incident, Verb.STARTED, by=by, at=at, from_state=before, **moved)
    return incident


@transaction.atomic
def hold(incident, *, by, reason, until=None, at=None, seen_version=None, message=""):
    """Wait for somebody, and say for whom: the reason decides which clocks wait too. Work goes on
    at `until`, or when the desk opens next."""
    incident = _hold(incident, seen_version)
    at = at or time.now()
    until, chase_at = terms_of_wait(incident, reason, until, at)
    before = incident.state
    take(incident, "wait", by=by, reason=reason, until=until, at=at, chase_at=chase_at)
    if message.strip():
        _answered(incident, at)
    records.save(incident, at=at, from_state=before)
    if message.strip():
        effects.responded(incident, at=at, by=by)
    effects.paused(incident, reason, at=at, by=by)
    timeline.record(
        incident, Verb.WAITING, by=by, at=at, from_state=before, reason=reason.code,
        until=until.isoformat() if until else None, body=message.strip(),
    )  # fmt: skip
    if message.strip():
        records.find_again(incident, bits=[(message, True)])
    return incident


@transaction.atomic
def resume(incident, *, by, at=None, seen_version=None, rule="resumed"):
    """Go on with the work: by hand, because the date has come, or because of an answer."""
    incident = _hold(incident, seen_version)
    before = incident.state
    take(incident, "resume", by=by)
    at = at or time.now()
    records.save(incident, at=at, from_state=before)
    effects.resumed(incident, at=at, by=by, rule=rule)
    timeline.record(incident, Verb.RESUMED, by=by, at=at, from_state=before, rule=rule)
    return incident


@transaction.atomic
def escalate(incident, *, by, group, note, person=None, at=None, seen_version=None):
    """To more skill: another group, with a word of why."""
    incident = _hold(incident, seen_version)
    if group.pk == incident.assigned_group_id:
        raise ValidationError({"group": _("This group works on it already.")})
    if not note.strip():
        raise ValidationError({"note": _("Say what the other group needs to know.")})
    staffing.refuse_stranger(group, person)
    before, old_group_id = incident.state, incident.assigned_group_id
    take(incident, "escalate_functional", by=by, group=group, person=person)
    at = at or time.now()
    records.save(incident, at=at, from_state=before)
    effects.resumed(incident, at=at, by=by, rule="escalated")
    effects.assigned(incident, at=at, by=by, old_group_id=old_group_id)
    timeline.record(
        incident, Verb.ESCALATED, by=by, at=at, from_state=before, kind=Kind.ESCALATION,
        group=group.code, group_id=group.pk, from_group_id=old_group_id, body=note.strip(),
        **INTERNAL,
    )  # fmt: skip
    return incident


@transaction.atomic
def resolve(
    incident, *, by, resolution, closure_code, at=None, seen_version=None, service=None,
    workaround_used=False, **stages,
):  # fmt: skip
    """Declare the service restored; the requester may still reject it until the deadline.

    `stages` are the instants of the expanded lifecycle; an interrupted service needs restored_at.
    """
    incident = _hold(incident, seen_version)
    at = at or time.now()
    if not resolution.strip():
        raise ValidationError({"resolution": _("Say what was done.")})
    incident.service = service or incident.service
    if incident.service_id is None:
        raise ValidationError({"service": _("Name the service first.")})
    stages = {name: value for name, value in stages.items() if value is not None}
    if incident.service_interrupted and not (incident.restored_at or stages.get("restored_at")):
        stages["restored_at"] = at
    _check_stages(incident, stages, at)
    before = incident.state
    incident.workaround_used = workaround_used or closure_code.code == "workaround"
    incident.is_first_contact_resolution = _is_first_contact(incident, at)
    deadline = working_days_after(incident, at, int(preferences.get("auto_close_working_days")))
    is_first = incident.first_response_at is None
    incident.first_response_at = incident.first_response_at or at
    _answered(incident, at)
    take(
        incident, "resolve", by=by, resolution=resolution.strip(), closure_code=closure_code,
        at=at, deadline=deadline, solver=by, **stages,
    )  # fmt: skip
    records.save(incident, at=at, from_state=before)
    effects.resolved(incident, at=at, by=by)
    timeline.record(
        incident, Verb.RESOLVED, by=by, at=at, from_state=before, body=resolution.strip(),
        closure_code=closure_code.code, deadline=deadline.isoformat(), was_first_answer=is_first,
    )  # fmt: skip
    records.find_again(incident, bits=[(resolution, True)])
    return incident


def _check_stages(incident, stages, at):
    """The instants must follow each other, and none may lie ahead."""
    last_name, last = None, None
    errors = {}
    for name in STAGES:
        value = stages.get(name, getattr(incident, name))
        if value is None:
            continue
        if value > at:
            errors[name] = _("This moment lies ahead.")
        elif last is not None and value < last:
            label = Incident._meta.get_field(last_name).verbose_name
            errors[name] = _("This comes before “%(other)s”.") % {"other": label}
        last_name, last = name, value
    errors = {name: text for name, text in errors.items() if name in stages or name == "resolution"}
    if errors:
        raise ValidationError(errors)


def _is_first_contact(incident, at):
    minutes = int(preferences.get("first_contact_minutes"))
    return (
        incident.reassign_count == 0
        and incident.reopen_count == 0
        and incident.assigned_group_id == incident.owner_group_id
        and (at - incident.opened_at).total_seconds() <= minutes * 60
    )


def _answered(incident, at):
    incident.unanswered_since = None
    incident.first_response_at = incident.first_response_at or at


@transaction.atomic
def confirm(incident, *, by, at=None, via=None, comment="", seen_version=None):
    """The requester accepts the solution, in person or by telephone: closed for good."""
    incident = _hold(incident, seen_version)
    before = incident.state
    own = by is not None and policies.is_requester(incident, by)
    via = via or (Incident.ClosureVia.CUSTOMER if own else Incident.ClosureVia.PHONE)
    at = at or time.now()
    take(incident, "confirm", by=by, at=at, via=via)
    records.save(incident, at=at, from_state=before)
    effects.closed(incident, at=at, by=by)
    timeline.record(
        incident, Verb.CONFIRMED, by=by, at=at, from_state=before, via=via, body=comment.strip()
    )
    return incident


@transaction.atomic
def auto_close(incident, *, at=None):
    """Silence until the deadline counts as acceptance. Does nothing where it is not so any more."""
    incident = Incident.objects.filter(
        state=Incident.State.RESOLVED, rejection_deadline__isnull=False
    ).claim(incident if isinstance(incident, int) else incident.pk)
    at = at or time.now()
    if incident is None or incident.rejection_deadline > at:
        return None
    before = incident.state
    take(incident, "auto_close", by=None, at=at)
    records.save(incident, at=at, from_state=before)
    effects.closed(incident, at=at, by=None)
    timeline.record(incident, Verb.AUTO_CLOSED, by=None, at=at, from_state=before)
    return incident


@transaction.atomic
def reject_resolution(incident, *, by, reason, at=None, seen_version=None, uploads=()):
    """It is not solved after all: back to work, and the clock goes on by its own rule."""
    incident = _hold(incident, seen_version)
    if not reason.strip():
        raise ValidationError({"reason": _("Say what does not work yet.")})
    at = at or time.now()
    if incident.rejection_deadline is not None and incident.rejection_deadline < at:
        raise Refused(_("The time to reject the solution is over. Please report it anew."))
    before = incident.state
    take(incident, "reject_resolution", by=by)
    if by is not None and policies.is_requester(incident, by):
        incident.unanswered_since = at
    records.save(incident, at=at, from_state=before)
    effects.reopened(incident, at=at, by=by)
    entry = timeline.record(
        incident, Verb.REJECTED, by=by, at=at, from_state=before, body=reason.strip(),
        count=incident.reopen_count,
    )  # fmt: skip
    for upload in uploads:
        files.keep(upload, record=incident, entry=entry, by=by, is_internal=False)
    records.find_again(incident, bits=[(reason, True)])
    return incident


@transaction.atomic
def cancel(incident, *, by, reason, at=None, seen_version=None):
    """Taken back before it was worked on. Outside the figures."""
    incident = _hold(incident, seen_version)
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    before = incident.state
    at = at or time.now()
    take(incident, "cancel", by=by, at=at)
    records.save(incident, at=at, from_state=before)
    effects.cancelled(incident, at=at, by=by)
    timeline.record(incident, Verb.CANCELLED, by=by, at=at, from_state=before, body=reason.strip())
    return incident


@transaction.atomic
def restore(incident, *, by, at=None, seen_version=None, **stages):
    """Note when the service was noticed down, diagnosed, repaired, recovered and restored."""
    incident = _hold(incident, seen_version)
    if by is not None and not policies.can_work(incident, by):
        raise PermissionDenied
    at = at or time.now()
    _check_stages(incident, stages, at)
    changes = {name: value for name, value in stages.items() if getattr(incident, name) != value}
    if not changes:
        return incident
    told = {
        name: [_plain(getattr(incident, name)), _plain(value)] for name, value in changes.items()
    }
    for name, value in changes.items():
        setattr(incident, name, value)
    records.save(incident, at=at)
    timeline.record(
        incident, Verb.RESTORED, by=by, at=at, kind=Kind.FIELDS, fields=told, **INTERNAL
    )
    return incident

"""Doing what was ordered: tasks of the template with their due times, waiting, the end of it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from calendars.timetables import current_version, timetable
from core import preferences, time
from core.errors import Refused
from core.lifecycle import take
from people.models import SupportGroup
from records import actions as records
from records import approvals, files, staffing, timeline
from records.deadlines import business_seconds_after, terms_of_wait, working_days_after
from records.models import TimelineEntry
from servicedesk.catalogue import plans
from servicedesk.events import RequestVerb as Verb
from servicedesk.models import ServiceRequest
from servicedesk.requests import policies
from slm import effects

Kind = TimelineEntry.Kind
INTERNAL = {"visibility": TimelineEntry.Visibility.INTERNAL}
HOUR = 3600


def hold_row(request, seen_version=None):
    """The request, fresh and locked."""
    request = ServiceRequest.objects.lock(request)
    records.check_version(request, seen_version)
    return request


# --- beginning ----------------------------------------------------------------------------------


def begin_if_planned(request, *, at):
    """Approved: the system begins where the offering says what is to be done."""
    if plans.read_tasks(request.offering_version.fulfilment):
        return _begin(request, by=None, at=at)
    return request


def _begin(request, *, by, at):
    before, is_first = request.state, by is not None and request.first_response_at is None
    take(request, "fulfil_start", by=by)
    if is_first:
        request.first_response_at = at
    records.save(request, at=at, from_state=before)
    if is_first:
        effects.responded(request, at=at, by=by)
    timeline.record(request, Verb.STARTED, by=by, at=at, from_state=before)
    add_tasks(request, at=at)
    return request


def add_tasks(request, *, at):
    """The tasks of the template, due so many working hours of their group from `at` on."""
    made = {}
    tasks = plans.read_tasks(request.offering_version.fulfilment)
    groups = SupportGroup.objects.select_related("lead").in_bulk(
        [task.group for task in tasks if task.group]
    )
    for plan in tasks:
        group = groups.get(plan.group) or request.assigned_group
        task = records.add_task(
            request, by=None, at=at, title=plan.title(_language_of(group)), kind=plan.kind,
            group=group, is_mandatory=plan.is_mandatory, due_at=_due(request, plan, group, at),
        )  # fmt: skip
        task.depends_on.set([made[key] for key in plan.after if key in made])
        made[plan.key] = task
    return list(made.values())


def _language_of(group):
    """A task is written in the language of who leads its group."""
    lead = group.lead if group is not None else None
    return "zh" if lead is not None and lead.locale.startswith("zh") else "en"


def _due(request, plan, group, at):
    if not plan.hours:
        return None
    seconds = round(float(plan.hours) * HOUR)
    if group is None:
        return business_seconds_after(request, at, seconds)
    return timetable(current_version(group.calendar_id, at).pk).add(at, seconds)


@transaction.atomic
def start(request, *, by, at=None, seen_version=None):
    """Begin to fulfil what is approved, and take it in hand where nobody has."""
    request = hold_row(request, seen_version)
    at = at or time.now()
    old_group_id = request.assigned_group_id
    if request.assignee_id is None and by is not None:
        staffing.join_own_group(request, by)
        request.assignee = by
    request = _begin(request, by=by, at=at)
    effects.assigned(request, at=at, by=by, old_group_id=old_group_id)
    return request


@transaction.atomic
def take_in_hand(request, *, by, at=None, seen_version=None):
    """Become its assignee; what is approved begins with it."""
    request = hold_row(request, seen_version)
    if request.assignee_id and request.assignee_id != by.pk:
        raise Refused(_("%(name)s has taken it already.") % {"name": request.assignee.name})
    if request.state == ServiceRequest.State.APPROVED:
        return start(request, by=by, at=at)
    at, old_group_id = at or time.now(), request.assigned_group_id
    staffing.join_own_group(request, by)
    take(request, "take", by=by, person=by)
    records.save(request, at=at)
    effects.assigned(request, at=at, by=by, old_group_id=old_group_id)
    timeline.record(
        request, Verb.TAKEN, by=by, at=at, kind=Kind.FIELDS, group_id=request.assigned_group_id,
        person_id=by.pk, from_group_id=old_group_id, **INTERNAL,
    )  # fmt: skip
    return request


@transaction.atomic
def assign(request, *, by, group, person=None, at=None, seen_version=None, note=""):
    """Give the work to a group, and perhaps to one of its members; its state stays."""
    request = hold_row(request, seen_version)
    staffing.refuse_stranger(group, person)
    old_group_id, old_person_id = request.assigned_group_id, request.assignee_id
    if old_group_id == group.pk and old_person_id == (person.pk if person else None):
        raise Refused(_("It is assigned like this already."))
    at = at or time.now()
    take(request, "assign", by=by, group=group, person=person)
    records.save(request, at=at)
    effects.assigned(request, at=at, by=by, old_group_id=old_group_id)
    timeline.record(
        request, Verb.ASSIGNED, by=by, at=at, kind=Kind.FIELDS, group=group.code,
        group_id=group.pk, person_id=person.pk if person else None, from_group_id=old_group_id,
        note=note, **INTERNAL,
    )  # fmt: skip
    return request


# --- waiting ------------------------------------------------------------------------------------


@transaction.atomic
def hold(request, *, by, reason, until=None, at=None, seen_version=None, message=""):
    """Wait for somebody, and say for whom: the reason decides which clocks wait too."""
    request = hold_row(request, seen_version)
    at, message, before = at or time.now(), message.strip(), request.state
    until, chase_at = terms_of_wait(request, reason, until, at)
    take(request, "wait", by=by, reason=reason, until=until, at=at, chase_at=chase_at)
    if message:
        request.unanswered_since = None
        request.first_response_at = request.first_response_at or at
    records.save(request, at=at, from_state=before)
    if message:
        effects.responded(request, at=at, by=by)
    effects.paused(request, reason, at=at, by=by)
    timeline.record(
        request, Verb.WAITING, by=by, at=at, from_state=before, reason=reason.code,
        until=until.isoformat() if until else None, body=message,
    )  # fmt: skip
    if message:
        records.find_again(request, bits=[(message, True)])
    return request


@transaction.atomic
def resume(request, *, by, at=None, seen_version=None, rule="resumed"):
    """Go on with the work: by hand, because the date has come, or because of an answer."""
    request = hold_row(request, seen_version)
    before = request.state
    take(request, "resume", by=by)
    at = at or time.now()
    records.save(request, at=at, from_state=before)
    effects.resumed(request, at=at, by=by, rule=rule)
    timeline.record(request, Verb.RESUMED, by=by, at=at, from_state=before, rule=rule)
    return request


# --- the end ------------------------------------------------------------------------------------


@transaction.atomic
def fulfil(request, *, by, resolution="", at=None, seen_version=None):
    """Everything that must be done is done; the requester may still object until the deadline."""
    request = hold_row(request, seen_version)
    at, before = at or time.now(), request.state
    deadline = working_days_after(request, at, int(preferences.get("auto_close_working_days")))
    said = resolution.strip() or _usual_words(request)
    take(request, "fulfil", by=by, resolution=said, at=at, deadline=deadline)
    records.save(request, at=at, from_state=before)
    effects.resolved(request, at=at, by=by)
    timeline.record(
        request, Verb.FULFILLED, by=by, at=at, from_state=before, body=said,
        deadline=deadline.isoformat(),
    )  # fmt: skip
    records.find_again(request, bits=[(said, True)])
    return request


def _usual_words(request):
    with translation.override(request.requester.locale if request.requester_id else "en"):
        return _("Everything that was ordered is done.")


def fulfil_if_all_is_done(request):
    """After a task was done: the system says so, where the offering leaves it to the system."""
    is_left_to_us = request.state == ServiceRequest.State.FULFILMENT and (
        request.offering.fulfils_itself
    )
    return fulfil(request, by=None) if is_left_to_us and is_all_done(request) else request


def is_all_done(request):
    """Whether there were tasks that must be done, and none of them is left."""
    must = request.tasks.filter(is_mandatory=True)
    return must.exists() and not must.exclude(state__in=["done", "skipped", "cancelled"]).exists()


@transaction.atomic
def confirm(request, *, by, at=None, via=None, comment="", seen_version=None):
    """The requester has what was ordered, says so in person or by telephone: closed for good."""
    request = hold_row(request, seen_version)
    before = request.state
    own = by is not None and policies.is_requester(request, by)
    via = via or (
        ServiceRequest.ClosureVia.CUSTOMER if own else ServiceRequest.ClosureVia.PHONE
    )  # fmt: skip
    at = at or time.now()
    take(request, "confirm", by=by, at=at, via=via)
    records.save(request, at=at, from_state=before)
    effects.closed(request, at=at, by=by)
    timeline.record(
        request, Verb.CONFIRMED, by=by, at=at, from_state=before, via=via, body=comment.strip()
    )
    return request


@transaction.atomic
def auto_close(request, *, at=None):
    """Silence until the deadline counts as consent. Does nothing where it is not so any more."""
    request = ServiceRequest.objects.filter(
        state=ServiceRequest.State.FULFILLED, rejection_deadline__isnull=False
    ).claim(request if isinstance(request, int) else request.pk)
    at = at or time.now()
    if request is None or request.rejection_deadline > at:
        return None
    before = request.state
    take(request, "confirm", by=None, at=at, via=ServiceRequest.ClosureVia.AUTO)
    records.save(request, at=at, from_state=before)
    effects.closed(request, at=at, by=None)
    timeline.record(request, Verb.AUTO_CLOSED, by=None, at=at, from_state=before)
    return request


@transaction.atomic
def dispute(request, *, by, reason, at=None, seen_version=None, uploads=()):
    """It is not what was ordered, or not all of it: back to work, and the clock goes on."""
    request = hold_row(request, seen_version)
    if not reason.strip():
        raise ValidationError({"reason": _("Say what is missing or wrong.")})
    at = at or time.now()
    if request.rejection_deadline is not None and request.rejection_deadline < at:
        raise Refused(_("The time to object is over. Please order or report it anew."))
    before = request.state
    take(request, "dispute", by=by)
    if by is not None and policies.is_requester(request, by):
        request.unanswered_since = at
    records.save(request, at=at, from_state=before)
    effects.reopened(request, at=at, by=by)
    entry = timeline.record(
        request, Verb.DISPUTED, by=by, at=at, from_state=before, body=reason.strip(),
        count=request.reopen_count,
    )  # fmt: skip
    for upload in uploads:
        files.keep(upload, record=request, entry=entry, by=by, is_internal=False)
    records.find_again(request, bits=[(reason, True)])
    return request


@transaction.atomic
def cancel(request, *, by, reason, at=None, seen_version=None):
    """Taken back, or called off by the desk: nobody decides, nobody works on it. Outside the
    figures."""
    request = hold_row(request, seen_version)
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    before, at, reason = request.state, at or time.now(), reason.strip()
    take(request, "cancel", by=by, at=at)
    records.save(request, at=at, from_state=before)
    effects.cancelled(request, at=at, by=by)
    approvals.cancel(request, by=by, at=at)
    for task in request.tasks.live().select_for_update():
        records.move_task(task, "cancel", by=None, at=at, result=reason[:2000])
    timeline.record(request, Verb.CANCELLED, by=by, at=at, from_state=before, body=reason)
    return request

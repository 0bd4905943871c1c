"""A call from its first word to its outcome (ITSM domain rules 4.1: link, convert, inform, discard).

A call is begun by the page on which it is taken and found again by that page's token, so that a
page sent twice, or saved by itself meanwhile, makes one call.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.text import without_nul
from incidents.actions import lifecycle
from incidents.actions.opening import open_incident
from incidents.models import Incident
from people.models import SupportGroup
from records import actions as records
from records import numbers, triage
from records.models import Record
from records.models.timeline import TimelineEntry
from records.policies import can_read_notes
from servicedesk import policies_calls as policies
from servicedesk.models import Interaction
from slm import work

Outcome = Interaction.Outcome
LONGEST_DRAFT = 30_000


def ask(policy, call, by):
    if not policy(call, by):
        raise PermissionDenied


def desk_of(agent):
    """The desk at which this agent takes calls: their own, else the central one."""
    own = SupportGroup.objects.active().filter(
        pk__in=agent.access.group_ids, kind=SupportGroup.Kind.DESK
    )
    found = own.order_by("-is_central", "pk").first()
    found = found or SupportGroup.objects.active().filter(is_central=True).first()
    if found is None:
        raise Refused(_("There is no service desk yet that could take calls."))
    return found


def desk_that_solves(agent, report, channel, at=None):
    """Who solves at once does it as the desk: the responsible one where they belong to it, which
    makes it a first contact resolution, else their own."""
    requester = report["requester"]
    organization = requester.organization if requester else agent.organization
    category = report.get("category")
    draft = Incident(
        kind="incident", title=report.get("title", ""), description=report.get("description", ""),
        state=Incident.State.NEW, requester=requester, site=requester.site if requester else None,
        organization=organization, category=category, service=report.get("service"),
        ci=report.get("ci"), channel=channel,
    )  # fmt: skip
    way = triage.decide(
        draft, at=at or time.now(), is_security=bool(category and category.is_security),
        chosen=[name for name in ("category", "impact", "urgency") if report.get(name)],
    )  # fmt: skip
    access = agent.access
    if way.desk is not None and (access.is_central or way.desk.pk in access.all_group_ids):
        return way.desk
    return desk_of(agent)


def _find(token, by):
    return Interaction.objects.select_for_update(of=("self",)).filter(agent=by, token=token).first()


@transaction.atomic
def keep(
    *, by, token, channel, person=None, caller_text="", subject="", notes="", draft=None, at=None
):
    """Begin the call of this page, or note what stands on it now. A call that has ended stays so."""
    ask(policies.can_take_calls, None, by)
    call = _find(token, by)
    if call is None:
        try:
            with transaction.atomic():
                return _begin(by, token, channel, person, caller_text, subject, notes, draft, at)
        except IntegrityError:
            call = _find(token, by)
            if call is None:
                raise
    if not call.is_open:
        return call
    call.channel, call.person, call.caller_text = channel, person, _short(caller_text, person)
    call.subject, call.notes = without_nul(subject)[:200], without_nul(notes)
    call.draft = draft or {}
    call.save()
    return call


def _begin(by, token, channel, person, caller_text, subject, notes, draft, at):
    number, now = numbers.take("CALL")
    at = at or now
    return Interaction.objects.create(
        number=number, agent=by, token=token, desk=desk_of(by), channel=channel, person=person,
        caller_text=_short(caller_text, person), subject=without_nul(subject)[:200],
        notes=without_nul(notes), draft=draft or {}, started_at=at, answered_at=at,
    )  # fmt: skip


def _short(caller_text, person):
    return "" if person is not None else without_nul(caller_text).strip()[:120]


def _end(call, outcome, at, record=None):
    if not call.is_open:
        raise Refused(_("This call has ended already."))
    if not call.caller and outcome not in Interaction.MAY_BE_NAMELESS:
        raise ValidationError({"caller": _("Say who calls.")})
    if (record is not None) != (outcome in Interaction.ABOUT_RECORDS):
        raise ValidationError({"record": _("Choose the ticket that the call is about.")})
    call.outcome, call.record, call.ended_at, call.draft = (
        outcome,
        record,
        max(at, call.started_at),
        {},
    )
    if outcome == Outcome.ABANDONED:
        call.answered_at = None
    call.save()
    return call


@transaction.atomic
def convert(*, by, token, report, solution=None, at=None, **kept):
    """The call becomes a new ticket, solved at once where `solution` is given.

    `report` is what open_incident takes; `kept` what keep() takes. Returns (incident, call).
    """
    call = keep(by=by, token=token, **kept)
    if not call.is_open and call.record_id:
        return Incident.objects.get(pk=call.record_id), call
    at = at or time.now()
    requester = report["requester"]
    if requester is None:
        report = report | {"organization": report.get("organization") or by.organization}
    incident = open_incident(by=by, channel=call.channel, at=at, **report)
    if requester is None:
        _note_call(incident, call, by, at, call.caller_text)
    if solution:
        incident = lifecycle.resolve(incident, by=by, **solution)
    _end(call, Outcome.NEW_RECORD, at, Record.objects.get(pk=incident.pk))
    return incident, call


@transaction.atomic
def link(*, by, token, number, outcome=Outcome.STATUS_ENQUIRY, at=None, **kept):
    """The call is about a ticket that exists: an enquiry how it stands, or news for it."""
    record = Record.objects.visible_to(by).filter(number=number.strip().upper()).first()
    if record is None:
        raise ValidationError({"record": _("There is no such ticket that you may see.")})
    if outcome not in {Outcome.LINKED, Outcome.STATUS_ENQUIRY}:
        raise ValidationError({"record": _("Choose the ticket that the call is about.")})
    call = keep(by=by, token=token, **kept)
    if not call.is_open and call.record_id == record.pk:
        return call
    at = at or time.now()
    record = work.hold_row(record)
    _end(call, outcome, at, Record.objects.get(pk=record.pk))
    words = "\n".join(part for part in (call.subject, call.notes) if part)
    if words and can_read_notes(record, by):
        _note_call(record, call, by, at, f"{call.caller}\n{words}")
    return call


def _note_call(record, call, by, at, body):
    """Among those who work on the ticket: that there was a call, and what was said."""
    records.say(
        record, by=by, at=at, body=body, is_public=False, kind=TimelineEntry.Kind.CALL,
        call=call.number, channel=call.channel,
    )  # fmt: skip


@transaction.atomic
def discard(*, by, token, outcome, at=None, **kept):
    """The call needs no ticket: information given, not for us, unwanted, or hung up."""
    if outcome in Interaction.ABOUT_RECORDS or outcome not in Outcome.values:
        raise ValidationError(_("Choose what came of the call."))
    call = keep(by=by, token=token, **kept)
    if call.outcome == outcome:
        return call
    return _end(call, outcome, at or time.now())


@transaction.atomic
def reopen(call, *, by, at=None):
    """The same agent, on the same day: the call was ended by mistake. A ticket made of it stays."""
    call = Interaction.objects.lock(call)
    ask(policies.can_reopen, call, by)
    at = at or time.now()
    if call.is_open:
        return call
    if timezone.localdate(call.started_at) != timezone.localdate(at):
        raise Refused(_("A call can be opened again on the same day only."))
    if call.outcome == Outcome.NEW_RECORD:
        raise Refused(_("This call became a ticket. Go on there."))
    call.draft = {"channel": call.channel, "caller": call.person_id or "", "title": call.subject,
                  "caller_text": call.caller_text, "description": call.notes}  # fmt: skip
    call.outcome, call.record, call.ended_at = "", None, None
    call.save()
    return call


@transaction.atomic
def match(call, person, *, by):
    """Say who an unknown caller was; their ticket finds its requester by it."""
    call = Interaction.objects.lock(call)
    ask(policies.can_edit_call, call, by)
    if call.person_id:
        raise Refused(_("The caller is known already: %(name)s.") % {"name": call.person.name})
    call.person = person
    call.save()
    if call.record_id and call.outcome == Outcome.NEW_RECORD:
        incident = Incident.objects.filter(pk=call.record_id, requester=None).first()
        if incident is not None and not incident.is_final:
            lifecycle.classify(
                incident, by=by, requester=person, organization=person.organization,
                site=person.site,
            )  # fmt: skip
    return call

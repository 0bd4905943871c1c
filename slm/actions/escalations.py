"""What people do about escalations: say that they have seen one, and escalate by hand."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from records import notify, timeline
from records import policies as record_policies
from records.models import Record, TimelineEntry
from slm import ladder, policies
from slm.events import Verb
from slm.models import Escalation, EscalationStep, Threshold

INTERNAL = TimelineEntry.Visibility.INTERNAL
LONGEST = 300


@transaction.atomic
def acknowledge(escalation, *, by, comment="", at=None):
    """Somebody has seen it: repetitions stop, the clock does not. Refused the second time."""
    record = Record.objects.lock(escalation.record_id)
    _ask(policies.can_acknowledge, escalation, record, by)
    escalation = Escalation.objects.select_for_update(of=("self",)).get(pk=escalation.pk)
    if escalation.acknowledged_at is not None:
        name = escalation.acknowledged_by.name if escalation.acknowledged_by else ""
        raise Refused(_("%(name)s has acknowledged it already.") % {"name": name})
    _check_length("comment", comment)
    escalation.acknowledged_at = at = at or time.now()
    escalation.acknowledged_by, escalation.comment = by, comment.strip()
    escalation.save(update_fields=["acknowledged_at", "acknowledged_by", "comment"])
    _stop_repeating(escalation, record)
    timeline.record(
        record, Verb.ACKNOWLEDGED, by=by, at=at, kind=TimelineEntry.Kind.ESCALATION,
        visibility=INTERNAL, body=comment.strip(), escalation=escalation.pk,
        threshold=escalation.threshold,
    )  # fmt: skip
    return escalation


def _stop_repeating(escalation, record):
    """Withdraw the next repetition, where what was seen is the step that repeats."""
    clock = escalation.clock
    if clock is None or not escalation.threshold.isdigit():
        return
    steps = ladder.clock_steps(record, clock)
    first, percent = ladder.repeats_from(steps), int(escalation.threshold)
    if first is None or percent < first:
        return
    rows = Threshold.objects.filter(clock=clock, cycle=clock.cycle, fired_at=None)
    kept = {str(step.value) for step in steps} | {str(share) for share in clock.warn_percents}
    gone = [
        row.pk
        for row in rows
        if row.percent is not None and row.percent > percent and row.code not in kept
    ]
    Threshold.objects.filter(pk__in=gone).delete()


@transaction.atomic
def escalate(record, *, by, to, reason, at=None):
    """By hand, to more authority. `to` is a word of EscalationStep.To (lead, process manager, …)
    or a list of persons. Returns the escalation."""
    record = Record.objects.select_related("organization").get(pk=Record.objects.lock(record).pk)
    _ask(record_policies.can_work, record, record, by)
    if not record.is_open:
        raise Refused(_("It is not open any more."))
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    _check_length("reason", reason)
    people = _people(record, to)
    if not people:
        raise ValidationError({"to": _("There is nobody to escalate to.")})
    at = at or time.now()
    escalation = Escalation.objects.create(
        record=record, type=EscalationStep.Type.HIERARCHIC, due_at=at, fired_at=at, by=by,
        told=[{"id": person.pk, "name": person.name} for person in people], reason=reason.strip(),
    )  # fmt: skip
    data = {
        "escalation": escalation.pk, "type": escalation.type, "threshold": "",
        "told": [person.name for person in people],
    }  # fmt: skip
    entry = timeline.record(
        record, Verb.ESCALATED, by=by, at=at, kind=TimelineEntry.Kind.ESCALATION,
        visibility=INTERNAL, body=reason.strip(), **data,
    )  # fmt: skip
    notify.tell(
        people, "escalation", key=f"esc:manual:{escalation.pk}", record=record, entry=entry, by=by,
        **data,
    )  # fmt: skip
    return escalation


def _people(record, to):
    if isinstance(to, str):
        to = ladder.Directory().behind(record, to)
    found = {person.pk: person for person in to if person is not None and person.is_active}
    return list(found.values())


def _ask(policy, subject, record, by):
    """Unseen is not found; seen and not permitted is refused."""
    if by is None:
        return
    if not Record.objects.visible_to(by).filter(pk=record.pk).exists():
        raise Record.DoesNotExist
    if not policy(subject, by):
        raise PermissionDenied


def _check_length(name, text):
    if len(text) > LONGEST:
        raise ValidationError({name: _("At most %(most)d characters.") % {"most": LONGEST}})

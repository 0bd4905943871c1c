"""Handing a record to a supplier and taking it back (ITSM domain rules 4.8, S-12)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.lifecycle import take
from core.text import without_nul
from people.models import Organization, SupportGroup
from records import numbers, timeline
from records.kinds import verb
from records.models import PendingReason, RecordAccess, TimelineEntry
from slm import effects, policies, promises, work
from slm.engine.terms import Kind
from slm.events import Verb
from slm.models import SupplierReferral
from slm.terms import Metric

BOTH = (Metric.RESPONSE, Metric.RESOLUTION)
WAITS = "wait_supplier"


@transaction.atomic
def refer(
    record, *, by, supplier, question, contact, agreement=None, reason="", external_ref="", at=None
):  # fmt: skip
    """Ask a supplier for help. The contract in force is found where none is named; without one a
    `reason` must say why the supplier is asked all the same."""
    record = work.hold_row(record)
    work.ask(policies.can_work, record, by)
    at = at or time.now()
    question, contact = without_nul(question).strip(), without_nul(contact).strip()
    agreement = agreement or promises.contract_for(record, supplier, at=at)
    _check(record, supplier, question, contact, agreement, reason.strip())
    number, _now = numbers.take("REF")
    referral = SupplierReferral(
        number=number, record_id=record.pk, supplier=supplier, agreement=agreement,
        reason="" if agreement else reason.strip(), contact=contact, question=question,
        external_ref=external_ref.strip(), created_by=by,
    )  # fmt: skip
    take(referral, "send", by=by, at=at)
    referral.save()
    _let_in(record, supplier)
    effects.referred(record, referral, at=at, by=by)
    _tell(record, referral, Verb.REFERRAL_SENT, by=by, at=at, text=question)
    _wait(record, by=by, at=at)
    return referral


def _check(record, supplier, question, contact, agreement, reason):
    problems = {}
    if record.is_final:
        raise Refused(_("The record is closed."))
    if supplier.kind != Organization.Kind.SUPPLIER or not supplier.is_active:
        problems["supplier"] = _("Choose a supplier.")
    if not question:
        problems["question"] = _("Say what the supplier is to do.")
    if not contact:
        problems["contact"] = _("Say whom you reach there, and how.")
    if agreement is None and not reason:
        problems["reason"] = _("No contract with this supplier is in force. Say why all the same.")
    if problems:
        raise ValidationError(problems)


def _let_in(record, supplier):
    """The supplier's technicians who work here see what they are asked about."""
    for group in SupportGroup.objects.filter(supplier=supplier, is_active=True):
        RecordAccess.objects.get_or_create(
            record_id=record.pk, group=group, person=None, defaults={"reason": "referral"}
        )


def _wait(record, *, by, at):
    """The record waits for the supplier, where its process can wait and nothing else does."""
    hold = verb(record, "hold")
    if hold is None or record.pending_reason_id is not None:
        return
    step = {found.name for found in record.get_available_steps()}
    if "wait" in step:
        hold(record, by=by, reason=PendingReason.objects.get(code=WAITS), at=at)


def _go_on(record, *, by, at):
    """Work goes on once no supplier is asked any more."""
    record = work.hold_row(record)
    resume, reason = verb(record, "resume"), record.pending_reason
    is_waiting = reason is not None and reason.code == WAITS
    if resume is None or not is_waiting or record.referrals.with_supplier().exists():
        return
    # who answered may be the supplier's own technician, who takes no step of ours
    resume(record, by=by if by is None or policies.can_work(record, by) else None, at=at)


def _tell(record, referral, verb_, *, by, at, text="", **data):
    return timeline.record(
        record, verb_, by=by, at=at, kind=TimelineEntry.Kind.SYSTEM, text=text,
        visibility=TimelineEntry.Visibility.INTERNAL, referral=referral.number,
        supplier=referral.supplier.name_en or referral.supplier.name_zh, **data,
    )  # fmt: skip


def _held(referral):
    record = work.hold_row(referral.record)
    return record, SupplierReferral.objects.lock(referral)


def _move(referral, step, verb_, *, by, at, said="", told=None, **inputs):
    """Take a step of a referral; tell it on the record. Returns (record, referral, at)."""
    record, referral = _held(referral)
    at = at or time.now()
    if step != "reject_answer":
        inputs["at"] = at
    take(referral, step, by=by, **inputs)
    referral.save()
    _tell(record, referral, verb_, by=by, at=at, text=said, **(told or {}))
    return record, referral, at


@transaction.atomic
def acknowledge(referral, *, by, external_ref, at=None):
    """They have it, under a number of their own."""
    external_ref = without_nul(external_ref).strip()
    if not external_ref:
        raise ValidationError({"external_ref": _("Say which number it has with them.")})
    record, referral, at = _move(
        referral, "acknowledge", Verb.REFERRAL_ACKNOWLEDGED, by=by, at=at,
        told={"external_ref": external_ref}, external_ref=external_ref,
    )  # fmt: skip
    _clocks(record, referral, Kind.STOP, by=by, at=at, metrics=(Metric.RESPONSE,))
    return referral


@transaction.atomic
def answer(referral, *, by, text, at=None):
    """What they say is the solution. Our work goes on."""
    text = without_nul(text).strip()
    if not text:
        raise ValidationError({"text": _("Write down what they answered.")})
    record, referral, at = _move(
        referral, "answer", Verb.REFERRAL_ANSWERED, by=by, at=at, said=text, text=text
    )
    _clocks(record, referral, Kind.STOP, by=by, at=at)
    _go_on(record, by=by, at=at)
    return referral


@transaction.atomic
def accept(referral, *, by, at=None):
    """It was verified: the referral is over."""
    return _move(referral, "accept", Verb.REFERRAL_CLOSED, by=by, at=at)[1]


@transaction.atomic
def reject_answer(referral, *, by, reason, at=None):
    """It does not solve it: their turn again, and their clock goes on."""
    reason = _given(reason)
    record, referral, at = _move(
        referral, "reject_answer", Verb.REFERRAL_REJECTED, by=by, at=at, said=reason
    )
    _clocks(record, referral, Kind.REOPEN, by=by, at=at, metrics=(Metric.RESOLUTION,))
    _wait(record, by=by, at=at)
    return referral


@transaction.atomic
def recall(referral, *, by, reason, at=None):
    """They are not needed any more: nothing of it counts for or against them."""
    reason = _given(reason)
    record, referral, at = _move(
        referral, "recall", Verb.REFERRAL_RECALLED, by=by, at=at, said=reason
    )
    _clocks(record, referral, Kind.CANCEL, by=by, at=at)
    _go_on(record, by=by, at=at)
    return referral


def _given(reason):
    reason = without_nul(reason).strip()
    if not reason:
        raise ValidationError({"reason": _("Give a reason.")})
    return reason


def _clocks(record, referral, kind, *, by, at, metrics=BOTH):
    effects.referral_moved(
        record, referral, kind, at=at, by=by, metrics=metrics, rule=f"referral_{referral.state}"
    )

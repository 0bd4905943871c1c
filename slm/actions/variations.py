"""Short-term changes of a service level: written, agreed in time, begun and ended by the clock.

What they do to clocks is in slm.varying, told to the processes in small lots.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from core import outbox, time
from core.errors import Refused
from core.lifecycle import take
from core.text import without_nul
from records import numbers, timeline
from slm import policies, varying
from slm.events import VARIED, Verb
from slm.models import Agreement, ServiceLevelTarget, TargetVariation

RECORDS_AT_ONCE = 50
LONGEST = 366  # days
State = TargetVariation.State


@transaction.atomic
def draft(agreement, *, by, starts_at, ends_at, new_values, reason, at=None):
    """A short-term change of an agreement in force. `new_values`: {id of a target row: seconds}."""
    agreement = Agreement.objects.lock(agreement)
    _ask(by)
    at = at or time.now()
    if agreement.state not in Agreement.APPLYING:
        raise Refused(_("Only an agreement in force is changed for a short time."))
    number, _now = numbers.take("VAR")
    variation = TargetVariation(number=number, agreement=agreement, created_by=by, created_at=at)
    _fill(variation, starts_at, ends_at, new_values, reason, at)
    _tell(variation, Verb.VARIATION_DRAFTED, by=by, at=at)
    return variation


@transaction.atomic
def edit(variation, *, by, starts_at, ends_at, new_values, reason, at=None):
    """Change a draft. Another beginning is news that customers have to be told again."""
    variation = _held(variation)
    _ask(by)
    if variation.state != State.DRAFT:
        raise Refused(_("What is agreed is not changed. Cancel it and make another one."))
    _fill(variation, starts_at, ends_at, new_values, reason, at or time.now())
    return variation


def _fill(variation, starts_at, ends_at, new_values, reason, at):
    problems = {}
    if ends_at <= starts_at:
        problems["ends_at"] = _("The end lies before the start.")
    elif (ends_at - starts_at).days > LONGEST:
        problems["ends_at"] = _("That is no short time. Revise the agreement instead.")
    if ends_at <= at:
        problems["ends_at"] = _("This is over already.")
    reason = without_nul(reason).strip()
    if not reason:
        problems["reason"] = _("Give a reason.")
    values, wrong = _checked(variation.agreement, new_values)
    if problems or wrong:
        raise ValidationError(problems | wrong)
    variation.period = DateTimeTZRange(starts_at, ends_at, "[)")
    variation.new_values, variation.reason = values, reason
    try:
        with transaction.atomic():
            variation.save()
    except IntegrityError as error:
        if "one_variation_at_a_time" not in str(error):
            raise
        raise ValidationError(
            {"starts_at": _("Another short-term change of this agreement falls into this time.")}
        ) from error


def _checked(agreement, new_values):
    rows = agreement.targets.filter(unit=ServiceLevelTarget.Unit.SEC)
    usual = {row.pk: int(row.value) for row in rows}
    values, problems = {}, {}
    for pk, seconds in ((int(key), int(value)) for key, value in new_values.items()):
        if pk not in usual:
            problems["new_values"] = _("This is no time that the agreement promises.")
        elif not 0 < seconds < 2**31:
            problems["new_values"] = _("A promised time is longer than nothing.")
        elif seconds != usual[pk]:
            values[str(pk)] = seconds
    if not values and not problems:
        problems["new_values"] = _("Say which times change.")
    return values, problems


@transaction.atomic
def agree(variation, *, by, agreed_with, urgent_reason="", at=None):
    """Both sides want it. Customers must have been told in time; an urgent one says why not, and
    begins now where its beginning has passed."""
    variation = _held(variation)
    at = at or time.now()
    urgent_reason = without_nul(urgent_reason).strip()
    problem = _no_customer(variation.agreement, agreed_with, by)
    if problem:
        raise ValidationError({"agreed_with": problem})
    if variation.ends_at <= at:
        raise Refused(_("This is over already."))
    if variation.starts_at < at and urgent_reason:
        variation.period = DateTimeTZRange(at, variation.ends_at, "[)")
    elif variation.starts_at < at:
        raise Refused(_("Its beginning has passed. Set a later one, or say why it is urgent."))
    variation.urgent_reason = urgent_reason[:300]
    take(variation, "agree", by=by, at=at, agreed_with=agreed_with)
    variation.save()
    _tell(
        variation, Verb.VARIATION_AGREED, by=by, at=at, agreed_with=agreed_with.name,
        reason=urgent_reason,
    )  # fmt: skip
    return variation


def _no_customer(agreement, person, by):
    if by is not None and person.pk == by.pk:
        return _("Somebody of the other side has to agree.")
    customer = agreement.customer
    if customer is not None and not person.organization.path.startswith(customer.path):
        return _("Choose somebody of the customer's organisation.")
    return None


@transaction.atomic
def end(variation, *, by, at=None):
    """Over before its time: the usual figures hold again from now on."""
    variation = _held(variation)
    at = at or time.now()
    if by is not None and variation.starts_at < at < variation.ends_at:
        variation.period = DateTimeTZRange(variation.starts_at, at, "[)")
    take(variation, "end", by=by, at=at)
    variation.save()
    _announce(variation, Verb.VARIATION_ENDED, by=by, at=at)
    return variation


@transaction.atomic
def cancel(variation, *, by, reason, at=None):
    """It does not come. One that has begun is ended instead."""
    variation = _held(variation)
    at = at or time.now()
    reason = without_nul(reason).strip()
    if not reason:
        raise ValidationError({"reason": _("Give a reason.")})
    if variation.state == State.AGREED and variation.starts_at <= at:
        raise Refused(_("It has begun. End it instead."))
    take(variation, "cancel", by=by, reason=reason[:300])
    variation.save()
    _tell(variation, Verb.VARIATION_CANCELLED, by=by, at=at, reason=reason[:300])
    return variation


# --- being told ---------------------------------------------------------------------------------
@transaction.atomic
def note_notice(variation, *, told_at):
    """Customers are told of its beginning at `told_at`; None takes that back. From a higher floor,
    which holds the announcement."""
    variation = _held(variation)
    is_bound = variation.state in (State.AGREED, State.ACTIVE) and not variation.urgent_reason
    if told_at is None and is_bound:
        raise Refused(
            _("%(number)s was agreed because customers were told. Cancel or end it first.")
            % {"number": variation.number}
        )
    variation.noticed_at = told_at
    variation.noticed_for = variation.starts_at if told_at else None
    variation.save(update_fields=["noticed_at", "noticed_for"])
    return variation


# --- what time does -----------------------------------------------------------------------------
def sweep_due(limit=100):
    """Begin and end what is due by the database's clock (J-07). Returns how many; safe twice."""
    done = 0
    for find, act in ((_to_begin, _begin), (_to_end, _end)):
        for pk in find().order_by("pk").values_list("pk", flat=True)[: limit - done]:
            done += act(pk)
        if done >= limit:
            break
    return done


def _to_begin():
    return TargetVariation.objects.to_begin()


def _to_end():
    return TargetVariation.objects.to_end()


@transaction.atomic
def _begin(pk):
    variation = _claimed(_to_begin(), pk)
    if variation is None:
        return False
    at = time.now()
    take(variation, "activate", by=None, at=at)
    variation.save()
    _announce(variation, Verb.VARIATION_ACTIVATED, by=None, at=at)
    return True


@transaction.atomic
def _end(pk):
    variation = _claimed(_to_end(), pk)
    if variation is None:
        return False
    end(variation, by=None)
    return True


def _claimed(due, pk):
    """The change, held behind its agreement as by hand; None where another was faster."""
    agreement = due.filter(pk=pk).values_list("agreement", flat=True).first()
    if agreement is None or Agreement.objects.all().claim(agreement) is None:
        return None
    return due.claim(pk)


def _announce(variation, verb, *, by, at):
    """Tell it on the agreement, and hand its records out in small lots."""
    _tell(variation, verb, by=by, at=at)
    ids = varying.records_touched(variation)
    for first in range(0, len(ids), RECORDS_AT_ONCE):
        lot = ids[first : first + RECORDS_AT_ONCE]
        outbox.publish(VARIED, variation_id=variation.pk, record_ids=lot)


def _ask(by):
    if by is not None and not policies.can_manage_variations(None, by):
        raise PermissionDenied


def _held(variation):
    """The change with its agreement, whose story it writes; the agreement is locked first."""
    Agreement.objects.lock(Agreement(pk=variation.agreement_id))
    return TargetVariation.objects.lock(variation)


def _tell(variation, verb, *, by, at, **data):
    return timeline.record(
        variation.agreement, verb, by=by, at=at, variation=variation.number,
        variation_id=variation.pk, starts_at=variation.starts_at.isoformat(),
        ends_at=variation.ends_at.isoformat(), **data,
    )  # fmt: skip

"""Moving a record between the desks of the hybrid desk (ITSM domain rules 7.3): a local desk hands
up to the desk above it, the central desk takes over. The only ways in which the responsible desk of
a record changes after its opening."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.lifecycle import take
from core.text import without_nul
from people.models import SupportGroup
from records import actions as records
from records import policies, timeline
from records.events import Verb
from records.kinds import Phase
from records.models import TimelineEntry
from slm import effects, work

DESK = SupportGroup.Kind.DESK


def desk_above(desk):
    """The nearest active desk above this one, at the last the central one; None where there is none."""
    above = [int(part) for part in desk.path.split("/") if part and int(part) != desk.pk]
    desks = SupportGroup.objects.active().filter(kind=DESK).in_bulk(above)
    nearest = next((desks[pk] for pk in reversed(above) if pk in desks), None)
    return nearest or central_desk(without=desk)


def central_desk(*, without=None):
    found = SupportGroup.objects.active().filter(is_central=True)
    return found.exclude(pk=without.pk if without else None).first()


@transaction.atomic
def hand_up(record, *, by, reason, at=None, seen_version=None):
    """A local desk gives what it owns to the desk above it. The work goes along where the local desk
    had it. Raises Refused for what is over and where no desk is above."""
    record = _held(record, policies.can_hand_up, by, seen_version)
    desk = desk_above(record.owner_group)
    if desk is None:
        raise Refused(_("There is no desk above this one."))
    return _move(record, desk, Verb.HANDED_UP, by=by, reason=reason, at=at)


@transaction.atomic
def take_over(record, *, by, reason, at=None, seen_version=None):
    """The central desk makes itself responsible for what another desk owns."""
    record = _held(record, policies.can_take_over, by, seen_version)
    desk = central_desk()
    if desk is None:
        raise Refused(_("There is no central desk."))
    return _move(record, desk, Verb.TOOK_OVER, by=by, reason=reason, at=at)


def _held(record, policy, by, seen_version):
    record = work.hold_row(record)
    records.check_version(record, seen_version)
    if record.phase in {Phase.RESOLVED, Phase.CLOSED}:
        raise Refused(_("It is not worked on any more."))
    if record.owner_group_id is None:
        raise Refused(_("No desk is responsible for it."))
    work.ask(policy, record, by)
    return record


def _move(record, desk, verb, *, by, reason, at):
    reason = without_nul(reason).strip()
    if not reason:
        raise ValidationError({"reason": _("Give a reason.")})
    at = at or time.now()
    old_desk, old_group_id, before = record.owner_group, record.assigned_group_id, record.state
    if old_desk.pk == desk.pk:
        raise Refused(_("This desk is responsible for it already."))
    record.owner_group = desk
    is_moved = old_group_id in {None, old_desk.pk}
    if is_moved:
        _give(record, desk)
    records.save(record, at=at, from_state=before)
    if is_moved:
        effects.assigned(record, at=at, by=by, old_group_id=old_group_id)
        told = {"group_id": desk.pk, "is_moved": True}
    else:
        told = {"is_moved": False}
    timeline.record(
        record, verb, by=by, at=at, from_state=before, kind=TimelineEntry.Kind.ESCALATION,
        visibility=TimelineEntry.Visibility.INTERNAL, body=reason, from_group_id=old_desk.pk,
        to_group_id=desk.pk, **told,
    )  # fmt: skip
    records.find_again(record, bits=[(reason, False)])
    return record


def _give(record, desk):
    """The work goes to the other desk, to nobody there yet. Who had it in hand gives it back by the
    process's own step; what waits goes on waiting."""
    if record.assignee_id and record.phase == Phase.OPEN:
        take(record, "assign", by=None, group=desk, person=None)
        return
    if record.assigned_group_id is not None:
        record.reassign_count += 1
    record.assigned_group, record.assignee = desk, None

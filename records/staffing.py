"""Who may be given work: the rules of assigning that every process shares."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from people.models import GroupMembership


def refuse_stranger(group, person):
    """Work goes to active groups, and to their own members. Raises ValidationError."""
    if not group.is_active:
        raise ValidationError({"group": _("This group is not active any more.")})
    if person is None:
        return
    today = time.now().date()
    is_member = GroupMembership.objects.filter(
        group=group, person=person, valid__contains=today, person__is_active=True
    ).exists()
    if not is_member and group.lead_id != person.pk:
        raise ValidationError(
            {"person": _("%(name)s is no member of this group.") % {"name": person.name}}
        )


def join_own_group(record, by):
    """Who takes a ticket of another group brings it to one of their own: the desk's first."""
    if by is None or record.assigned_group_id in by.access.group_ids:
        return
    own, before = sorted(by.access.group_ids), record.assigned_group_id
    if record.owner_group_id in by.access.group_ids:
        record.assigned_group_id = record.owner_group_id
    elif own:
        record.assigned_group_id = own[0]
    elif before is None:
        raise Refused(_("Assign it to a group first."))
    if before is not None and record.assigned_group_id != before:
        record.reassign_count += 1

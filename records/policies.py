"""Who may do what to a record in general. A process adds its own in its policies.

A policy is (subject, person) -> bool, asks no database beyond the person's access, and is asked
by pages and API first and by the step again.
"""

from people.roles import Role

HANDLES_TICKETS = {Role.AG1, Role.SDM, Role.INCM, Role.ADM}


def is_requester_side(record, person):
    """The requester or who reported for them."""
    return person.pk in {record.requester_id, record.reported_by_id}


def is_let_in(record, person, *, to_edit=False):
    """Access given from a higher floor."""
    rows = record.granted.all()
    for row in rows:
        reaches = row.person_id == person.pk or row.group_id in person.access.group_ids
        if reaches and (row.may_edit or not to_edit):
            return True
    return False


def can_read_notes(record, person):
    """Internal notes are for those who work here, never for the requester's side as such."""
    access = person.access
    if can_work(record, person) or access.reads_everything:
        return True
    if is_requester_side(record, person) or access.is_supplier_only:
        return False
    return access.is_agent


def can_work(record, person):  # noqa: PLR0911 - one rule a line
    """May change the record: its desks and groups, the central desk, incident and desk managers."""
    access = person.access
    if access.is_auditor_only:
        return False
    if access.is_superuser or access.has_unscoped_role(Role.SDM, Role.INCM):
        return True
    if access.all_group_ids & {record.assigned_group_id, record.owner_group_id}:
        return True
    if record.confidentiality == "security" and access.has_role(Role.SECM):
        return True
    if access.is_central and record.confidentiality == "normal":
        return True
    for role, path, group in access.scopes:
        if role in HANDLES_TICKETS and (path or group):
            in_path = not path or record.organization.path.startswith(path)
            if in_path and (not group or group == record.assigned_group_id):
                return True
    return False


def can_comment(record, person):
    """A public message: who works on it, and the requester's side with its partners."""
    if person.access.is_auditor_only:
        return False
    return (
        can_work(record, person)
        or is_requester_side(record, person)
        or record.watches.filter(person=person, takes_part=True).exists()
    )


def can_work_on_task(task, person):
    """Who it is given to, their group, or who works on the record."""
    if person.access.is_auditor_only:
        return False
    if task.assignee_id == person.pk or task.group_id in person.access.all_group_ids:
        return True
    return bool(task.record_id) and can_work(task.record, person)


def can_hand_up(record, person):
    """Whose own desk, or one below it, is responsible for it; the central desk has none above."""
    access = person.access
    if access.is_auditor_only or access.is_central or record.owner_group_id is None:
        return False
    return record.owner_group_id in access.desk_ids and not record.owner_group.is_central


def can_take_over(record, person):
    """The central desk, of what another desk is responsible for, where it may work on it at all."""
    access = person.access
    if access.is_auditor_only or not access.is_central or record.owner_group_id is None:
        return False
    return not record.owner_group.is_central and can_work(record, person)


def can_manage_rules(_rule, person):
    """Routing rules are the desk manager's; administrators set them up."""
    return person.access.is_admin or person.access.has_role(Role.SDM)


def can_read_rules(rule, person):
    """Auditors read them and change nothing."""
    return can_manage_rules(rule, person) or person.access.has_role(Role.AUD)


def only_the_system(_subject, _person):
    """A step that follows from others and that nobody takes by hand."""
    return False

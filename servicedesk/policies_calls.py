"""Who takes calls, and who may touch one: (call, person) -> bool (ITSM domain rules 7.2, 7.3)."""

from people.roles import Role


def can_take_calls(_nothing, person):
    """Agents of the own house, wherever they sit. Who only audits or supplies takes none."""
    access = person.access
    return access.is_agent and not access.is_auditor_only and not access.is_supplier_only


def can_edit_call(call, person):
    """Who took it; the desk's own people, and managers of the desk."""
    if not can_take_calls(None, person):
        return False
    access = person.access
    if call.agent_id == person.pk or access.is_superuser or access.has_role(Role.SDM):
        return True
    return access.is_central or call.desk_id in access.all_group_ids


def can_reopen(call, person):
    """Only who took it; the action asks whether it is still the same day."""
    return can_take_calls(None, person) and call.agent_id == person.pk

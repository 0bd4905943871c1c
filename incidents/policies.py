"""Who may do what to an incident: (incident, person) -> bool (ITSM domain rules 4.2, 7.2, 7.3)."""

from people.roles import Role
from records import policies as records

can_work = records.can_work
can_comment = records.can_comment


def can_open(_nothing, person):
    """Anybody who is signed in and does not only audit."""
    return not person.access.is_auditor_only


def can_take(incident, person):
    """Work that is offered to one's group; the group's members start it."""
    return records.can_work(incident, person)


def is_requester(incident, person):
    return (
        records.is_requester_side(incident, person)
        or incident.watches.filter(person=person, takes_part=True).exists()
    )


def can_confirm(incident, person):
    """The requester's side; an agent after a confirmation by telephone."""
    return is_requester(incident, person) or can_work(incident, person)


def can_cancel(incident, person):
    """Agents; the requester while nobody has begun."""
    if can_work(incident, person):
        return True
    return incident.state == "new" and records.is_requester_side(incident, person)


def can_declare_major(incident, person):
    """The central desk and the incident manager. A local desk may only propose."""
    access = person.access
    if access.is_auditor_only:
        return False
    return access.is_central or access.is_superuser or access.has_role(Role.INCM, Role.SDM)


def can_override_priority_1(person):
    return person.access.is_superuser or person.access.has_role(Role.INCM, Role.SDM)


def can_lift_breach(person):
    """Whose correction of a priority may take a stamped breach back."""
    return person.access.is_superuser or person.access.has_role(Role.INCM, Role.SDM, Role.SLM)


def nobody(_incident, _person):
    """A step that only the system takes."""
    return False

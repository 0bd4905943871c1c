"""Who may do what to a request: (request, person) -> bool (ITSM domain rules 4.1, 7.2, 7.3)."""

from people.roles import Role
from records import policies as records

can_work = records.can_work
can_comment = records.can_comment
nobody = records.only_the_system
BEFORE_WORK = {"draft", "submitted", "awaiting_approval", "approved"}


def can_order(_nothing, person):
    """Anybody who is signed in and does not only audit; what they may have says the offering."""
    return not person.access.is_auditor_only


def is_requester(request, person):
    return (
        records.is_requester_side(request, person)
        or request.watches.filter(person=person, takes_part=True).exists()
    )


def can_submit(request, person):
    """The requester's side; an agent for them. Who is only let in to answer orders nothing."""
    if person.access.is_auditor_only:
        return False
    return records.is_requester_side(request, person) or can_work(request, person)


can_revise = can_submit


def can_confirm(request, person):
    """The requester's side; an agent after a confirmation by telephone."""
    if person.access.is_auditor_only:
        return False
    return is_requester(request, person) or can_work(request, person)


def can_cancel(request, person):
    """The requester while nobody has begun; later who works on it."""
    if can_work(request, person):
        return True
    return request.state in BEFORE_WORK and can_submit(request, person)


def can_manage_offerings(_offering, person):
    """The catalogue is the desk manager's; administrators set it up."""
    return person.access.is_admin or person.access.has_role(Role.SDM)


def can_read_offerings(offering, person):
    return can_manage_offerings(offering, person) or person.access.has_role(Role.AUD)

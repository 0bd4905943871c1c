"""Who may do what to feedback: (feedback, person) -> bool (ITSM domain rules 4.1, 7.2)."""

from people.roles import Role
from records import policies as records
from servicedesk.feedback import confidence


def can_give(_nothing, person):
    """Anybody who is signed in and does not only audit."""
    return not person.access.is_auditor_only


def can_work(feedback, person):
    """The desks it stands with, desk managers and service level managers; never who is complained
    of, nor who gave it."""
    if person.access.is_auditor_only or confidence.is_against(feedback, person):
        return False
    if records.is_requester_side(feedback, person) and person.pk == feedback.requester_id:
        return False
    return (
        records.can_work(feedback, person)
        or feedback.owner_id == person.pk
        or person.access.has_unscoped_role(Role.SLM)
    )


def can_answer(feedback, person):
    """Its owner alone: one person stands for the answer."""
    return feedback.owner_id == person.pk and can_work(feedback, person)


def can_comment(feedback, person):
    if person.access.is_auditor_only or confidence.is_against(feedback, person):
        return False
    return records.can_comment(feedback, person) or can_work(feedback, person)


def is_requester(feedback, person):
    return (
        records.is_requester_side(feedback, person)
        or feedback.watches.filter(person=person, takes_part=True).exists()
    )


def can_escalate(feedback, person):
    """Who gave it says whether they are content; nobody says it for them."""
    return not person.access.is_auditor_only and is_requester(feedback, person)


def can_close(feedback, person):
    """The requester's side; who works on it after a confirmation by telephone."""
    if person.access.is_auditor_only:
        return False
    return is_requester(feedback, person) or can_work(feedback, person)


def can_withdraw(feedback, person):
    return not person.access.is_auditor_only and records.is_requester_side(feedback, person)

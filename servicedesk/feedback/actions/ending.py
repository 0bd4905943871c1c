"""The end of feedback: content, not content and therefore higher up, withdrawn, or silence."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.lifecycle import take
from people.roles import Role
from records import actions as records
from records import files, timeline
from servicedesk.events import FeedbackVerb as Verb
from servicedesk.feedback import confidence, policies
from servicedesk.feedback.actions.filing import own_promises
from servicedesk.feedback.actions.handling import hold_row
from servicedesk.models import Feedback
from slm import effects, work
from slm.ladder import Directory

Via = Feedback.ClosureVia
# Who answers at each level above the desk (domain 4.1, complaint procedure).
ABOVE = {1: Role.SDM, 2: Role.SLM}


def next_above(feedback):
    """(level, person) of who answers next: the desk manager, then the service level manager;
    nobody who answered before or is involved. The person is None where nobody holds the role."""
    directory, first = Directory(), None
    for level, role in ABOVE.items():
        if level <= feedback.level:
            continue
        first = first or level
        for person in directory.holders(feedback, role):
            if person.pk != feedback.answered_by_id and confidence.may_own(feedback, person):
                return level, person
    return first, None


@transaction.atomic
def escalate(feedback, *, by, reason, uploads=(), at=None, seen_version=None):
    """Not content with the answer: somebody higher looks into it and answers anew."""
    feedback = hold_row(feedback, seen_version)
    if not reason.strip():
        raise ValidationError({"reason": _("Say what you are not content with.")})
    work.check_uploads(uploads)
    at = at or time.now()
    if feedback.rejection_deadline is not None and feedback.rejection_deadline < at:
        raise Refused(_("The time to object is over. Please write to us anew."))
    before = feedback.state
    level, owner = next_above(feedback)
    take(feedback, "escalate", by=by, level=level, owner=owner, at=at)
    records.save(feedback, at=at, from_state=before)
    effects.begun_again(
        feedback, at=at, by=by, defaults=own_promises(feedback, at), rule="reopened"
    )
    entry = timeline.record(
        feedback, Verb.ESCALATED, by=by, at=at, from_state=before, body=reason.strip(),
        level=level, person_id=owner.pk if owner else None,
        person_name=owner.name if owner else "",
    )  # fmt: skip
    for upload in uploads:
        files.keep(upload, record=feedback, entry=entry, by=by, is_internal=False)
    records.find_again(feedback, bits=[(reason, True)])
    return feedback


@transaction.atomic
def close(feedback, *, by, at=None, comment="", seen_version=None):
    """Content with the answer, said in person or by telephone."""
    feedback = hold_row(feedback, seen_version)
    before, at = feedback.state, at or time.now()
    own = by is not None and policies.is_requester(feedback, by)
    via = Via.CUSTOMER if own else Via.PHONE
    take(feedback, "close", by=by, at=at, via=via)
    records.save(feedback, at=at, from_state=before)
    effects.closed(feedback, at=at, by=by)
    timeline.record(
        feedback, Verb.CLOSED, by=by, at=at, from_state=before, via=via, body=comment.strip()
    )
    return feedback


@transaction.atomic
def auto_close(feedback, *, at=None):
    """Silence until the deadline counts as content. Does nothing where it is not so any more."""
    feedback = Feedback.objects.filter(
        state=Feedback.State.ANSWERED, rejection_deadline__isnull=False
    ).claim(feedback if isinstance(feedback, int) else feedback.pk)
    at = at or time.now()
    if feedback is None or feedback.rejection_deadline > at:
        return None
    before = feedback.state
    take(feedback, "close", by=None, at=at, via=Via.AUTO)
    records.save(feedback, at=at, from_state=before)
    effects.closed(feedback, at=at, by=None)
    timeline.record(feedback, Verb.AUTO_CLOSED, by=None, at=at, from_state=before)
    return feedback


@transaction.atomic
def withdraw(feedback, *, by, reason="", at=None, seen_version=None):
    """Taken back by who gave it: nobody answers, and it counts in no figure."""
    feedback = hold_row(feedback, seen_version)
    before, at = feedback.state, at or time.now()
    take(feedback, "withdraw", by=by, at=at)
    records.save(feedback, at=at, from_state=before)
    effects.cancelled(feedback, at=at, by=by, rule="cancelled")
    for task in feedback.tasks.live().select_for_update():
        records.move_task(task, "cancel", by=None, at=at, result=reason.strip()[:2000] or "-")
    timeline.record(feedback, Verb.WITHDRAWN, by=by, at=at, from_state=before, body=reason.strip())
    return feedback

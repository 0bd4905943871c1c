"""Looking into feedback and answering it: who owns the answer, the answer, the wish that follows."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import preferences, time
from core.errors import Refused
from core.lifecycle import take
from records import actions as records
from records import timeline
from records.deadlines import working_days_after
from records.models import RecordAccess, RecordLink, TimelineEntry
from servicedesk.events import FeedbackVerb as Verb
from servicedesk.feedback import confidence, policies
from servicedesk.feedback.actions import filing
from servicedesk.models import Feedback
from slm import effects, work
from slm.talking import say_publicly

Kind = TimelineEntry.Kind
INTERNAL = {"visibility": TimelineEntry.Visibility.INTERNAL}
State = Feedback.State


def hold_row(feedback, seen_version=None):
    """The feedback, fresh and locked."""
    feedback = Feedback.objects.lock(feedback)
    records.check_version(feedback, seen_version)
    return feedback


def refuse_owner(feedback, owner):
    """Raise at the field where this person must not answer it."""
    if owner is None or not owner.access.is_agent or not confidence.may_own(feedback, owner):
        raise ValidationError(
            {"owner": _("Choose somebody who works here and is not involved in it.")}
        )


@transaction.atomic
def review(feedback, *, by, owner=None, note="", at=None, seen_version=None):
    """Somebody looks into it and owns the answer; without a name, who does this."""
    feedback = hold_row(feedback, seen_version)
    owner = owner or by
    refuse_owner(feedback, owner)
    before, at = feedback.state, at or time.now()
    take(feedback, "review", by=by, owner=owner)
    feedback.first_response_at = feedback.first_response_at or at
    records.save(feedback, at=at, from_state=before)
    timeline.record(
        feedback, Verb.REVIEWED, by=by, at=at, from_state=before, person_id=owner.pk,
        person_name=owner.name,
    )  # fmt: skip
    _noted(feedback, note, by, at)
    return feedback


@transaction.atomic
def hand_over(feedback, *, by, owner, note="", at=None, seen_version=None):
    """Somebody else owns the answer from now on."""
    feedback = hold_row(feedback, seen_version)
    refuse_owner(feedback, owner)
    if owner.pk == feedback.owner_id:
        raise Refused(_("%(name)s has taken it already.") % {"name": owner.name})
    at = at or time.now()
    take(feedback, "hand_over", by=by, owner=owner)
    records.save(feedback, at=at)
    timeline.record(
        feedback, Verb.HANDED_OVER, by=by, at=at, kind=Kind.FIELDS, person_id=owner.pk,
        person_name=owner.name, **INTERNAL,
    )  # fmt: skip
    _noted(feedback, note, by, at)
    return feedback


def _noted(feedback, note, by, at):
    if note.strip():
        records.say(feedback, by=by, at=at, body=note, is_public=False)


@transaction.atomic
def take_in_hand(feedback, *, by, at=None, seen_version=None):
    """The queue's "take": look into it oneself, or own the answer from now on."""
    found = Feedback.objects.lock(feedback)
    act = review if found.state == State.RECEIVED else hand_over
    return act(found, by=by, owner=by, at=at, seen_version=seen_version)


@transaction.atomic
def assign(feedback, *, by, group, person=None, at=None, seen_version=None, note=""):
    """The queue's "assign": to a group, never the one complained of; a person owns the answer."""
    feedback = hold_row(feedback, seen_version)
    at = at or time.now()
    if feedback.is_complaint and feedback.about_group_id == group.pk:
        raise Refused(_("A complaint is not handled by the group that it is about."))
    take(feedback, "assign", by=by, group=group)
    records.save(feedback, at=at)
    if person is None:
        timeline.record(
            feedback, Verb.HANDED_OVER, by=by, at=at, kind=Kind.FIELDS, group=group.code,
            group_id=group.pk, **INTERNAL,
        )  # fmt: skip
        _noted(feedback, note, by, at)
        return feedback
    act = review if feedback.state == State.RECEIVED else hand_over
    return act(feedback, by=by, owner=person, note=note, at=at)


@transaction.atomic
def reply(feedback, *, by, body, uploads=(), html="", at=None, kind=None, then=None):
    """A public message: a question back, or something to add. Returns (feedback, entry). On what
    is finished, a word of the requester's side opens a new one that follows it: (new one, None)."""
    feedback = Feedback.objects.lock(feedback)
    work.ask(policies.can_comment, feedback, by)
    work.check_uploads(uploads)
    from_desk = by is None or (
        policies.can_work(feedback, by) and not policies.is_requester(feedback, by)
    )
    if feedback.is_final and from_desk:
        raise Refused(_("This is finished. Please write to us anew."))
    if feedback.is_final:
        return _follow_up(feedback, by=by, body=body, uploads=uploads, at=at), None
    entry = say_publicly(
        feedback, by=by, at=at or time.now(), body=body, html=html, uploads=uploads, kind=kind,
        from_desk=from_desk,
    )  # fmt: skip
    return feedback, entry


def _follow_up(feedback, *, by, body, uploads, at):
    made = filing.give(
        by=by, requester=feedback.requester, feedback_kind=feedback.feedback_kind,
        title=feedback.title, description=body, severity=feedback.severity,
        service=feedback.service, about_record=feedback.about_record,
        about_group=feedback.about_group, about_person=feedback.about_person, uploads=uploads,
        channel=feedback.channel, at=at,
    )  # fmt: skip
    records.link(made, feedback, RecordLink.Type.FOLLOWS, by=by, at=made.opened_at)
    return made


@transaction.atomic
def give_answer(feedback, *, by, answer, outcome="", at=None, seen_version=None):
    """The owner answers; of a complaint they say whether it was justified. The requester may ask
    for somebody higher until the deadline."""
    feedback = hold_row(feedback, seen_version)
    answer = answer.strip()
    if not answer:
        raise ValidationError({"answer": _("Write the answer.")})
    if feedback.is_complaint and outcome not in Feedback.Outcome.values:
        raise ValidationError({"outcome": _("Say whether the complaint is justified.")})
    before, at = feedback.state, at or time.now()
    days = int(preferences.get("feedback_close_working_days"))
    deadline = working_days_after(feedback, at, days)
    take(
        feedback, "give_answer", by=by, answer=answer, at=at, deadline=deadline,
        outcome=outcome if feedback.is_complaint else "", answerer=by or feedback.owner,
    )  # fmt: skip
    records.save(feedback, at=at, from_state=before)
    effects.resolved(feedback, at=at, by=by)
    timeline.record(
        feedback, Verb.ANSWERED, by=by, at=at, from_state=before, body=answer,
        outcome=feedback.outcome, deadline=deadline.isoformat(),
    )  # fmt: skip
    records.find_again(feedback, bits=[(answer, True)])
    return feedback


@transaction.atomic
def raise_improvement(feedback, *, by, wish, at=None, seen_version=None):
    """Ask the owner of the service for an improvement: a task for them, and told to those who work
    here. Until improvements are records of their own, the task is where it is followed."""
    feedback = hold_row(feedback, seen_version)
    wish, at = wish.strip(), at or time.now()
    if not wish:
        raise ValidationError({"wish": _("Say what should become better.")})
    take(feedback, "raise_improvement", by=by)
    owner = feedback.service.owner
    records.save(feedback, at=at)
    if not Feedback.objects.visible_to(owner).filter(pk=feedback.pk).exists():
        RecordAccess.objects.create(record=feedback, person=owner, reason="improvement asked")
    with translation.override(owner.locale):
        title = _("Improvement wished: %(wish)s") % {"wish": " ".join(wish.split())}
    task = records.add_task(feedback, by=by, at=at, title=title[:200], assignee=owner)
    timeline.record(
        feedback, Verb.IMPROVEMENT_ASKED, by=by, at=at, kind=Kind.SYSTEM, body=wish,
        person_name=owner.name, task=task.number, **INTERNAL,
    )  # fmt: skip
    return feedback

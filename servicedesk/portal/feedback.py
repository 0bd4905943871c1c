"""Feedback as who gave it reads it: where it stands, who answers, and what can be said to the answer.

The words are the portal's own. No word of the process leaves this module.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.models import Record
from servicedesk.feedback.soundness import HIGHEST
from servicedesk.models import Feedback
from servicedesk.portal.progress import Progress, Step, moment

State = Feedback.State


@dataclass(frozen=True)
class Face:
    """What the page of feedback shows beside the conversation."""

    kind: str
    answer: str
    outcome: str
    about: tuple  # (number, title, address), where the reader may see it
    is_at_the_top: bool


def face_of(record, person):
    """The Face of feedback; None for any other record."""
    if record.kind != "feedback":
        return None
    shown = record.state in {State.ANSWERED, State.CLOSED}
    return Face(
        kind=record.get_feedback_kind_display(),
        answer=record.answer if shown else "",
        outcome=record.get_outcome_display() if shown and record.outcome else "",
        about=_about(record, person),
        is_at_the_top=is_at_the_top(record),
    )


def _about(record, person):
    if not record.about_record_id:
        return ()
    seen = Record.objects.visible_to(person).filter(pk=record.about_record_id).first()
    if seen is None:
        return ()
    return seen.number, seen.title, reverse("servicedesk:record", args=[seen.number])


def is_at_the_top(record):
    """Whether nobody stands above who answered it."""
    return record.kind == "feedback" and record.child().level >= HIGHEST


def progress_of(record, *, is_mine=True):
    return Progress(
        _steps(record), _short(record, is_mine), _sentence(record, is_mine), _turn(record, is_mine)
    )


def _turn(record, is_mine):
    if record.is_final:
        return "nobody"
    return "you" if record.state == State.ANSWERED and is_mine else "us"


def _steps(record):
    received = pgettext("progress", "Received")
    review = pgettext("progress", "Looked into")
    answer = pgettext("progress", "Answered")
    end = pgettext("progress", "Finished")
    first, since = Step(received, "done", record.opened_at), record.state_changed_at
    if record.state == State.WITHDRAWN:
        return [first, Step(pgettext("progress", "Withdrawn"), "done", record.closed_at)]
    return {
        State.RECEIVED: [Step(received, "now", record.opened_at), Step(review), Step(answer),
                         Step(end)],
        State.UNDER_REVIEW: [first, Step(review, "now", since), Step(answer), Step(end)],
        State.ANSWERED: [first, Step(review, "done"), Step(answer, "now", since), Step(end)],
        State.CLOSED: [first, Step(review, "done"), Step(answer, "done"),
                       Step(end, "done", record.closed_at)],
    }[record.state]  # fmt: skip


def _short(record, is_mine):
    return {
        State.RECEIVED: lambda: _("received, somebody looks into it soon"),
        State.UNDER_REVIEW: lambda: _("somebody looks into it"),
        State.ANSWERED: lambda: _("answered: are you content?") if is_mine else _("answered"),
        State.CLOSED: lambda: _("finished"),
        State.WITHDRAWN: lambda: _("withdrawn"),
    }[record.state]()


def _sentence(record, is_mine):
    if record.state == State.UNDER_REVIEW:
        return _looked_into(record)
    if record.state == State.ANSWERED:
        return _answered(record, is_mine)
    return {
        State.RECEIVED: lambda: _(
            "We have it. Somebody who is not involved looks into it and answers you."
        ),
        State.CLOSED: lambda: _("This is finished and stays as it is."),
        State.WITHDRAWN: lambda: _("This was withdrawn. Nobody works on it."),
    }[record.state]()


def _looked_into(record):
    words = {"name": record.assignee.name if record.assignee_id else ""}
    if words["name"]:
        return _("%(name)s looks into it and answers you. You need to do nothing now.") % words
    return _("Somebody looks into it and answers you. You need to do nothing now.")


def _answered(record, is_mine):
    deadline = getattr(record, "rejection_deadline", None)
    if not is_mine or deadline is None:
        return _("It was answered.")
    return _(
        "Please say whether you are content with the answer. If we hear nothing by %(moment)s,"
        " we take it as settled."
    ) % {"moment": moment(deadline)}

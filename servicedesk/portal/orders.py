"""Where an order stands, as its requester needs it: steps, who acts next, and until when.

The words are the portal's own. No word of the process leaves this module.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicedesk.models import ServiceRequest
from servicedesk.portal.progress import Progress, Step, held, moment, needs_answer
from servicedesk.requests import face, policies

State = ServiceRequest.State
# Letters and lists read no more than the record's own columns: they name nobody.
SHORT = {
    State.SUBMITTED: lambda: _("received"),
    State.AWAITING: lambda: _("waiting for approval"),
    State.APPROVED: lambda: _("approved, work begins soon"),
    State.FULFILMENT: lambda: _("being prepared"),
    State.REJECTED: lambda: _("rejected"),
    State.CANCELLED: lambda: _("taken back"),
    State.CLOSED: lambda: _("finished"),
}


def progress_of(record, *, is_mine=True, deciding=()):
    """`deciding`: the people whose approval is waited for, where somebody looked."""
    return Progress(
        _steps(record), _short(record, is_mine), _sentence(record, is_mine, deciding),
        _turn(record, is_mine),
    )  # fmt: skip


def _turn(record, is_mine):
    if record.state in {State.CLOSED, State.CANCELLED}:
        return "nobody"
    asks = record.state in {State.DRAFT, State.REJECTED, State.FULFILLED} or needs_answer(record)
    return "you" if asks and is_mine else "us"


def _short(record, is_mine):
    if record.state == State.DRAFT:
        return _("not sent yet")
    if record.state == State.REJECTED and is_mine:
        return _("rejected: change it or leave it")
    if record.state == State.FULFILLED:
        return _("done: please confirm") if is_mine else _("done, not confirmed yet")
    if needs_answer(record):
        return _("we need your answer") if is_mine else _("waiting for the requester's answer")
    if record.state == State.PENDING:
        return _("on hold, you need to do nothing")
    return SHORT[record.state]()


def _steps(record):  # noqa: PLR0911 - one state a line
    sent = pgettext("progress", "Sent")
    approval = pgettext("progress", "Approval")
    work = pgettext("progress", "Being prepared")
    confirm = pgettext("progress", "Please confirm")
    first, since = Step(sent, "done", record.opened_at), record.state_changed_at
    if record.state == State.DRAFT:
        return [Step(pgettext("progress", "Not sent yet"), "wait", since), Step(sent),
                Step(work), Step(confirm)]  # fmt: skip
    if record.state == State.SUBMITTED:
        return [Step(sent, "now", record.opened_at), Step(work), Step(confirm)]
    if record.state == State.AWAITING:
        return [first, Step(approval, "wait", since), Step(work), Step(confirm)]
    if record.state == State.REJECTED:
        return [first, Step(pgettext("progress", "Rejected"), "wait", since)]
    if record.state == State.CANCELLED:
        return [first, Step(pgettext("progress", "Taken back"), "done", record.closed_at)]
    agreed = [Step(pgettext("progress", "Approved"), "done")]
    if record.state == State.APPROVED:
        return [first, *agreed, Step(work, "now", since), Step(confirm)]
    if record.state == State.PENDING:
        held = pgettext("progress", "Waiting for you") if needs_answer(record) else pgettext(
            "progress", "On hold"
        )  # fmt: skip
        return [first, *agreed, Step(held, "wait", since), Step(confirm)]
    if record.state == State.FULFILMENT:
        return [first, *agreed, Step(work, "now", since), Step(confirm)]
    done = Step(pgettext("progress", "Done"), "done", record.resolved_at)
    if record.state == State.FULFILLED:
        return [first, *agreed, done, Step(confirm, "now", since)]
    return [first, *agreed, done, Step(pgettext("progress", "Finished"), "done", record.closed_at)]


def _sentence(record, is_mine, deciding):  # noqa: PLR0911 - one state a line
    if record.state == State.AWAITING:
        return _awaiting(deciding)
    if record.state == State.FULFILLED:
        return _done(record, is_mine)
    if record.state == State.PENDING:
        if needs_answer(record):
            return _("It waits for your answer.") if is_mine else _("It waits for an answer.")
        return held(record)
    if record.state == State.FULFILMENT:
        if record.assignee_id:
            name = {"name": record.assignee.name}
            return _("%(name)s prepares it. You need to do nothing.") % name
        return _("The service desk prepares it. You need to do nothing.")
    said = {
        State.DRAFT: _("You have not sent it yet. Change what you like and send it."),
        State.SUBMITTED: _("The service desk has it. You need to do nothing."),
        State.APPROVED: _("It is approved; the service desk begins soon. You need to do nothing."),
        State.REJECTED: _("It was rejected. You may change it and send it again."),
        State.CANCELLED: _("This order was taken back. Nobody works on it."),
        State.CLOSED: _("You have what you ordered. If something is wrong with it, tell us below."),
    }
    return said[record.state]


def _awaiting(deciding):
    names = [person.name for person in deciding]
    if not names:
        return _("It has to be approved first. You need to do nothing.")
    if len(names) == 1:
        return _("%(name)s has to approve it first. You need to do nothing.") % {"name": names[0]}
    shown = _(", ").join(names[:4])
    return _("It has to be approved first, by: %(names)s. You need to do nothing.") % {
        "names": shown
    }


def _done(record, is_mine):
    if not is_mine:
        return _("The requester is asked whether everything is there.")
    deadline = moment(getattr(record, "rejection_deadline", None))
    if not deadline:
        return _("Please say whether everything is there.")
    return _(
        "Please say whether everything is there. If we hear nothing from you by %(moment)s,"
        " we take it as done."
    ) % {"moment": deadline}


@dataclass(frozen=True)
class Order:
    """What the page of an order shows beside the conversation."""

    facts: list
    given: list
    stages: list
    deciding: list
    rejection: str
    may_revise: bool
    tasks: tuple  # (how many are done, of how many)

    @property
    def percent_done(self):
        done, every = self.tasks
        return round(100 * done / every) if every else 0


def order_of(record, person):
    stages = face.asked(record)
    states = list(record.tasks.values_list("state", flat=True))
    ended = sum(state in ("done", "skipped", "cancelled") for state in states)
    may = policies.can_revise(record, person)
    return Order(
        facts=face.facts(record), given=face.given(record), stages=stages,
        deciding=face.who_decides(stages), rejection=record.rejection_reason,
        may_revise=may and record.state in {State.REJECTED, State.DRAFT},
        tasks=(ended, len(states)),
    )  # fmt: skip


def may_take_back(record, person):
    return record.state in policies.BEFORE_WORK and policies.can_submit(record, person)

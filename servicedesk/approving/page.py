"""One question as its approver reads it: what is asked, by whom, what the others said."""

from dataclasses import dataclass

from core import time
from records import approvers
from records.kinds import verb
from records.models import Approval


@dataclass(frozen=True)
class Question:
    approval: Approval
    record: object
    seats: list  # in whose place the reader may answer now
    stages: list
    facts: list  # [(label, value)] of the process

    @property
    def may_answer(self):
        return bool(self.seats) and self.approval.state == Approval.State.PENDING

    def stands_for(self, person):
        """The name of whom the reader answers for, where it is not for themselves."""
        own = any(seat.pk == person.pk for seat in self.seats)
        return "" if own or not self.seats else self.seats[0].name


def question(approval, person):
    record = approval.record.child()
    facts = verb(record, "approval_facts")
    return Question(
        approval=approval,
        record=record,
        seats=approvers.seats_of(approval, person, time.now().date()),
        stages=stages_of(record),
        facts=facts(record) if facts else [],
    )


def stages_of(record):
    """All that was asked of a record, with who is asked and what they said: four statements."""
    return list(
        record.approvals.prefetch_related("approvers", "votes__approver", "votes__on_behalf_of")
    )


def is_asked(approval, person):
    """Whether the question was ever this person's to answer: an approver, or the deputy of one."""
    today = time.now().date()
    return any(
        seat.pk == person.pk or approvers.is_deputy(person, seat, today)
        for seat in approval.approvers.all()
    )


def answered_by(person):
    """What this person decided, the newest first."""
    found = Approval.objects.filter(votes__approver=person).select_related("record")
    return found.distinct().order_by("-decided_at", "-pk")

"""What would become of an order, said before it is sent: until when, and who has to say yes."""

from dataclasses import dataclass

from core import formats
from core.templatetags.ui import language
from servicedesk.portal.progress import moment
from servicedesk.requests import face
from servicedesk.requests.actions import approving, ordering
from slm.clockwork import timetable_of
from slm.promises import promises_for
from slm.terms import Metric


@dataclass(frozen=True)
class Foreseen:
    price: str
    promised: str  # how long, as the agreement says it
    until: str  # when that is, if it were ordered now
    waits: bool  # whether the time begins with the approval
    approvers: list  # (kind, [names]); nobody found: []
    has_more_stages: bool  # some stages are asked only from an amount on


def foresee(offering, requester, *, by, at):
    paper = ordering.foresee(offering, requester, by=by, at=at)
    promise = promises_for(paper, at=at).get(Metric.FULFILMENT)
    stages = approving.foreseen(paper)
    promised = until = ""
    waits = False
    if promise is not None:
        promised = formats.duration_text(promise.seconds, language())
        waits = bool(stages) and promise.target.pause_on_approval
        if not waits:
            until = moment(timetable_of(promise.calendar_key).add(at, promise.seconds))
    return Foreseen(
        price=face.money(paper.unit_price, paper.currency), promised=promised, until=until,
        waits=waits,
        approvers=[(kind, [one.name for one in people][:5]) for kind, people in stages],
        has_more_stages=len(offering.current.approval) > len(stages),
    )  # fmt: skip

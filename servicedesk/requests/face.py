"""An order as people read it: what was answered, what it costs, who has still to say yes.

Reads only; shared by the portal, the agent's page, approvals and letters.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.templatetags.ui import language
from records.models import Approval
from servicedesk.catalogue import schema


def money(amount, currency):
    """CNY 6,000.00 in the reader's own order of signs; "" for no price."""
    if amount is None:
        return ""
    text = f"{Decimal(amount):,.2f}"
    return f"{currency} {text}" if currency else text


def given(request):
    """[schema.Given] as the form asked it then."""
    return schema.given(schema.read(request.offering_version.form), request.form_data, language())


def facts(request):
    """[(label, value)] of the order itself."""
    found = [(_("Ordered"), request.offering.name)]
    if request.quantity > 1 or request.offering.most > 1:
        found.append((_("Quantity"), str(request.quantity)))
    if request.total_price is not None:
        if request.quantity > 1:
            found.append((_("Price of one"), money(request.unit_price, request.currency)))
        found.append((_("Total"), money(request.total_price, request.currency)))
    if request.cost_centre:
        found.append((_("Cost centre"), request.cost_centre))
    return found


def approval_facts(request):
    """What who has to say yes should know."""
    rows = facts(request) + [(one.label, one.text) for one in given(request)]
    return [*rows, (_("Remarks"), request.description)] if request.description else rows


@dataclass(frozen=True)
class Asked:
    """One stage of the approval."""

    kind: str
    mode: str
    state: str
    state_code: str
    waiting: list  # people who have still to answer
    votes: list  # (person, on behalf of, vote, word, comment, at)
    due_at: object
    decided_at: object


def asked(request):
    """[Asked] of the present round, in the order of the stages; the cancelled ones left out."""
    rows = (
        request.approvals.exclude(state=Approval.State.CANCELLED)
        .prefetch_related("approvers", "votes__approver", "votes__on_behalf_of")
        .order_by("stage", "pk")
    )
    return [_asked(row) for row in rows]


def _asked(row):
    votes = [vote for vote in row.votes.all() if vote.round == row.round]
    seats = {vote.seat_id for vote in votes}
    is_open = row.state in Approval.LIVE
    return Asked(
        kind=row.get_kind_display(), mode=row.get_mode_display(), state=row.state_label,
        state_code=row.state,
        waiting=[one for one in row.approvers.all() if one.pk not in seats] if is_open else [],
        votes=[
            (one.approver, one.on_behalf_of, one.vote, one.get_vote_display(), one.comment, one.at)
            for one in votes
        ],
        due_at=row.due_at if row.state == Approval.State.PENDING else None,
        decided_at=row.decided_at,
    )  # fmt: skip


def who_decides(stages):
    """The names of those whose answer is waited for now."""
    return [
        person
        for stage in stages
        if stage.state_code == Approval.State.PENDING
        for person in stage.waiting
    ]

"""Short-term changes in the words of their pages."""

from slm import policies
from slm.models import Agreement, TargetVariation

State = TargetVariation.State
FACES = {
    State.DRAFT: ("mute", "pencil"), State.AGREED: ("plum", "circle-check"),
    State.ACTIVE: ("warn", "gauge"), State.ENDED: ("mute", "circle-check-big"),
    State.CANCELLED: ("mute", "circle-x"),
}  # fmt: skip


def decorate(variation):
    """The change with the face of its state."""
    variation.face = (variation.state_label, *FACES[State(variation.state)])
    return variation


def of_agreement(agreement, person):
    """For the agreement's page: the latest short-term changes, and where to write one."""
    rows = [decorate(row) for row in agreement.variations.order_by("-pk")[:5]]
    may_add = policies.can_manage_variations(None, person) and agreement.state in Agreement.APPLYING
    return {"variations": rows, "may_add_variation": may_add}

"""Handing up and taking over as steps of a record's page, the same for every kind that has a desk."""

from django.utils.translation import gettext as _

from records import policies
from slm.actions import handover
from slm.forms_handover import HandOverForm
from slm.workspace_acts import Act
from slm.workspace_steps import StepPage


def _up_words(_request, record, _form):
    desk = handover.desk_above(record.owner_group)
    if desk is None:
        return {}
    words = {"desk": desk.name, "own": record.owner_group.name}
    return {"lead": _("%(desk)s becomes responsible instead of %(own)s, and works on it where %(own)s did.") % words}  # fmt: skip


def _over_words(_request, record, _form):
    words = {"desk": record.owner_group.name}
    return {"lead": _("The central desk becomes responsible instead of %(desk)s, and works on it where %(desk)s did.") % words}  # fmt: skip


STEPS = {
    "hand-up": StepPage(
        handover.hand_up, lambda: _("Hand up %(number)s"), lambda: _("Hand up"),
        lambda: _("%(number)s is handed up."), HandOverForm, policy=policies.can_hand_up,
        context=_up_words,
    ),
    "take-over": StepPage(
        handover.take_over, lambda: _("Take over %(number)s"), lambda: _("Take over"),
        lambda: _("%(number)s is the central desk's now."), HandOverForm,
        policy=policies.can_take_over, context=_over_words,
    ),
}  # fmt: skip


def acts_of(record, person):
    """[Act] for the menu: what this person may do with the responsible desk of an open record."""
    if not record.is_open:
        return []
    found = []
    if policies.can_hand_up(record, person):
        found.append(Act("hand-up", _("Hand up…"), "arrow-up"))
    if policies.can_take_over(record, person):
        found.append(Act("take-over", _("Take over…"), "hand"))
    return found

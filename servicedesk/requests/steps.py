"""The steps of a request as pages: which form asks, which action acts, what is said about it."""

from django.utils.translation import gettext as _

from incidents.steps import asked_reason, hold_words
from servicedesk.requests import forms, policies
from servicedesk.requests.actions import approving, fulfilling
from slm import workspace_desks
from slm.workspace_steps import StepPage

STEPS = {
    "assign": StepPage(
        fulfilling.assign, lambda: _("Assign %(number)s"), lambda: _("Assign"),
        lambda: _("%(number)s is assigned."), forms.AssignForm,
    ),
    "take": StepPage(
        fulfilling.take_in_hand, lambda: "", lambda: "",
        lambda: _("%(number)s is in your hands now."),
    ),
    "start": StepPage(
        fulfilling.start, lambda: "", lambda: "", lambda: _("Work on %(number)s begins."),
    ),
    "hold": StepPage(
        fulfilling.hold, lambda: _("Put %(number)s on hold"), lambda: _("Put on hold"),
        lambda: _("%(number)s is on hold."), forms.HoldForm, initial=asked_reason,
        context=hold_words,
    ),
    "resume": StepPage(
        fulfilling.resume, lambda: "", lambda: "", lambda: _("Work on %(number)s goes on."),
        policy=policies.can_comment,
    ),
    "reject-order": StepPage(
        approving.reject, lambda: _("Reject %(number)s"), lambda: _("Reject the order"),
        lambda: _("%(number)s is rejected."), forms.RejectForm, is_danger=True,
    ),
    "fulfil": StepPage(
        fulfilling.fulfil, lambda: _("Fulfil %(number)s"),
        lambda: _("Fulfil and tell the requester"), lambda: _("%(number)s is fulfilled."),
        forms.FulfilForm,
    ),
    "confirm": StepPage(
        fulfilling.confirm, lambda: _("Close %(number)s"),
        lambda: _("Close: the requester confirmed"), lambda: _("%(number)s is closed."),
        forms.ConfirmForm, policy=policies.can_confirm,
    ),
    "reject": StepPage(
        fulfilling.dispute, lambda: _("Reopen %(number)s"), lambda: _("Reopen"),
        lambda: _("%(number)s is open again."), forms.DisputeForm, policy=policies.can_confirm,
    ),
    "cancel": StepPage(
        fulfilling.cancel, lambda: _("Cancel %(number)s"), lambda: _("Cancel the request"),
        lambda: _("%(number)s is cancelled."), forms.CancelForm, policy=policies.can_cancel,
        is_danger=True,
    ),
}  # fmt: skip
STEPS |= workspace_desks.STEPS

"""The steps of feedback as pages: which form asks, which action acts, what is said about it."""

from django.utils.translation import gettext as _

from servicedesk.feedback import forms, policies
from servicedesk.feedback.actions import ending, handling
from slm.workspace_steps import StepPage


def _current_owner(_request, feedback):
    return {"owner": feedback.owner_id}


STEPS = {
    "review": StepPage(
        handling.review, lambda: _("Look into %(number)s"), lambda: _("Begin the review"),
        lambda: _("%(number)s is under review."), forms.ReviewForm, policy=policies.can_work,
    ),
    "hand-over": StepPage(
        handling.hand_over, lambda: _("Hand over %(number)s"), lambda: _("Hand over"),
        lambda: _("%(number)s is handed over."), forms.OwnerForm, policy=policies.can_work,
        initial=_current_owner,
    ),
    "assign": StepPage(
        handling.assign, lambda: _("Assign %(number)s"), lambda: _("Assign"),
        lambda: _("%(number)s is assigned."), forms.AssignForm, policy=policies.can_work,
    ),
    "answer": StepPage(
        handling.give_answer, lambda: _("Answer %(number)s"), lambda: _("Send the answer"),
        lambda: _("%(number)s is answered."), forms.AnswerForm, policy=policies.can_answer,
    ),
    "improve": StepPage(
        handling.raise_improvement, lambda: _("Ask the service owner for an improvement"),
        lambda: _("Ask the service owner for an improvement"),
        lambda: _("The service owner has it as a task."), forms.ImproveForm,
        policy=policies.can_answer,
    ),
    "confirm": StepPage(
        ending.close, lambda: _("Close %(number)s"),
        lambda: _("Close: the requester is content"), lambda: _("%(number)s is closed."),
        forms.ConfirmForm, policy=policies.can_close,
    ),
}  # fmt: skip

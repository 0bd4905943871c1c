"""The form of an answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.models import ApprovalVote

Vote = ApprovalVote.Vote


class AnswerForm(forms.Form):
    vote = forms.ChoiceField(
        label=_("Your answer"), choices=[(Vote.APPROVE, _("Approve")), (Vote.REJECT, _("Reject"))],
        error_messages={"required": _("Say yes or no.")},
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Reason"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self):
        found = super().clean()
        if found.get("vote") == Vote.REJECT and not found.get("comment", "").strip():
            self.add_error("comment", _("Say why you reject it."))
        return found

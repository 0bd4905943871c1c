"""The form of moving a record between desks: the reason, which both desks read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from slm.forms_work import StepForm, text_area


class HandOverForm(StepForm):
    reason = forms.CharField(
        label=_("Why"), max_length=2000, widget=text_area(3),
        help_text=_("Both desks read it; the requester does not."),
    )  # fmt: skip

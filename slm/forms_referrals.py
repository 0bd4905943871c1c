"""Forms of handing a record to a supplier and of what comes back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm
from people.models import Organization
from people.pickers import named
from slm.forms_work import KeyedPicker


class ReferForm(OnceForm):
    supplier = KeyedPicker(
        Organization.objects.filter(kind=Organization.Kind.SUPPLIER, is_active=True),
        url_name="people:pick_organizations", query="?kind=supplier", match=named,
        label=_("Supplier"),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("Contact"), max_length=200, help_text=_("Whom you reach there, and how.")
    )
    question = forms.CharField(
        label=_("What they are asked"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5})
    )
    external_ref = forms.CharField(
        label=_("Their number"), max_length=120, required=False,
        help_text=_("Where they have given one already."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why without a contract"), max_length=300, required=False,
        help_text=_("Needed where no contract with them is in force."),
    )  # fmt: skip


class AcknowledgeForm(OnceForm):
    external_ref = forms.CharField(label=_("Their number"), max_length=120)


class AnswerForm(OnceForm):
    text = forms.CharField(
        label=_("Their answer"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5})
    )


class AcceptForm(OnceForm):
    """Nothing to say: the step alone."""


class ReasonForm(OnceForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


STEP_FORMS = {
    "acknowledge": AcknowledgeForm,
    "answer": AnswerForm,
    "accept": AcceptForm,
    "reject_answer": ReasonForm,
    "recall": ReasonForm,
}

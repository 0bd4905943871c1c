"""The forms of a request's steps. What a step demands is said here first, and by the action again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms import AssignForm, CancelForm, CategoryField, ConfirmForm, HoldForm
from records.models import Category, Record
from slm.forms_work import StepForm, ci_field, service_field, text_area

__all__ = ["AssignForm", "CancelForm", "ConfirmForm", "HoldForm"]


class RejectForm(StepForm):
    reason = forms.CharField(
        label=_("Why we do not do it"), max_length=5000, widget=text_area(3),
        help_text=_("The requester reads this, and may change the order and send it again."),
    )  # fmt: skip


class FulfilForm(StepForm):
    resolution = forms.CharField(
        label=_("What was done"), required=False, max_length=20_000, widget=text_area(4),
        help_text=_("The requester reads this. Empty: everything that was ordered is done."),
    )  # fmt: skip


class DisputeForm(StepForm):
    reason = forms.CharField(
        label=_("What is missing or wrong"), max_length=20_000, widget=text_area(4)
    )


class EditForm(StepForm):
    """One fact, in its place."""

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"] = MAKERS[name](self.person)
        if not self.is_bound:
            self.initial.setdefault("value", getattr(self.record, name))


MAKERS = {
    "title": lambda person: forms.CharField(label=_("Subject"), max_length=200),
    "category": lambda person: CategoryField(
        Category.objects.for_kind("service_request").select_related("parent__parent__parent")
        .order_by("path"), label=_("Category"), required=False,
    ),
    "service": service_field,
    "ci": lambda person: ci_field(person, required=False),
    "confidentiality": lambda person: forms.ChoiceField(
        label=_("Confidentiality"), choices=Record.Confidentiality.choices
    ),
    "cost_centre": lambda person: forms.CharField(
        label=_("Cost centre"), max_length=60, required=False
    ),
}  # fmt: skip

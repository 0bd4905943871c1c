"""The forms of feedback's steps. What a step demands is said here first, and by the action again."""

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from incidents.forms import AssignForm, ConfirmForm
from servicedesk.feedback import confidence
from servicedesk.models import Feedback
from slm.forms_work import StepForm, agent_field, service_field, text_area

__all__ = ["AssignForm", "ConfirmForm"]


class OwnerForm(StepForm):
    """Who owns the answer."""

    owner = forms.CharField(required=False)
    note = forms.CharField(
        label=_("Note for the others"), required=False, max_length=500, widget=text_area(2)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"] = agent_field(
            self.person, label=_("Who answers it"),
            help_text=_("One person stands for the answer: nobody who is involved in it."),
        )  # fmt: skip
        self.fields["note"] = self.fields.pop("note")

    def clean_owner(self):
        owner = self.cleaned_data["owner"]
        if owner is not None and not confidence.may_own(self.record, owner):
            raise forms.ValidationError(
                _g("Choose somebody who works here and is not involved in it.")
            )
        return owner


class ReviewForm(OwnerForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound and confidence.may_own(self.record, self.person):
            self.initial.setdefault("owner", self.person.pk)


class AnswerForm(StepForm):
    outcome = forms.ChoiceField(
        label=_("Is the complaint justified?"), choices=Feedback.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the complaint is justified.")},
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer"), max_length=20_000, widget=text_area(6),
        help_text=_("The requester reads this. If they are not content, it goes one level up."),
        error_messages={"required": _("Write the answer.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.record.is_complaint:
            del self.fields["outcome"]


class ImproveForm(StepForm):
    wish = forms.CharField(
        label=_("What should become better"), max_length=2000, widget=text_area(3),
        help_text=_(
            "The owner of the service gets it as a task, and may then read this feedback."
        ),
    )  # fmt: skip


class EditForm(StepForm):
    """One fact, in its place."""

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"] = MAKERS[name](self.person)
        if not self.is_bound:
            self.initial.setdefault("value", getattr(self.record, name))


def severity_field(_person):
    return forms.TypedChoiceField(
        label=_("Severity"), choices=Feedback.Severity.choices, coerce=int
    )


MAKERS = {
    "title": lambda person: forms.CharField(label=_("Subject"), max_length=200),
    "service": service_field,
    "severity": severity_field,
}

"""The form of a survey's answer, and of how often a service is asked about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm
from servicedesk.forms.portal import Words
from servicedesk.models import SurveyResponse
from servicedesk.surveys.actions import LONGEST_COMMENT
from slm.forms_work import service_field


class SurveyForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How content were you?"), choices=SurveyResponse.Score.choices, coerce=int,
        widget=forms.RadioSelect, error_messages={"required": _("Choose one of the five.")},
    )  # fmt: skip
    comment = Words(
        label=_("What was good, what was not?"), required=False, max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class RateForm(OnceForm):
    service = forms.CharField(required=False)
    percent = forms.IntegerField(
        label=_("Surveys for a hundred closed tickets"), min_value=0, max_value=100,
        help_text=_("0: never ask about this service."),
    )  # fmt: skip

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"] = service_field(person)
        self.fields["percent"] = self.fields.pop("percent")

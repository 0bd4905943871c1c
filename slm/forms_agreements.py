"""What is asked about an agreement: its scope, its times and texts, and its steps."""

from datetime import timedelta

from django import forms
from django.contrib.postgres.fields.ranges import DateRange
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from cmdb.models import Service
from core.forms import OnceForm
from core.reference import PickerField
from people.models import Organization
from people.pickers import group_field, named, organization_field
from records.kinds import Phase
from slm.forms_work import KeyedPicker
from slm.models import Agreement
from slm.terms import ClockKind

# What stands in the form beside the fields of all kinds.
OF_KIND = {
    "sla": ("customer", "agreed_service", "service_hours"),
    "ola": ("provider_group", "consumer_group", "agreed_service", "underpins"),
    "uc": ("supplier", "agreed_service", "service_hours", "underpins"),
}
APART = ("customer", "provider_group", "consumer_group", "supplier", "agreed_service",
         "service_hours", "underpins")  # fmt: skip


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class ValidForm(forms.Form):
    """From a day, and up to a day that is still included."""

    valid_from = forms.DateField(label=_("Valid from"), widget=DateInput())
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=DateInput(),
        help_text=_("The last day. Empty: until further notice."),
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The end lies before the start."))
        return cleaned

    @property
    def valid(self):
        last = self.cleaned_data["valid_until"]
        after = last + timedelta(days=1) if last else None
        return DateRange(self.cleaned_data["valid_from"], after)


class AgreementForm(ValidForm, OnceForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    customer = organization_field(
        label=_("Customer"), required=False, help_text=_("Empty: all customers.")
    )
    provider_group = group_field(label=_("Providing group"))
    consumer_group = group_field(
        label=_("Receiving group"), required=False, help_text=_("Empty: whoever asks the group.")
    )
    supplier = PickerField(
        Organization.objects.filter(kind=Organization.Kind.SUPPLIER),
        url_name="people:pick_organizations", match=named, label=_("Supplier"),
    )  # fmt: skip
    agreed_service = KeyedPicker(
        Service.objects.all(), url_name="cmdb:pick_service", match=named, to_field_name="code",
        label=_("Service"), required=False, help_text=_("Empty: all services."),
    )  # fmt: skip
    underpins = forms.ModelMultipleChoiceField(
        Agreement.objects.none(), label=_("Underpins"), required=False,
        help_text=_("The SLAs that this one holds up: the chain check adds its times to theirs."),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        Calendar.objects.active(), label=_("Support hours"),
        help_text=_("Promised times run in these hours."),
    )  # fmt: skip
    service_hours = forms.ModelChoiceField(
        Calendar.objects.active(), label=_("Agreed service time"), required=False,
        help_text=_("Availability is measured in these hours. Empty: the support hours."),
    )  # fmt: skip
    time_zone_rule = forms.ChoiceField(
        label=_("Time zone"), choices=Agreement.ZoneRule.choices,
        help_text=_("On whose wall clock the support hours are read."),
    )  # fmt: skip
    review_cycle_months = forms.IntegerField(
        label=_("Review every (months)"), min_value=1, max_value=60, initial=6
    )
    text_en = forms.CharField(
        label=_("Text in English"), required=False, max_length=50_000,
        widget=forms.Textarea({"rows": 5}),
    )  # fmt: skip
    text_zh = forms.CharField(
        label=_("Text in Chinese"), required=False, max_length=50_000,
        widget=forms.Textarea({"rows": 5}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, kind, person, agreement=None, **kwargs):
        if agreement is not None:
            kwargs["initial"] = _present(agreement)
        super().__init__(*args, **kwargs)
        for name in APART:
            if name not in OF_KIND[kind]:
                del self.fields[name]
        if "underpins" in self.fields:
            slas = Agreement.objects.visible_to(person).filter(agreement_kind=ClockKind.SLA)
            field = self.fields["underpins"]
            field.queryset = slas.exclude(phase=Phase.CLOSED).order_by("title", "pk")
            field.label_from_instance = lambda row: f"{row.number} {row.title}"

    def answers(self):
        """What the actions take, beside the targets."""
        apart = {"valid_from", "valid_until", "seen", "submit_token"}
        given = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return given | {"valid": self.valid}


def _present(agreement):
    names = ("title", "time_zone_rule", "review_cycle_months", "text_en", "text_zh")
    keys = ("customer", "provider_group", "consumer_group", "supplier", "calendar",
            "service_hours")  # fmt: skip
    service = agreement.agreed_service
    upper = agreement.valid.upper
    return (
        {name: getattr(agreement, name) for name in names}
        | {name: getattr(agreement, f"{name}_id") for name in keys}
        | {
            "valid_from": agreement.valid.lower,
            "valid_until": upper - timedelta(days=1) if upper else None,
            "agreed_service": service.code if service else None,
            "underpins": list(agreement.underpins.values_list("pk", flat=True)),
            "seen": agreement.version,
        }
    )


# --- steps ------------------------------------------------------------------------------------


class StepForm(OnceForm):
    """A step without questions: a comment may be kept with it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class SubmitForm(OnceForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why it is signed although the chain check fails"), required=False,
        max_length=2000, widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class SendBackForm(OnceForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    comment = forms.CharField(
        label=_("What must change"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class TerminateForm(OnceForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    day = forms.DateField(
        label=_("Ends on"), widget=DateInput(), help_text=_("From this day on it promises nothing.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class ReviseForm(ValidForm, OnceForm):
    pass

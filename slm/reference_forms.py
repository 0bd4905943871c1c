"""What administrators and service level managers are asked about escalation policies."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.reference import ReferenceForm
from people import pickers
from people.models import SupportGroup
from records.kinds import OPEN_PHASES, queued_kinds
from records.reference_forms import IDENTIFIER_HELP, kind_choices, level_choices
from slm.models.escalation import EscalationPolicy, EscalationStep

MINUTE = 60
LARGEST_SHARE = 1000


def queued_choices():
    queued = set(queued_kinds())
    return [("", _("Every kind")), *[pair for pair in kind_choices() if pair[0] in queued]]


def priority_choices():
    return [("", _("Every priority")), *[(level, f"P{level}") for level in range(1, 6)]]


class EscalationPolicyForm(ReferenceForm):
    organization = pickers.organization_field(label=_("Organisation"), required=False)
    record_kind = forms.ChoiceField(
        label=_("Kind of record"), choices=queued_choices, required=False
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=priority_choices, coerce=int, empty_value=None, required=False
    )
    more_labels = {"steps": _("Steps")}

    class Meta:
        model = EscalationPolicy
        fields = [
            "code", "name_en", "name_zh", "agreement", "service", "organization", "record_kind",
            "priority",
        ]  # fmt: skip
        help_texts = {
            "code": IDENTIFIER_HELP,
            "agreement": _("The narrowest policy that fits a ticket applies."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agreements = self.fields["agreement"].queryset
        self.fields["agreement"].queryset = agreements.filter(
            phase__in=OPEN_PHASES
        ) | agreements.filter(pk=self.instance.agreement_id)
        self.fields["agreement"].label_from_instance = lambda row: f"{row.number} {row.title}"

    def more_marks(self, row):
        return {"steps": list(row.steps.order_by("pk").values_list())}


class StepForm(forms.ModelForm):
    """One rung. The value is a share of the target, or minutes; the database keeps seconds."""

    person = pickers.person_field(label=_("Person"), required=False)
    only_priority = forms.TypedChoiceField(
        label=_("Only for priority"), choices=level_choices, coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip

    class Meta:
        model = EscalationStep
        fields = [
            "order", "on", "value", "metric", "type", "to", "group", "person", "repeat_every",
            "only_priority", "respects_calendar",
        ]  # fmt: skip
        labels = {"order": _("Place in the ladder")}
        help_texts = {"value": _("Per cent of the target, or minutes.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].choices = [
            (EscalationStep.On.PERCENT.value, _("Share of the target (per cent)")),
            (EscalationStep.On.UNASSIGNED_FOR.value, _("Unassigned for (minutes)")),
            (EscalationStep.On.NO_UPDATE_FOR.value, _("No update for (minutes)")),
        ]
        self.fields["group"].queryset = SupportGroup.objects.active()
        self.fields["to"].choices = [("", "–"), *EscalationStep.To.choices]
        if self.instance.pk and self.instance.on != EscalationStep.On.PERCENT:
            self.initial["value"] = f"{self.instance.value / MINUTE:g}"

    def clean(self):
        cleaned = super().clean()
        on, value, to = cleaned.get("on"), cleaned.get("value"), cleaned.get("to")
        if on == EscalationStep.On.PERCENT:
            if value is not None and not 1 <= value <= LARGEST_SHARE:
                self.add_error("value", _("Give a share between 1 and 1000 per cent."))
        elif value is not None:
            if cleaned.get("repeat_every"):
                self.add_error("repeat_every", _("Only a share of the target repeats."))
            cleaned["value"] = value * MINUTE
            if not 0 < value <= 60 * 24 * 365:
                self.add_error("value", _("Give a number of minutes between 1 and 525600."))
        if to == EscalationStep.To.GROUP and not cleaned.get("group"):
            self.add_error("group", _("Name the group."))
        is_missing = "person" not in self.errors and not cleaned.get("person")
        if to == EscalationStep.To.PERSON and is_missing:
            self.add_error("person", _("Name the person."))
        return cleaned


class Steps(forms.BaseInlineFormSet):
    template = "reference/_rows.html"
    title = _("Steps")
    help = _("Save to get an empty row for the next step.")


def steps(row, data):
    factory = forms.inlineformset_factory(
        EscalationPolicy, EscalationStep, form=StepForm, formset=Steps, extra=1, max_num=30,
        validate_max=True,
    )  # fmt: skip
    formset = factory(data, instance=row, prefix="steps")
    for form in formset.extra_forms:
        form.initial["order"] = formset.initial_form_count() + 1
    return formset

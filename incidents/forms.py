"""The forms of an incident's steps. What a step demands is said here first, and by the action again."""

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from incidents import escalating
from incidents.models import STAGES, Incident
from people.models import GroupMembership, SupportGroup
from records import priority as priorities
from records.models import Category, ClosureCode, PendingReason, Record
from slm.forms_work import (
    MomentField,
    StepForm,
    agent_field,
    ci_field,
    group_field,
    record_field,
    service_field,
    text_area,
)
from slm.models import Escalation
from slm.workspace_words import level_word


class PlainForm(StepForm):
    """A step that needs no words."""


class AssignForm(StepForm):
    group = group_field(required=False, help_text=_("Empty: the group of the person."))
    person = forms.CharField(required=False)
    note = forms.CharField(
        label=_("Note for the others"), required=False, max_length=500, widget=text_area(2)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = agent_field(self.person, required=False)
        self.fields["note"] = self.fields.pop("note")
        if not self.is_bound:
            self.initial.setdefault("group", self.record.assigned_group_id)

    def clean(self):
        cleaned = super().clean()
        group, person = cleaned.get("group"), cleaned.get("person")
        if group is None and person is not None:
            cleaned["group"] = group_of(person, self.record)
        if cleaned.get("group") is None and not self.errors:
            self.add_error("group", _g("Choose a group or a person."))
        return cleaned


def group_of(person, record):
    """The group in which a person takes a record: the present one if they belong to it."""
    own = SupportGroup.objects.active().filter(
        pk__in=GroupMembership.objects.filter(person=person).values("group")
    )
    return own.filter(pk=record.assigned_group_id).first() or own.order_by("code").first()


class HoldForm(StepForm):
    reason = forms.ModelChoiceField(
        PendingReason.objects.active().order_by("order", "code"), label=_("Waiting for"),
        to_field_name="code",
    )  # fmt: skip
    until = MomentField(
        label=_("Until"),
        required=False,
        help_text=_("Work goes on by itself at this moment, or when the desk opens next."),
    )
    message = forms.CharField(
        label=_("Message to the requester"), required=False, max_length=20_000, widget=text_area(4),
        help_text=_("They read it; it counts as an answer."),
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        reason = cleaned.get("reason")
        if reason is not None and reason.needs_date and not cleaned.get("until"):
            self.add_error("until", _g("Say until when."))
        return cleaned


class EscalateForm(StepForm):
    group = group_field()
    person = forms.CharField(required=False)
    note = forms.CharField(
        label=_("What the other group needs to know"), max_length=5000, widget=text_area(4)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = self.fields["group"].queryset.exclude(
            pk=self.record.assigned_group_id
        )
        self.fields["person"] = agent_field(self.person, required=False)
        self.fields["note"] = self.fields.pop("note")


class EscalateUpForm(StepForm):
    """To more authority: the work stays where it is, and somebody who decides is told."""

    to = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)
    who = forms.CharField(required=False)
    reason = forms.CharField(
        label=_("What they need to decide or do"), max_length=300, widget=text_area(3)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ranks = escalating.ranks_of(self.record)
        self.fields["to"].choices = [
            (
                code,
                _g("%(rank)s: %(names)s")
                % {
                    "rank": label,
                    "names": ", ".join(person.name for person in people),
                },
            )
            for code, label, people in ranks
        ] + [(escalating.PERSON, _g("Somebody else"))]
        self.fields["who"] = agent_field(self.person, required=False)
        self.fields["reason"] = self.fields.pop("reason")
        if not self.is_bound:
            self.initial.setdefault("to", ranks[0][0] if ranks else escalating.PERSON)

    def clean(self):
        cleaned = super().clean()
        is_nobody = not cleaned.get("who") and "who" not in self.errors
        if cleaned.get("to") == escalating.PERSON and is_nobody:
            self.add_error("who", _g("Choose a person."))
        return cleaned


class AcknowledgeForm(StepForm):
    """Which of the escalations were seen; all of them, unless said otherwise."""

    escalations = forms.ModelMultipleChoiceField(
        Escalation.objects.none(), label=_("Escalations"), widget=forms.CheckboxSelectMultiple
    )
    comment = forms.CharField(
        label=_("What happens now"), max_length=300, required=False, widget=text_area(2),
        help_text=_("Colleagues read it in the story; the requester does not."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        waiting = escalating.unseen(self.record)
        self.fields["escalations"].queryset = Escalation.objects.filter(record=self.record)
        self.fields["escalations"].choices = [(row.pk, escalating.words(row)) for row in waiting]
        if not self.is_bound:
            self.initial.setdefault("escalations", [row.pk for row in waiting])


class ResolveForm(StepForm):
    resolution = forms.CharField(
        label=_("Solution"), max_length=20_000, widget=text_area(5),
        help_text=_("The requester reads this."),
    )  # fmt: skip
    closure_code = forms.ModelChoiceField(
        ClosureCode.objects.active().filter(kind="incident", is_offered=True),
        label=_("Closure code"), to_field_name="code",
    )  # fmt: skip
    service = forms.CharField()
    workaround_used = forms.BooleanField(label=_("Solved by a workaround"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"] = service_field(self.person)
        self.fields["workaround_used"] = self.fields.pop("workaround_used")
        if not self.is_bound:
            self.initial.setdefault("service", self.record.service)
        if self.record.service_interrupted:
            for name in STAGES[2:]:
                self.fields[name] = stage_field(name)
                if not self.is_bound:
                    self.initial.setdefault(name, getattr(self.record, name))


def stage_field(name):
    return MomentField(label=Incident._meta.get_field(name).verbose_name, required=False)


class ConfirmForm(StepForm):
    comment = forms.CharField(
        label=_("What the requester said"), required=False, max_length=2000, widget=text_area(2)
    )


class RejectForm(StepForm):
    reason = forms.CharField(
        label=_("What does not work yet"), max_length=20_000, widget=text_area(4)
    )


class CancelForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=text_area(3))


class MajorForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=text_area(2))
    manager = forms.CharField()
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=[(1, "1"), (2, "2")], coerce=int, initial=1
    )
    comms_minutes = forms.IntegerField(
        label=_("Update every (minutes)"), min_value=5, max_value=1440, initial=30
    )
    bridge_info = forms.CharField(
        label=_("Conference"), max_length=300, required=False,
        help_text=_("Room, number or link where those who work on it meet."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manager"] = agent_field(self.person, label=_("Manager"))
        self.order_fields(["reason", "manager", "severity", "comms_minutes", "bridge_info"])


class BroadcastForm(StepForm):
    body = forms.CharField(
        label=_("Update to everybody affected"), max_length=20_000, widget=text_area(4)
    )


class EndMajorForm(StepForm):
    comment = forms.CharField(
        label=_("Last word to everybody affected"), required=False, max_length=5000,
        widget=text_area(3),
    )  # fmt: skip


class MergeForm(StepForm):
    target = forms.CharField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = self.record.number
        rows = (
            Record.objects.visible_to(self.person).active().filter(kind="incident")
            .exclude(pk=self.record.pk)
        )  # fmt: skip
        self.fields["target"] = record_field(
            self.person, f"?kind=incident&open=1&without={number}", rows, label=_("Merge into"),
            help_text=_("The open incident that goes on."),
        )  # fmt: skip


class TimesForm(StepForm):
    """The expanded lifecycle: began, noticed, diagnosed, repaired, recovered, restored."""

    service_interrupted = forms.BooleanField(label=_("The service is interrupted"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in STAGES:
            self.fields[name] = stage_field(name)
            self.fields[name].required = name in STAGES[:2]
            if not self.is_bound:
                self.initial.setdefault(name, getattr(self.record, name))
        if not self.is_bound:
            self.initial.setdefault("service_interrupted", self.record.service_interrupted)


class PriorityForm(StepForm):
    """Impact and urgency give the priority; another one needs a reason."""

    impact = forms.TypedChoiceField(label=_("Impact"), coerce=int)
    urgency = forms.TypedChoiceField(label=_("Urgency"), coerce=int)
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, required=False, empty_value=None
    )
    reason = forms.CharField(
        label=_("Why the priority differs"), required=False, max_length=300, widget=text_area(2)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        record = self.record
        impacts, urgencies = priorities.levels(record.service, record.organization)
        self.fields["impact"].choices = _levels(impacts, record.impact)
        self.fields["urgency"].choices = _levels(urgencies, record.urgency)
        matrix = [("", _g("as the matrix says"))]
        self.fields["priority"].choices = matrix + [(level, f"P{level}") for level in range(1, 6)]
        if not self.is_bound:
            self.initial.setdefault("impact", record.impact)
            self.initial.setdefault("urgency", record.urgency)
            self.initial.setdefault("reason", record.priority_override_reason)
            if record.priority_override_reason:
                self.initial.setdefault("priority", record.priority)


def _levels(levels, present):
    known = sorted({*levels, *([present] if present else [])})
    return [(level, level_word(level)) for level in known]


# --- one field in its place -------------------------------------------------------------------


class CategoryField(forms.ModelChoiceField):
    def label_from_instance(self, category):
        return category_path(category)


def category_path(category):
    """The category with what it is part of: Network › VPN."""
    names, at = [], category
    while at is not None:
        names.append(at.name)
        at = at.parent
    return " › ".join(reversed(names))


def edit_field(name, record, person):
    """The form field that changes one fact of an incident; None for what is not edited so."""
    makers = {
        "title": lambda: forms.CharField(label=_("Subject"), max_length=200),
        "category": lambda: CategoryField(
            Category.objects.for_kind("incident").select_related("parent__parent__parent")
            .order_by("path"), label=_("Category"), required=False,
        ),
        "service": lambda: service_field(person, required=False),
        "ci": lambda: ci_field(person, required=False),
        "incident_kind": lambda: forms.ChoiceField(label=_("Kind"), choices=Incident.Kind.choices),
        "confidentiality": lambda: forms.ChoiceField(
            label=_("Confidentiality"), choices=Record.Confidentiality.choices
        ),
        "users_affected": lambda: forms.IntegerField(
            label=_("Affected users"), min_value=0, max_value=10_000_000, required=False
        ),
    }  # fmt: skip
    return makers[name]() if name in makers else None


EDITABLE = (
    "title", "category", "service", "ci", "incident_kind", "confidentiality", "users_affected",
)  # fmt: skip


class EditForm(StepForm):
    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"] = edit_field(name, self.record, self.person)
        if not self.is_bound:
            self.initial.setdefault("value", getattr(self.record, name))

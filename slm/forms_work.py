"""Forms of a record's page that every kind shares: tasks, time, links, people, configuration items."""

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmdb.models import CI, Service
from core.forms import OnceForm
from core.reference.forms import PickerBound, PickerField
from people.models import Person, SupportGroup
from people.pickers import matching_person
from people.roles import INTERNAL
from records.models import Record, RecordCI, RecordLink, Task, TimeEntry


class StepForm(OnceForm):
    """A step on a record that its sender has seen in a certain version."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args, record=None, person=None, **kwargs):
        self.record, self.person = record, person
        super().__init__(*args, **kwargs)
        if record is not None and not self.is_bound:
            self.initial.setdefault("version", record.version)


class KeyedBound(PickerBound):
    """A picker whose suggestions depend on where it stands, and whose key is no number."""

    @property
    def picker_url(self):
        return reverse(self.field.url_name) + self.field.query


class KeyedPicker(PickerField):
    def __init__(self, *args, query="", **kwargs):
        self.query = query
        super().__init__(*args, **kwargs)

    def get_bound_field(self, form, field_name):
        return KeyedBound(form, self, field_name)

    def text_of(self, value):
        if value in (None, ""):
            return ""
        try:
            row = self.queryset.filter(**{self.to_field_name or "pk": value}).first()
        except (TypeError, ValueError):
            return ""
        return str(getattr(row, "name", row)) if row else ""


def _by_number_or_name(queryset, words):
    exact = queryset.filter(number__iexact=words)
    return exact if exact.exists() else queryset.filter(name__icontains=words)


def _service_named(queryset, words):
    exact = queryset.filter(code__iexact=words)
    if exact.exists():
        return exact
    return queryset.filter(name_en__icontains=words) | queryset.filter(name_zh__icontains=words)


def _record_numbered(queryset, words):
    return queryset.filter(number__iexact=words)


def ci_field(person, **kwargs):
    kwargs.setdefault("label", _("Configuration item"))
    return KeyedPicker(
        CI.objects.visible_to(person).present(), url_name="cmdb:pick", match=_by_number_or_name,
        to_field_name="number", **kwargs,
    )  # fmt: skip


def service_field(person, **kwargs):
    kwargs.setdefault("label", _("Service"))
    return KeyedPicker(
        Service.objects.visible_to(person).live(), url_name="cmdb:pick_service",
        match=_service_named, to_field_name="code", **kwargs,
    )  # fmt: skip


def record_field(person, query="", rows=None, **kwargs):
    kwargs.setdefault("label", _("Record"))
    rows = Record.objects.visible_to(person) if rows is None else rows
    return KeyedPicker(
        rows, url_name="work:pick", match=_record_numbered, to_field_name="number", query=query,
        **kwargs,
    )  # fmt: skip


def person_field(person, **kwargs):
    kwargs.setdefault("label", _("Person"))
    return KeyedPicker(
        Person.objects.visible_to(person).active().humans(), url_name="people:pick",
        match=matching_person, **kwargs,
    )  # fmt: skip


def workers():
    """Who may be given work or a part in it: members of groups, and holders of internal roles."""
    works = Q(memberships__group__is_active=True) | Q(role_assignments__role__in=INTERNAL)
    return Person.objects.active().humans().filter(works).distinct()


def agent_field(person, **kwargs):
    kwargs.setdefault("label", _("Person"))
    return KeyedPicker(
        workers(), url_name="work:pick_members",
        match=matching_person, **kwargs,
    )  # fmt: skip


def group_field(**kwargs):
    kwargs.setdefault("label", _("Group"))
    return GroupField(SupportGroup.objects.active().order_by("code"), **kwargs)


class GroupField(forms.ModelChoiceField):
    def label_from_instance(self, group):
        return f"{group.name} ({group.code})"


class MomentField(forms.DateTimeField):
    """An instant on the reader's clock, typed by the browser's own control."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        )
        super().__init__(**kwargs)


def text_area(rows=3, **attrs):
    return forms.Textarea(attrs={"rows": rows, **attrs})


class TaskForm(OnceForm):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    group = group_field(required=False)
    assignee = forms.CharField(required=False)
    due_at = MomentField(label=_("Due"), required=False)
    is_mandatory = forms.BooleanField(
        label=_("Must be done before the record is resolved"), required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Task.Kind.choices, initial=Task.Kind.WORK)

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"] = agent_field(person, label=_("Assignee"), required=False)


class TaskResultForm(OnceForm):
    result = forms.CharField(
        label=_("Why, and with which result"), widget=text_area(), max_length=2000
    )


class DurationField(forms.CharField):
    """Minutes, or hours and minutes as "1:30" or "1h30". Gives seconds."""

    default_error_messages = {"invalid": _("Write minutes (45) or hours and minutes (1:30).")}

    def to_python(self, value):
        text = str(super().to_python(value) or "").strip().lower().replace(" ", "")
        if not text:
            return None
        for sign in ("h", "小时", "："):
            text = text.replace(sign, ":")
        hours, colon, minutes = text.rstrip("m分").partition(":")
        if not colon:
            hours, minutes = "0", hours
        if not ((hours or "0").isdecimal() and (minutes or "0").isdecimal()) or len(text) > 7:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(hours or 0) * 3600 + int(minutes or 0) * 60


class TimeForm(OnceForm):
    seconds = DurationField(label=_("Time spent"), help_text=_("Minutes, or hours as 1:30."))
    work_date = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    activity = forms.ChoiceField(label=_("Activity"), choices=TimeEntry.Activity.choices)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("work_date", timezone.localdate())

    def clean_seconds(self):
        seconds = self.cleaned_data["seconds"]
        if not 0 < seconds <= 24 * 3600:
            raise forms.ValidationError(_("Between one minute and one day."))
        return seconds

    def clean_work_date(self):
        day = self.cleaned_data["work_date"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day lies ahead."))
        return day


# What agents link by hand; the other types are made by the processes themselves.
OFFERED_LINKS = (
    ("relates_to", pgettext_lazy("link", "relates to")),
    ("caused_by", pgettext_lazy("link", "was caused by")),
    ("parent_of", pgettext_lazy("link", "is the parent of")),
    ("child_of", pgettext_lazy("link", "is a child of")),
    ("resolved_by", pgettext_lazy("link", "is resolved by")),
    ("workaround_of", pgettext_lazy("link", "is worked around by")),
)


class LinkForm(OnceForm):
    type = forms.ChoiceField(label=_("This record"), choices=OFFERED_LINKS)
    target = forms.CharField()

    def __init__(self, *args, record=None, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Record.objects.visible_to(person).exclude(pk=record.pk)
        self.fields["target"] = record_field(person, rows=rows, label=_("Other record"))

    @property
    def link(self):
        """(type, is turned round)"""
        chosen = self.cleaned_data["type"]
        if chosen == "child_of":
            return RecordLink.Type.PARENT_OF, True
        return RecordLink.Type(chosen), False


class CIForm(OnceForm):
    ci = forms.CharField()
    role = forms.ChoiceField(
        label=_("Part"),
        choices=[
            (role.value, role.label) for role in (RecordCI.Role.AFFECTED, RecordCI.Role.SUSPECTED)
        ],
    )

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ci"] = ci_field(person)


class WatcherForm(OnceForm):
    person = forms.CharField()
    takes_part = forms.BooleanField(
        label=_("May answer like the requester"), required=False,
        help_text=_("Without this, the person only reads and is told."),
    )  # fmt: skip

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = person_field(person)


class RedactForm(OnceForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=text_area(2))

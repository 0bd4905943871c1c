"""What requesters fill in. Labels are questions; limits count characters, and refuse in words
rather than cut what was typed."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cmdb.models import CI
from core import time
from core.forms import OnceForm
from core.reference import PickerField
from core.text import fold, without_nul
from people.pickers import matching_person
from records import files
from servicedesk.portal import policies, services

LONGEST_SUBJECT, LONGEST_TEXT = 200, 20_000
MOST_DEVICES = 50


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files up to the limit, each looked at; the messages name the file."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", ManyFilesInput(attrs={"multiple": True, "data-upload": True}))
        super().__init__(required=False, **kwargs)

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if len(uploads) > files.MOST_FILES:
            most = {"most": files.MOST_FILES}
            raise ValidationError(_("At most %(most)d files at once."), params=most)
        problems = []
        for upload in uploads:
            try:
                files.check(upload)
            except ValidationError as error:
                problems += error.messages
        if problems:
            raise ValidationError(problems)
        return list(uploads)


class Words(forms.CharField):
    """Text whose length is counted by us, in characters, after it was typed."""

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def to_python(self, value):
        return without_nul(super().to_python(value))


def text(label, *, rows=4, required=True, **kwargs):
    widget = forms.Textarea(attrs={"rows": rows, **kwargs.pop("attrs", {})})
    return Words(label=label, required=required, max_length=LONGEST_TEXT, widget=widget, **kwargs)


def matching_service(queryset, words):
    """Rows of which every word is in the name, the code or another name."""
    for word in fold(words).split()[:6]:
        queryset = queryset.filter(ci__search__contains=word)
    return queryset


class ReportForm(OnceForm):
    STOPS = (
        ("blocked", _("I cannot work")),
        ("slower", _("I can work, but slower")),
        ("can_wait", _("It can wait")),
    )
    OTHERS = (
        ("me", _("Only me")),
        ("team", _("My team")),
        ("site", _("The whole site")),
        ("unknown", _("I do not know")),
    )
    subject = Words(
        label=_("What is wrong?"), max_length=LONGEST_SUBJECT,
        help_text=_("One sentence. What may be the same appears as you type."),
        error_messages={"required": _("Say in one sentence what is wrong.")},
    )  # fmt: skip
    details = text(
        _("What happened?"), required=False, rows=5, attrs={"data-draft": "portal-report"},
        help_text=_("What you did, what you saw, what you expected."),
    )  # fmt: skip
    stops = forms.ChoiceField(
        label=_("How much does it stop you?"), choices=STOPS, widget=forms.RadioSelect,
        error_messages={"required": _("Choose the sentence that fits best.")},
    )  # fmt: skip
    others = forms.ChoiceField(
        label=_("Who else has it?"), choices=OTHERS, widget=forms.RadioSelect, required=False
    )
    service = PickerField(
        None, url_name="portal:pick_service", match=matching_service, required=False,
        label=_("Which service?"), help_text=_("Leave it empty if you do not know."),
    )  # fmt: skip
    device = forms.ModelChoiceField(
        None, label=_("Which of your devices?"), required=False, empty_label=_("None of them")
    )
    since = forms.DateTimeField(
        label=_("Since when?"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Give a day and a time, such as 2026-10-08 09:30.")},
    )  # fmt: skip
    for_person = PickerField(
        None, url_name="portal:pick_person", match=matching_person, required=False,
        label=_("For somebody else?"),
        help_text=_("Leave it empty if it concerns yourself. Both of you can follow and answer."),
    )  # fmt: skip
    files = FilesField(label=_("Files"))

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["service"].queryset = services.used_by(person)
        self.fields["for_person"].queryset = policies.colleagues_of(person)
        self.fields["device"].queryset = devices_of(self._whose())

    def _whose(self):
        """The devices are those of whom it is for, as far as the writer may name them."""
        key = self.data.get("for_person", "") if self.is_bound else ""
        if key.isascii() and key.isdigit() and len(key) < 19:
            found = policies.colleagues_of(self.person).filter(pk=int(key)).first()
            return found or self.person
        return self.person

    @property
    def has_devices(self):
        return bool(self.fields["device"].queryset)

    def clean_subject(self):
        subject = " ".join(self.cleaned_data["subject"].split())
        if not subject:
            raise ValidationError(_("Say in one sentence what is wrong."))
        return subject

    def clean_since(self):
        since = self.cleaned_data["since"]
        now = time.now()
        if since is not None and since > now + timedelta(minutes=2):
            raise ValidationError(_("This moment lies ahead."))
        if since is not None and since < now - timedelta(days=3650):
            raise ValidationError(_("This is longer ago than anything we could look up."))
        return min(since, now) if since else None

    def inputs(self):
        """What the action takes."""
        data = dict(self.cleaned_data)
        data.pop("submit_token")
        data["uploads"] = data.pop("files")
        return data


def devices_of(person):
    """What a person uses, as far as it still stands: for the form, so no thousands."""
    used = CI.objects.present().used_by(person).order_by("name", "pk")
    shown = used.values_list("pk", flat=True)[:MOST_DEVICES]
    return CI.objects.filter(pk__in=list(shown)).order_by("name", "pk")


class ReplyForm(OnceForm):
    body = text(_("Your message"), required=False, rows=3)
    files = FilesField(label=_("Files"))

    def clean(self):
        cleaned = super().clean()
        is_empty = not (cleaned.get("body") or "").strip() and not cleaned.get("files")
        if is_empty and not self.errors:
            self.add_error("body", _("Write something first."))
        return cleaned


class ConfirmForm(OnceForm):
    comment = text(_("Anything you want to add?"), required=False, rows=2)


class RejectForm(OnceForm):
    reason = text(
        _("What does not work yet?"), rows=3,
        error_messages={"required": _("Say what does not work yet.")},
    )  # fmt: skip
    files = FilesField(label=_("Files"))


class TakeBackForm(OnceForm):
    reason = text(
        _("Why do you no longer need it?"), rows=2,
        error_messages={"required": _("Give a reason.")},
    )  # fmt: skip


class InviteForm(OnceForm):
    person = PickerField(
        None, url_name="portal:pick_person", match=matching_person, label=_("Colleague"),
        error_messages={"required": _("Choose a colleague of your organisation.")},
    )  # fmt: skip

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = policies.colleagues_of(person)

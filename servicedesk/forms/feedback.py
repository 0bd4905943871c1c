"""The portal's form for complaints, praise, suggestions and opportunities."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm
from core.reference.forms import PickerField
from people.models import SupportGroup
from records.models import Record
from servicedesk.forms.portal import FilesField, Words, matching_service, text
from servicedesk.models import Feedback
from servicedesk.portal import finding, services

MOST_RECORDS = 30
LONGEST_SUBJECT = 200


class RecordChoice(forms.ModelChoiceField):
    def label_from_instance(self, record):
        return f"{record.number} {record.title}"


class FeedbackForm(OnceForm):
    KINDS = (
        ("complaint", _("A complaint: something went wrong in how you were served")),
        ("compliment", _("Praise: somebody or something was good")),
        ("suggestion", _("A suggestion: how it could be better")),
        ("opportunity", _("An opportunity: what IT could do for the business")),
    )
    feedback_kind = forms.ChoiceField(
        label=_("What is it?"), choices=KINDS, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )  # fmt: skip
    title = Words(
        label=_("In one sentence"), max_length=LONGEST_SUBJECT,
        error_messages={"required": _("Say in one sentence what it is about.")},
    )  # fmt: skip
    description = text(
        _("Tell us more"), required=False, rows=5, attrs={"data-draft": "portal-feedback"},
        help_text=_("What happened, and what you would have wished for."),
    )  # fmt: skip
    severity = forms.TypedChoiceField(
        label=_("How serious is it?"), choices=Feedback.Severity.choices, coerce=int,
        empty_value=None, required=False, widget=forms.RadioSelect,
        help_text=_("For complaints only."),
    )  # fmt: skip
    about_record = RecordChoice(
        None, label=_("About which of your requests?"), required=False,
        empty_label=_("None of them"),
    )  # fmt: skip
    about_handler = forms.BooleanField(
        label=_("It is about the person who handled this request"), required=False
    )
    service = PickerField(
        None, url_name="portal:pick_service", match=matching_service, required=False,
        label=_("About which service?"),
    )  # fmt: skip
    about_group = forms.ModelChoiceField(
        None, label=_("About which team?"), required=False, empty_label=_("No team"),
        help_text=_("A team never sees complaints about itself."),
    )  # fmt: skip
    files = FilesField(label=_("Files"))

    def __init__(self, *args, person, about=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["service"].queryset = services.used_by(person)
        self.fields["about_group"].queryset = (
            SupportGroup.objects.active().exclude(kind=SupportGroup.Kind.SUPPLIER)
            .order_by("name_en", "code")
        )  # fmt: skip
        mine = finding.involving(person).exclude(kind="feedback").order_by("-updated_at", "pk")
        shown = list(mine.values_list("pk", flat=True)[:MOST_RECORDS])
        named = self._named(about)
        rows = Record.objects.filter(Q(pk__in=shown) | Q(pk__in=named))
        self.fields["about_record"].queryset = rows.order_by("-updated_at", "pk")

    def _named(self, about):
        """Also an older request, where the page or the form names it and it is one's own to see."""
        key = self.data.get("about_record", "") if self.is_bound else ""
        pk = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None
        wanted = {pk, about.pk if about else None} - {None}
        return finding.shown_to(self.person).filter(pk__in=wanted).exclude(kind="feedback")

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        if not title:
            raise ValidationError(_("Say in one sentence what it is about."))
        return title

    def clean(self):
        cleaned = super().clean()
        is_complaint = cleaned.get("feedback_kind") == "complaint"
        if is_complaint and not cleaned.get("severity") and "severity" not in self.errors:
            self.add_error("severity", _("Say how serious it is."))
        about = cleaned.get("about_record")
        if cleaned.get("about_handler") and (about is None or about.assignee_id is None):
            self.add_error(
                "about_handler", _("Choose the request above; somebody must have handled it.")
            )
        return cleaned

    def inputs(self):
        """What the action takes."""
        data = dict(self.cleaned_data)
        data.pop("submit_token")
        data["uploads"] = data.pop("files")
        if data.pop("about_handler"):
            data["about_person"] = data["about_record"].assignee
        return data

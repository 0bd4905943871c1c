"""What is asked about an announcement and its steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cmdb.models import Service
from core.forms import OnceForm
from core.text import without_nul
from people.models import Organization, Site
from servicedesk.models import Announcement
from slm.forms_work import MomentField, StepForm

LONGEST = 8000
AREA = forms.Textarea(attrs={"rows": 6})


class AnnouncementForm(StepForm):
    announcement_kind = forms.ChoiceField(label=_("Kind"), choices=Announcement.Kind.choices)
    severity = forms.TypedChoiceField(
        label=_("Severity"), coerce=int, choices=Announcement.Severity.choices
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200, required=False)
    body_en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST, required=False, widget=AREA
    )
    body_zh = forms.CharField(
        label=_("Text in Chinese"), max_length=LONGEST, required=False, widget=AREA
    )
    is_for_all = forms.BooleanField(label=_("For everybody"), required=False)
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.none(), label=_("Organisations"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("With all below them."),
    )  # fmt: skip
    sites = forms.ModelMultipleChoiceField(
        Site.objects.none(), label=_("Sites"), required=False, widget=forms.CheckboxSelectMultiple
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), label=_("Who uses these services"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who asked about or ordered them within a year, whose organisation agreed them"
                    " or is offered them; all, where nothing narrows them down."),
    )  # fmt: skip
    starts_at = MomentField(label=_("Shown from"), required=False)
    ends_at = MomentField(
        label=_("Shown until"), required=False, help_text=_("Empty: until somebody ends it.")
    )
    is_banner = forms.BooleanField(
        label=_("Banner on the pages of the portal"), required=False, initial=True
    )
    is_in_page = forms.BooleanField(label=_("Notice in the page"), required=False, initial=True)
    is_by_mail = forms.BooleanField(label=_("Mail"), required=False)
    requires_ack = forms.BooleanField(label=_("Readers acknowledge it"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organizations"].queryset = Organization.objects.active().order_by("code")
        self.fields["sites"].queryset = Site.objects.order_by("code")
        self.fields["services"].queryset = Service.objects.live().order_by("code")

    def clean(self):
        data = super().clean()
        for name in ("title_en", "title_zh", "body_en", "body_zh"):
            data[name] = without_nul(data.get(name, "")).strip()
        if not (data["title_en"] or data["title_zh"]):
            self.add_error("title_en", _("Write a title in at least one language."))
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("The end lies before the start."))
        return data

    def answers(self):
        """What the action takes."""
        return {
            name: value for name, value in self.cleaned_data.items()
            if name not in ("submit_token", "version")
        }  # fmt: skip

    @staticmethod
    def initial_of(announcement):
        """The form of what is written already."""
        names = [name for name in AnnouncementForm.base_fields if name not in
                 ("submit_token", "version", "organizations", "sites", "services")]  # fmt: skip
        found = {name: getattr(announcement, name) for name in names}
        for name in ("organizations", "sites", "services"):
            found[name] = list(getattr(announcement, name).values_list("pk", flat=True))
        return found


class FilterForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("any")), *Announcement.Kind.choices]
    )


class PlainStepForm(StepForm):
    """Nothing to say: the step alone."""


class WithdrawForm(StepForm):
    reason = forms.CharField(
        label=_("Why is it withdrawn?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who were told read this."),
    )  # fmt: skip


class ReadForm(OnceForm):
    """Where to go back to after reading."""

    next = forms.CharField(max_length=500, required=False)

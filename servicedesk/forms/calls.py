"""What an agent types while somebody speaks. One screen, and everything by keyboard."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cmdb.models import CI, Service
from core.forms import OnceForm
from core.reference import PickerField
from core.reference.forms import TYPED
from core.text import without_nul
from people.models import Person
from people.pickers import matching_person, person_field
from records import priority as priorities
from records.models import Category, ClosureCode, Record
from servicedesk.forms.portal import Words, matching_service
from servicedesk.models import Interaction

Channel = Record.Channel
CHANNELS = [
    (channel.value, channel.label)
    for channel in (Channel.PHONE, Channel.WALK_IN, Channel.FAX, Channel.CHAT, Channel.EMAIL)
]
WORDS = {1: _("high"), 2: _("medium"), 3: _("low"), 4: _("very low"), 5: _("least")}


class CallerField(PickerField):
    """A person, or the words for a caller whom nobody knows yet."""

    def to_python(self, value):
        if isinstance(value, str) and value.startswith(TYPED):
            typed = without_nul(value[len(TYPED) :]).strip()
            found = list(self.match(self.queryset, typed)[:2]) if typed else []
            return found[0] if len(found) == 1 else typed[:120] or None
        return super().to_python(value)


class KeyedPicker(PickerField):
    """A picker whose list answers with a column of the row other than its id."""

    def text_of(self, value):
        if value in (None, ""):
            return ""
        row = self.queryset.filter(**{self.to_field_name: value}).first()
        return getattr(row, "label", None) or str(row) if row else ""


def matching_ci(queryset, words):
    exact = queryset.filter(number__iexact=words)
    return exact if exact.exists() else queryset.matching(words)


class CategoryChoice(forms.ModelChoiceField):
    """Categories as the tree they are."""

    def label_from_instance(self, category):
        depth = max(category.path.strip("/").count("/"), 0)
        return "\u2003" * depth + category.name


class CallForm(OnceForm):
    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS, widget=forms.RadioSelect)
    caller = CallerField(
        Person.objects.humans().active(), url_name="people:pick", match=matching_person,
        label=_("Caller"), error_messages={"required": _("Say who calls.")},
        help_text=_("Name, pinyin, telephone or staff number. Nobody found? The words stay."),
    )  # fmt: skip
    title = Words(
        label=_("Subject"), max_length=200,
        error_messages={"required": _("Say in one sentence what is wrong.")},
    )  # fmt: skip
    description = Words(
        label=_("Description"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    category = CategoryChoice(None, label=_("Category"), required=False)
    service = KeyedPicker(
        Service.objects.live(), url_name="cmdb:pick_service", match=matching_service,
        to_field_name="code", label=_("Service"), required=False,
    )  # fmt: skip
    ci = KeyedPicker(
        CI.objects.none(), url_name="cmdb:pick", match=matching_ci, to_field_name="number",
        label=_("Configuration item"), required=False,
    )  # fmt: skip
    impact = forms.TypedChoiceField(
        label=_("Impact"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    solve_now = forms.BooleanField(label=_("Solved during the call"), required=False)
    resolution = Words(
        label=_("Solution"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    closure_code = forms.ModelChoiceField(
        ClosureCode.objects.filter(kind="incident", is_active=True, is_offered=True),
        label=_("Closure code"), required=False,
    )  # fmt: skip

    def __init__(self, *args, agent, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.for_kind("incident").order_by("path")
        self.fields["ci"].queryset = CI.objects.visible_to(agent).present()
        impacts, urgencies = self._levels(agent)
        self.fields["impact"].choices = [(level, WORDS[level]) for level in impacts]
        self.fields["urgency"].choices = [(level, WORDS[level]) for level in urgencies]

    def _levels(self, agent):
        """The levels of the matrix that counts for this caller and service."""
        if not self.is_bound:
            return priorities.levels()
        key, code = self.data.get("caller", ""), self.data.get("service", "")
        person = None
        if key.isascii() and key.isdigit() and len(key) < 19:
            person = Person.objects.select_related("organization").filter(pk=int(key)).first()
        service = Service.objects.filter(code=code).first() if code else None
        return priorities.levels(service, person.organization if person else agent.organization)

    @property
    def person(self):
        caller = self.cleaned_data.get("caller")
        return caller if isinstance(caller, Person) else None

    @property
    def caller_text(self):
        caller = self.cleaned_data.get("caller")
        return caller if isinstance(caller, str) else ""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("solve_now"):
            if not (cleaned.get("resolution") or "").strip():
                self.add_error("resolution", _("Say what was done."))
            if cleaned.get("closure_code") is None and "closure_code" not in self.errors:
                self.add_error("closure_code", _("Choose how it was solved."))
        return cleaned

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        if not title:
            raise ValidationError(_("Say in one sentence what is wrong."))
        return title

    def kept(self):
        """What the call itself remembers, of whatever stands in the form: valid or not."""
        self.is_valid()
        channel = self.cleaned_data.get("channel")
        return {
            "channel": channel or Channel.PHONE.value, "person": self.person,
            "caller_text": self.caller_text, "subject": (self.data.get("title") or "")[:200],
            "notes": (self.data.get("description") or "")[:20_000], "draft": self.draft(),
        }  # fmt: skip

    def draft(self):
        """The fields as typed, to fill the form with again."""
        names = [*self.fields, "caller_text", "service_text", "ci_text"]
        names.remove("submit_token")
        return {
            name: without_nul(value)[:20_000] for name in names if (value := self.data.get(name))
        }

    @property
    def is_begun(self):
        """Somebody typed something worth keeping."""
        names = ("caller", "caller_text", "title", "description")
        return any((self.data.get(name) or "").strip() for name in names)


class CallFilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    whose = forms.ChoiceField(
        label=_("Agent"), required=False,
        choices=[("", _("All I may see")), ("me", _("My calls"))],
    )  # fmt: skip
    day = forms.DateField(
        label=_("Day"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            ("", _("Any outcome")), ("open", _("Not ended yet")), *Interaction.Outcome.choices,
        ]  # fmt: skip
        self.fields["channel"].choices = [("", _("Any channel")), *CHANNELS]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class MatchForm(OnceForm):
    person = person_field(
        label=_("Who was it?"), error_messages={"required": _("Choose one of the suggestions.")}
    )

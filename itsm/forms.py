"""What administrators are asked: the desk's settings, one typed field each, and audit filters."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import preferences
from core.forms import OnceForm

LARGEST = 1_000_000
LONGEST = 200


class NumbersField(forms.CharField):
    """A list of whole numbers of a fixed length, typed with commas, falling."""

    def __init__(self, *, length, **kwargs):
        super().__init__(max_length=LONGEST, **kwargs)
        self.length = length

    def prepare_value(self, value):
        return ", ".join(str(one) for one in value) if isinstance(value, list) else value

    def to_python(self, value):
        parts = [part.strip() for part in (value or "").replace("，", ",").split(",")]
        if len(parts) != self.length or not all(
            part.isdecimal() and len(part) < 8 for part in parts
        ):
            raise ValidationError(
                _("Give %(length)s whole numbers with commas between them."),
                params={"length": self.length},
            )
        return [int(part) for part in parts]


def field_for(preference):
    """A form field after the type of the preference's default."""
    common = {"label": preference.label, "help_text": preference.help}
    if preference.choices:
        return forms.ChoiceField(choices=preference.choices, **common)
    if isinstance(preference.default, bool):
        return forms.BooleanField(required=False, **common)
    if isinstance(preference.default, int):
        return forms.IntegerField(min_value=0, max_value=LARGEST, **common)
    if isinstance(preference.default, float):
        return forms.FloatField(min_value=0, max_value=LARGEST, **common)
    if isinstance(preference.default, list):
        return NumbersField(length=len(preference.default), **common)
    return forms.CharField(max_length=LONGEST, **common)


class PreferencesForm(OnceForm):
    """Every setting of the registry. Only what was changed is written."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, preference in preferences.REGISTRY.items():
            field = self.fields[key] = field_for(preference)
            field.initial = preferences.get(key)
            field.widget.attrs.setdefault("autocomplete", "off")
            # What its writer saw: a field that they left alone does not undo another's change.
            self.fields[f"seen_{key}"] = forms.JSONField(
                widget=forms.HiddenInput, required=False, initial=field.initial
            )

    @property
    def shown_fields(self):
        return [self[key] for key in preferences.REGISTRY]

    def clean(self):
        cleaned = super().clean()
        for key in preferences.REGISTRY:
            typed, seen, now = (
                cleaned.get(key), cleaned.get(f"seen_{key}"), preferences.get(key),
            )  # fmt: skip
            if key in self.errors or typed in (seen, now) or seen == now or seen is None:
                continue
            self.add_error(
                key,
                _("Changed meanwhile: it is “%(now)s” now. Nothing was overwritten.")
                % {"now": now},
            )
        return cleaned

    def changes(self):
        """{key: value} that differ from what the writer saw."""
        return {
            key: self.cleaned_data[key]
            for key in preferences.REGISTRY
            if self.cleaned_data[key] != self.cleaned_data.get(f"seen_{key}")
            and self.cleaned_data[key] != preferences.get(key)
        }


class AuditFilter(forms.Form):
    table = forms.ChoiceField(label=_("Database table"), required=False)
    actor = forms.CharField(label=_("Who"), required=False, max_length=100)
    object_id = forms.CharField(label=_("Row"), required=False, max_length=64)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until and including"), required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args, tables, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [("", _("Every table")), *tables]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end lies before the start."))
        return cleaned

"""The form of a reference row: it knows what its writer saw, and chooses one thing out of many."""

import hashlib
import json
import secrets

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.reference.registry import WORDS
from core.text import without_nul

TYPED = "?"


def fingerprint(value):
    """Eight characters that tell one stored value from another."""
    text = json.dumps(value, cls=DjangoJSONEncoder, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def signature(row, names):
    """{field name: fingerprint of the present value} of a stored row; {} of a new one."""
    if row.pk is None:
        return {}
    marks = {}
    for name in names:
        field = row._meta.get_field(name)
        if field.many_to_many:
            value = sorted(getattr(row, name).values_list("pk", flat=True))
        else:
            value = field.value_from_object(row)
            value = str(value) if value is not None and not isinstance(value, str) else value
        marks[name] = fingerprint(value)
    return marks


class PickerInput(forms.TextInput):
    """A combobox: the key where one was chosen, else what was typed, marked as such."""

    def value_from_datadict(self, data, files, name):
        key = (data.get(name) or "").strip()
        typed = (data.get(f"{name}_text") or "").strip()
        return key or (TYPED + typed if typed else "")


class PickerBound(forms.BoundField):
    """What the `picker` tag needs: the key, the words for it, and who answers suggestions."""

    def value(self):
        value = super().value()
        return "" if isinstance(value, str) and value.startswith(TYPED) else value

    @property
    def picker_url(self):
        return reverse(self.field.url_name)

    @cached_property
    def picker_text(self):
        value = super().value()
        if isinstance(value, str) and value.startswith(TYPED):
            return value[len(TYPED) :]
        return self.field.text_of(value)


class PickerField(forms.ModelChoiceField):
    """One row out of very many. Without a script, the typed words must name exactly one row."""

    widget = PickerInput
    default_error_messages = {
        "invalid_choice": _("Choose one of the suggestions."),
        "no_match": _("Nothing matches “%(typed)s”. Choose one of the suggestions."),
        "many_match": _("“%(typed)s” matches more than one. Choose one of the suggestions."),
    }

    def __init__(self, queryset, *, url_name, match, **kwargs):
        """`match(queryset, words)` finds rows by what a person types."""
        super().__init__(queryset, **kwargs)
        self.url_name, self.match = url_name, match

    def get_bound_field(self, form, field_name):
        return PickerBound(form, self, field_name)

    def text_of(self, value):
        if value in (None, ""):
            return ""
        try:
            row = self.queryset.model._default_manager.filter(pk=value).first()
        except (TypeError, ValueError):
            return ""
        return str(row) if row else ""

    def to_python(self, value):
        if not (isinstance(value, str) and value.startswith(TYPED)):
            return super().to_python(value)
        typed = without_nul(value[len(TYPED) :])
        found = list(self.match(self.queryset, typed)[:2])
        if len(found) == 1:
            return found[0]
        code = "many_match" if found else "no_match"
        raise ValidationError(self.error_messages[code], code=code, params={"typed": typed})


class InWords(forms.ModelForm):
    """A ModelForm that says itself, in `validate_constraints`, what the database's rules mean."""

    def _post_clean(self):
        # Django would name the constraint.
        self.instance.validate_constraints = lambda exclude=None: None
        try:
            super()._post_clean()
        finally:
            del self.instance.validate_constraints
        self.validate_constraints()

    def validate_constraints(self):
        """Each broken rule, at its field."""


class ReferenceForm(InWords):
    """A ModelForm that can be sent twice, that notices other writers, and that explains rules."""

    submit_token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=4000, required=False)
    # Columns of the model that stand behind inputs of other names.
    more_names = ()
    more_labels = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["submit_token"] = secrets.token_urlsafe(16)
            self.initial["seen"] = json.dumps(self.marks(self.instance))

    @property
    def names(self):
        """The model's own fields that this form writes, with those behind several inputs."""
        return [*self._meta.fields, *self.more_names]

    # Fields that a template of the form's own draws, and that template.
    template = ""
    drawn_apart = ()

    @property
    def shown_fields(self):
        return [bound for bound in self.visible_fields() if bound.name not in self.drawn_apart]

    def more_marks(self, row):
        """{label: value} of what else is written with the row: its cells, its steps."""
        return {}

    def marks(self, row):
        """{name: fingerprint} of everything that a writer of this form sees of a stored row."""
        more = self.more_marks(row) if row.pk is not None else {}
        return signature(row, self.names) | {
            name: fingerprint(value) for name, value in more.items()
        }

    def posted_marks(self):
        """{name: fingerprint} of what was typed. Valid forms only; the instance carries it."""
        many = {field.name for field in self._meta.model._meta.many_to_many}
        marks = signature(self.instance, [name for name in self.names if name not in many])
        for name in many & set(self.names):
            marks[name] = fingerprint(sorted(row.pk for row in self.cleaned_data[name]))
        return marks

    def clean(self):
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = without_nul(value)
        return cleaned

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        if self.instance.pk and code != self.initial["code"]:
            raise ValidationError(_("The code cannot be changed: others refer to it."))
        return code

    def seen_signature(self):
        """{field: fingerprint} as the writer saw the row. What cannot be read counts as nothing."""
        try:
            seen = json.loads(self.cleaned_data.get("seen") or "{}")
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}

    def validate_constraints(self):
        """What each broken constraint means, at its field."""
        exclude = self._get_validation_exclusions()
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=exclude)
                except ValidationError as error:
                    self.blame(constraint.name, error.messages)

    def blame(self, constraint, default):
        words = WORDS.get(constraint)
        if words is None:
            self.add_error(None, default)
            return
        self.add_error(words.field if words.field in self.fields else None, words.text)

    def label_of(self, name):
        if name in self.fields and self.fields[name].label:
            return self.fields[name].label
        if name in self.names:
            return self._meta.model._meta.get_field(name).verbose_name
        return self.more_labels.get(name, name)

"""The form that an offering asks, as a Django form: made of its questions, for one person.

The server decides what is asked; the browser only shows and hides in between. What is not asked is
not looked at, whatever was sent.
"""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import time
from core.forms import OnceForm
from core.reference import PickerField
from core.templatetags.ui import language
from people.pickers import matching_person
from servicedesk.catalogue import schema
from servicedesk.forms.portal import FilesField, Words, devices_of, matching_service, text
from servicedesk.portal import policies, services

PREFIX = "q_"


class Asked(forms.Field):
    """A question whose answer schema.clean knows how to read."""

    def __init__(self, question, **kwargs):
        self.question = question
        super().__init__(required=question.is_required, **kwargs)

    def clean(self, value):
        return schema.clean(self.question, value, today=time.now().date())


def widget_of(question, lang):
    options = [(option.value, _with_price(option, lang)) for option in question.options]
    if question.type == schema.CHOICE:
        few = len(options) <= 6
        blank = [] if question.is_required and few else [("", "–")]
        kind = forms.RadioSelect if few and question.is_required else forms.Select
        return kind(choices=blank + options if kind is forms.Select else options)
    made = {
        schema.TEXT: forms.TextInput,
        schema.LONG_TEXT: lambda: forms.Textarea(attrs={"rows": 4}),
        schema.CHOICES: lambda: forms.CheckboxSelectMultiple(choices=options),
        schema.YES_NO: lambda: forms.RadioSelect(
            choices=[(schema.YES, _("Yes")), (schema.NO, _("No"))]
        ),
        schema.NUMBER: lambda: forms.TextInput(attrs={"inputmode": "decimal"}),
        schema.DATE: lambda: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    }
    return made[question.type]()


def _with_price(option, lang):
    """An answer, and what it costs on top."""
    label = option.label(lang)
    return f"{label} (+{Decimal(option.price):,.2f})" if option.price else label


def field_of(question, *, by, requester, lang):
    """The Django field that asks a question. `by` fills it in, for `requester`."""
    words = {"label": question.label(lang), "help_text": question.help(lang)}
    required = question.is_required
    if question.type == schema.PERSON:
        return PickerField(
            policies.who_may_be_named(by),
            url_name="portal:pick_colleague", match=matching_person, required=required,
            error_messages={"required": _("Please answer this.")}, **words,
        )  # fmt: skip
    if question.type == schema.SERVICE:
        return PickerField(
            services.used_by(requester), url_name="portal:pick_service", match=matching_service,
            required=required, error_messages={"required": _("Please answer this.")}, **words,
        )  # fmt: skip
    if question.type == schema.CI:
        return _device_field(question, requester, words)
    if question.type == schema.FILE:
        found = FilesField(**words)
        found.is_wanted = required
        return found
    return Asked(question, widget=widget_of(question, lang), initial=_initial(question), **words)


def _initial(question):
    if question.type == schema.CHOICES:
        return [question.default] if question.default else []
    return question.default


def _device_field(question, requester, words):
    """The person's own devices; where none is registered, its name in words, and why."""
    devices = devices_of(requester)
    if devices:
        return forms.ModelChoiceField(
            devices, required=question.is_required, empty_label="–",
            error_messages={"required": _("Please answer this.")}, **words,
        )  # fmt: skip
    reason = _("No device is registered for %(name)s. Name it in your own words.")
    words["help_text"] = reason % {"name": requester.name}
    return Words(required=question.is_required, max_length=200, **words)


class OrderForm(OnceForm):
    """The questions of one version, how many, for whom, and who pays."""

    quantity = forms.IntegerField(label=_("How many?"), min_value=1, initial=1)
    cost_centre = Words(
        label=_("Cost centre"), max_length=60, required=False,
        help_text=_("Who pays for it. Ask your manager if you do not know."),
        error_messages={"required": _("Say which cost centre pays for it.")},
    )  # fmt: skip
    note = text(_("Anything we should know?"), required=False, rows=3)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, offering, version, by, requester, stored=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.offering, self.version = offering, version
        self.questions = schema.read(version.form)
        self.by, self.requester = by, requester
        lang = language()
        for question in self.questions:
            name = PREFIX + question.key
            self.fields[name] = field_of(question, by=by, requester=requester, lang=lang)
            if stored and question.key in stored and not self.is_bound:
                self.initial[name] = stored[question.key]["value"]
        if not self.is_bound:
            self.initial["seen"] = version.number
        if offering.most <= 1:
            del self.fields["quantity"]
        else:
            self.fields["quantity"].max_value = offering.most
            self.fields["quantity"].validators += [
                forms.fields.validators.MaxValueValidator(offering.most)
            ]
            self.fields["quantity"].widget.attrs |= {"min": 1, "max": offering.most}
        self.fields["cost_centre"].required = offering.asks_cost_centre
        if not offering.asks_cost_centre:
            del self.fields["cost_centre"]
        self.shown = self._shown()

    def raw(self):
        """{key: what was sent, or what stands there at first}."""
        found = {}
        for question in self.questions:
            name = PREFIX + question.key
            if self.is_bound:
                widget = self.fields[name].widget
                value = widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            else:
                value = self.initial.get(name, self.fields[name].initial)
            found[question.key] = value
        return found

    def _shown(self):
        return schema.shown(self.questions, self.raw())

    def _clean_fields(self):
        """What is not asked is not looked at."""
        hidden = {PREFIX + q.key for q in self.questions if q.key not in self.shown}
        kept = self.fields
        self.fields = {name: field for name, field in kept.items() if name not in hidden}
        try:
            super()._clean_fields()
        finally:
            self.fields = kept

    def clean(self):
        cleaned = super().clean()
        for question in self.questions:
            name = PREFIX + question.key
            is_wanted = question.is_required and question.key in self.shown
            is_missing = question.type == schema.FILE and not cleaned.get(name)
            if is_wanted and is_missing and name not in self.errors:
                self.add_error(name, _("Please add a file."))
        return cleaned

    def answers(self):
        """({key: stored answer}, [uploads]) of a valid form."""
        found, uploads = {}, []
        for question in self.questions:
            value = self.cleaned_data.get(PREFIX + question.key)
            if question.key not in self.shown or value in (None, "", []):
                continue
            if question.type == schema.FILE:
                uploads += value
                names = ", ".join(one.name for one in value)
                found[question.key] = schema.kept(question, [one.name for one in value], names)
            elif question.type in schema.LOOKED_UP:
                found[question.key] = _looked_up(question, value)
            else:
                found[question.key] = schema.kept(question, value)
        return found, uploads

    @property
    def rows(self):
        """[Row]: what the page draws, in order; hidden ones stand there for the script."""
        return [
            Row(question, self[PREFIX + question.key], question.key in self.shown)
            for question in self.questions
        ]


def _looked_up(question, row):
    if isinstance(row, str):
        return schema.kept(question, row, row)
    name_en = row.name_in("en") if hasattr(row, "name_in") else row.name
    name_zh = row.name_in("zh-hans") if hasattr(row, "name_in") else row.name
    return {"value": row.pk, "en": name_en, "zh": name_zh}


class Row:
    """One question on a page: its field, whether it is asked now, and when it is (for the script)."""

    def __init__(self, question, bound, is_shown):
        self.question, self.bound, self.is_shown = question, bound, is_shown
        self.is_file = question.type == schema.FILE
        condition = question.show_if
        self.field = PREFIX + condition.field if condition else ""
        self.test = condition.test if condition else ""
        self.values = "\n".join(condition.values) if condition else ""


def offered_version(offering):
    """The version in use; raises where nothing can be ordered."""
    if offering.current is None:
        raise ValidationError(_("This cannot be ordered yet."))
    return offering.current

"""The form of a routing rule: one line a condition, one a setting. What it names must be in use; what
a rule named before may stay, so that it can be seen and taken out."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cmdb.models import CIClass, Service
from core.reference import ReferenceForm
from people import pickers
from people.models import Organization, Site, SupportGroup
from records import routing_words as words
from records import rule_engine as engine
from records import staffing, triage
from records.kinds import KINDS
from records.models import Category, Record, RoutingRule
from records.routing_actions import STEP

LONGEST_WORD, MOST_WORDS = 60, 50
LEVELS = [("", "–"), *[(level, str(level)) for level in range(1, 6)]]
NOT_ASKED = ("", _("does not matter"))


class Lines(forms.CharField):
    """A list of words, one a line (or with commas between them)."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        text = super().to_python(value) or ""
        for mark in "，,、;；":
            text = text.replace(mark, "\n")
        found = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines()))
        found = [line for line in found if line]
        if len(found) > MOST_WORDS or any(len(line) > LONGEST_WORD for line in found):
            raise ValidationError(
                _g("Give at most %(most)d words of at most %(longest)d characters each.")
                % {"most": MOST_WORDS, "longest": LONGEST_WORD}
            )
        return found


class OrganizationLines(Lines):
    """Organisations by code or name, one a line: there may be thousands."""

    def prepare_value(self, value):
        if isinstance(value, list) and value and isinstance(value[0], int):
            value = list(Organization.objects.filter(pk__in=value).values_list("code", flat=True))
        return super().prepare_value(value)

    def to_python(self, value):
        found = []
        for line in super().to_python(value):
            rows = list(pickers.named(Organization.objects.all(), line)[:2])
            if len(rows) != 1:
                raise ValidationError(
                    _g("“%(typed)s” names no single organisation.") % {"typed": line}
                )
            found.append(rows[0].pk)
        return list(dict.fromkeys(found))


class RowsField(forms.ModelMultipleChoiceField):
    """Rows of a table that is not long; gives their ids."""

    def clean(self, value):
        return [row.pk for row in super().clean(value)]


def _rows(queryset, **options):
    return RowsField(queryset, required=False, **options)


def _ticks(choices):
    return forms.MultipleChoiceField(
        choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def _kinds():
    return [(code, KINDS[code].label) for code in triage.ROUTED_KINDS]


def _active(model):
    return model._default_manager.filter(is_active=True).order_by("code")


class RoutingRuleForm(ReferenceForm):
    set_desk = forms.ModelChoiceField(SupportGroup.objects.none(), required=False)
    set_group = forms.ModelChoiceField(SupportGroup.objects.none(), required=False)
    set_assignee = pickers.person_field(
        required=False, help_text=_("A member of the group that is set.")
    )
    set_category = forms.ModelChoiceField(Category.objects.none(), required=False)
    set_impact = forms.TypedChoiceField(
        choices=LEVELS, coerce=int, empty_value=None, required=False
    )
    set_urgency = forms.TypedChoiceField(
        choices=LEVELS, coerce=int, empty_value=None, required=False
    )

    template = "routing/_form.html"
    more_names = ("conditions", "sets")

    class Meta:
        model = RoutingRule
        fields = ["name_en", "name_zh", "order", "stop"]
        help_texts = {
            "order": _("Rules are asked from the smallest number on."),
            "stop": _("Otherwise later rules may set what this one leaves open."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._add_conditions()
        self._fill_choices()
        if self.instance.pk is None and not self.is_bound:
            last = RoutingRule.objects.order_by("-order").values_list("order", flat=True).first()
            self.initial["order"] = (last or 0) + STEP

    def _add_conditions(self):
        held = {one["field"]: one for one in self.instance.conditions}
        values = {
            "kind": _ticks(_kinds()), "category": _rows(_active(Category)),
            "service": _rows(Service.objects.select_related(None).order_by("code")),
            "ci_class": _rows(_active(CIClass)), "organization": OrganizationLines(required=False),
            "site": _rows(_active(Site)), "keyword": Lines(required=False),
            "channel": _ticks(Record.Channel.choices),
            "desk": _rows(
                _active(SupportGroup).filter(kind=SupportGroup.Kind.DESK),
                widget=forms.CheckboxSelectMultiple,
            ),
            "vip": forms.ChoiceField(
                choices=[NOT_ASKED, ("1", _("yes")), ("0", _("no"))], required=False
            ),
        }  # fmt: skip
        helps = {
            "category": _("With everything below them. Several with Ctrl or Shift."),
            "service": _("Several with Ctrl or Shift."),
            "site": _("Several with Ctrl or Shift."),
            "ci_class": _("With everything below them. Several with Ctrl or Shift."),
            "organization": _("Codes or names, one a line; with everything below them."),
            "keyword": _("One a line. Found inside longer words too, in either script."),
        }
        for name in engine.FIELDS:
            field, one = values[name], held.get(name)
            field.label, field.help_text = words.FIELDS[name], helps.get(name, "")
            if name != "vip":
                ops = engine.OPS if name == "keyword" else (engine.ANY, engine.NONE)
                self.fields[f"op_{name}"] = forms.ChoiceField(
                    label=_("Condition on: %(field)s") % {"field": words.FIELDS[name]},
                    choices=[NOT_ASKED, *[(op, words.op_word(name, op)) for op in ops]],
                    required=False, initial=one["op"] if one else "",
                )  # fmt: skip
                field.initial = self._kept(field, one["values"]) if one else None
            elif one:
                field.initial = "1" if one["values"] == [True] else "0"
            self.fields[f"if_{name}"] = field

    @staticmethod
    def _kept(field, values):
        """What a rule names stays choosable, also when it is not in use any more."""
        if isinstance(field, RowsField):
            model = field.queryset.model
            field.queryset = field.queryset | model._default_manager.filter(pk__in=values)
        return values

    def _fill_choices(self):
        groups = SupportGroup.objects.active().order_by("code")
        choices = {
            "desk": groups.filter(kind=SupportGroup.Kind.DESK), "group": groups,
            "category": _active(Category),
        }  # fmt: skip
        for name, label in words.SETS.items():
            field = self.fields[f"set_{name}"]
            field.label, field.initial = label, self.instance.sets.get(name)
            if name in choices:
                field.queryset = choices[name]

    @property
    def drawn_apart(self):
        return {name for name in self.fields if name.startswith(("op_", "if_", "set_"))}

    @property
    def asked(self):
        """[(operator or None, values)] as bound fields, for the template."""
        return [
            (self[f"op_{name}"] if name != "vip" else None, self[f"if_{name}"])
            for name in engine.FIELDS
        ]

    @property
    def setting(self):
        return [self[f"set_{name}"] for name in words.SETS]

    # --- reading it -------------------------------------------------------------------------
    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self.instance.conditions = self._conditions(cleaned)
        self.instance.sets = self._sets(cleaned)
        if not self.instance.sets and not self.errors:
            self.add_error(None, _g("Say what the rule sets."))
        return cleaned

    def _conditions(self, cleaned):
        found = []
        for name in engine.FIELDS:
            values = cleaned.get(f"if_{name}")
            if name == "vip":
                if values:
                    found.append({"field": name, "op": engine.ANY, "values": [values == "1"]})
                continue
            op = cleaned.get(f"op_{name}")
            if op and not values:
                self.add_error(f"if_{name}", _g("Say which, or that it does not matter."))
            elif values and not op:
                self.add_error(f"op_{name}", _g("Say whether it is one of these or none of them."))
            elif op:
                found.append({"field": name, "op": op, "values": list(values)})
        return found

    def _sets(self, cleaned):
        sets = {}
        for name in words.SETS:
            value = cleaned.get(f"set_{name}")
            if value not in (None, ""):
                sets[name] = getattr(value, "pk", value)
        person, group = cleaned.get("set_assignee"), cleaned.get("set_group")
        if person is not None and group is None:
            self.add_error("set_group", _g("Name the group in which the assignee gets it."))
        elif person is not None:
            try:
                staffing.refuse_stranger(group, person)
            except ValidationError as error:
                self.add_error("set_assignee", error.messages)
        return sets

    def save(self, commit=True):
        rule = super().save(commit)
        triage.forget()
        return rule

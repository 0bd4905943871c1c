"""The rows of the editors: questions, stages, tasks, as they are typed and as they are stored.

Nothing is refused here: half of a question is kept as it is, and `check` says what is missing.
"""

from dataclasses import asdict

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.text import without_nul
from people.models import Person, SupportGroup
from records.approvers import SOURCES
from records.models import Approval, Task
from servicedesk.catalogue import plans, schema

LONGEST = 2000


class RowForm(forms.Form):
    """One row, drawn from what is stored. `problems` stand at their inputs."""

    prefix_of = "row"
    renamed = {}

    def __init__(self, row, rows, place, problems=(), focus=None):
        self.row, self.rows, self.place = row, rows, place
        super().__init__(initial=self.shown(row), prefix=f"{self.prefix_of}-{place}")
        self.set_choices()
        self._errors = ErrorDict()
        for problem in problems:
            if problem.place == place:
                name = self.renamed.get(problem.name, problem.name)
                self._errors.setdefault(name, self.error_class()).append(problem.text)
        if focus == place:
            self.fields[self.first].widget.attrs["autofocus"] = True

    first = "title_en"

    def shown(self, row):
        return dict(row)

    def set_choices(self):
        pass

    @property
    def is_first(self):
        return self.place == 0

    @property
    def is_last(self):
        return self.place == len(self.rows) - 1

    @property
    def own_errors(self):
        """Problems of what is no field of its own, such as the answers to choose."""
        return {name: words for name, words in self._errors.items() if name not in self.fields}


def posted(data, name):
    return without_nul(data.get(name, ""))[:LONGEST].strip()


def groups():
    return [("", _l("the group of the offering"))] + [
        (group.pk, f"{group.name} ({group.code})")
        for group in SupportGroup.objects.active().order_by("code")
    ]


def free_key(stem, rows):
    taken = {row.get("key") for row in rows}
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


# --- questions ----------------------------------------------------------------------------------


class QuestionRow(RowForm):
    prefix_of, first = "q", "label_en"
    renamed = {"show_if": "if_field", "key": "label_en"}

    type = forms.ChoiceField(label=_l("Kind"))
    label_en = forms.CharField(label=_l("Question in English"), required=False)
    label_zh = forms.CharField(label=_l("Question in Chinese"), required=False)
    help_en = forms.CharField(label=_l("Help in English"), required=False)
    help_zh = forms.CharField(label=_l("Help in Chinese"), required=False)
    is_required = forms.BooleanField(label=_l("Must be answered"), required=False)
    least = forms.CharField(label=_l("Least"), required=False)
    most = forms.CharField(label=_l("Most"), required=False)
    pattern = forms.CharField(label=_l("Pattern (regular expression)"), required=False)
    default = forms.CharField(label=_l("Answer to begin with"), required=False)
    if_field = forms.ChoiceField(label=_l("Ask only if"), required=False)
    if_test = forms.ChoiceField(label=_l("Comparison"), required=False)
    if_values = forms.MultipleChoiceField(
        label=_l("These answers"), required=False, widget=forms.CheckboxSelectMultiple
    )

    BOUNDS = {
        schema.NUMBER: (_l("Least"), _l("Most")),
        schema.TEXT: (_l("Least characters"), _l("Most characters")),
        schema.LONG_TEXT: (_l("Least characters"), _l("Most characters")),
        schema.DATE: (_l("Earliest, in days from today"), _l("Latest, in days from today")),
    }

    def shown(self, row):
        condition = row.get("show_if") or {}
        return row | {
            "if_field": condition.get("field", ""), "if_test": condition.get("test", schema.IS),
            "if_values": list(condition.get("values", ())),
        }  # fmt: skip

    def set_choices(self):
        row, fields = self.row, self.fields
        fields["type"].choices = list(schema.TYPES.items())
        others = [one for one in self.rows if one["key"] != row["key"]]
        fields["if_field"].choices = [("", _("always"))] + [
            (one["key"], one.get("label_en") or one.get("label_zh") or one["key"]) for one in others
        ]
        fields["if_test"].choices = list(schema.TESTS.items())
        asked = next((o for o in others if o["key"] == self.initial["if_field"]), None)
        fields["if_values"].choices = choices_of(asked) if asked else []
        bounds = self.BOUNDS.get(row["type"])
        for name, label in zip(("least", "most"), bounds or ("", ""), strict=True):
            if bounds:
                fields[name].label = label
            else:
                del fields[name]
        if row["type"] not in {schema.TEXT, schema.LONG_TEXT}:
            del fields["pattern"]
        if row["type"] in schema.LOOKED_UP:
            del fields["default"]
        elif row["type"] in schema.WITH_VALUES:
            fields["default"] = forms.ChoiceField(
                label=fields["default"].label, required=False,
                choices=[("", _("none")), *choices_of(row)],
            )  # fmt: skip
        if not self.initial["if_field"]:
            del fields["if_test"], fields["if_values"]
        elif not fields["if_values"].choices or self.initial["if_test"] not in (
            schema.IS, schema.IS_NOT,
        ):  # fmt: skip
            del fields["if_values"]

    @property
    def title(self):
        return self.row.get("label_en") or self.row.get("label_zh") or _("New question")

    @property
    def type_word(self):
        return schema.TYPES.get(self.row["type"], "")

    @property
    def has_options(self):
        return self.row["type"] in schema.WITH_OPTIONS

    @property
    def options(self):
        return list(enumerate(self.row.get("options") or []))

    @property
    def more_is_open(self):
        row = self.row
        names = ("help_en", "help_zh", "least", "most", "pattern", "default", "show_if")
        return any(row.get(name) for name in names) or bool(self._errors)

    @staticmethod
    def read(data, prefix):
        row = {
            name: posted(data, f"{prefix}-{name}")
            for name in ("key", "type", "label_en", "label_zh", "help_en", "help_zh", "least",
                         "most", "pattern", "default")
        }  # fmt: skip
        row["is_required"] = bool(data.get(f"{prefix}-is_required"))
        row["type"] = row["type"] if row["type"] in schema.TYPES else schema.TEXT
        row["options"] = _options(data, prefix) if row["type"] in schema.WITH_OPTIONS else []
        field = posted(data, f"{prefix}-if_field")
        row["show_if"] = {
            "field": field, "test": posted(data, f"{prefix}-if_test") or schema.IS,
            "values": data.getlist(f"{prefix}-if_values"),
        } if field else None  # fmt: skip
        return row

    @staticmethod
    def fresh(rows, data):
        kind = data.get("add_type", schema.TEXT)
        question = schema.Question(
            free_key("q", rows), kind if kind in schema.TYPES else schema.TEXT
        )
        row = schema.write([question])[0]
        if question.type in schema.WITH_OPTIONS:
            row["options"] = [fresh_option([]), fresh_option([{"value": "a1"}])]
        return row


def choices_of(row):
    if row["type"] == schema.YES_NO:
        return [(schema.YES, _("Yes")), (schema.NO, _("No"))]
    return [
        (one["value"], one.get("label_en") or one.get("label_zh") or one["value"])
        for one in row.get("options") or []
    ]


def fresh_option(options):
    taken = {one["value"] for one in options}
    number = 1
    while f"a{number}" in taken:
        number += 1
    return {"value": f"a{number}", "label_en": "", "label_zh": "", "price": ""}


def _options(data, prefix):
    found, place = [], 0
    while f"{prefix}-o{place}-value" in data and place < schema.MOST_OPTIONS + 5:
        found.append(
            {name: posted(data, f"{prefix}-o{place}-{name}")
             for name in ("value", "label_en", "label_zh", "price")}
        )  # fmt: skip
        place += 1
    return found


# --- stages of the approval ---------------------------------------------------------------------


class StageRow(RowForm):
    prefix_of, first = "s", "of"
    renamed = {"people": "codes"}

    of = forms.ChoiceField(label=_l("Who is asked"))
    group = forms.ChoiceField(label=_l("Group"), required=False)
    codes = forms.CharField(
        label=_l("People, by staff number"), required=False,
        help_text=_l("Several with commas between them."),
    )  # fmt: skip
    mode = forms.ChoiceField(label=_l("What decides"))
    quorum_percent = forms.CharField(label=_l("Must have answered (%)"), required=False)
    threshold_percent = forms.CharField(label=_l("Of these must agree (%)"), required=False)
    patience_hours = forms.CharField(
        label=_l("Working hours until those above are asked"), required=False,
        help_text=_l("Empty: it waits without end."),
    )  # fmt: skip
    from_amount = forms.CharField(
        label=_l("Only from this total on"), required=False, help_text=_l("Empty: always.")
    )

    def shown(self, row):
        people = Person.objects.in_bulk(row.get("people") or [])
        return row | {"codes": row.get("typed") or ", ".join(
            people[pk].code for pk in row.get("people") or [] if pk in people
        )}  # fmt: skip

    def set_choices(self):
        kinds = dict(Approval.Kind.choices)
        self.fields["of"].choices = [(of, kinds[kind]) for of, (kind, _find) in SOURCES.items()]
        self.fields["group"].choices = [("", "–"), *groups()[1:]]
        self.fields["mode"].choices = [
            pair for pair in Approval.Mode.choices if pair[0] in {"any", "all", "quorum"}
        ]
        if self.row.get("of") != "group":
            del self.fields["group"]
        if self.row.get("of") != "people":
            del self.fields["codes"]
        if self.row.get("mode") != Approval.Mode.QUORUM:
            del self.fields["quorum_percent"], self.fields["threshold_percent"]

    @property
    def title(self):
        return dict(self.fields["of"].choices).get(self.row.get("of"), "")

    @staticmethod
    def read(data, prefix):
        row = asdict(plans.StagePlan()) | {
            name: posted(data, f"{prefix}-{name}")
            for name in ("of", "mode", "quorum_percent", "threshold_percent", "from_amount")
        }
        row["of"] = row["of"] if row["of"] in SOURCES else "line_manager"
        row["group"] = _number(posted(data, f"{prefix}-group"))
        row["patience_hours"] = _number(posted(data, f"{prefix}-patience_hours"))
        codes = [code.strip() for code in posted(data, f"{prefix}-codes").split(",")]
        found = {p.code: p.pk for p in Person.objects.active().filter(code__in=filter(None, codes))}
        row["people"] = [found[code] for code in codes if code in found]
        unknown = [code for code in codes if code and code not in found]
        row["typed"] = ", ".join(codes) if unknown else ""
        return row

    @staticmethod
    def fresh(_rows, _data):
        return plans.write([plans.StagePlan()])[0]


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


# --- tasks --------------------------------------------------------------------------------------


class TaskRow(RowForm):
    prefix_of = "t"

    title_en = forms.CharField(label=_l("Task in English"), required=False)
    title_zh = forms.CharField(label=_l("Task in Chinese"), required=False)
    group = forms.ChoiceField(label=_l("Group"), required=False)
    kind = forms.ChoiceField(label=_l("Kind"), choices=Task.Kind.choices)
    hours = forms.CharField(
        label=_l("Due after (working hours)"), required=False,
        help_text=_l("From the beginning of the fulfilment. Empty: no due time."),
    )  # fmt: skip
    is_mandatory = forms.BooleanField(label=_l("Must be done"), required=False)
    after = forms.MultipleChoiceField(
        label=_l("Only after"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def set_choices(self):
        self.fields["group"].choices = groups()
        earlier = [
            (one["key"], one.get("title_en") or one.get("title_zh") or one["key"])
            for one in self.rows[: self.place]
        ]
        self.fields["after"].choices = earlier
        if not earlier and not self.row.get("after"):
            del self.fields["after"]

    @property
    def title(self):
        return self.row.get("title_en") or self.row.get("title_zh") or _("New task")

    @staticmethod
    def read(data, prefix):
        row = {
            name: posted(data, f"{prefix}-{name}")
            for name in ("key", "title_en", "title_zh", "kind", "hours")
        }
        row["kind"] = row["kind"] if row["kind"] in Task.Kind.values else Task.Kind.WORK.value
        row["group"] = _number(posted(data, f"{prefix}-group"))
        row["is_mandatory"] = bool(data.get(f"{prefix}-is_mandatory"))
        row["after"] = data.getlist(f"{prefix}-after")
        return row

    @staticmethod
    def fresh(rows, _data):
        return plans.write([plans.TaskPlan(key=free_key("t", rows))])[0]


# --- reading and changing the rows --------------------------------------------------------------

KINDS = {"form": QuestionRow, "approval": StageRow, "fulfilment": TaskRow}


def read(part, data):
    """The rows as they were typed, in their order."""
    kind, found, place = KINDS[part], [], 0
    while f"{kind.prefix_of}-{place}-here" in data and place < schema.MOST_QUESTIONS + 10:
        found.append(kind.read(data, f"{kind.prefix_of}-{place}"))
        place += 1
    return found


def change(part, rows, do, data):
    """(rows after the button `do` was pressed, the place to go on at or None).

    add · up:2 · down:2 · remove:2 · option-add:2 · option-remove:2:1
    """
    name, _colon, rest = do.partition(":")
    places = [int(one) for one in rest.split(":") if one.isdigit()]
    if name == "add":
        return [*rows, KINDS[part].fresh(rows, data)], len(rows)
    if not places or places[0] >= len(rows):
        return rows, None
    at, rows = places[0], list(rows)
    if name == "remove":
        del rows[at]
        return rows, max(at - 1, 0) if rows else None
    if name in {"up", "down"}:
        to = at - 1 if name == "up" else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
            return rows, to
        return rows, at
    options = list(rows[at].get("options") or [])
    if name == "option-add":
        rows[at] = rows[at] | {"options": [*options, fresh_option(options)]}
    elif name == "option-remove" and len(places) > 1 and places[1] < len(options):
        del options[places[1]]
        rows[at] = rows[at] | {"options": options}
    return rows, at

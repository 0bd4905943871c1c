"""Names of what routing rules speak of by id or code, for lists and explanations: a statement a sort,
however many rules there are. What is gone or out of use is told as such."""

from django.utils.translation import gettext as _

from cmdb.models import CIClass, Service
from core.templatetags import ui
from people.models import Organization, Person, Site, SupportGroup
from records import routing_words as words
from records.kinds import KINDS
from records.models import Category, Record, RoutingRule

ROWS = {
    "category": Category, "service": Service, "ci_class": CIClass, "organization": Organization,
    "site": Site, "desk": SupportGroup, "group": SupportGroup, "assignee": Person,
}  # fmt: skip
# Services have a lifecycle instead of a switch.
ENDED = {"retired"}


class Names:
    """Knows the names of all that `pairs` of (field, value) speak of."""

    def __init__(self, pairs):
        wanted = {}
        for name, value in pairs:
            if name in ROWS and isinstance(value, int):
                wanted.setdefault(ROWS[name], set()).add(value)
        self.rows = {
            model: model._default_manager.in_bulk(list(pks)) for model, pks in wanted.items()
        }

    @classmethod
    def of_rules(cls, rules):
        """For rules as data."""
        return cls(pairs_of(rules))

    def row(self, field, value):
        return self.rows.get(ROWS[field], {}).get(value) if field in ROWS else None

    def name(self, field, value):  # noqa: PLR0911 - one sort of value a line
        if value is None:
            return "–"
        if field in ROWS:
            row = self.row(field, value)
            return str(row) if row is not None else _("no longer there")
        if field == "kind":
            return str(KINDS[value].label) if value in KINDS else value
        if field == "channel":
            return str(dict(Record.Channel.choices).get(value, value))
        if field == "vip":
            return _("yes") if value else _("no")
        if field in {"impact", "urgency"}:
            return f"{value} {ui.priority_word(value)}"
        return f"“{value}”"

    def names(self, field, values):
        return [self.name(field, value) for value in values]

    def is_retired(self, field, value):
        """Whether a value names something that is gone or out of use."""
        if field == "kind":
            return value not in KINDS
        if field not in ROWS:
            return False
        row = self.row(field, value)
        if row is None:
            return True
        return not getattr(row, "is_active", True) or getattr(row, "state", "") in ENDED


def pairs_of(rules):
    """Every (field, value) that rules as data name."""
    for rule in rules:
        for condition in rule["conditions"]:
            for value in [*condition["values"], *condition.get("found", ())]:
                yield condition["field"], value
        yield from rule["sets"].items()


def name_of(rule):
    """A rule (as data) in the reader's language."""
    return RoutingRule(name_en=rule["name_en"], name_zh=rule["name_zh"]).name


def condition_words(condition, names):
    """(field, operator, [values]) of a condition as people read it."""
    field = condition["field"]
    return (
        str(words.FIELDS[field]), str(words.op_word(field, condition["op"])),
        names.names(field, condition["values"]),
    )  # fmt: skip


def set_words(sets, names):
    """[(field, value)] of what a rule sets."""
    return [
        (str(words.SETS[name]), names.name(name, sets[name])) for name in words.SETS if name in sets
    ]


def retired_words(rule, names):
    """What a rule (as data) names that is not in use any more."""
    found = [
        (condition["field"], value)
        for condition in rule["conditions"]
        for value in condition["values"]
    ] + list(rule["sets"].items())
    return [names.name(field, value) for field, value in found if names.is_retired(field, value)]

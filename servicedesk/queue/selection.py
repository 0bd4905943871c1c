"""What a reader asks of the queue: filters, words, order, read from an address or a saved view.

A word that is none is left out and told in `problems`; nothing that stands in an address can make
the queue fail.
"""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.kinds import OPEN_PHASES, Phase
from records.models import Record
from records.searching import folded_query, matching
from servicedesk.queue.fields import FIELDS, phases_meant, phases_of_states
from servicedesk.queue.urgency import INDEXED, ORDERS, ordered

MOST_WORDS = 20  # in one filter
ORDER_LABELS = {
    "due": gettext_lazy("Next SLA due"),
    "priority": gettext_lazy("Priority"),
    "assignee": gettext_lazy("Assignee"),
    "-updated": gettext_lazy("Last changed"),
    "-number": gettext_lazy("Newest"),
}


@dataclass(frozen=True)
class Selection:
    """`values`: {field name: (word, …)}; `view`: the view that it began with; `q`: words to find."""

    values: dict = field(default_factory=dict)
    q: str = ""
    order: str = ""
    view: object = None
    is_changed: bool = False
    problems: tuple = ()

    @classmethod
    def read(cls, data, view):
        """Of an address (QueryDict) and the view it names. Filters in the address replace those
        of the view; `f` says that there are none on purpose."""
        given = {name: data.getlist(name) for name in FIELDS if name in data}
        is_changed = bool(given) or "f" in data
        values, problems = cleaned(given if is_changed else view.filters)
        selection = cls(
            values=values, q=folded_query(data.get("q", "")), view=view,
            is_changed=is_changed and values != cleaned(view.filters)[0], problems=problems,
        )  # fmt: skip
        asked = data.get("o", "")
        if asked and asked not in (ORDERS if selection.is_open_only else INDEXED):
            selection = selection.with_problem(_("Order"), asked[:40])
        return selection.sorted_by(asked or view.sort)

    def sorted_by(self, wanted):
        allowed = ORDERS if self.is_open_only else INDEXED
        return replace(self, order=wanted if wanted in allowed else self.usual_order)

    def with_problem(self, label, word):
        return replace(self, problems=(*self.problems, (label, word)))

    @property
    def phases(self):
        """Which phases may occur. Said nothing, what is still to be done is meant."""
        if words := self.values.get("phase"):
            return phases_meant(words)
        if words := self.values.get("state"):
            return phases_of_states(words) or OPEN_PHASES
        return OPEN_PHASES

    @property
    def is_open_only(self):
        return set(self.phases) <= set(OPEN_PHASES)

    @property
    def usual_order(self):
        return "due" if self.is_open_only else "-updated"

    def condition(self, person, now, *, only=None, without=()):
        """What the filters mean, as a Q over queued records: all of them, or some by name."""
        found, phases = Q(), self.phases
        if only is None and "phase" not in self.values and len(phases) < len(Phase):
            found &= Q(phase__in=[str(phase) for phase in phases])
        for name, words in self.values.items():
            if name not in without and (only is None or name in only):
                found &= FIELDS[name].rows(words, person, now)
        return found

    def rows(self, person, now, *, without=()):
        """The queryset: visible, queued, and what filters and words mean. No order yet."""
        found = Record.objects.queue_of(person)
        found = found.filter(self.condition(person, now, without=without))
        if self.q:
            found = matching(found, person, self.q)
        return found

    def ordered_rows(self, person, now):
        return ordered(self.rows(person, now), self.order)

    # --- addresses ----------------------------------------------------------------------------

    def words(self, **changes):
        """The whole selection as (name, word) pairs; a change of None takes a filter away."""
        values = dict(self.values)
        q, order = self.q, self.order
        for name, words in changes.items():
            if name == "q":
                q = words
            elif name == "order":
                order = words
            elif not words:
                values.pop(name, None)
                if name == "phase":
                    values["phase"] = ("any",)
            else:
                values[name] = (words,) if isinstance(words, str) else tuple(words)
        pairs = [("view", self.view.key)]
        if values != cleaned(self.view.filters)[0]:
            pairs += [(name, ",".join(values[name])) for name in FIELDS if name in values]
            if not values:
                pairs.append(("f", "1"))
        if q:
            pairs.append(("q", q))
        if order and order != (self.view.sort or self.usual_order):
            pairs.append(("o", order))
        return pairs

    def query(self, **changes):
        return urlencode(self.words(**changes))

    def href(self, **changes):
        return f"{reverse('servicedesk:queue')}?{self.query(**changes)}"

    def filter_words(self):
        """Filters alone, for the form that edits them and for a view that keeps them."""
        return {name: list(words) for name, words in self.values.items()}


def cleaned(given):
    """{name: (word, …)} of what may be words, and [(label, word)] of what is none."""
    values, problems = {}, []
    if not isinstance(given, dict):
        return {}, ()
    for name, asked in FIELDS.items():
        raw = given.get(name) or ()
        raw = list(raw) if isinstance(raw, list | tuple) else [raw]
        words = [word.strip() for text in raw for word in str(text)[:600].split(",")]
        words = list(dict.fromkeys(word for word in words if word))[:MOST_WORDS]
        good = tuple(word for word in words if asked.clean(word))
        problems += [(asked.label, word[:40]) for word in words if word not in good]
        if good:
            values[name] = good
    return values, tuple(problems)


def order_choices(selection):
    """[(label, address, is in force)] for the menu."""
    allowed = ORDERS if selection.is_open_only else INDEXED
    return [
        (_label(key), selection.href(order=key), selection.order == key)
        for key in ORDER_LABELS
        if key in allowed
    ]


def _label(key):
    return str(ORDER_LABELS.get(key) or _("Order"))

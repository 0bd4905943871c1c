"""What reference data there is, and how its pages look. Filled by the apps' `reference` modules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.access import Gate

NAMESPACE = "settings"


def admins(_row, person):
    return person.access.is_admin


def readers(_row, person):
    """Administrators; auditors read and change nothing."""
    return person.access.is_admin or person.access.has_role("AUD")


@dataclass(frozen=True)
class Column:
    """One column of the list: `value(row)` gives text, a number, a bool or a (word, tone, icon)."""

    label: Any
    value: Callable
    cls: str = ""


@dataclass(frozen=True)
class Tab:
    """A page of its own about one row, beside "Details" and "History"."""

    name: str  # of the address, without the slug: "members"
    label: Any


@dataclass(frozen=True)
class Reference:
    """One kind of reference data. `parts` are (row, data) -> formset, saved with the form."""

    slug: str
    model: type
    form: type
    label: Any
    one: Any
    new: Any
    icon: str
    section: str
    help: Any = ""
    columns: tuple = ()
    search: tuple = ("code", "name_en", "name_zh")
    order: tuple = ("code",)
    rows: Callable = lambda queryset: queryset
    # Which rows of another table belong to this one, for the history: (model, column).
    children: tuple = ()
    parts: tuple = ()
    parts_template: str = ""
    is_tree: bool = False
    can_see: Callable = readers
    can_edit: Callable = admins
    gate: Gate = Gate.SETTINGS
    # Reasons against taking a row out of use: (row) -> [sentence].
    holds: Callable = lambda row: []
    tabs: tuple = ()
    more_urls: Callable = lambda pages: []
    # A class of pages of its own (of core.reference.pages.Pages).
    pages: type | None = None

    def url(self, page="", row=None):
        name = f"{NAMESPACE}:{self.slug}" + (f"_{page}" if page else "")
        return reverse(name, args=[row.pk] if row is not None else [])


@dataclass(frozen=True)
class Words:
    """What a broken rule of the database means, and at which field it is told."""

    field: str | None
    text: Any


REGISTRY: dict[str, Reference] = {}
WORDS: dict[str, Words] = {}


def register(reference, words=None):
    """Add one kind. `words`: {name of a database constraint: (field or None, sentence)}."""
    REGISTRY[reference.slug] = reference
    say(words or {})
    return reference


def say(words):
    """Give constraints their words: {name: (field or None, sentence)}."""
    for name, (place, text) in words.items():
        WORDS[name] = Words(place, text)

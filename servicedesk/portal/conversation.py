"""The conversation of a request: only what is public, each entry in the portal's own words.

A verb without a template in templates/portal/timeline/ is not shown, so that nothing new of a
process reaches a requester by accident.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import get_template

SHOWN = 50


@dataclass(frozen=True)
class Item:
    entry: Any
    author: str
    person: Any
    is_mine: bool
    is_desk: bool
    files: list
    template: str


@lru_cache(maxsize=256)
def template_of(verb):
    """The template that says this to a requester, or nothing."""
    name = f"portal/timeline/{verb}.html"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return ""
    return name


def items_of(record, person, *, after=0, before=0):
    """(items, newest first; whether there are earlier ones; the place of the earliest shown)."""
    entries = record.timeline.seen_by_requester().select_related("author").order_by("-seq")
    if after:
        entries = entries.filter(seq__gt=after)
    if before:
        entries = entries.filter(seq__lt=before)
    entries = list(entries[: SHOWN + 1])
    has_more = len(entries) > SHOWN
    entries = entries[:SHOWN]
    files = _files(record, entries)
    side = _requester_side(record)
    items = [
        _item(entry, record, person, side, files.get(entry.pk, []))
        for entry in entries
        if template_of(entry.verb)
    ]
    return items, has_more, entries[-1].seq if entries else 0


def newest_seq(record):
    """The last public entry's place, so that the page can ask for what came after it."""
    found = record.timeline.seen_by_requester().order_by("-seq").values_list("seq", flat=True)
    return found.first() or 0


def last_question(record):
    """What was asked when the work began to wait: (who, words), or None."""
    asked = (
        record.timeline.seen_by_requester().filter(to_state=record.state).exclude(body="")
        .select_related("author").order_by("-seq").first()
    )  # fmt: skip
    return (asked.author.name if asked.author else "", asked.body) if asked else None


def _files(record, entries):
    """{entry id: [documents]}; what is internal stays out even where its entry is public."""
    found = {}
    ids = [entry.pk for entry in entries]
    for document in record.documents.filter(is_internal=False, entry_id__in=ids):
        found.setdefault(document.entry_id, []).append(document)
    return found


def _requester_side(record):
    side = {record.requester_id, record.reported_by_id}
    side |= set(record.watches.filter(takes_part=True).values_list("person_id", flat=True))
    return side - {None}


def _item(entry, record, person, side, files):
    return Item(
        entry=entry, person=entry.author, files=files, template=template_of(entry.verb),
        author=entry.author.name if entry.author else "",
        is_mine=entry.author_id == person.pk,
        is_desk=entry.author_id not in side,
    )  # fmt: skip

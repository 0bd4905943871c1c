"""One line of a list of requests, prepared so that the template only writes it down."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from servicedesk.portal import progress, promised


@dataclass(frozen=True)
class Row:
    number: str
    title: str
    href: str
    progress: Any
    promise: str
    is_late: bool
    updated_at: Any
    mark: str  # why it is here, where it is not the reader's own
    button: str  # what to press at once, where it is the reader's turn


def rows_of(records, person, at):
    return [row_of(record, person, at) for record in records]


def row_of(record, person, at):
    is_own = person.pk in {record.requester_id, record.reported_by_id}
    is_watched = getattr(record, "is_watched", False)
    shown = progress.progress_of(record, is_mine=is_own)
    promise, is_late = promised.of_list(record, at)
    anchor = ""
    button = ""
    if shown.turn == "you":
        is_question = progress.needs_answer(record)
        button = _("Answer") if is_question else _("Confirm")
        if record.kind == "feedback":
            button = _("Read the answer")
        anchor = "#reply" if is_question else "#confirm"
    return Row(
        number=record.number, title=record.title, progress=shown, promise=promise,
        is_late=is_late, updated_at=record.updated_at, button=button, mark=_mark(
            record, person, is_own=is_own, is_watched=is_watched
        ),
        href=reverse("portal:request", args=[record.number]) + anchor,
    )  # fmt: skip


def _mark(record, person, *, is_own, is_watched):
    name = record.requester.name if record.requester_id else _("somebody")
    if is_own:
        return _("for %(name)s") % {"name": name} if record.requester_id != person.pk else ""
    if is_watched:
        return _("you follow this request of %(name)s") % {"name": name}
    return _("shared with you: asked by %(name)s") % {"name": name}

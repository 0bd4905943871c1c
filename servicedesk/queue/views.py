"""The views of the queue: those that every desk has, as code, and those that people saved.

Both answer to the same names: key, name, filters, sort, is_mine.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import time
from records.models import Record
from servicedesk.models import SavedView
from servicedesk.queue import counts
from servicedesk.queue.selection import Selection, cleaned


@dataclass(frozen=True)
class View:
    """One view as the queue reads it. `saved` is its row, None for the standard ones."""

    key: str
    name: Any
    filters: dict = field(default_factory=dict)
    sort: str = ""
    tone: str = ""
    saved: SavedView | None = None
    note: Any = ""
    density: str = ""
    columns: tuple = ()

    @property
    def selection(self):
        values = cleaned(self.filters)[0]
        return Selection(values=values, view=self).sorted_by(self.sort)


STANDARD = (
    View("team", _("Team queue"), {"phase": ["active"], "group": ["mine"]}),
    View("mine", _("Assigned to me"), {"phase": ["active"], "assignee": ["me"]}),
    View(
        "unassigned", _("Unassigned"),
        {"phase": ["active"], "group": ["mine"], "assignee": ["nobody"]}, tone="warn",
    ),
    View("risk", _("Breached or at risk"), {"phase": ["active"], "sla": ["risk"]}, tone="danger"),
    View("waiting", _("Waiting for user > 3 days"), {"waiting": ["user3"]}),
    View("major", _("Major incidents"), {"phase": ["active"], "mark": ["major"]}),
    View("all", _("All open"), {"phase": ["active"]}),
    View("closed", _("Recently closed"), {"phase": ["closed"], "updated": ["30d"]}, "-updated"),
)  # fmt: skip


def views_of(person):
    """{key: View}: the standard ones, then the saved ones that this person sees. One statement."""
    found = {view.key: view for view in STANDARD}
    saved = SavedView.objects.visible_to(person).in_order().select_related("owner", "group")
    for row in saved[:60]:
        found[str(row.pk)] = of_saved(row, person)
    return found


def of_saved(row, person):
    return View(
        key=str(row.pk), name=row.name, filters=row.filters, sort=row.sort, saved=row,
        note=_shared_note(row, person), density=row.density,
        columns=tuple(row.columns),
    )  # fmt: skip


def _shared_note(row, person):
    if row.sharing == SavedView.Sharing.GROUP:
        return _("%(group)s · shared view") % {"group": row.group.name}
    if row.sharing == SavedView.Sharing.EVERYBODY and row.owner_id != person.pk:
        return _("shared by %(person)s") % {"person": row.owner.name}
    return ""


def default_of(views, person):
    """The view that the queue opens with: one's own choice, the team's, or all that is open."""
    for view in views.values():
        if view.saved and view.saved.is_default and view.saved.owner_id == person.pk:
            return view
    return views["team"] if person.access.all_group_ids else views["all"]


def counts_of(views, person, now=None, beside=None):
    """{key: count} of what each view holds, and of the conditions that a page shows `beside` them;
    in one statement, kept for some seconds."""

    def make():
        at = now or time.now()
        # what was closed is no work that waits: nobody counts it
        asked = {
            key: view.selection.condition(person, at)
            for key, view in views.items()
            if view.selection.is_open_only
        }
        asked |= {key: part.condition(person, at) for key, part in (beside or {}).items()}
        return counts.in_one_pass(Record.objects.queue_of(person).active(), asked)

    names = ",".join((*views, *(beside or ())))
    return counts.kept(person, f"views:{names}", make)

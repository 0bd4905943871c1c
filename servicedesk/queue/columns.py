"""The columns of the queue: which there are, which a reader chose, and what a cell holds.

Mark, priority and ticket always stand; the others may be chosen a view (ViewLook). Nothing chosen
means the view's own columns, and without those the usual ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import formats
from core.icons import icon
from records.kinds import KINDS
from records.models import Record
from servicedesk.queue.urgency import INDEXED, ORDERS


@dataclass(frozen=True)
class Column:
    """`th`, `td`: classes. `needs`: what the statement must bring. `is_usual`: shown unchosen, then
    with the classes `dense` (shown in the compact density only) and as wide as `width` says;
    among chosen columns it makes do with less, for the subject's sake."""

    key: str
    label: Any
    cell: Callable  # (raw row, Row, Reader) -> text that is safe to print
    width: int
    th: str = ""
    td: str = ""
    sort: str = ""
    needs: tuple = ()
    is_usual: bool = False
    dense: str = ""
    narrow: int = 0  # how wide among chosen columns; 0: two steps less


@dataclass(frozen=True)
class Reader:
    """Who reads the rows: language, time zone, and when."""

    lang: str
    zone: Any
    now: Any

    def name(self, english, chinese):
        first, second = (chinese, english) if self.lang == "zh" else (english, chinese)
        return escape(first or second or "")


def _named(path):
    needs = (f"{path}__name_en", f"{path}__name_zh")
    return lambda raw, _row, reader: reader.name(*(getattr(raw, name) for name in needs)), needs


def _moment(name):
    def cell(raw, _row, reader):
        at = getattr(raw, name)
        if at is None:
            return ""
        return formats.moment_text(at.astimezone(reader.zone), reader.now, reader.lang)

    return cell


CHANNELS = dict(Record.Channel.choices)
GROUP, GROUP_NEEDS = _named("assigned_group")
CATEGORY, CATEGORY_NEEDS = _named("category")
ORGANIZATION, ORGANIZATION_NEEDS = _named("organization")
SITE, SITE_NEEDS = _named("site")
OPTIONAL = "c-opt c-hide"
COLUMNS = {
    column.key: column
    for column in (
        Column("requester", _("Requester"), lambda raw, row, reader: escape(row.requester),
               8, "c-opt", OPTIONAL, is_usual=True, dense="c-dense"),
        Column("service", _("Service"), lambda raw, row, reader: escape(row.service),
               8, "c-opt", OPTIONAL, is_usual=True, dense="c-dense c-wide"),
        Column("organization", _("Organisation"), ORGANIZATION, 8, "c-opt", OPTIONAL,
               needs=ORGANIZATION_NEEDS),
        Column("site", _("Site"), SITE, 8, "c-opt", OPTIONAL, needs=SITE_NEEDS),
        Column("category", _("Category"), CATEGORY, 8, "c-opt", OPTIONAL, needs=CATEGORY_NEEDS),
        Column("kind", _("Kind"), lambda raw, row, reader: escape(KINDS[raw.kind].label),
               8, "c-opt", OPTIONAL),
        Column("channel", _("Channel"),
               lambda raw, row, reader: escape(CHANNELS.get(raw.channel, raw.channel)),
               6, "c-opt", OPTIONAL, needs=("channel",)),
        Column("state", _("State"), lambda raw, row, reader: row.state, 9, "", "c-state",
               is_usual=True),
        Column("sla", _("Next SLA"), lambda raw, row, reader: row.sla, 12, "", "c-sla", "due",
               is_usual=True),
        Column("group", _("Group"), GROUP, 8, "c-opt", OPTIONAL, needs=GROUP_NEEDS),
        Column("assignee", _("Assignee"), lambda raw, row, reader: row.who, 9, "", "c-who",
               "assignee", is_usual=True, narrow=8),
        Column("opened", _("Opened"), _moment("opened_at"), 6, "num c-opt",
               f"num mute {OPTIONAL}", needs=("opened_at",), narrow=6),
        Column("updated", _("Updated"), lambda raw, row, reader: row.updated, 5, "num c-opt",
               f"num mute {OPTIONAL}", "updated", is_usual=True),
    )
}  # fmt: skip
MOST = 7
USUAL = tuple(key for key, column in COLUMNS.items() if column.is_usual)


def cleaned(keys):
    """Known columns in their order; () where none is known, which means the usual ones."""
    wanted = set(keys or ())
    return tuple(key for key in COLUMNS if key in wanted)


@dataclass(frozen=True)
class Look:
    """How a reader sees a view: columns () for the usual ones, density "" for that of everywhere."""

    columns: tuple = ()
    density: str = ""

    @property
    def shown(self):
        """[(Column, classes of its head, classes of its cells)]"""
        is_usual = not self.columns
        found = [COLUMNS[key] for key in self.columns or USUAL]
        return [
            (column, _head(column, is_usual),
             _with(column.td, column.dense if is_usual else ""))
            for column in found
        ]  # fmt: skip

    @property
    def needs(self):
        return tuple(name for key in self.columns for name in COLUMNS[key].needs)


def _head(column, is_usual):
    width = column.width if is_usual else column.narrow or max(column.width - 2, 4)
    return _with(f"{column.th} cw-{width}".strip(), column.dense if is_usual else "")


def _with(classes, more):
    return f"{more} {classes}".strip()


OPENING = """
SELECT clock_timestamp(), look.columns, look.density
FROM (SELECT 1) AS one
LEFT JOIN servicedesk_viewlook look ON look.person_id = %s AND look.view = %s
"""


def opening(person, view):
    """(now by the database's clock, the Look of this view for this person), in one statement: a
    page of the queue may cost twelve."""
    with connection.cursor() as cursor:
        cursor.execute(OPENING, [person.pk, view.key])
        now, columns, density = cursor.fetchone()
    return now, look_of(view, columns, density)


def look_of(view, columns, density):
    """One's own choice before that of the view."""
    return Look(cleaned(columns) or cleaned(view.columns), density or view.density or "")


def cells_of(raw, row, shown, reader):
    """The cells behind the subject, as HTML."""
    return mark_safe(
        "".join(
            f'<td role="cell" class="{td}">{column.cell(raw, row, reader)}</td>'
            for column, _th, td in shown
        )
    )


# --- heads ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """The head of a column; `href` sorts by it, or turns the order round."""

    label: str
    cls: str
    href: str = ""
    sorted: str = ""
    arrow: str = ""


FIXED = ((pgettext_lazy("column", "Prio"), "cw-3", "priority"), (_("Ticket"), "", "number"))


def heads_of(selection, look):
    allowed = ORDERS if selection.is_open_only else INDEXED
    heads = []
    for label, cls, key in (*FIXED, *((c.label, th, c.sort) for c, th, _td in look.shown)):
        if key not in allowed:
            heads.append(Head(label, cls))
            continue
        falls = key in {"number", "updated"}  # the newest first, when it is asked for first
        first, second = (f"-{key}", key) if falls else (key, f"-{key}")
        is_sorted = selection.order in {first, second}
        rises = selection.order == key
        heads.append(
            Head(
                label, cls, selection.href(order=second if selection.order == first else first),
                ("ascending" if rises else "descending") if is_sorted else "",
                icon("arrow-up" if rises else "arrow-down", "i--sm") if is_sorted else "",
            )
        )  # fmt: skip
    return heads

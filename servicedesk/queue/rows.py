"""Rows of the queue, everything in them worked out here: the template only prints.

One statement brings the columns (no model instances: they cost more than the row), one brings what
hangs on the fifty records; nothing is asked a row.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.icons import icon
from core.templatetags import ui
from records.kinds import KINDS
from servicedesk.queue import clock, looks
from servicedesk.queue.columns import Reader, cells_of
from servicedesk.queue.urgency import LANES, lane_of

COLUMNS = (
    "id", "number", "kind", "title", "state", "phase", "priority", "due_at", "sla_status", "sla",
    "updated_at", "is_major", "child_count", "unanswered_since", "requester__name",
    "requester__is_vip", "service__name_en", "service__name_zh", "assignee_id", "assignee__name",
    "pending_reason__code", "pending_reason__name_en", "pending_reason__name_zh",
)  # fmt: skip
MARKS = """
SELECT record_id, 'tasks' FROM records_task
WHERE record_id = ANY(%(ids)s) AND state IN ('open', 'in_progress')
UNION
SELECT l.source_id, r.kind FROM records_recordlink l JOIN records_record r ON r.id = l.target_id
WHERE l.source_id = ANY(%(ids)s) AND r.kind IN ('problem', 'change')
UNION
SELECT l.target_id, r.kind FROM records_recordlink l JOIN records_record r ON r.id = l.source_id
WHERE l.target_id = ANY(%(ids)s) AND r.kind IN ('problem', 'change')
"""


@dataclass(slots=True)
class Row:
    """One line of the list. Strings are ready; those made of HTML are marked safe."""

    pk: int
    number: str
    href: str
    title: str
    requester: str
    service: str
    prio: str
    state: str
    sla: str
    who: str
    flags: str
    updated: str
    select: str
    is_unread: bool
    cells: str = ""  # the chosen columns, where the rows stand in a table of them


@dataclass(frozen=True)
class Band:
    """A heading and the rows under it. Without a heading the rows simply follow."""

    rows: list
    key: str = ""
    label: str = ""
    icon: str = ""
    tone: str = ""
    count: str = ""


def columns_of(queryset, order, needs=()):
    """The columns of a row; what only the order or a chosen column needs rides along."""
    extra = {*(key.lstrip("-") for key in order), *needs} - set(COLUMNS)
    return queryset.values_list(*COLUMNS, *sorted(extra), named=True)


def rows_of(found, now, shown=()):
    """The Rows of what `columns_of` found; with the cells of the columns `shown` (Look.shown)."""
    zh = ui.language() == "zh"
    lang, zone = "zh" if zh else "en", timezone.get_current_timezone()
    marks, select = marks_of([row.id for row in found]), _("Select %(number)s")
    made = [_row(row, marks.get(row.id, ()), now, zone, lang, select) for row in found]
    if shown:
        reader = Reader(lang, zone, now.astimezone(zone))
        for raw, row in zip(found, made, strict=True):
            row.cells = cells_of(raw, row, shown, reader)
    return made


def _row(row, marks, now, zone, lang, select):
    zh = lang == "zh"
    return Row(
        pk=row.id,
        number=row.number,
        href=address(row.kind, row.number),
        title=row.title,
        requester=row.requester__name or "",
        service=_name(row.service__name_en, row.service__name_zh, zh),
        prio=ui.prio(row.priority),
        state=looks.state(
            row.kind, row.state, row.phase, row.pending_reason__code or "",
            _name(row.pending_reason__name_en, row.pending_reason__name_zh, zh),
        ),
        sla=sla(clock.drawn(row.sla, now, zone, lang)),
        who=who(row.assignee_id, row.assignee__name, get_language()),
        flags=flags(row, marks),
        updated=ago((now - row.updated_at).total_seconds(), lang),
        select=select % {"number": row.number},
        is_unread=row.unanswered_since is not None,
    )  # fmt: skip


def _name(english, chinese, zh):
    return (chinese or english or "") if zh else (english or chinese or "")


def marks_of(ids):
    """{record id: {"tasks", "problem", "change"}} of what hangs on these records."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MARKS, {"ids": ids})
        found = {}
        for pk, mark in cursor.fetchall():
            found.setdefault(pk, set()).add(mark)
    return found


def flags(row, marks):
    """Small pictures behind the subject, each with its words."""
    shown = []
    if row.is_major:
        shown.append(icon("siren", "", _("Major incident")))
    if row.requester__is_vip:
        shown.append(icon("star", "", _("VIP")))
    if row.unanswered_since is not None:
        shown.append(icon("message-square-reply", "", _("New reply from requester")))
    if "problem" in marks:
        shown.append(icon("search-code", "", _("Linked problem")))
    if "change" in marks:
        shown.append(icon("git-pull-request-arrow", "", _("Linked change")))
    if "tasks" in marks:
        shown.append(icon("list-checks", "", _("Open tasks")))
    if row.child_count:
        shown.append(icon("network", "", _("Child tickets")))
    return mark_safe("".join(shown))


def sla(drawn):
    if drawn is None:
        return mark_safe(f'<span class="mute">{escape(_("No promise"))}</span>')
    return ui.sla(drawn)


@lru_cache(maxsize=4096)
def who(pk, name, language):
    """Avatar and name of the assignee, kept by this process."""
    if pk is None:
        return ui.who(None)
    return mark_safe(
        f'<span class="who">{ui._avatar(name, pk % 8 + 1, "")}<span>{escape(name)}</span></span>'
    )


def ago(seconds, lang):
    """How long since the last change, as short as a column: "1m", "3h", "2d"; "1 分", "2 天"."""
    seconds = max(int(seconds), 0)
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return _unit(seconds // size, unit, lang)
    return _unit(0, "m", lang)


@lru_cache(maxsize=1024)
def _unit(count, unit, lang):
    if unit == "d":
        text = pgettext("time since", "%(count)dd")
    elif unit == "h":
        text = pgettext("time since", "%(count)dh")
    else:
        text = pgettext("time since", "%(count)dm")
    return text % {"count": count}


def address(kind, number):
    """The page of a record. The address of a kind is resolved once a process."""
    return _address_of(kind).replace("-NUMBER-", number)


@cache
def _address_of(kind):
    for name in (f"{KINDS[kind].namespace}:detail", "work:find"):
        try:
            return reverse(name, args=["-NUMBER-"])
        except NoReverseMatch:
            continue
    return reverse("servicedesk:search") + "?q=-NUMBER-"


def bands_of(found, rows, order, now, counts, *, is_first, is_last):
    """The rows under their headings. A band that stands whole on this page counts its rows;
    of the others the counts of the pulse are shown."""
    key_of = _band_keys(order, now)
    if key_of is None:
        return [Band(rows)] if rows else []
    groups = []
    for raw, row in zip(found, rows, strict=True):
        key = key_of(raw)
        if not groups or groups[-1][0] != key:
            groups.append((key, []))
        groups[-1][1].append(row)
    bands = []
    for place, (key, members) in enumerate(groups):
        is_whole = (place > 0 or is_first) and (place < len(groups) - 1 or is_last)
        count = f"{len(members)}" if is_whole else counts.get(key, "")
        bands.append(_band(order, key, members, count))
    return bands


def _band_keys(order, now):
    if order == "due":
        return lambda row: lane_of(row.due_at, row.sla_status, now)
    if order == "priority":
        return lambda row: row.priority
    if order == "assignee":
        return lambda row: row.assignee__name
    return None


def _band(order, key, members, count):
    if order == "due":
        lane = LANES[key]
        return Band(members, key, str(lane.label), icon(lane.icon, "i--sm"), lane.tone, count)
    if order == "priority":
        label = f"P{key} {ui.priority_word(key)}" if key else _("No priority")
    else:
        label = key or _("Nobody")
    return Band(members, str(key or ""), label, "", "", count)

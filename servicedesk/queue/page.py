"""One page of the queue, ready to be printed: bands of rows, the pulse, tokens, the way on.

Statements of a page: the clock, the pulse (kept for some seconds), the rows, what hangs on them,
and the names behind the filters. Their number does not depend on the rows.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from core.icons import icon
from core.paging import paginate
from servicedesk.queue import counts, rows
from servicedesk.queue.columns import Look, heads_of
from servicedesk.queue.selection import order_choices
from servicedesk.queue.tokens import tokens_of
from servicedesk.queue.urgency import LANES, ORDERS, in_lane

SIZE = 50
PULSE = ("breached", "soon", "later", "paused")
PULSE_NOBODY = _("unassigned")


@dataclass(frozen=True)
class Beat:
    """One figure of the pulse: a count that filters. `is_on` while the list shows just that."""

    icon: str
    tone: str
    count: str
    label: str
    href: str
    is_on: bool


@dataclass(frozen=True)
class QueuePage:
    selection: object
    bands: list
    pulse: list
    tokens: list
    total: str
    shown: int
    after: str
    before: str
    orders: list
    columns: list

    def __len__(self):
        return self.shown

    @property
    def is_empty(self):
        return not self.bands


def build(person, selection, *, look=None, now=None, after="", before=""):
    now, look = now or time.now(), look or Look()
    order = ORDERS[selection.order]
    found = rows.columns_of(selection.ordered_rows(person, now), order, look.needs)
    page = paginate(found, order=order, size=SIZE, after=after, before=before)
    is_first, is_last = not page.before, not page.after
    figures = figures_of(person, selection, now, needs_total=not (is_first and is_last))
    lines = rows.rows_of(page.rows, now, look.shown)
    shown = {key: counts.text(count) for key, count in figures.items()}
    by_lane = shown if not set(selection.values.get("sla", ())) & {"risk"} else {}
    return QueuePage(
        selection=selection,
        bands=rows.bands_of(
            page.rows, lines, selection.order, now, by_lane, is_first=is_first, is_last=is_last
        ),
        pulse=pulse_of(selection, figures),
        tokens=tokens_of(selection, person),
        total=str(len(lines)) if is_first and is_last else counts.text(figures["total"]),
        shown=len(lines),
        after=page.after,
        before=page.before,
        orders=order_choices(selection),
        columns=heads_of(selection, look),
    )


def figures_of(person, selection, now, *, needs_total):
    """{lane: count, "nobody": count, "total": count}, capped, in one statement."""
    name = f"pulse:{needs_total}:{hash((selection.query(), selection.q))}"
    return counts.kept(person, name, lambda: _figures(person, selection, now, needs_total))


def _figures(person, selection, now, needs_total):
    if not selection.is_open_only:
        return {"total": counts.capped(selection.rows(person, now)) if needs_total else 0}
    whose = selection.condition(person, now, only={"assignee"})
    asked = {key: whose & in_lane(key, now) for key in LANES}
    asked["nobody"] = Q(assignee_id__isnull=True)
    asked["total"] = selection.condition(person, now, only={"assignee", "sla"})
    return counts.in_one_pass(selection.rows(person, now, without=("sla", "assignee")), asked)


def pulse_of(selection, figures):
    """The counts at the top; none where the list is about what is done."""
    if not selection.is_open_only:
        return []
    lanes = selection.values.get("sla", ())
    beats = []
    for key in PULSE:
        lane = LANES[key]
        is_on = lanes == (key,)
        href = selection.href(sla=None if is_on else key)
        beats.append(
            Beat(icon(lane.icon), lane.tone, counts.text(figures[key]), lane.pulse, href, is_on)
        )
    is_on = selection.values.get("assignee") == ("nobody",)
    href = selection.href(assignee=None if is_on else "nobody")
    count = counts.text(figures["nobody"])
    return [*beats, Beat(icon("circle-dashed"), "plum", count, PULSE_NOBODY, href, is_on)]

"""The tickets of one person, for the page about them: what is open, and what came last.

Only what the reader may see counts; the person must be visible to the reader too.
"""

from dataclasses import replace

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import time
from core.access import Gate, access
from core.pages import wants_partial
from people.models import Person
from records.kinds import OPEN_PHASES
from records.models import Record
from servicedesk.queue import counts, rows
from servicedesk.queue.urgency import ORDERS, ordered
from servicedesk.views.home import Part, selection_of

MOST_OPEN = 10
MOST_RECENT = 5


@require_safe
@access(Gate.SIGNED_IN)
def tickets(request, pk):
    people = Person.objects.visible_to(request.user).filter(pk=min(pk, 2**63 - 1))
    person = get_object_or_404(people)
    found = Record.objects.queue_of(request.user).filter(requester=person)
    now = time.now()
    is_agent = request.user.access.is_agent
    parts = [open_part(found, person, now), recent_part(found, person, now)]
    if not is_agent:
        parts = [in_the_portal(part) for part in parts]
    context = {"person": person, "parts": [part for part in parts if part.rows]}
    context["is_agent"] = is_agent
    template = "_tickets" if wants_partial(request) else "index"
    return render(request, f"servicedesk/person/{template}.html", context)


def open_part(found, person, now):
    """What is not resolved yet, the next due first; the rest stands in the queue."""
    live = found.active()
    by_due = ordered(live, "due").order_by("due_at", "behind", "priority", "id")
    lines = first(by_due, ORDERS["due"], MOST_OPEN, now)
    total = len(lines) if len(lines) < MOST_OPEN else counts.capped(live)
    href = queue_of(person, phase="active")
    return Part("open", _("Open tickets"), lines, counts.text(total), href)


def recent_part(found, person, now):
    """What was resolved or closed last."""
    over = found.exclude(phase__in=OPEN_PHASES)
    lines = first(over.order_by("-updated_at", "-id"), (), MOST_RECENT, now)
    total = len(lines) if len(lines) < MOST_RECENT else counts.capped(over)
    href = queue_of(person, phase="any")
    return Part("recent", _("Resolved and closed"), lines, counts.text(total), href)


def first(found, order, most, now):
    return rows.rows_of(list(rows.columns_of(found, order)[:most]), now)


def queue_of(person, *, phase):
    """The queue, filtered to this person."""
    return selection_of({"requester": (str(person.pk),), "phase": (phase,)}).href()


def in_the_portal(part):
    """The same list for who has no queue: every line leads to its page in the portal."""
    lines = [replace(row, href=reverse("portal:request", args=[row.number])) for row in part.rows]
    return replace(part, rows=lines, href=reverse("portal:requests"))

"""My work: what one agent has before them today. And the start page, which leads each to theirs."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core import time
from core.access import Gate, access
from records.models import Approval, Record, Task
from servicedesk.queue import counts, rows, views
from servicedesk.queue.selection import Selection
from servicedesk.queue.urgency import ORDERS, ordered

MOST = 15
TASK_COLUMNS = ("title", "number", "due_at", "record__number", "record__kind")
APPROVAL_COLUMNS = ("pk", "record__title", "record__number", "due_at")


@require_GET
@access(Gate.SIGNED_IN)
def start(request):
    """/: agents begin with their work, everybody else in the portal."""
    if not request.user.access.is_agent:
        try:
            return redirect(reverse("portal:home"))
        except NoReverseMatch:
            return render(request, "servicedesk/home/closed.html")
    has_groups = bool(request.user.access.group_ids)
    return redirect("servicedesk:home" if has_groups else "servicedesk:queue")


@dataclass(frozen=True)
class Part:
    """A list on the page: its rows, how many there are in all, and where all of them stand."""

    key: str
    title: Any
    rows: list
    total: str
    href: str
    empty: Any = ""


@require_GET
@access(Gate.AGENT)
def index(request):
    person, now = request.user, time.now()
    mine = selection_of({"assignee": ("me",)})
    answers = selection_of({"assignee": ("me",), "mark": ("reply",)})
    free = selection_of({"group": ("mine",), "assignee": ("nobody",)})
    late = selection_of({"assignee": ("me",), "sla": ("breached",)})
    soon = selection_of({"assignee": ("me",), "sla": ("soon",)})
    asked = {"mine": mine, "answers": answers, "free": free, "late": late, "soon": soon}
    figures = figures_of(request, asked, now)
    tickets, waiting = ticket_lists(person, mine, now)
    tasks, approvals = todo_of(person, now)
    context = {
        "stats": [
            (_("Assigned to me"), counts.text(figures["mine"]), mine.href(), "", ""),
            (_("Breached"), counts.text(figures["late"]), late.href(), "danger", figures["late"]),
            (_("Due within 1 hour"), counts.text(figures["soon"]), soon.href(), "warn",
             figures["soon"]),
            (_("New replies"), counts.text(figures["answers"]), answers.href(), "", ""),
            (_("Unassigned in my groups"), counts.text(figures["free"]), free.href(), "plum",
             figures["free"]),
        ],
        "tickets": Part("tickets", _("My tickets, the next due first"), tickets,
                        shown_total(tickets, figures["mine"]), mine.href()),
        "waiting": Part("waiting", _("Waiting for my answer"), waiting,
                        shown_total(waiting, figures["answers"]), answers.href()),
        "tasks": tasks, "approvals": approvals,
        "free": free, "free_count": counts.text(figures["free"]), "has_free": figures["free"],
        "now": now,
    }  # fmt: skip
    return render(request, "servicedesk/home/index.html", context)


def figures_of(request, asked, now):
    """The figures of the page; with those that the menu shows beside its views, in one statement."""
    request.queue_views = views.views_of(request.user)
    beside = {f"home-{key}": part for key, part in asked.items()}
    request.queue_counts = views.counts_of(request.queue_views, request.user, now, beside)
    return {key: request.queue_counts[f"home-{key}"] for key in asked}


def selection_of(values):
    """A selection of its own, whose address stands alone."""
    values = {"phase": ("active",)} | values
    return Selection(values=values, view=views.STANDARD[-2], order="due")


def shown_total(found, count):
    return str(len(found)) if len(found) < MOST else counts.text(max(count, len(found)))


def ticket_lists(person, selection, now):
    """My tickets, next due first, and those on which the requester spoke last, the longest
    waiting first."""
    order = ORDERS["due"]
    mine = rows.columns_of(selection.ordered_rows(person, now), order)
    mine = list(mine.order_by("due_at", "behind", "priority", "id")[:MOST])
    found = Record.objects.queue_of(person).active().assigned_to(person)
    found = ordered(found.filter(unanswered_since__isnull=False), "number")
    waiting = rows.columns_of(found, ("unanswered_since",)).order_by("unanswered_since", "id")
    made = rows.rows_of([*mine, *waiting[:MOST]], now)
    return made[: len(mine)], made[len(mine) :]


@dataclass(frozen=True)
class Todo:
    title: str
    number: str
    due_at: Any
    href: str


def todo_of(person, now):
    """(tasks, approvals) that wait for this person; kept for some seconds like the counts."""
    return counts.kept(person, "todo", lambda: (my_tasks(person), my_approvals(person, now.date())))


def my_tasks(person):
    """What I am to do, of records that I may see."""
    visible = Record.objects.visible_to(person).values("pk")
    found = Task.objects.live().of(person).filter(record__in=visible).order_by("due_at", "pk")
    return [
        Todo(title, f"{number} · {record}", due_at, rows.address(kind, record))
        for title, number, due_at, record, kind in found.values_list(*TASK_COLUMNS)[:MOST]
    ]


def my_approvals(person, today):
    """What waits for my answer, also where I stand in for somebody."""
    found = Approval.objects.waiting_for(person, today).order_by("due_at", "pk")
    return [
        Todo(title, record, due_at, reverse("servicedesk:approval", args=[pk]))
        for pk, title, record, due_at in found.values_list(*APPROVAL_COLUMNS)[:MOST]
    ]

"""How urgent a ticket is: the lanes of the queue, and the orders in which it may be read.

A lane is decided by the columns that slm keeps on the record (`due_at`, `sla_status`) and by now,
and the order of the lanes is the order of the list, so that a lane is never torn apart by paging.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Lane:
    """A group of rows with its heading; `pulse` is the word beside its count at the top."""

    key: str
    label: Any
    icon: str
    tone: str = ""
    pulse: Any = ""


LANES = {
    lane.key: lane
    for lane in (
        Lane("breached", _("Breached"), "octagon-alert", "danger", _("breached")),
        Lane("soon", _("Due within 1 hour"), "alarm-clock", "warn", _("due within 1 h")),
        Lane("later", _("Later"), "timer", "", _("on track")),
        Lane("paused", _("Paused"), "circle-pause", "", _("paused")),
        Lane("none", _("No promise"), "circle-dashed"),
    )
}


def lane_of(due_at, sla_status, now):
    """The key of the lane that a row stands in."""
    if due_at is None:
        return "paused" if sla_status == "paused" else "none"
    if due_at <= now:
        return "breached"
    return "soon" if due_at <= now + SOON else "later"


def in_lane(key, now):
    """The rows of a lane, as a Q. `risk` is what a lead looks at: breached, or about to be."""
    return {
        "breached": Q(due_at__lte=now),
        "soon": Q(due_at__gt=now, due_at__lte=now + SOON),
        "later": Q(due_at__gt=now + SOON),
        "paused": Q(due_at__isnull=True, sla_status="paused"),
        "none": Q(due_at__isnull=True) & ~Q(sla_status="paused"),
        "risk": Q(due_at__lte=now + SOON) | Q(due_at__isnull=False, sla_status="warning"),
    }[key]


# Behind the rows that have a due: those that are paused, then those without a promise.
BEHIND = Case(When(sla_status="paused", then=Value(0)), default=1, output_field=IntegerField())

# What ?o= may say: the key of paging. Each ends with a unique column.
ORDERS = {
    "due": ("due_at", "behind", "priority", "id"),
    "-due": ("-due_at", "behind", "priority", "id"),
    "priority": ("priority", "due_at", "id"),
    "-priority": ("-priority", "due_at", "id"),
    "assignee": ("assignee_name", "due_at", "id"),
    "-assignee": ("-assignee_name", "due_at", "id"),
    "updated": ("updated_at", "id"),
    "-updated": ("-updated_at", "id"),
    "number": ("id",),
    "-number": ("-id",),
}
# Sorted by an index at any size; the others sort what is open, and only that.
INDEXED = {"updated", "-updated", "number", "-number"}


def ordered(queryset, order):
    """The queryset with what `order` needs beside the columns."""
    if order.endswith("due"):
        return queryset.annotate(behind=BEHIND)
    if order.endswith("assignee"):
        return queryset.annotate(assignee_name=F("assignee__name"))
    return queryset

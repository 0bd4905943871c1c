"""The coordination board (S-12): who has what of ours, since when, and whose clock is next to run
out. A fixed number of statements at any size; only rows that the reader may see are counted."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.urls import reverse

from people.models import SupportGroup
from records.models import Record
from slm.models import Clock, SupplierReferral
from slm.terms import ClockKind, ClockState

MOST_GROUPS, MOST_ROWS = 100, 15
DESK = SupportGroup.Kind.DESK


@dataclass(frozen=True)
class GroupLine:
    group: SupportGroup
    open: int
    unassigned: int
    waiting: int
    late: int
    oldest: object
    href: str
    unassigned_href: str


@dataclass(frozen=True)
class SupplierLine:
    name: str
    sent: int
    unacknowledged: int
    answered: int
    late: int
    oldest: object


def with_others(person):
    """Open tickets that stand with a group that is no desk."""
    found = Record.objects.queue_of(person).active().filter(assigned_group__isnull=False)
    return found.exclude(assigned_group__kind=DESK)


def group_lines(person, now):
    """[GroupLine], the most late first."""
    late = Q(clocks__clock_kind=ClockKind.OLA, clocks__state=ClockState.RUNNING,
             clocks__due_at__lt=now)  # fmt: skip
    rows = (
        with_others(person).order_by().values("assigned_group")
        .annotate(
            open=Count("pk", distinct=True), oldest=Min("opened_at"),
            unassigned=Count("pk", filter=Q(assignee=None), distinct=True),
            waiting=Count("pk", filter=Q(phase="waiting"), distinct=True),
            late=Count("pk", filter=late, distinct=True),
        )
        .order_by("-late", "-open", "assigned_group")[:MOST_GROUPS]
    )  # fmt: skip
    rows = list(rows)
    groups = SupportGroup.objects.in_bulk([row["assigned_group"] for row in rows])
    base = reverse("servicedesk:queue")
    lines = []
    for row in rows:
        group = groups[row.pop("assigned_group")]
        href = f"{base}?view=all&group={group.pk}"
        lines.append(
            GroupLine(group=group, href=href, unassigned_href=f"{href}&assignee=nobody", **row)
        )
    return lines


def supplier_lines(person, now):
    """[SupplierLine], the most late first."""
    open_ = SupplierReferral.objects.visible_to(person).live().select_related("supplier")
    late = set(
        Clock.objects.filter(
            clock_kind=ClockKind.UC, state=ClockState.RUNNING, due_at__lt=now,
            referral__in=open_.values("number"),
        ).values_list("referral", flat=True)
    )  # fmt: skip
    by_supplier = {}
    for referral in open_.order_by("sent_at")[:1000]:
        by_supplier.setdefault(referral.supplier_id, []).append(referral)
    lines = [
        SupplierLine(
            name=mine[0].supplier.name,
            sent=sum(one.state in SupplierReferral.THEIRS for one in mine),
            unacknowledged=sum(one.state == "sent" for one in mine),
            answered=sum(one.state == "answered" for one in mine),
            late=sum(one.number in late for one in mine),
            oldest=mine[0].sent_at,
        )
        for mine in by_supplier.values()
    ]
    return sorted(lines, key=lambda line: (-line.late, -line.sent, line.name))


def next_clocks(person):
    """The clocks of groups and suppliers that run out next, or have: one statement."""
    records = Record.objects.visible_to(person).values("pk")
    return list(
        Clock.objects.filter(
            clock_kind__in=[ClockKind.OLA, ClockKind.UC], state=ClockState.RUNNING,
            due_at__isnull=False, record__in=records,
        )
        .select_related("record__assignee", "group", "agreement__supplier")
        .order_by("due_at", "pk")[:MOST_ROWS]
    )  # fmt: skip

"""The caller's card: all that the agent must see before the second sentence is spoken."""

import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from cmdb.models import CI
from incidents.models import Incident
from records.kinds import OPEN_PHASES
from records.models import Record
from servicedesk.models import Interaction
from servicedesk.portal import services, similar
from servicedesk.queue import looks
from servicedesk.queue.rows import address

MOST = 6


@dataclass(frozen=True)
class Ticket:
    number: str
    title: str
    href: str
    mark: str
    priority: int | None
    group: str
    updated_at: Any
    enquiries: int
    requester: str = ""


@dataclass(frozen=True)
class Card:
    person: Any
    local_time: Any
    open: list
    more_open: bool
    recent: list
    devices: list
    services: list
    disruptions: list
    calls: list


def card_of(person, agent, at):
    """The Card of a caller, as this agent may see it."""
    seen = Record.objects.visible_to(agent).queued()
    theirs = seen.filter(Q(requester=person) | Q(reported_by=person))
    current = _tickets(theirs.filter(phase__in=OPEN_PHASES).order_by("-updated_at")[: MOST + 1])
    recent = theirs.exclude(phase__in=OPEN_PHASES).order_by("-updated_at")[:3]
    used = services.used_by(person)
    return Card(
        person=person,
        local_time=at.astimezone(zoneinfo.ZoneInfo(person.zone_name)),
        open=current[:MOST], more_open=len(current) > MOST, recent=_tickets(recent),
        devices=list(
            CI.objects.present().used_by(person).select_related("ci_class").order_by("name")[:MOST]
        ),
        services=list(used.by_code()[:MOST]),
        disruptions=services.disruptions(person),
        calls=list(
            Interaction.objects.visible_to(agent).filter(person=person).exclude(outcome="")
            .select_related("record").order_by("-started_at")[:3]
        ),
    )  # fmt: skip


def _tickets(rows):
    rows = list(rows.select_related("pending_reason", "assigned_group", "requester"))
    asked = Interaction.objects.enquiries().filter(record__in=[row.pk for row in rows])
    counted = dict(asked.values_list("record").annotate(times=Count("pk")).order_by())
    return [ticket_of(row, counted.get(row.pk, 0)) for row in rows]


def ticket_of(row, enquiries=0):
    reason = row.pending_reason
    return Ticket(
        number=row.number, title=row.title, href=address(row.kind, row.number),
        mark=looks.state(
            row.kind, row.state, row.phase, reason.code if reason else "",
            reason.name if reason else "",
        ),
        priority=row.priority, group=row.assigned_group.name if row.assigned_group_id else "",
        updated_at=row.updated_at, enquiries=enquiries,
        requester=row.requester.name if row.requester_id else "",
    )  # fmt: skip


def duplicates(agent, *, text, at, service=None, ci=None):
    """Open tickets that may be the same, of anybody this agent may see."""
    rows = Incident.objects.visible_to(agent).active().queued().select_related("assigned_group")
    hints = similar.similar(rows, text=text, at=at, service=service, ci=ci, limit=4)
    return [(ticket_of(hint.record), similar.marked(hint.record.title, text)) for hint in hints]


def majors(agent):
    """Every large disruption that runs: whoever calls now may call because of it."""
    rows = Incident.objects.visible_to(agent).active().filter(is_major=True, major__ended_at=None)
    rows = rows.select_related("service", "pending_reason", "assigned_group", "requester")
    return [ticket_of(row) for row in rows.order_by("-opened_at")[:4]]

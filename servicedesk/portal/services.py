"""The state of the services that a person uses, and the large disruptions of them.

Of a disruption the portal tells the service and what the desk told everybody; never the subject or
the conversation of whoever reported it first.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from cmdb.models import OperationalStatus, Service
from incidents.events import Verb
from incidents.models import Incident
from records.models import RecordLink, TimelineEntry
from servicedesk.announcements import usage
from servicedesk.models import Announcement
from servicedesk.portal.progress import moment

TROUBLED = {
    OperationalStatus.DOWN: ("danger", "octagon-alert"),
    OperationalStatus.DEGRADED: ("warn", "triangle-alert"),
    OperationalStatus.AT_RISK: ("warn", "triangle-alert"),
}
MOST = 6


@dataclass(frozen=True)
class Disruption:
    number: str
    service: str
    service_id: int
    news: str
    times: str  # since when, and when there is more news
    is_mine: bool
    record: Any


def used_by(person):
    """Services that this person may ask about."""
    return Service.objects.requestable_by(person).live()


def disruptions(person):
    """Running large disruptions of services that the person uses, the latest first."""
    rows = majors(person).select_related("service", "major")
    news = TimelineEntry.objects.filter(
        record=OuterRef("pk"), verb=Verb.MAJOR_UPDATED, visibility="public"
    ).order_by("-seq")
    joined = RecordLink.objects.filter(
        source=OuterRef("pk"), type=RecordLink.Type.PARENT_OF, target__requester=person
    )
    rows = rows.annotate(
        news=Subquery(news.values("body")[:1]), has_joined=Exists(joined)
    ).order_by("-opened_at")[:MOST]
    return [
        Disruption(
            number=row.number, service=row.service.name, service_id=row.service_id,
            news=row.news or "", times=_times(row.major),
            is_mine=row.has_joined or person.pk in {row.requester_id, row.reported_by_id},
            record=row,
        )
        for row in rows
    ]  # fmt: skip


def _times(major):
    words = {"since": moment(major.declared_at), "next": moment(major.next_update_at)}
    if words["next"]:
        return _("Since %(since)s. Next news by %(next)s.") % words
    return _("Since %(since)s.") % words


def majors(person):
    """The large disruptions of services that this person really uses."""
    used = usage.used_or_part_of_used(person.pk)
    return Incident.objects.active().filter(
        is_major=True, confidentiality="normal", major__ended_at=None,
        service__in=used.values("pk"),
    )  # fmt: skip


def joinable(person):
    """What a person may say that they have too: large disruptions of what they use, and what an
    announced outage, meant for them, is about."""
    outages = Announcement.objects.running().meant_for(person).filter(announcement_kind="outage")
    ours = Q(pk__in=majors(person).values("pk")) | Q(pk__in=outages.values("about_id"))
    return Incident.objects.active().filter(ours, confidentiality="normal")


def statuses(person, running):
    """(troubled services as lines, how many others, the word for them). `running`: disruptions."""
    hit = {disruption.service_id for disruption in running}
    bad = Q(ci__operational_status__in=list(TROUBLED)) | Q(ci__state="in_maintenance")
    bad |= Q(pk__in=hit)
    services = used_by(person)
    counted = services.aggregate(every=Count("pk"), bad=Count("pk", filter=bad))
    rows = (
        services.filter(bad).select_related("ci").order_by("code")[:MOST] if counted["bad"] else []
    )
    lines = [_line(service, service.pk in hit) for service in rows]
    return lines, counted["every"] - counted["bad"], max(counted["bad"] - len(lines), 0)


def _line(service, is_hit):
    status = service.ci.operational_status
    if is_hit:
        tone, icon = TROUBLED[OperationalStatus.DOWN]
        words = _("large disruption")
    elif service.ci.state == "in_maintenance":
        tone, icon, words = "info", "wrench", _("maintenance")
    else:
        tone, icon = TROUBLED[status]
        words = {
            OperationalStatus.DOWN: _("not working"),
            OperationalStatus.DEGRADED: _("disturbed"),
            OperationalStatus.AT_RISK: _("may be disturbed"),
        }[status]
    return {"name": service.name, "tone": tone, "icon": icon, "words": words}

"""The banners above the pages: announcements, and major incidents that run. One way for both: an
announcement about a major incident stands for it, with its words and its “I am affected too”.

What there is at all comes with the number on the bell (servicedesk.glance), so that a page without
any banner asks nothing of its own.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import keeping
from core.templatetags.ui import language
from incidents.models import Incident
from records.models import RecordLink
from servicedesk import glance
from servicedesk.models import Announcement, AnnouncementReading
from servicedesk.portal import services

SECONDS_KEPT = 10
MOST = 4
TONES = {1: "info", 2: "warn", 3: "danger"}
ICONS = {
    "outage": "octagon-alert", "maintenance": "wrench", "service_level_change": "gauge",
    "release": "package-check", "training": "book-open", "general": "megaphone",
}  # fmt: skip


@dataclass
class Banner:
    """`number`: of the announcement, or ""; `affects`: of the incident that one may join, or ""."""

    title: str
    text: str
    times: str
    tone: str
    icon: str
    number: str = ""
    affects: str = ""
    is_mine: bool = False
    may_dismiss: bool = False
    wants_ack: bool = False
    href: str = ""
    service_id: int | None = None
    matches: str = ""  # words that tell what it is about and are not shown


def for_person(person):
    """The banners of the portal for one person, the most urgent first, at most MOST."""
    at_all = glance.of(person) if person.is_authenticated else None
    if at_all is None or not (at_all.has_announcements or at_all.has_majors):
        return []
    found = _announcements(person) if at_all.has_announcements else []
    incidents = _incidents(found, person)
    banners = [_of_announcement(one, incidents.get(one.about_id)) for one in found]
    told = {one.about_id for one in found}
    if at_all.has_majors:
        running = services.disruptions(person)
        banners = [
            _of_disruption(one) for one in running if one.record.pk not in told
        ] + banners  # fmt: skip
    return banners[:MOST]


def for_reader(request):
    """For the shell of the portal."""
    return for_person(request.user)


def _announcements(person):
    gone = AnnouncementReading.objects.filter(
        announcement=OuterRef("pk"), person=person, dismissed_at__isnull=False
    )
    read = AnnouncementReading.objects.filter(
        announcement=OuterRef("pk"), person=person, acknowledged_at__isnull=False
    )
    rows = Announcement.objects.running().meant_for(person).filter(is_banner=True)
    rows = rows.annotate(has_read=Exists(read), is_gone=Exists(gone))
    done = Q(is_gone=True) & (Q(has_read=True) | Q(requires_ack=False))
    kept_in_sight = Q(announcement_kind=Announcement.Kind.OUTAGE)
    return list(rows.filter(kept_in_sight | ~done).most_urgent_first()[:MOST])


def _incidents(announcements, person):
    """{key: incident} of what these announcements are about and the person may join."""
    ids = [one.about_id for one in announcements if one.is_outage and one.about_id]
    if not ids:
        return {}
    joined = RecordLink.objects.filter(
        source=OuterRef("pk"), type=RecordLink.Type.PARENT_OF, target__requester=person
    )
    rows = Incident.objects.active().filter(pk__in=ids, confidentiality="normal")
    return rows.annotate(has_joined=Exists(joined)).in_bulk()


def _of_announcement(row, incident):
    text = row.body
    return Banner(
        title=row.name, text=text if len(text) <= 300 else f"{text[:299]}…", times=times_of(row),
        tone=TONES[row.severity], icon=ICONS[row.announcement_kind], number=row.number,
        affects=incident.number if incident else "",
        is_mine=incident is not None and incident.has_joined,
        may_dismiss=row.may_be_dismissed and (row.has_read or not row.requires_ack),
        wants_ack=row.requires_ack and not row.has_read,
        service_id=incident.service_id if incident else None,
        matches=f"{row.title_en} {row.title_zh}",
    )  # fmt: skip


def _of_disruption(one):
    return Banner(
        title=_("%(service)s is disturbed.") % {"service": one.service},
        text=one.news[:300] or _("We are working on it before everything else."),
        times=one.times, tone="warn", icon="triangle-alert", affects=one.number,
        is_mine=one.is_mine, service_id=one.service_id, matches=one.record.title,
    )  # fmt: skip


def times_of(row):
    """From when until when, in words; a planned time as such."""
    words = {"from": moment(row.starts_at), "until": moment(row.ends_at)}
    if row.ends_at:
        return _("%(from)s to %(until)s.") % words
    return _("Since %(since)s.") % {"since": words["from"]} if row.starts_at else ""


def moment(at):
    return services.moment(at) if at else ""


def for_agents(request):
    """The slim banner of the agent's shell: outages and major incidents, one line each."""
    person = request.user
    if not person.is_authenticated or not person.access.is_agent:
        return []
    key = f"banners:agents:{language()}:{timezone.get_current_timezone_name()}"
    at_all = glance.of(person)
    if not (at_all.has_announcements or at_all.has_majors):
        return []
    return keeping.kept(key, _agents, SECONDS_KEPT)


def _agents():
    outages = Announcement.objects.running().filter(announcement_kind="outage")
    rows = list(outages.most_urgent_first().select_related("about")[:MOST])
    told = {row.about_id for row in rows}
    found = [
        Banner(
            title=row.name, text="", times=times_of(row), tone=TONES[row.severity],
            icon=ICONS["outage"], number=row.about.number if row.about_id else row.number,
            href=row.get_absolute_url(),
        )
        for row in rows
    ]  # fmt: skip
    majors = (
        glance.running_majors().exclude(pk__in=told - {None}).select_related("service", "major")
    )
    for row in majors.order_by("-opened_at")[:MOST]:
        since = _("Since %(since)s.") % {"since": moment(row.major.declared_at)}
        title = row.service.name if row.service_id else row.title
        found.append(
            Banner(
                title=_("Major incident: %(title)s") % {"title": title}, text="", times=since,
                tone="danger", icon="siren", number=row.number, href=row.get_absolute_url(),
            )
        )  # fmt: skip
    return found[:MOST]

"""What can be done to an announcement: written, scheduled, published, ended, withdrawn, read.

Its readers are told in lots after it was published (servicedesk.announcements.spreading).
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.lifecycle import take
from core.text import without_nul
from records import actions as records
from records import timeline
from records.models import TimelineEntry
from servicedesk.announcements import audience, policies
from servicedesk.events import AnnouncementVerb as Verb
from servicedesk.models import Announcement, AnnouncementReading
from servicedesk.models.announcements import TEXTS
from slm.actions import variations

CONTENT = (
    "announcement_kind", "severity", *TEXTS, "is_for_all", "starts_at", "ends_at", "is_banner",
    "is_in_page", "is_by_mail", "requires_ack", "about", "variation",
)  # fmt: skip
AUDIENCE = ("organizations", "sites", "services")
KIND = TimelineEntry.Kind.SYSTEM
State = Announcement.State


@transaction.atomic
def write(*, by, organization=None, at=None, organizations=(), sites=(), services=(), **content):
    """A draft. `content`: any of CONTENT; `organizations`, `sites`, `services`: for whom it is."""
    if by is not None and not policies.can_write(None, by):
        raise PermissionDenied
    announcement = Announcement(
        state=State.DRAFT, owner=by, organization=organization or by.organization,
        is_on_portal=False,
    )  # fmt: skip
    _fill(announcement, content)
    at = records.file_record(announcement, at=at)
    _set_audience(announcement, organizations, sites, services)
    _find_again(announcement)
    _tell(announcement, Verb.WRITTEN, by=by, at=at, from_state="")
    return announcement


@transaction.atomic
def edit(announcement, *, by, at=None, seen_version=None, **content):
    """Change its words, times or readers. What is public shows the new words at once."""
    announcement = Announcement.objects.lock(announcement)
    records.check_version(announcement, seen_version)
    if by is not None and not policies.can_edit(announcement, by):
        raise PermissionDenied
    if announcement.is_final:
        raise Refused(_("It is over: nobody reads it as news any more."))
    readers = {name: content.pop(name) for name in AUDIENCE if name in content}
    at = at or time.now()
    old_variation = announcement.variation
    _fill(announcement, content)
    if announcement.state != State.DRAFT:
        _check_complete(announcement)
    records.save(announcement, at=at)
    if readers:
        _set_audience(announcement, **readers)
    _find_again(announcement)
    if announcement.state != State.DRAFT:
        if old_variation is not None and old_variation != announcement.variation:
            variations.note_notice(old_variation, told_at=None)
        _note_notice(announcement, announcement.published_at or announcement.starts_at)
    _tell(announcement, Verb.EDITED, by=by, at=at, fields=sorted(content))
    return announcement


def _fill(announcement, content):
    unknown = set(content) - set(CONTENT)
    if unknown:
        raise TypeError(f"unknown: {sorted(unknown)}")
    for name, value in content.items():
        setattr(announcement, name, without_nul(value).strip() if name in TEXTS else value)
    if not (announcement.title_en or announcement.title_zh):
        raise ValidationError({"title_en": _("Write a title in at least one language.")})
    starts_at, ends_at = announcement.starts_at, announcement.ends_at
    if starts_at and ends_at and ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end lies before the start.")})
    if announcement.variation is not None:  # customers have to know, and to say that they do
        announcement.announcement_kind = Announcement.Kind.LEVEL_CHANGE
        announcement.requires_ack = True


def _check_complete(announcement):
    """What is on its way to readers keeps its words in every language, and its time."""
    empty = {
        name: _("Write title and text in every language of the portal.")
        for name in TEXTS if not getattr(announcement, name)
    }  # fmt: skip
    if not announcement.starts_at:
        empty["starts_at"] = _("Say when it begins to be shown.")
    if empty:
        raise ValidationError(empty)


def _set_audience(announcement, organizations=(), sites=(), services=()):
    announcement.organizations.set(organizations)
    announcement.sites.set(sites)
    announcement.services.set(services)


def _find_again(announcement):
    words = " ".join(getattr(announcement, name) for name in TEXTS)
    records.find_again(announcement, bits=[(words, True)])


# --- the lifecycle ------------------------------------------------------------------------------
@transaction.atomic
def schedule(announcement, *, by, at=None, seen_version=None):
    """It goes out by itself at its start. A start that has passed goes out with the next sweep."""
    announcement, at = _held(announcement, at, seen_version)
    _take(announcement, "schedule", Verb.SCHEDULED, by=by, at=at)
    _note_notice(announcement, max(announcement.starts_at, at))
    return announcement


@transaction.atomic
def publish(announcement, *, by, at=None, seen_version=None):
    """From now on its readers see it; they are told in the ways that it names."""
    announcement, at = _held(announcement, at, seen_version)
    if announcement.ends_at is not None and announcement.ends_at <= at:
        raise Refused(_("The time for which it was meant is over. Set a later end."))
    _take(announcement, "publish", Verb.PUBLISHED, by=by, at=at, inputs={"at": at, "publisher": by})
    _note_notice(announcement, at)
    return announcement


@transaction.atomic
def end(announcement, *, by, at=None, seen_version=None):
    """It is over: banners go, the page of past announcements keeps it."""
    announcement, at = _held(announcement, at, seen_version)
    return _take(announcement, "end", Verb.ENDED, by=by, at=at, inputs={"at": at})


@transaction.atomic
def withdraw(announcement, *, by, reason, at=None, seen_version=None):
    """It was wrong, or does not come. Who was told of it is told of that too."""
    announcement, at = _held(announcement, at, seen_version)
    reason = without_nul(reason).strip()[:300]
    if not reason:
        raise ValidationError({"reason": _("Give a reason.")})
    inputs = {"at": at, "reason": reason}
    _take(announcement, "withdraw", Verb.WITHDRAWN, by=by, at=at, inputs=inputs, reason=reason)
    _note_notice(announcement, None)
    return announcement


def _held(announcement, at, seen_version):
    announcement = Announcement.objects.lock(announcement)
    records.check_version(announcement, seen_version)
    return announcement, at or time.now()


def _take(announcement, name, verb, *, by, at, inputs=None, **said):
    before = announcement.state
    take(announcement, name, by=by, **(inputs or {}))
    records.save(announcement, at=at, from_state=before)
    _tell(announcement, verb, by=by, at=at, from_state=before, **said)
    return announcement


def _note_notice(announcement, told_at):
    """The short-term change of a service level knows when its customers are told."""
    if announcement.variation_id is not None:
        variations.note_notice(announcement.variation, told_at=told_at)


def _tell(announcement, verb, *, by, at, **data):
    internal = TimelineEntry.Visibility.INTERNAL
    return timeline.record(announcement, verb, by=by, at=at, kind=KIND, visibility=internal, **data)


# --- reading ------------------------------------------------------------------------------------
def acknowledge(announcement, *, by, at=None):
    """“I have read this.” Once; its banner goes, but for an outage."""
    at = at or time.now()
    marks = {"acknowledged_at": at}
    if announcement.may_be_dismissed:
        marks["dismissed_at"] = at
    return _mark(announcement, by, marks)


def dismiss(announcement, *, by, at=None):
    """Not shown as a banner to this person any more."""
    if not announcement.may_be_dismissed:
        raise Refused(_("An outage stays in sight while it lasts."))
    return _mark(announcement, by, {"dismissed_at": at or time.now()})


@transaction.atomic
def _mark(announcement, person, marks):
    """The first instant of each mark stands."""
    if not Announcement.objects.running().meant_for(person).filter(pk=announcement.pk).exists():
        raise Refused(_("This announcement is not for you, or over."))
    AnnouncementReading.objects.get_or_create(announcement=announcement, person=person)
    row = AnnouncementReading.objects.select_for_update().get(
        announcement=announcement, person=person
    )
    for name, at in marks.items():
        setattr(row, name, getattr(row, name) or at)
    row.save()
    return row


def readers_of(announcement):
    """(people who acknowledged it, people it is for), as numbers."""
    people = audience.people_of(announcement)
    read = announcement.readings.filter(acknowledged_at__isnull=False)
    return read.filter(person__in=people).count(), people.count()


# --- what time does -----------------------------------------------------------------------------
def sweep_due(limit=100):
    """Publish and end what is due by the database's clock (J-07). Returns how many; safe twice."""
    done = 0
    for find, act in ((_to_publish, _publish), (_to_end, _end)):
        for pk in find().order_by("pk").values_list("pk", flat=True)[: limit - done]:
            done += act(pk)
        if done >= limit:
            break
    return done


def _to_publish():
    return Announcement.objects.to_publish()


def _to_end():
    return Announcement.objects.to_end()


@transaction.atomic
def _publish(pk):
    announcement = _to_publish().claim(pk)
    if announcement is None:
        return False
    at = time.now()
    if announcement.ends_at is not None and announcement.ends_at <= at:
        # nothing ran while it was meant to be shown: nobody is told of what is over
        reason = _("Its time passed before it could be published.")
        withdraw(announcement, by=None, reason=reason, at=at)
    else:
        publish(announcement, by=None, at=at)
    return True


@transaction.atomic
def _end(pk):
    announcement = _to_end().claim(pk)
    if announcement is None:
        return False
    end(announcement, by=None)
    return True

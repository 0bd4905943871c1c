"""Telling the readers of an announcement, in lots, each once however often a lot is told."""

from core import outbox
from people.models import Person
from records import notify
from records.models import TimelineEntry
from servicedesk.announcements import audience
from servicedesk.events import SPREAD
from servicedesk.models import Announcement

PEOPLE_AT_ONCE = 500


def spread(record_id, entry_id):
    """The reaction to a publication or withdrawal: hand its readers out in lots."""
    entry = TimelineEntry.objects.get(pk=entry_id)
    announcement = Announcement.objects.get(pk=record_id)
    if entry.is_historic or not channels_of(announcement) or announcement.published_at is None:
        return
    ids = list(audience.people_of(announcement).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), PEOPLE_AT_ONCE):
        lot = ids[first : first + PEOPLE_AT_ONCE]
        outbox.publish(SPREAD, announcement_id=record_id, entry_id=entry_id, person_ids=lot)


def tell(announcement_id, entry_id, person_ids):
    """Queue the notices of one lot. What was withdrawn meanwhile is told to nobody as news."""
    announcement = Announcement.objects.get(pk=announcement_id)
    entry = TimelineEntry.objects.get(pk=entry_id)
    is_withdrawal = entry.verb.endswith("withdrawn")
    if announcement.state == Announcement.State.WITHDRAWN and not is_withdrawal:
        return
    template = "announcement_withdrawn" if is_withdrawal else "announcement"
    # without the entry: it is of the desk's own story, and the letter says all in its own words
    notify.tell(
        Person.objects.filter(pk__in=person_ids), template, key=f"{template}:{announcement.pk}",
        record=announcement, channels=channels_of(announcement), side="portal", why="audience",
    )  # fmt: skip


def channels_of(announcement):
    chosen = ((announcement.is_in_page, notify.Channel.IN_APP),
              (announcement.is_by_mail, notify.Channel.EMAIL))  # fmt: skip
    return tuple(channel for is_chosen, channel in chosen if is_chosen)

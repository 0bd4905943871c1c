"""One person's notices in the page: the list, the number on the bell, and reading them."""

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

from core import formats
from records.models import Notification, Record
from servicedesk.notices import rendering, rights

MOST_COUNTED = 99
LOOKS = {
    "escalation": "alarm-clock", "resolved": "circle-check", "closed": "circle-check-big",
    "waiting": "circle-pause", "chased": "circle-pause", "on_hold": "circle-pause",
    "noted": "lock", "task": "list-checks", "rejected": "rotate-ccw", "assigned": "user-plus",
    "reply": "message-square", "message": "message-square", "major_declared": "siren",
    "major_updated": "siren", "major_ended": "siren", "merged": "merge", "cancelled": "circle-x",
}  # fmt: skip
ORDER = ("is_read", "-created_at", "-pk")


def notices_of(person):
    """What this person may still learn of. A record that was closed to them takes its notices
    along."""
    return Notification.objects.filter(
        Q(record=None) | Q(record__in=Record.objects.visible_to(person)),
        person=person,
        channel=Notification.Channel.IN_APP,
    )


def for_list(person):
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    rows = notices_of(person).annotate(is_read=is_read)
    return rows.select_related(
        "record__organization", "record__requester", "record__service", "record__pending_reason",
        "entry__author", "entry__record__organization",
    )  # fmt: skip


def prepare(rows, person):
    """Give each row what a line shows; those whose entry is not for this reader any more go."""
    shown = []
    for row in rows:
        row.person = person
        entry = row.entry
        if entry is None or rights.may_learn(person, rights.spoken_of(row), entry):
            row.line = rendering.line_of(row)
            row.icon = LOOKS.get(row.template, "bell")
            row.heading = row.record.title if row.record_id else ""
            shown.append(row)
    return shown


def unread(person):
    """What is unread, no more than the bell counts."""
    return notices_of(person).filter(read_at=None)[: MOST_COUNTED + 1]


def count_text(count):
    return formats.count_text(count, MOST_COUNTED) if count else ""


def unread_count(person):
    """How many are unread, as a short text; empty for none. One query, bounded."""
    return count_text(unread(person).count())


def read(person, pk):
    """Mark one as read. Returns it, or None where it is not this person's."""
    row = notices_of(person).filter(pk=pk).select_related("record").first()
    if row is not None and row.read_at is None:
        Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=Now())
    return row


def read_all(person, upto):
    """Mark as read what stood on the page: nothing that came in since."""
    rows = Notification.objects.unread().filter(person=person, pk__lte=upto)
    return rows.update(read_at=Now())

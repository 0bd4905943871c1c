"""What an administrator does to outgoing mail: try again, hold, let go. Each act is audited."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from core import audit, preferences
from records.models import Notification, Record

Status = Notification.Status
AGAIN = [Status.DEAD, Status.SUPPRESSED, Status.BOUNCED]


def mails_for(person):
    """Outgoing mails about records that this person may see, newest first by key."""
    return Notification.objects.filter(
        Q(record=None) | Q(record__in=Record.objects.visible_to(person)),
        channel=Notification.Channel.EMAIL,
    ).select_related("person", "record")


@transaction.atomic
def retry(notification, *, by):
    """Send it once more, from the start. False where it is on its way or done already."""
    rows = Notification.objects.filter(pk=notification.pk, status__in=AGAIN)
    moved = rows.update(status=Status.PENDING, attempts=0, reason="", locked_until=Now())
    if moved:
        audit.record(
            "mail.retried", by=by, subject="records_notification", object_id=notification.pk
        )
    return bool(moved)


@transaction.atomic
def retry_dead(*, by):
    """Send all once more that were given up. Returns how many."""
    rows = Notification.objects.filter(channel=Notification.Channel.EMAIL, status=Status.DEAD)
    moved = rows.update(status=Status.PENDING, attempts=0, reason="", locked_until=Now())
    if moved:
        audit.record("mail.retried", by=by, subject="records_notification", after={"count": moved})
    return moved


def hold(held, *, by):
    """Hold all mail, or let it go. Seen by every sender within ten seconds."""
    preferences.put("mail_held", bool(held), by=by)

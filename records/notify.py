"""The only way a notification comes to be: rows in the transaction of what they tell about."""

from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from core import bulk
from records.models import Notification

Channel = Notification.Channel
BOTH = (Channel.IN_APP, Channel.EMAIL)
# Mails that come in swarms wait this many seconds for each other before the first is sent.
GATHERED = {"escalation": timedelta(seconds=5)}


def tell(people, template, *, key, record=None, entry=None, by=None, channels=BOTH, **data):
    """Queue a mail and a notice in the page for each person but the one who acts.

    `key` makes it once: the same key, channel and person is never told twice. Preferences and
    rights are asked when it is sent, not here; `data` is what the template needs, JSON only.
    Call it inside the transaction of the change. Returns the rows (existing ones are left alone).
    """
    return queue(
        letters(
            people, template, key=key, record=record, entry=entry, by=by, channels=channels, **data
        )
    )


def letters(
    people, template, *, key, record=None, entry=None, by=None, channels=BOTH, **data
):  # fmt: skip
    """The rows that `tell` would write, for a caller who queues those of many at once."""
    return [
        _row(person, channel, template, key, record, entry, data)
        for person in {person.pk: person for person in people if person is not None}.values()
        if by is None or person.pk != by.pk
        for channel in channels
        if channel == Channel.IN_APP or person.email
    ]


def queue(rows):
    """Write them, in an order in which two writers cannot lock each other out."""
    if not connection.in_atomic_block:
        raise RuntimeError("a notification is written in the transaction of what it tells about")
    if not rows:
        return []
    rows = sorted(rows, key=lambda row: row.dedup_key)
    return bulk.insert(rows, ignore_conflicts=True)


def _row(person, channel, template, key, record, entry, data):
    row = Notification(
        record=record, entry=entry, person=person, channel=channel, template=template, data=data,
        dedup_key=f"{key}:{channel}:{person.pk}", status=Notification.Status.SENT,
    )  # fmt: skip
    if channel == Channel.EMAIL:
        row.status = Notification.Status.PENDING
        row.message_id = message_id(row.dedup_key)
        row.locked_until = _first_try(template)
    return row


@cache
def _first_try(template):
    return Now() + GATHERED.get(template, timedelta())


def message_id(key):
    """The Message-ID that belongs to a key for good: a repeat can be recognised, not guessed."""
    code = salted_hmac("records.notify", key, algorithm="sha256").hexdigest()[:40]
    return f"<{code}@{urlsplit(settings.SITE_BASE_URL).hostname or 'localhost'}>"

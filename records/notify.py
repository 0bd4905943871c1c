"""The only way a notification comes to be: rows in the transaction of what they tell about."""

from django.db import connection

from records.models import Notification

Channel = Notification.Channel


def tell(people, template, *, key, record=None, entry=None, by=None, **data):
    """Queue a mail and a notice in the page for each person but the one who acts.

    `key` makes it once: the same key and person is never told twice. Preferences and rights are
    asked when it is sent, not here. Returns the rows (existing ones are left alone).
    """
    rows = []
    for person in {person.pk: person for person in people if person is not None}.values():
        if by is not None and person.pk == by.pk:
            continue
        for channel in (Channel.IN_APP, Channel.EMAIL):
            if channel == Channel.EMAIL and not person.email:
                continue
            rows.append(
                Notification(
                    record=record, entry=entry, person=person, channel=channel,
                    template=template, data=data, dedup_key=f"{key}:{channel}:{person.pk}",
                    status=Notification.Status.SENT
                    if channel == Channel.IN_APP
                    else Notification.Status.PENDING,
                )
            )  # fmt: skip
    if not rows:
        return []
    rows.sort(key=lambda row: row.dedup_key)
    assert connection.in_atomic_block
    return Notification.objects.bulk_create(rows, ignore_conflicts=True)

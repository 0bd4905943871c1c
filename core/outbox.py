"""Announcements between processes: written with the change, delivered after it, once a reaction.

Two rules keep it honest: `publish` is called inside the transaction of the change, and a reaction
reads the present state, since it may run late or twice.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import audit, bulk, time
from core.errors import Refused
from core.models import Message, Receipt

log = logging.getLogger(__name__)
ATTEMPTS = 8
BACK_OFF = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600, 3600)]


def publish(verb, **payload):
    """Announce. A verb that nobody answers is kept as a fact and is not swept."""
    handled_at = None if reactions_to(verb) else Now()
    return Message.objects.create(verb=verb, payload=payload, handled_at=handled_at)


def publish_many(verb, payloads):
    """Announce the same verb for many, in one statement."""
    handled_at = None if reactions_to(verb) else Now()
    return bulk.insert(
        [Message(verb=verb, payload=payload, handled_at=handled_at) for payload in payloads]
    )


def reactions_to(verb):
    return import_string(settings.REACTIONS).get(verb, ())


def sweep_due(limit=100):
    """Deliver up to `limit` messages that are due; any number of sweepers may run. Returns how many."""
    delivered = 0
    while delivered < limit and _deliver_next():
        delivered += 1
    return delivered


@transaction.atomic
def _deliver_next():
    message = (
        Message.objects.due()
        .order_by("next_attempt_at", "pk")
        .select_for_update(skip_locked=True)
        .first()
    )
    if message is None:
        return False
    deliver(message)
    return True


def deliver(message):
    """Run the reactions that have not answered yet, each on its own. The message is locked."""
    receipts = {receipt.reaction: receipt for receipt in message.receipts.all()}
    failed = 0
    for react in reactions_to(message.verb):
        name = f"{react.__module__}.{react.__name__}"
        receipt = receipts.get(name) or Receipt(message=message, reaction=name)
        if receipt.done_at is None:
            failed = max(failed, _run(react, message, receipt))
    if not failed:
        message.handled_at = time.now()
    elif failed >= ATTEMPTS:
        message.dead_at = time.now()
    else:
        message.next_attempt_at = time.now() + BACK_OFF[min(failed, len(BACK_OFF)) - 1]
    message.save(update_fields=["handled_at", "dead_at", "next_attempt_at"])


@transaction.atomic
def retry(message, by):
    """Deliver a message that was given up once more: its failed reactions begin anew. Refused
    where it is not given up (any more)."""
    message = Message.objects.lock(message)
    if message.dead_at is None or message.handled_at is not None:
        raise Refused(_("This message is not given up any more."))
    message.receipts.filter(done_at=None).update(attempts=0)
    message.dead_at, message.next_attempt_at = None, time.now()
    message.save(update_fields=["dead_at", "next_attempt_at"])
    audit.record(
        "message.retried", by=by, subject="core_message", object_id=message.pk,
        after={"verb": message.verb},
    )  # fmt: skip
    return message


def _run(react, message, receipt):
    """0 when it went well, else how often it has failed by now."""
    receipt.attempts += 1
    try:
        with transaction.atomic():
            react(**message.payload)
    except Exception as error:  # a reaction may fail in any way; the others must not suffer
        log.exception("reaction %s to %s failed", receipt.reaction, message)
        receipt.error = f"{type(error).__name__}: {error}"[:2000]
        receipt.save()
        return receipt.attempts
    receipt.done_at, receipt.error = time.now(), ""
    receipt.save()
    return 0

"""Sends what is due. A mail is claimed by a lease that is committed before anything goes out, no
row is locked while the server is spoken to, and only the holder of the last lease may mark it.

A sender that dies leaves a lease that runs out: the mail goes again, with the same Message-ID.
Due, and late, is what the database's clock says.
"""

import logging
import random
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _

from core import time
from people.notice_choices import Mail, mail_choice, next_daily
from records.models import Notification, Record
from servicedesk.models import UndeliverableAddress
from servicedesk.notices import delivery, holding, rendering, rights

log = logging.getLogger(__name__)
Status = Notification.Status
LEASE = timedelta(seconds=120)
ATTEMPTS = 8
# An unreachable server is tried again after at most this long, so that all goes out soon after.
LONGEST_SILENCE = 300
# So many mails about promises in danger become one; for so long after it the next ones gather.
DIGEST_ABOVE = 10
GATHER_FOR = timedelta(minutes=5)
# One sweep talks no longer than this, so that whoever calls it stays alive.
LONGEST_SWEEP = 30
DAILY, DIGEST = "daily", "digest"


# Stored words that say why; anything else in `reason` is what the mail server said.
REASONS = {
    "inactive": _("The person is not active any more."),
    "no_address": _("The person has no usable mail address."),
    "undeliverable": _("Mails to this address came back."),
    "not_visible": _("The person may not see the record any more."),
    "internal": _("The person may not read internal notes of the record."),
    "redacted": _("The entry was redacted."),
    "unwanted": _("The person wants no mail about this."),
    "digest": _("Sent in one mail with others."),
    "daily": _("Waits for the daily mail."),
}


def reason_text(notification):
    """Why it stands where it stands, in the reader's words or the mail server's."""
    return str(REASONS.get(notification.reason, notification.reason))


@dataclass
class Parcel:
    """Rows that are claimed together and go out as one mail: usually a single one."""

    rows: list
    kind: str = ""

    @property
    def carrier(self):
        return self.rows[0]

    @property
    def person(self):
        return self.carrier.person


def sweep_due(limit=100):
    """Send up to `limit` mails that are due; any number of senders may run. Returns how many rows
    were dealt with. A server that cannot be reached ends the sweep, and costs no mail a try."""
    if holding.is_held():
        return 0
    server, dealt_with, until = delivery.Server(), 0, monotonic() + LONGEST_SWEEP
    try:
        for _number in range(limit):
            parcel = claim_next() if monotonic() < until else None
            if parcel is None:
                break
            dealt_with += len(parcel.rows)
            if not send(parcel, server):
                break
    finally:
        server.close()
    return dealt_with


# --- claiming -----------------------------------------------------------------------------------
def claim_next():
    """Take a lease on the next mail that is due, with those that go out as one with it. None where
    nothing is due. Mails that are to wait for others are put off on the way."""
    while True:
        with transaction.atomic(durable=True):
            row = _due().first()
            if row is None:
                return None
            if parcel := _parcel(row):
                return parcel


def _due():
    rows = Notification.objects.to_send().order_by("locked_until", "pk")
    return _locked(rows.select_related("person__site"))


def _locked(rows):
    return rows.select_for_update(skip_locked=True, of=("self",))


def _parcel(row):
    """The lease on this row and its companions, or None where they are to wait."""
    choice = mail_choice(row.person, rights.topic_of(row))
    if choice == Mail.DAILY and row.reason != DAILY:
        _put_off([row], next_daily(row.person, time.now()), reason=DAILY)
        return None
    if choice == Mail.DAILY:
        return _lease(_companions(row, reason=DAILY), DAILY)
    if row.template == "escalation":
        rows = _companions(row, template="escalation")
        last = _last_digest(row.person)
        if last is not None:
            _put_off(rows, Greatest(Now(), last + GATHER_FOR))
            return None
        if len(rows) > DIGEST_ABOVE:
            return _lease(rows, DIGEST)
    return _lease([row], "")


def _companions(row, **alike):
    """The person's other waiting mails of the same sort, due or not, with `row` itself."""
    free = Q(status=Status.PENDING) | Q(status=Status.CLAIMED, locked_until__lte=Now())
    rows = Notification.objects.filter(free, person=row.person, channel=row.channel, **alike)
    return list(_locked(rows.order_by("pk")))


def _last_digest(person):
    """When the person was sent a digest, where that is so short ago that the next ones gather."""
    sent = Notification.objects.filter(
        person=person, template="escalation", reason=DIGEST, status=Status.SENT,
        sent_at__gt=Now() - GATHER_FOR,
    )  # fmt: skip
    return sent.order_by("-sent_at").values_list("sent_at", flat=True).first()


def _put_off(rows, until, **changes):
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(
        locked_until=until, status=Status.PENDING, **changes
    )


def _lease(rows, kind):
    ids = [row.pk for row in rows]
    Notification.objects.filter(pk__in=ids).update(
        status=Status.CLAIMED, attempts=F("attempts") + 1, fence=F("fence") + 1,
        locked_until=Now() + LEASE,
    )  # fmt: skip
    claimed = Notification.objects.filter(pk__in=ids).select_related(
        "person__site", "person__organization", "record__requester", "record__service",
        "record__assignee", "record__assigned_group", "record__pending_reason", "entry__author",
        "entry__record",
    )  # fmt: skip
    by_pk = claimed.in_bulk()
    return Parcel([by_pk[pk] for pk in ids], kind)


# --- sending ------------------------------------------------------------------------------------
def send(parcel, server):
    """Send one parcel and write down what became of it. False where the server is out of reach."""
    parcel.rows, refused = _still_wanted(parcel)
    for row, reason in refused:
        mark([row], status=Status.SUPPRESSED, reason=reason)
    if not parcel.rows:
        return True
    try:
        rendered = _rendered(parcel)
        server.send(
            delivery.message_for(parcel.carrier, rendered, stands_for_many=_stands_for_many(parcel))
        )
    except delivery.Unreachable as error:
        _unreachable(parcel, error)
        return False
    except delivery.Rejected as error:
        mark(parcel.rows, status=Status.DEAD, reason=_short(error))
    except delivery.Postponed as error:
        _try_again(parcel, error)
    except Exception as error:  # one bad mail must not hold up the others
        log.exception("notification %s cannot be sent", parcel.carrier.pk)
        server.close()
        _try_again(parcel, f"{type(error).__name__}: {error}")
    else:
        _sent(parcel, rendered)
    return True


def _rendered(parcel):
    if not _stands_for_many(parcel):
        return rendering.mail_of(parcel.carrier)
    return rendering.digest_of(parcel.person, parcel.rows, is_daily=parcel.kind == DAILY)


def _stands_for_many(parcel):
    return len(parcel.rows) > 1 or parcel.kind == DAILY


def _still_wanted(parcel):
    """(rows to send, [(row, why not)]): asked now, whatever held when they were queued."""
    person = parcel.person
    if reason := _unfit(person):
        return [], [(row, reason) for row in parcel.rows]
    ids = {row.record_id for row in parcel.rows} - {None}
    visible = set(Record.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    wanted, refused = [], []
    for row in parcel.rows:
        row.person = person
        reason = _unwanted(row, visible)
        if reason:
            refused.append((row, reason))
        else:
            wanted.append(row)
    return wanted, refused


def _unfit(person):
    if not person.is_active:
        return "inactive"
    address = delivery.address_of(person)
    if not address:
        return "no_address"
    if UndeliverableAddress.objects.filter(address=address.casefold()).exists():
        return "undeliverable"
    return ""


def _unwanted(row, visible):
    if row.record_id is not None and row.record_id not in visible:
        return "not_visible"
    entry = row.entry
    if entry is not None and not rights.may_learn(row.person, rights.spoken_of(row), entry):
        return "internal"
    if entry is not None and entry.redacted_at is not None:
        return "redacted"
    if mail_choice(row.person, rights.topic_of(row)) == Mail.OFF:
        return "unwanted"
    return ""


# --- marking ------------------------------------------------------------------------------------
def mark(rows, **outcome):
    """Write down what became of them, unless somebody else holds the lease by now. Returns how
    many were ours."""
    ours = 0
    with transaction.atomic(durable=True):
        for row in rows:
            ours += Notification.objects.filter(
                pk=row.pk, fence=row.fence, status=Status.CLAIMED
            ).update(**outcome)
    if ours < len(rows):
        log.warning("%s mails were taken over by another sender", len(rows) - ours)
    return ours


def _sent(parcel, rendered):
    outcome = {
        "status": Status.SENT, "sent_at": Now(), "reason": "",
        "recipient": delivery.address_of(parcel.person), "subject": rendered.subject[:300],
    }  # fmt: skip
    if _stands_for_many(parcel):
        # what stands for many is one mail: all of them carry its id
        outcome |= {"reason": DIGEST, "message_id": parcel.carrier.message_id}
    mark(parcel.rows, **outcome)


def _unreachable(parcel, error):
    """Not the mail's fault: the try is taken back, and the server is asked again before long."""
    wait = timedelta(seconds=min(_back_off(1), LONGEST_SILENCE))
    mark(
        parcel.rows, status=Status.PENDING, attempts=F("attempts") - 1,
        locked_until=Now() + wait, **_why(parcel, error),
    )  # fmt: skip


def _try_again(parcel, error):
    tries = parcel.carrier.attempts
    if tries >= ATTEMPTS:
        mark(parcel.rows, status=Status.DEAD, reason=_short(error))
        return
    wait = timedelta(seconds=_back_off(tries))
    mark(parcel.rows, status=Status.PENDING, locked_until=Now() + wait, **_why(parcel, error))


def _why(parcel, error):
    # the word that marks a mail of the day must outlive a failure
    return {} if parcel.kind == DAILY else {"reason": _short(error)}


def _back_off(tries):
    """Seconds until the next try: the table of the settings, give or take a fifth."""
    table = settings.MAIL_BACK_OFF
    return table[min(max(tries, 1), len(table)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311


def _short(reason):
    return " ".join(str(reason).split())[:300]

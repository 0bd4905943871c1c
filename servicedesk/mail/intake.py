"""What happens to a mail: stored, decided, decided again. Nothing is lost and nothing is stuck.

A mail is stored in a transaction of its own before anybody looks into it. Whoever decides counts
the try first; a mail that broke three of them is held, and the ones behind it go on.
"""

import hashlib
import logging
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.dateparse import parse_datetime

from core import audit
from core.errors import Refused
from core.text import without_nul
from servicedesk.mail import acting, deciding, noticing, reading
from servicedesk.mail.facts import Facts
from servicedesk.mail.parse import peek
from servicedesk.models import InboundDecision, InboundMessage, InboundOriginal, Mailbox
from servicedesk.models.mail import HELD, TAKEN, Decision

log = logging.getLogger(__name__)
State = InboundMessage.State
LEASE = timedelta(seconds=120)
LATER = timedelta(seconds=5)
TRIES = 3
# One sweep works no longer than this, so that whoever calls it stays alive.
LONGEST_SWEEP = 40


class TooLarge(Exception):
    """More than a door takes."""


# --- storing ------------------------------------------------------------------------------------
def receive(raw, mailbox, *, source="push"):
    """Store a mail, once for its bytes and mailbox, and return its id. Committed when it returns
    outside of a transaction. Raises TooLarge beyond twice the limit of the settings."""
    raw = bytes(raw)
    if len(raw) > 2 * settings.MAIL_IN_MOST_BYTES:
        raise TooLarge
    digest = hashlib.sha256(raw).hexdigest()
    with transaction.atomic():
        # at once for two that deliver the same: the second waits, and finds the first one's row
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
                           [digest, mailbox.pk])  # fmt: skip
        rows = InboundMessage.objects.filter(mailbox=mailbox, sha256=digest)
        known = rows.values_list("pk", flat=True).first()
        if known is not None:
            return known
        message = InboundMessage.objects.create(
            mailbox=mailbox, sha256=digest, size=len(raw), source=source, message_id=peek(raw)
        )
        InboundOriginal.objects.create(message=message, content=raw)
    return message.pk


# --- deciding -----------------------------------------------------------------------------------
def sweep_due(limit=100):
    """Decide up to `limit` mails that wait; any number of deciders may run. Returns how many."""
    done, until = 0, monotonic() + LONGEST_SWEEP
    while done < limit and monotonic() < until:
        message = _claim()
        if message is None:
            break
        _decide(message)
        done += 1
    return done


def decide(pk):
    """Decide one mail, if it waits. Returns the decision, or "" where there was nothing to do."""
    message = _claim(pk)
    return _decide(message) if message is not None else ""


def _claim(pk=None):
    """A lease on the next mail that waits, committed before anything is done with it."""
    with transaction.atomic():
        rows = InboundMessage.objects.to_decide().order_by("locked_until", "pk")
        rows = rows.filter(pk=pk) if pk is not None else rows
        message = rows.select_for_update(skip_locked=True, of=("self",)).first()
        if message is None:
            return None
        InboundMessage.objects.filter(pk=message.pk).update(
            attempts=F("attempts") + 1, fence=F("fence") + 1, locked_until=Now() + LEASE
        )
        message.attempts += 1
        message.fence += 1
    return message


def _decide(message):
    if message.attempts > TRIES:
        return _hold(message, ["tries", {"most": TRIES}])
    parsed = reading.read(message.original.content)
    try:
        return _settle(message, parsed)
    except (OperationalError, InterfaceError) as error:
        # the database's trouble, not the mail's: the lease runs out, and it is tried again
        log.warning("mail %s is tried again: %s", message.pk, error)
        _put_off(message)
        return ""


def _put_off(message):
    with transaction.atomic():
        InboundMessage.objects.filter(pk=message.pk, fence=message.fence).update(
            locked_until=Now() + LATER
        )


@transaction.atomic
def _settle(message, parsed, *, by=None, insists=False):
    """Plan and carry out in one transaction; what fails in it leaves only its error."""
    held = InboundMessage.objects.select_related("mailbox").select_for_update(of=("self",))
    row = held.filter(pk=message.pk, fence=message.fence).first()
    if row is None:
        return ""  # somebody else took it over
    _one_at_a_time(parsed)
    try:
        with transaction.atomic():
            _write_reading(row, parsed)
        with transaction.atomic():
            plan = deciding.decide(parsed, Facts(row, parsed), insists=insists)
            if plan.waits and by is None:
                return _wait(row)
            if plan.waits:
                plan = deciding.Plan(Decision.QUARANTINED, [["waits", {}]])
            decision, record, entry, person = acting.carry_out(plan, parsed, row)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # one bad mail must not hold up the others
        log.exception("mail %s cannot be decided", row.pk)
        return _write(row, Decision.QUARANTINED, [["failed", {}]], by=by,
                      error=f"{type(error).__name__}: {error}")  # fmt: skip
    noticing.tell_if_flooded(row, decision)
    return _write(row, decision, plan.why, by=by, record=record, entry=entry, person=person)


def _one_at_a_time(parsed):
    """Mails of one sender are decided one after the other: no new caller twice, no reply twice."""
    if parsed.sender:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4711))",
                           [parsed.sender])  # fmt: skip


def _wait(row):
    """It answers a mail that nobody has decided yet: a little later, and this try does not count."""
    InboundMessage.objects.filter(pk=row.pk).update(locked_until=Now() + LATER)
    return ""


def _write_reading(row, parsed):
    row.message_id = parsed.message_id or row.message_id
    row.content_key = parsed.content_key
    row.sender, row.sender_name = parsed.sender, parsed.sender_name[:200]
    row.subject = parsed.subject[:500]
    row.sent_at = parse_datetime(parsed.sent_at) if parsed.sent_at else None
    row.copied = list(dict.fromkeys([*parsed.to, *parsed.cc]))[:200]
    row.headers, row.notes = parsed.headers, parsed.notes
    row.text, row.quoted = parsed.text, parsed.quoted
    row.parts = [
        {"name": without_nul(one.name), "mime": one.mime, "size": len(one.content)}
        for one in parsed.attachments
    ]
    row.save(update_fields=[
        "message_id", "content_key", "sender", "sender_name", "subject", "sent_at", "copied",
        "headers", "notes", "text", "quoted", "parts",
    ])  # fmt: skip


def _write(row, decision, why, *, by=None, record=None, entry=None, person=None, error=""):
    InboundDecision.objects.create(
        message=row, by=by, decision=decision, why=why, record=record, entry=entry,
        error=without_nul(error)[:4000],
    )  # fmt: skip
    row.decision, row.why, row.error = decision, why, without_nul(error)[:4000]
    row.state = State.QUARANTINED if decision in HELD else State.DECIDED
    row.record, row.entry, row.person = record, entry, person
    row.decided_at = Now()
    row.save(update_fields=[
        "decision", "why", "error", "state", "record", "entry", "person", "decided_at",
    ])  # fmt: skip
    return decision


@transaction.atomic
def _hold(message, reason):
    row = InboundMessage.objects.lock(message)
    return _write(row, Decision.QUARANTINED, [reason])


@transaction.atomic
def decide_again(pk, *, by, insists=False):
    """Decide a mail once more, by today's rules; the earlier decision stays in its story.
    `insists`: into a ticket, whatever the guards against loops, floods and strangers say. Refused
    where the mail stands in a ticket already. Returns the decision."""
    message = InboundMessage.objects.select_for_update(of=("self",)).get(pk=pk)
    if message.decision in TAKEN:
        from django.utils.translation import gettext as _

        raise Refused(_("This mail stands in a ticket already."))
    message.fence += 1
    InboundMessage.objects.filter(pk=pk).update(fence=message.fence, attempts=0)
    parsed = reading.read(message.original.content)
    return _settle(message, parsed, by=by, insists=insists)


def mailbox_for(code):
    return Mailbox.objects.active().filter(code=code).first()


@transaction.atomic
def address_works(found, *, by):
    """An administrator says that mails reach this address again."""
    audit.acting(by)
    found.delete()

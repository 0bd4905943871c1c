"""Carries out a plan by the actions that pages use: the ticket, the reply, the note, the new caller,
the address that a report says is dead. Runs inside the transaction of the decision.
"""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.translation import gettext as _

from core.text import HAN
from incidents.actions.opening import open_incident
from people import actions as people
from people.models import Person
from records import actions as records
from records import files
from records.models import Notification, TimelineEntry
from servicedesk.mail import noticing
from servicedesk.mail.deciding import TOKEN
from servicedesk.models import UndeliverableAddress
from servicedesk.models.mail import Decision
from slm import work

PREFIX = re.compile(
    r"^\s*((re|aw|fwd?|wg|tr|回复|答复|转发|回覆|轉寄)\s*(\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
LONGEST_TITLE = 200
LONGEST_TEXT = 60_000
HARD = "5"


def carry_out(plan, parsed, message):
    """(decision, record, entry, person) of what was done; the decision may become follow_up."""
    person = plan.person or (new_caller(parsed, message) if plan.makes_caller else None)
    if plan.decision == Decision.NEW_TICKET:
        record = _open(parsed, message, person)
        return plan.decision, record, opening_of(record), person
    if plan.decision == Decision.JOINED_AS_CC:
        at = _now()
        held = work.hold_row(plan.record)
        records.watch(held, person, by=None, at=at, takes_part=True)
        return _reply(plan, parsed, person)
    if plan.decision == Decision.REPLY:
        return _reply(plan, parsed, person)
    if plan.decision == Decision.IGNORED_BOUNCE:
        record = _mark_bounced(parsed, message)
        return plan.decision, record, None, None
    record = plan.record if plan.decision == Decision.DUPLICATE else None
    return plan.decision, record, None, person


def _now():
    from core import time

    return time.now()


def _open(parsed, message, person):
    with translation.override(person.locale):
        uploads, text = _content(parsed)
        title = PREFIX.sub("", TOKEN.sub("", parsed.subject)).strip() or _("(no subject)")
    own = {"service": message.mailbox.service} if message.mailbox.service_id else {}
    incident = open_incident(
        by=person, requester=person, title=title[:LONGEST_TITLE], description=text, channel="email",
        uploads=uploads, **own,
    )  # fmt: skip
    return incident.record_ptr if hasattr(incident, "record_ptr") else incident


def _reply(plan, parsed, person):
    with translation.override(person.locale):
        uploads, text = _content(parsed)
    if plan.is_note:
        entry = work.do(plan.record, "note", by=person, body=text, uploads=uploads)
        return plan.decision, plan.record, entry, person
    if not work.can_do(plan.record, "reply"):
        entry = records.say(
            work.hold_row(plan.record), by=person, at=_now(), body=text, is_public=True,
            uploads=uploads, kind=TimelineEntry.Kind.EMAIL_IN,
        )  # fmt: skip
        return plan.decision, plan.record, entry, person
    record, entry = work.do(
        plan.record, "reply", by=person, body=text, uploads=uploads,
        kind=TimelineEntry.Kind.EMAIL_IN,
    )  # fmt: skip
    record = record.record_ptr if hasattr(record, "record_ptr") else record
    if entry is None:
        return Decision.FOLLOW_UP, record, opening_of(record), person
    return plan.decision, record, entry, person


def opening_of(record):
    """The entry with which a ticket begins: the words of the mail that opened it."""
    return record.timeline.order_by("seq").first()


def _content(parsed):
    """(files that may come in, the text with a line about those that may not)."""
    taken, left = [], []
    for attachment in parsed.attachments:
        upload = SimpleUploadedFile(
            files.safe_name(attachment.name), attachment.content, attachment.mime
        )
        try:
            files.check(upload)
        except ValidationError:
            left.append(files.safe_name(attachment.name))
            continue
        if len(taken) < files.MOST_FILES:
            taken.append(upload)
        else:
            left.append(upload.name)
    text = parsed.text.strip()
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + " …"
    text = text or _("(The mail has no text.)")
    if left:
        names = ", ".join(left[:20])
        text += "\n\n" + _("Not taken over, but kept with the original mail: %(names)s") % {
            "names": names
        }
    return taken, text


def new_caller(parsed, message):
    """A person without sign-in for an address that nobody had."""
    address = parsed.sender
    digest = hashlib.sha256(address.encode()).hexdigest()[:12].upper()
    is_chinese = bool(HAN.search(f"{parsed.sender_name}{parsed.subject}{parsed.text[:2000]}"))
    name = parsed.sender_name.strip() or address.partition("@")[0]
    return people.create_person(
        by=None, code=f"MAIL-{digest}", name=name[:120], email=address, can_sign_in=False,
        organization=message.mailbox.organization, external_ref=f"mail:{address}"[:120],
        locale=Person.Locale.ZH if is_chinese else Person.Locale.EN,
    )  # fmt: skip


# --- delivery reports ----------------------------------------------------------------------------
def _mark_bounced(parsed, message):
    """The report is believed where it names the id of a mail that we sent to that address. A
    lasting failure marks the address; where a mail did not arrive, its row says so and who works on
    the ticket is told. Returns the record that the mail was about."""
    report = parsed.bounce
    sent = Notification.objects.filter(
        channel=Notification.Channel.EMAIL,
        message_id__in=[one[:120] for one in report["message_ids"]],
    ).select_related("record", "person")  # fmt: skip
    record = None
    said = f"{report['status']} {report['reason']}".strip()[:300]
    for row in sent.order_by("pk"):
        address = (row.recipient or row.person.email or "").casefold()
        if report["recipients"] and address not in report["recipients"]:
            continue
        record = record or row.record
        came_back = _did_not_arrive(report)
        status = {"status": Notification.Status.BOUNCED} if came_back else {}
        Notification.objects.filter(pk=row.pk).update(reason=said, **status)
        if came_back:
            noticing.tell_of_bounce(row, address=address, said=said)
        if came_back and report["status"].startswith(HARD):
            _mark_address(address, report, message)
    return record


def _did_not_arrive(report):
    """A lasting failure, or a passing one that the server has given up on."""
    if report["action"] in {"delayed", "relayed", "delivered", "expanded"}:
        return False
    return report["action"] == "failed" or report["status"].startswith(HARD)


def _mark_address(address, report, message):
    UndeliverableAddress.objects.get_or_create(
        address=address,
        defaults={
            "status": report["status"][:12], "reason": report["reason"][:300], "message": message,
        },
    )  # fmt: skip

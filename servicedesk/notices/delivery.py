"""One mail to one reader: its headers, and what the mail server's answer means."""

import re
import smtplib
from contextlib import suppress
from email.utils import formataddr, parseaddr

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend
from django.core.validators import validate_email

from servicedesk.mail.hanging import cut_off
from servicedesk.models import InboundMessage
from servicedesk.models.mail import TAKEN
from servicedesk.notices import addresses
from servicedesk.notices.letters import one_line

PERMANENT = 500
MESSAGE_ID = re.compile(r"^<[!-;=?-~]{1,250}>$")
MOST_REFERENCES = 5
CLOSING = 421
# Seconds for one mail, less than its lease: a server that only trickles is hung up on.
LONGEST_TALK = 90


class Unreachable(Exception):
    """The server cannot be talked to now: no mail's fault."""


class Postponed(Exception):
    """This mail was not taken now; later it may be."""


class Rejected(Exception):
    """This mail will never be taken."""


def address_of(person):
    """The one address of a person, or an empty string where it is none that could be written to."""
    address = (person.email or "").strip()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if parseaddr(address)[1] == address else ""


def message_for(notification, rendered, *, stands_for_many=False):
    """The mail as it goes out. The name of the sender is the desk's, the address the configured
    one; an answer goes to an address that is bound to this record and this person. A mail that
    stands for many is about no record: an answer to it belongs to none of them."""
    person = notification.person
    record = None if stands_for_many else notification.record
    if record is not None and record.kind == "announcement":
        record = None  # told to many: an answer goes to the desk, not into its story
    headers = {
        "Message-ID": notification.message_id,
        "Auto-Submitted": "auto-replied" if rendered.is_automatic_answer else "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Loop": addresses.desk_address(),
        "Content-Language": rendered.language,
    }
    if record is not None:
        headers |= _thread(record, person)
    message = EmailMultiAlternatives(
        subject=one_line(rendered.subject),
        body=rendered.text,
        from_email=formataddr((one_line(rendered.sender, 80), addresses.desk_address()), "utf-8"),
        to=[address_of(person)],
        reply_to=[addresses.make(record, person)] if record is not None else None,
        headers=headers,
    )
    message.attach_alternative(rendered.html, "text/html")
    return message


def _thread(record, person):
    """Below the reader's own last mail about the record, so that their mail program shows an answer
    there; below the record's own id where they wrote none. Nobody learns the ids of others' mails."""
    root = addresses.thread_root(record)
    own = InboundMessage.objects.filter(record=record, person=person, decision__in=TAKEN)
    ids = own.order_by("-pk").values_list("message_id", flat=True)[:MOST_REFERENCES]
    ids = [one for one in reversed(ids) if MESSAGE_ID.match(one)]
    return {"In-Reply-To": ids[-1] if ids else root, "References": " ".join([root, *ids])}


class Server:
    """One connection for a batch. Opened when first needed, anew after it broke."""

    def __init__(self):
        self._connection = None

    def send(self, message):
        """Hand the mail over, or raise Unreachable, Postponed or Rejected with the reason."""
        was_open = self._connection is not None
        self._open()
        try:
            self._hand_over(message)
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            if not was_open:
                raise Postponed(_said(error)) from error
            self.send(message)  # it had closed the idle connection; once more on a fresh one

    def close(self):
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _open(self):
        if self._connection is not None:
            return
        connection = get_connection()
        try:
            connection.open()
            if isinstance(connection, SMTPBackend):
                connection.connection.ehlo_or_helo_if_needed()  # a server in a tarpit shows here
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(_said(error)) from error
        self._connection = connection

    def _hand_over(self, message):
        try:
            with cut_off(self._socket(), LONGEST_TALK):
                self._connection.send_messages([message])
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPRecipientsRefused as error:
            self._judge(*next(iter(error.recipients.values()), (PERMANENT, b"")), error)
        except smtplib.SMTPResponseException as error:
            is_ours = isinstance(error, smtplib.SMTPSenderRefused)
            self._judge(error.smtp_code, error.smtp_error, error, is_ours=is_ours)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Postponed(_said(error)) from error

    def _socket(self):
        return getattr(getattr(self._connection, "connection", None), "sock", None)

    def _judge(self, code, words, error, *, is_ours=False):
        """What a refusal means. That our own address is not liked is a matter of set-up: no mail
        is given up for it."""
        reason = f"{code} {_text(words)}".strip()
        if code == CLOSING:
            self.close()
            raise Unreachable(reason) from error
        if code >= PERMANENT and not is_ours:
            raise Rejected(reason) from error
        raise Postponed(reason) from error


def _said(error):
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}".strip()
    return f"{type(error).__name__}: {error}"


def _text(words):
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)

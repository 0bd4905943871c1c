"""What the database knows about a mail: asked by servicedesk.mail.deciding, changes nothing."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from people.models import Person
from records import policies
from records.models import Notification, Record, Watch
from servicedesk.mail import limits
from servicedesk.models import InboundMessage, Mailbox
from servicedesk.models.mail import TAKEN, Decision
from servicedesk.notices import addresses

HOUR = timedelta(hours=1)
LONGEST_CHAIN = 10


class Facts:
    """Questions about one mail: `message` is its row, `parsed` what it says."""

    def __init__(self, message, parsed):
        self.message, self.parsed, self.mailbox = message, parsed, message.mailbox

    # --- who ------------------------------------------------------------------------------------
    def person(self):
        """The person whose address the sender uses, active or not, or None."""
        if not self.parsed.sender:
            return None
        found = Person.objects.select_related("organization", "site")
        return found.filter(email__iexact=self.parsed.sender).first()

    def is_own_address(self, address):
        local, _, domain = address.partition("@")
        return f"{local.partition('+')[0]}@{domain}" in self.own_addresses()

    def own_addresses(self):
        own = {address.casefold() for address in Mailbox.objects.values_list("address", flat=True)}
        return own | {addresses.desk_address().casefold()}

    def authentication(self):
        """What our own mail server found of DMARC: pass or fail, or nothing where it says nothing.
        Only the topmost field counts, and only under the configured name: others may be forged."""
        wanted = settings.MAIL_AUTHSERV_ID.casefold()
        if not wanted or not self.parsed.authentication:
            return ""
        server, _, results = self.parsed.authentication[0].casefold().partition(";")
        if server.split()[:1] != [wanted]:
            return ""
        for result in results.split(";"):
            method, _, outcome = result.strip().partition("=")
            if method.strip() == "dmarc":
                return "pass" if outcome.split()[:1] == ["pass"] else "fail"
        return ""

    # --- which mail -----------------------------------------------------------------------------
    def is_ours(self):
        return bool(self.sent([self.parsed.message_id]))

    def sent(self, ids):
        """Mails of ours with these ids, the newest first."""
        ids = [one for one in ids if one]
        if not ids:
            return []
        rows = Notification.objects.filter(
            channel=Notification.Channel.EMAIL, message_id__in=[one[:120] for one in ids]
        )
        return list(rows.select_related("record", "person").order_by("-pk")[:20])

    def came_before(self):
        """The same mail that was taken already: same id, sender, date, subject and words."""
        if not self.parsed.content_key:
            return None
        rows = InboundMessage.objects.filter(
            content_key=self.parsed.content_key, record__isnull=False
        )
        return rows.exclude(pk=self.message.pk).order_by("pk").first()

    def received(self, ids):
        """Mails that came in with these ids and stand in a ticket, the newest first."""
        ids = [one for one in ids if one]
        if not ids:
            return []
        rows = InboundMessage.objects.taken().filter(message_id__in=ids).exclude(pk=self.message.pk)
        return list(rows.select_related("record").order_by("-pk")[:20])

    def waits_for(self):
        """A mail that this one answers and that nobody has decided yet."""
        ids = [one for one in self.parsed.references if one]
        rows = InboundMessage.objects.filter(
            message_id__in=ids, state=InboundMessage.State.RECEIVED, attempts__lt=3
        )
        return bool(ids) and rows.exclude(pk=self.message.pk).exists()

    # --- which record ---------------------------------------------------------------------------
    def record(self, number):
        return Record.objects.filter(number=number).first()

    def surviving(self, record):
        """The record that a merged one went into, as it stands."""
        for _step in range(LONGEST_CHAIN):
            if record.merged_into_id is None:
                break
            record = record.merged_into
        return record

    def is_thread_root(self, record):
        return addresses.thread_root(record) in self.parsed.references

    def is_token_for(self, number, token, record, person):
        return addresses.verify(f"x+{number}.{token}@x", record, person)

    def participants(self, record):
        """Everybody to whom this record's mails may have gone."""
        ids = {record.requester_id, record.reported_by_id, record.assignee_id}
        ids |= set(Watch.objects.filter(record=record).values_list("person_id", flat=True))
        ids |= set(
            Notification.objects.filter(
                record=record, channel=Notification.Channel.EMAIL
            ).values_list("person_id", flat=True).distinct()[:500]
        )  # fmt: skip
        return Person.objects.filter(pk__in=ids - {None})

    def is_requester_side(self, record, person):
        if policies.is_requester_side(record, person):
            return True
        return Watch.objects.filter(record=record, person=person, takes_part=True).exists()

    def works_on(self, record, person):
        return policies.can_work(record, person)

    def was_copied(self, record):
        """Whether somebody who takes part had the sender in To or Cc of a mail to this record."""
        if not limits.of("mail_copied_may_answer") or record.confidentiality != "normal":
            return False
        rows = InboundMessage.objects.taken().filter(
            record=record, copied__contains=[self.parsed.sender]
        )
        return rows.exclude(pk=self.message.pk).exists()

    # --- how many -------------------------------------------------------------------------------
    def opened_lately(self):
        rows = self._lately().filter(decision__in=[Decision.NEW_TICKET, Decision.FOLLOW_UP])
        return rows.filter(sender=self.parsed.sender).count()

    def replied_lately(self, record):
        return self._lately().filter(record=record, sender=self.parsed.sender).count()

    def callers_lately(self):
        rows = self._lately().filter(mailbox=self.mailbox, decision=Decision.NEW_TICKET)
        return (
            rows.filter(person__external_ref__startswith="mail:")
            .values("person")
            .distinct()
            .count()
        )

    def same_words_lately(self):
        """How often the sender wrote exactly this within the last hour."""
        rows = self._lately().filter(sender=self.parsed.sender, subject=self.parsed.subject)
        return rows.filter(text=self.parsed.text, decision__in=TAKEN).count()

    def _lately(self):
        rows = InboundMessage.objects.filter(received_at__gt=Now() - HOUR)
        return rows.exclude(pk=self.message.pk)

"""What a notice says, as plain data: the frame that each letter fills. No markup, no addresses.

Letters are functions of a Subject, in the language and time zone that are active; one set speaks
to requesters (letters_portal), one to those who work here (letters_agents).
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import formats, preferences
from incidents.events import Verb as Incident
from people.models import Person
from records.models import Notification, Record, TimelineEntry
from servicedesk.events import RequestVerb as Request
from servicedesk.notices import addresses, rights
from servicedesk.portal import progress
from slm.models import Clock
from slm.terms import ClockKind, Metric

LETTERS = {}
LONGEST_SUBJECT = 180
LONGEST_QUOTE = 20_000
EXCERPT = 140


@dataclass
class Letter:
    """`line` is the sentence in the page; `lead` the mail's first words; the rest is optional.

    `quote` and `facts` may be functions: a page that shows the line alone need not ask for them.
    """

    line: str
    subject: str = ""
    lead: list = field(default_factory=list)
    quote: object = ""
    facts: object = ()  # (label, value)
    button: tuple = ()  # (label, address)
    links: list = field(default_factory=list)  # (label, address)
    foot: list = field(default_factory=list)
    items: list = field(default_factory=list)  # of a digest: (sentence, title, address)
    invites_reply: bool = False
    is_automatic_answer: bool = False


@dataclass
class Subject:
    """What a letter speaks of, and to whom."""

    notification: Notification
    person: Person
    record: Record | None
    entry: TimelineEntry | None

    @classmethod
    def of(cls, notification):
        return cls(notification, notification.person, notification.record, notification.entry)

    @property
    def data(self):
        return self.notification.data

    @property
    def is_portal(self):
        return self.data.get("side") == "portal"

    @property
    def title(self):
        if self.record is None:
            return ""
        # an announcement has a title in each language
        return self._child.name if self.record.kind == "announcement" else self.record.title

    @property
    def number(self):
        return self.record.number if self.record else self.data.get("number", "")

    @property
    def actor(self):
        """The writer's name as the reader may know it."""
        author = self.entry.author if self.entry else None
        return author.name if author else desk_name()

    @property
    def words(self):
        """What was written, where this reader may read it."""
        if self.entry is None or not self.entry.body:
            return ""
        record = rights.spoken_of(self.notification)
        if not rights.may_read_words(self.person, record, self.entry):
            return ""
        if self.is_portal and self.entry.visibility != TimelineEntry.Visibility.PUBLIC:
            return ""
        body = self.entry.body
        return body if len(body) <= LONGEST_QUOTE else body[:LONGEST_QUOTE] + " …"

    @property
    def state(self):
        """Where the record stands, in the reader's words."""
        if self.record is None:
            return ""
        if not self.is_portal or self.record.kind == "announcement":
            return self.record.state_label
        return portal_state(self.record)

    def url(self, act=""):
        """The reader's own page of the record; `act` names a place on it."""
        query = f"?act={act}" if act else ""
        return addresses.site_url("servicedesk:record", self.record.number, query=query)

    @staticmethod
    def url_of(record):
        return addresses.site_url("servicedesk:record", record.number)

    @property
    def merge_target(self):
        """What this record was merged into, where the reader may see it."""
        visible = Record.objects.visible_to(self.person)
        return visible.filter(pk=self.record.merged_into_id).first()

    def promise(self, *metrics):
        """When this was promised by the agreement's clocks that still run, or None."""
        clocks = Clock.objects.live().filter(
            record_id=self.record.pk, clock_kind=ClockKind.SLA, metric__in=metrics
        )
        found = clocks.filter(due_at__isnull=False).order_by("due_at").first()
        return found.due_at if found else None

    @property
    def data_until(self):
        """Until when the wait that this entry tells of lasts, where a date was given."""
        return (self.entry.data.get("until") if self.entry else None) or None

    @property
    def resolution(self):
        return getattr(self._child, "resolution", "") or ""

    @cached_property
    def _child(self):
        return self.record.child()

    @property
    def last_question(self):
        """The words with which the record was put to wait for the requester."""
        asked = self.record.timeline.seen_by_requester().filter(
            verb__in=[Incident.WAITING, Request.WAITING]
        )
        return asked.order_by("-seq").values_list("body", flat=True).first() or ""

    @property
    def answer_by(self):
        return self.promise(Metric.RESPONSE, Metric.FEEDBACK_RESPONSE)

    @property
    def solve_by(self):
        return self.promise(Metric.RESOLUTION, Metric.FULFILMENT)


def letter(template):
    """Function decorator: (Subject) -> Letter for the notifications with this template."""

    def register(function):
        LETTERS[template] = function
        return function

    return register


def portal_state(record):
    """The requester's words for where a record stands: who has to act next."""
    if record.kind in {"service_request", "feedback"}:
        return progress.progress_of(record).short
    if record.phase == "waiting":
        reason = record.pending_reason
        if reason is not None and reason.waits_for_requester:
            return _("Waiting for your answer")
        return _("On hold")
    if record.phase == "resolved":
        return _("Solved: please confirm")
    if record.phase == "closed":
        return _("Taken back") if record.state == "cancelled" else _("Closed")
    return _("Received") if record.state == "new" else _("Being worked on")


def desk_name():
    return one_line(str(preferences.get(f"product_name_{language()}")), 80)


def portal_name():
    return one_line(str(preferences.get(f"portal_name_{language()}")), 80)


def language():
    return "zh" if (get_language() or "en").startswith("zh") else "en"


def moment(value):
    """An instant in full, in the reader's zone and language. Takes ISO text too."""
    if isinstance(value, str):
        value = parse_datetime(value)
    if not isinstance(value, datetime):
        return ""
    return formats.moment_full(timezone.localtime(value), language())


def length(seconds):
    return formats.duration_text(seconds or 0, language())


def one_line(text, limit=LONGEST_SUBJECT):
    """Text that may stand in a header or a list: one line, no control or direction characters."""
    kept = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in text or ""
        if unicodedata.category(char) not in {"Cf", "Cs"}
    )
    kept = " ".join(kept.split())
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def excerpt(text):
    return one_line(text, EXCERPT)

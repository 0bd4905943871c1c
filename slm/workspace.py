"""The page of one record, for those who work on it: everything worked out here, templates print.

`build` gives the context that every kind shares: head, clocks, story, composer, rail. A process
adds its own steps and facts. A page costs a fixed number of statements, whatever its length.
"""

from dataclasses import dataclass, field
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats, preferences
from core.access import Gate, access
from core.templatetags import ui
from records import policies
from records.kinds import KINDS
from records.models import PendingReason, Record
from slm import workspace_clocks as clocks
from slm import workspace_feed as feeds
from slm.workspace_tasks import tasks_of
from slm.workspace_words import CHANNELS, address, state_look

RELATED = (
    "requester__organization", "requester__site", "organization", "site", "service", "ci",
    "assignee", "assigned_group", "owner_group", "pending_reason",
    "category__parent__parent__parent",
)  # fmt: skip


# --- finding ----------------------------------------------------------------------------------


def agent_page(view):
    """A view for those who work here. A requester who follows its link is led to their own page."""
    inner = access(Gate.AGENT)(view)

    @wraps(view)
    def checked(request, *args, **kwargs):
        number = kwargs.get("number")
        person = request.user
        if number and person.is_authenticated and not Gate.AGENT.admits(person):
            found = get_object_or_404(Record.objects.visible_to(person), number=number)
            return to_portal(found)
        return inner(request, *args, **kwargs)

    checked.gate = Gate.AGENT
    return checked


def to_portal(record):
    """The page of the same record for the requester's side."""
    href = address("portal:request", record.number)
    if not href:
        raise Http404
    return redirect(href)


def find(request, number, model=Record):
    """The record with all that its page shows, or 404 to those who must not learn of it.

    A requester who happens to work here has no business on the agent's page of their own record:
    they get None, and the view leads them to the portal.
    """
    rows = model.objects.visible_to(request.user).select_related(*RELATED)
    record = get_object_or_404(rows, number=number)
    if policies.is_requester_side(record, request.user) and not policies.can_read_notes(
        record, request.user
    ):
        return None
    return record


def find_readable(request, number, model=Record):
    """As `find`, for parts of the page: they exist only for those who read the page."""
    record = find(request, number, model)
    if record is None:
        raise Http404
    return record


def find_for_notes(request, number, model=Record):
    """For what only those see who read internal notes: tasks, time, people, notices."""
    record = find_readable(request, number, model)
    if not policies.can_read_notes(record, request.user):
        raise Http404
    return record


# --- the page ---------------------------------------------------------------------------------


@dataclass
class Composer:
    """Who will read what is written here, said on the button."""

    may_reply: bool
    may_note: bool
    to: str
    more: int
    send: str
    mode: str
    is_closed: bool

    @property
    def is_shown(self):
        return self.may_reply or self.may_note


@dataclass
class Requester:
    """The card of the person who asked."""

    person: object
    avatar: str
    place: str
    work: str
    history: str
    open_count: int = 0


@dataclass
class Workspace:
    """The shared part of a record's page."""

    record: Record
    person: object
    now: object
    token: str
    last_seq: int
    base: str
    work: str
    title: str
    state: tuple
    marks: list
    opened_at: str
    channel: str
    cards: list
    why: object
    feed: feeds.Feed
    tabs: list
    composer: Composer
    requester: Requester | None
    reasons: list
    counts: dict
    can_work: bool
    can_read_notes: bool
    presence: str
    queue: str
    tasks: list = field(default_factory=list)
    merged: str = ""
    # (words, address, is it open) of what upper and sibling floors show beside it.
    panels: list = field(default_factory=list)
    # (value of "then", words, icon) of what a reply may do besides; a process fills it.
    send_as: list = field(default_factory=list)

    @property
    def tasks_done(self):
        return sum(task.is_done for task in self.tasks)

    @property
    def may_add_tasks(self):
        return self.can_work and not self.record.is_final

    @property
    def may_redact(self):
        return self.person.access.is_admin

    @property
    def is_ticket(self):
        return KINDS[self.record.kind].is_queued

    @property
    def upload_megabytes(self):
        return int(preferences.get("upload_megabytes"))

    @property
    def children(self):
        count = self.record.child_count
        return ngettext("%(count)d child record", "%(count)d child records", count) % {
            "count": count
        }


def build(request, record, *, base):
    """The Workspace of `record` for the reader. `base`: the address of its page."""
    person = request.user
    can_work = policies.can_work(record, person)
    can_read = policies.can_read_notes(record, person)
    feed = feeds.feed_of(
        record, person, can_read_notes=can_read, show=request.GET.get("show", "all"),
        before=_number(request.GET.get("before")),
    )  # fmt: skip
    counts = counts_of(record, can_read)
    now = request.queue_now = counts["now"]  # the menu counts at the same instant
    reasons = list(PendingReason.objects.order_by("order", "code"))
    names = {reason.code: reason.name for reason in reasons}
    cards = clocks.cards_of(record, now)
    return Workspace(
        record=record,
        person=person,
        now=now,
        token=get_random_string(24),
        last_seq=counts["last_seq"] or 0,
        base=base,
        work=reverse("work:find", args=[record.number]),
        title=record.title,
        state=state_look(record),
        marks=marks_of(record),
        opened_at=ui.when(record.opened_at),
        channel=str(CHANNELS.get(record.channel, record.channel)),
        cards=[card for card in cards if card.state != "off"],
        why=clocks.why_of(clocks.main_card(cards), record, names),
        feed=feed,
        tabs=tabs_of(base, feed.show, counts, can_read),
        composer=composer_of(record, person, can_work, can_read, counts, request.GET.get("mode")),
        requester=requester_of(record, now, asked_count(record, person)),
        reasons=[reason for reason in reasons if reason.is_active],
        counts=counts,
        can_work=can_work,
        can_read_notes=can_read,
        presence=address("servicedesk:presence", record.number) if can_read else "",
        queue=address("servicedesk:queue"),
        tasks=tasks_of(record, person) if can_read else [],
        merged=reverse("work:find", args=[record.merged_into.number])
        if record.merged_into_id
        else "",
        panels=panels_of(record) if can_read else [],
    )


def panels_of(record):
    """What other floors show beside a ticket. Addresses that nobody serves are left out."""
    found = []
    if KINDS[record.kind].is_queued:
        for label, name, is_open in import_string(settings.PANELS).get("records.ticket", ()):
            if href := address(name, record.number):
                found.append((label, href, is_open))
    return found


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


COUNTS = """
SELECT
  count(*) FILTER (WHERE visibility = 'public' AND (
      kind IN ('comment', 'email_in', 'email_out', 'call') OR body <> '' OR verb LIKE '%%.opened')),
  count(*) FILTER (WHERE visibility = 'internal' AND (kind = 'note' OR body <> '')),
  max(seq),
  (SELECT count(*) FROM records_recordlink WHERE source_id = %(record)s OR target_id = %(record)s),
  (SELECT count(*) FROM records_watch WHERE record_id = %(record)s),
  (SELECT count(*) FROM records_document WHERE record_id = %(record)s),
  (SELECT count(*) FROM records_notification
    WHERE record_id = %(record)s AND channel = 'email'),
  (SELECT sum(seconds) FROM records_timeentry WHERE record_id = %(record)s),
  (SELECT count(*) FROM records_recordci WHERE record_id = %(record)s),
  clock_timestamp()
FROM records_timelineentry WHERE record_id = %(record)s
"""
COUNTED = (
    "talk", "notes", "last_seq", "links", "watchers", "documents", "notices", "seconds", "cis",
    "now",
)  # fmt: skip


def counts_of(record, can_read):
    """Every figure of the page, and the present instant, in one statement. It counts what
    slm.workspace_feed calls so."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"record": record.pk})
        found = dict(zip(COUNTED, cursor.fetchone(), strict=True))
    if not can_read:
        found["notes"] = 0
    found["time"] = (
        formats.duration_text(found["seconds"], ui.language()) if found["seconds"] else ""
    )
    return found


def asked_count(record, person):
    """How many open tickets the requester has, of those that the reader may see."""
    if not record.requester_id:
        return 0
    asked = Record.objects.queue_of(person).active()
    return asked.filter(requester_id=record.requester_id).count()


def marks_of(record):
    """Chips of the head that tell what is special: (words, tone, icon)."""
    marks = []
    if record.is_major:
        marks.append((_("Major incident"), "danger", "siren"))
    if record.confidentiality == "security":
        marks.append((_("Security"), "plum", "shield-alert"))
    elif record.confidentiality == "restricted":
        marks.append((_("Restricted"), "plum", "lock-keyhole"))
    if record.unanswered_since and record.is_open:
        marks.append((_("New reply from requester"), "info", "message-square-reply"))
    if record.reopen_count:
        text = ngettext("Reopened once", "Reopened %(count)d times", record.reopen_count)
        marks.append((text % {"count": record.reopen_count}, "warn", "rotate-ccw"))
    return marks


def tabs_of(base, show, counts, can_read):
    """(words, address, count, is current) of the views of the story."""
    rows = [("all", _("Everything"), ""), ("talk", _("Conversation"), counts["talk"])]
    if can_read:
        rows.append(("notes", _("Notes"), counts["notes"]))
    rows.append(("history", _("History"), ""))
    return [(words, f"{base}?show={key}", count, key == show) for key, words, count in rows]


def composer_of(record, person, can_work, can_read, counts, mode):
    may_note = can_read and not person.access.is_auditor_only
    may_reply = policies.can_comment(record, person)
    is_closed = record.is_final
    whom = record.requester.name if record.requester_id else ""
    side = {record.requester_id, record.reported_by_id} - {None}
    more = max(counts["watchers"] + len(side) - bool(whom), 0)
    if whom and more:
        send = _("Send to %(name)s + %(more)d") % {"name": whom, "more": more}
    elif whom:
        send = _("Send to %(name)s") % {"name": whom}
    else:
        send = _("Send public reply")
    wanted = "note" if mode == "note" or not may_reply or not (whom or more) else "reply"
    return Composer(
        may_reply=may_reply, may_note=may_note, to=whom, more=more, send=send,
        mode=wanted if may_note else "reply", is_closed=is_closed,
    )  # fmt: skip


def requester_of(record, now, open_count):
    person = record.requester if record.requester_id else None
    if person is None:
        return None
    site = person.site if person.site_id else None
    local = now.astimezone(ZoneInfo(person.zone_name))
    place = [site.name] if site else []
    place.append(_("%(time)s local") % {"time": f"{local:%H:%M}"})
    place.append(person.get_locale_display())
    queue = address("servicedesk:queue")
    return Requester(
        person=person,
        avatar=ui.avatar(person, "avatar--lg"),
        place=" · ".join(place),
        work=" · ".join(filter(None, [person.job_title, person.organization.name])),
        history=f"{queue}?requester={person.pk}&phase=any" if queue else "",
        open_count=open_count,
    )

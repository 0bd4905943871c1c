"""The story of a record as its page shows it: messages, notes, and events in runs.

A message is what a person wrote; an event is one sentence, printed by timeline/<verb>.html. All
values are prepared here, in three statements: the entries, their files, and the names they speak of.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import formats
from core.icons import icon
from core.templatetags import ui
from records.files import safe_name
from records.kinds import KINDS
from records.models import Document, TimelineEntry
from records.policies import is_requester_side
from slm import workspace_mails
from slm.workspace_icons import ICONS, PREFIXES
from slm.workspace_routed import routed_words
from slm.workspace_text import text_html
from slm.workspace_words import CHANNELS, level_word, state_word

SIZE = 40
MOST_IN_A_ROW = 3
Kind = TimelineEntry.Kind
TALK = Q(visibility="public") & (
    Q(kind__in=[Kind.COMMENT, Kind.EMAIL_IN, Kind.EMAIL_OUT, Kind.CALL])
    | ~Q(body="")
    | Q(verb__endswith=".opened")
)
NOTES = Q(visibility="internal") & (Q(kind=Kind.NOTE) | ~Q(body=""))
SHOWS = {"all": Q(), "talk": TALK, "notes": NOTES, "history": ~TALK & ~NOTES}
SAID = {
    Kind.EMAIL_IN: "mail", Kind.EMAIL_OUT: "mail", Kind.CALL: "phone", Kind.COMMENT: "reply",
}  # fmt: skip
FIELD_LEVELS = {"impact", "urgency"}


@dataclass
class Line:
    """One entry, ready to print. `data` holds what the verb's sentence needs, names resolved."""

    pk: int
    seq: int
    verb: str
    template: str
    is_message: bool
    is_note: bool
    is_incoming: bool
    author: str
    avatar: str
    icon: str
    said: str
    at: str
    html: str
    from_state: str
    to_state: str
    data: dict
    files: list = field(default_factory=list)
    redacted: str = ""
    mail: object = None  # how it came, where a floor above knows it: `url`, `quoted`

    @property
    def number(self):
        return self.data.get("number", "")


@dataclass
class Run:
    """What stands between two messages: a message, or events, of which long rows fold up."""

    message: Line | None = None
    events: list = field(default_factory=list)
    folded: list = field(default_factory=list)


@dataclass
class Feed:
    runs: list
    last_seq: int
    earlier: int | None
    show: str
    is_empty: bool


@dataclass(frozen=True)
class File:
    href: str
    name: str
    size: str
    icon: str
    is_internal: bool


def feed_of(record, person, *, can_read_notes, show="all", before=None, after=None):
    """The latest entries before `before`, or all after `after`, oldest first."""
    show = show if show in SHOWS else "all"
    entries = record.timeline.filter(SHOWS[show]).select_related("author")
    # of few entries, if of any
    entries = entries.prefetch_related("redacted_by")
    if not can_read_notes:
        entries = entries.seen_by_requester()
    if after is not None:
        found, earlier = list(entries.filter(seq__gt=after).order_by("seq")[:200]), None
    else:
        if before:
            entries = entries.filter(seq__lt=before)
        found = list(entries.order_by("-seq")[: SIZE + 1])
        earlier = found[SIZE - 1].seq if len(found) > SIZE else None
        found = found[:SIZE][::-1]
    lines = lines_of(record, found, can_read_notes=can_read_notes)
    last = found[-1].seq if found else after or 0
    return Feed(runs_of(lines), last, earlier, show, not found)


def last_seq(record):
    """How far the story goes, whatever of it is shown."""
    return record.timeline.order_by("-seq").values_list("seq", flat=True).first() or 0


def lines_of(record, entries, *, can_read_notes):
    if not entries:
        return []
    names = names_of(entries)
    files = files_of(entries, can_read_notes)
    now, zone = datetime.now(UTC), timezone.get_current_timezone()
    lang = ui.language()
    lines = [_line(record, entry, names, files.get(entry.pk, []), now, zone, lang)
             for entry in entries]  # fmt: skip
    if can_read_notes:
        workspace_mails.add(lines, entries)
    return lines


def _line(record, entry, names, files, now, zone, lang):
    is_opening = entry.verb.endswith(".opened")
    body = entry.body or (record.description if is_opening and not entry.redacted_at else "")
    is_note = entry.visibility == TimelineEntry.Visibility.INTERNAL
    is_message = entry.is_message or bool(body)
    author = entry.author or (record.requester if is_opening else None)
    local = entry.at.astimezone(zone)
    text = formats.moment_text(local, now.astimezone(zone), lang)
    ticks = " data-rel" if is_message else ""
    return Line(
        pk=entry.pk,
        seq=entry.seq,
        verb=entry.verb,
        template=entry.template,
        is_message=is_message,
        is_note=is_note,
        is_incoming=author is not None and is_requester_side(record, author),
        author=author.name if author else _("The desk") if is_message else _("System"),
        avatar=ui._avatar(author.name, author.pk % 8 + 1, "avatar--md") if author
        else ui.avatar(None, "avatar--md"),
        icon=icon("lock" if is_note and is_message else _icon_of(entry), "i--sm"),
        said=_said(entry, is_note, is_message),
        at=mark_safe(
            f'<time datetime="{local.isoformat(timespec="seconds")}"'
            f' title="{escape(formats.moment_full(local, lang))}"{ticks}>{text}</time>'
        ),
        html=text_html(body) if body else "",
        from_state=state_word(record.kind, entry.from_state) if entry.from_state else "",
        to_state=state_word(record.kind, entry.to_state) if entry.to_state else "",
        data=_data(record, entry, names),
        files=files,
        redacted=_redacted(entry) if entry.redacted_at else "",
    )  # fmt: skip


def _icon_of(entry):
    if entry.is_message:
        return SAID.get(entry.kind, "lock")
    return ICONS.get(entry.verb) or PREFIXES.get(entry.verb.partition(".")[0], "info")


def _said(entry, is_note, is_message):
    """Who can read a message, and how it came; empty where the verb's sentence says it."""
    if not is_message:
        return ""
    if is_note and not entry.is_message:
        return ""  # a step with words: its own sentence says who reads it
    if is_note:
        return _("Internal note – not visible to the requester")
    if entry.kind == Kind.EMAIL_IN:
        return _("by e-mail")
    if entry.kind == Kind.CALL:
        return _("by telephone")
    return ""


def _redacted(entry):
    who = entry.redacted_by.name if entry.redacted_by else _("System")
    return _("The text was removed by %(name)s.") % {"name": who}


def _data(record, entry, names):
    """The entry's data with ids and codes turned into names of the reader's language."""
    given = dict(entry.data)
    for key, kind in (
        ("group_id", "group"), ("from_group_id", "group"), ("person_id", "person"),
        ("to_group_id", "group"), ("target_group_id", "group"),
    ):  # fmt: skip
        if given.get(key):
            given[key.removesuffix("_id") + "_name"] = names.get((kind, str(given[key])), "")
    if reason := given.get("reason"):
        given["reason_name"] = names.get(("reason", str(reason)), reason)
    if code := given.get("closure_code"):
        given["closure_name"] = names.get(("closure", str(code)), code)
    if isinstance(given.get("fields"), dict):
        given["changes"] = _changes(record, given["fields"])
    for key in ("until", "deadline", "next_at"):
        if given.get(key):
            given[f"{key}_text"] = ui.when(_instant(given[key]))
    if given.get("channel"):
        given["channel_text"] = CHANNELS.get(given["channel"], given["channel"])
    if why := given.get("why"):
        given["routed"] = routed_words(why)
    return given


def _instant(text):
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _changes(record, fields):
    """[(label, before, after)] of changed fields, in the words of the model."""
    model = KINDS[record.kind].model
    found = []
    for name, pair in fields.items():
        if not (isinstance(pair, list) and len(pair) == 2):
            continue
        found.append((_label(model, name), *(_value(model, name, value) for value in pair)))
    return found


def _label(model, name):
    found = _field(model, name)
    return str(found.verbose_name) if found is not None else name


def _field(model, name):
    """The model's field of this name, or None: stored words outlive columns."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _value(model, name, value):
    if value in (None, ""):
        return _("none")
    if value is True or value is False:
        return _("yes") if value else _("no")
    if name == "priority":
        return f"P{value}"
    if name in FIELD_LEVELS:
        return level_word(value)
    if name.endswith("_at") and (instant := _instant(value)):
        return formats.moment_full(timezone.localtime(instant), ui.language())
    choices = dict(getattr(_field(model, name), "flatchoices", None) or ())
    return str(choices.get(value, value))


NAMES = """
SELECT 'group', id::text, name_en, name_zh FROM people_supportgroup WHERE id = ANY(%(groups)s)
UNION ALL SELECT 'person', id::text, name, name FROM people_person WHERE id = ANY(%(people)s)
UNION ALL SELECT 'reason', code, name_en, name_zh FROM records_pendingreason
UNION ALL SELECT 'closure', code, name_en, name_zh FROM records_closurecode
"""


def names_of(entries):
    """{(what, key): name} of all that the entries' data speaks of, in one statement."""
    groups, people = set(), set()
    for entry in entries:
        for key, value in entry.data.items():
            if isinstance(value, int) and not isinstance(value, bool):
                if key.endswith("group_id"):
                    groups.add(value)
                elif key == "person_id":
                    people.add(value)
    is_chinese = (get_language() or "").startswith("zh")
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"groups": sorted(groups), "people": sorted(people)})
        return {
            (what, key): (chinese or english if is_chinese else english or chinese)
            for what, key, english, chinese in cursor.fetchall()
        }


def files_of(entries, can_read_notes):
    """{entry id: [File]}; internal files only for those who read notes."""
    rows = Document.objects.filter(entry__in=[entry.pk for entry in entries])
    if not can_read_notes:
        rows = rows.filter(is_internal=False)
    found = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(file_of(row))
    return found


def file_of(document):
    return File(
        href=reverse("work:document", args=[document.public_id]),
        name=safe_name(document.title),
        size=formats.size_text(document.size),
        icon="image" if document.mime.startswith("image/") else "file-text",
        is_internal=document.is_internal,
    )


def runs_of(lines):
    """Messages alone; events between them in runs, of which more than three fold up."""
    runs = []
    for line in lines:
        if line.is_message:
            runs.append(Run(message=line))
        elif runs and runs[-1].message is None:
            runs[-1].events.append(line)
        else:
            runs.append(Run(events=[line]))
    for run in runs:
        if len(run.events) > MOST_IN_A_ROW:
            run.folded, run.events = run.events[:-1], run.events[-1:]
    return runs


def sentence(line):
    """A line as plain text: who, what, when. For those who must be told beside the story."""
    what = strip_tags(render_to_string(line.template, {"line": line}))
    said = " ".join(f"{line.author}: {what} ({strip_tags(line.at)})".split())
    return unescape(said)

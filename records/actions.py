"""Primitives on records that no page calls: processes and slm.work build their verbs of them.

Each takes a locked record, writes rows and one timeline entry. None knows of clocks.
"""

from django.db.models import F
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused, Stale
from core.lifecycle import take
from core.text import fold, without_nul
from people.models import Person
from records import files, numbers, timeline
from records.events import Verb
from records.kinds import KINDS
from records.models import (
    Record,
    RecordCI,
    RecordLink,
    RecordText,
    Task,
    TimeEntry,
    TimelineEntry,
    Watch,
)

Kind = TimelineEntry.Kind
Visibility = TimelineEntry.Visibility


def file_record(record, *, at=None):
    """Give a new record its number and instants, save it, and let search know it."""
    if not record.number:
        record.number, now = numbers.take(KINDS[record.kind or record.KIND].prefix)
        at = at or now
    at = at or time.now()
    record.title = without_nul(record.title).strip()
    record.description = without_nul(record.description)
    record.opened_at = record.opened_at or at
    record.state_changed_at = record.updated_at = at
    record.save()
    text = RecordText.folded(record)
    RecordText.objects.create(record_id=record.pk, search_public=text, search_agent=text)
    return at


def save(record, *, at, from_state=None):
    """Save a record after a step."""
    if from_state is not None and from_state != record.state:
        record.state_changed_at = at
    record.updated_at = at
    record.save()


def check_version(record, seen):
    """Refuse to write over what the writer has not seen. None: the channel knows no version."""
    if seen is None or int(seen) == record.version:
        return
    last = record.timeline.select_related("author").order_by("-seq").first()
    who = last.author.name if last is not None and last.author else None
    raise Stale(seen=int(seen), present=record.version, by=who)


def find_again(record, *, bits):
    """Add text to what search finds: `bits` are (text, is_public)."""
    public = fold(" ".join(text for text, is_public in bits if is_public))
    every = fold(" ".join(text for text, _ in bits))
    if every:
        RecordText.objects.filter(record_id=record.pk).update(
            search_public=_appended("search_public", public),
            search_agent=_appended("search_agent", every),
        )


def _appended(column, text):
    from django.db.models import Value
    from django.db.models.functions import Concat, Left

    return Left(Concat(F(column), Value(f" {text}")), 200_000) if text else F(column)


def refresh_text(record):
    """After an edit of subject or description: the story's text is gathered anew."""
    public, every = [RecordText.folded(record)], [RecordText.folded(record)]
    for body, visibility in record.timeline.exclude(body="").values_list("body", "visibility"):
        every.append(fold(body))
        if visibility == Visibility.PUBLIC:
            public.append(fold(body))
    RecordText.objects.filter(record_id=record.pk).update(
        search_public=" ".join(public)[:200_000], search_agent=" ".join(every)[:200_000]
    )


def say(
    record, *, by, at, body, is_public, html="", uploads=(), kind=None, verb=None, **data
):  # fmt: skip
    """A message on the record, with its files: public, or a note among those who work here."""
    body = without_nul(body).strip()
    if not body and not uploads:
        raise Refused(_("Write something first."))
    entry = timeline.record(
        record,
        verb or (Verb.COMMENTED if is_public else Verb.NOTED),
        by=by, at=at, body=body, html=html,
        kind=kind or (Kind.COMMENT if is_public else Kind.NOTE),
        visibility=Visibility.PUBLIC if is_public else Visibility.INTERNAL,
        **data,
    )  # fmt: skip
    for upload in uploads:
        files.keep(upload, record=record, entry=entry, by=by, is_internal=not is_public)
    find_again(record, bits=[(body, is_public)])
    return entry


def attach(record, uploads, *, by, at, is_internal):
    names = [upload.name for upload in uploads]
    entry = timeline.record(
        record, Verb.ATTACHED, by=by, at=at, kind=Kind.SYSTEM,
        visibility=Visibility.INTERNAL if is_internal else Visibility.PUBLIC, files=names,
    )  # fmt: skip
    return [
        files.keep(upload, record=record, entry=entry, by=by, is_internal=is_internal)
        for upload in uploads
    ]


def edit_fields(record, changes, *, by, at, visibility=Visibility.INTERNAL):
    """Set plain fields and tell which: old and new as people read them. Returns the entry or None."""
    told = {}
    for name, value in changes.items():
        before = getattr(record, name)
        if before != value:
            told[name] = [_readable(before), _readable(value)]
            setattr(record, name, value)
    if not told:
        return None
    save(record, at=at)
    if {"title", "description"} & set(told):
        refresh_text(record)
    return timeline.record(
        record, Verb.EDITED, by=by, at=at, kind=Kind.FIELDS, visibility=visibility, fields=told
    )


def _readable(value):
    if value is None:
        return ""
    return str(value)[:300] if not isinstance(value, bool) else value


def link(source, target, type_, *, by, at):
    """Tie two records. Told on both; a child counts on its parent."""
    if source.pk == target.pk:
        raise Refused(_("A record cannot be linked to itself."))
    made, is_new = RecordLink.objects.get_or_create(
        source=source, target=target, type=type_, defaults={"created_by": by}
    )
    if not is_new:
        return made
    if type_ == RecordLink.Type.PARENT_OF:
        _refuse_circle(source, target)
        Record.objects.filter(pk=source.pk).update(child_count=F("child_count") + 1)
    for record, other, way in ((source, target, "out"), (target, source, "in")):
        timeline.record(
            record, Verb.LINKED, by=by, at=at, kind=Kind.SYSTEM,
            visibility=Visibility.INTERNAL, number=other.number, type=type_, way=way,
        )  # fmt: skip
    return made


def _refuse_circle(parent, child):
    seen, above = {child.pk}, parent.pk
    while above is not None:
        if above in seen:
            raise Refused(_("A record cannot be a child of its own child."))
        seen.add(above)
        above = (
            RecordLink.objects.filter(target_id=above, type=RecordLink.Type.PARENT_OF)
            .values_list("source_id", flat=True).first()
        )  # fmt: skip


def unlink(made, *, by, at):
    source, target, type_ = made.source, made.target, made.type
    made.delete()
    if type_ == RecordLink.Type.PARENT_OF:
        Record.objects.filter(pk=source.pk).update(child_count=F("child_count") - 1)
    for record, other, way in ((source, target, "out"), (target, source, "in")):
        timeline.record(
            record, Verb.UNLINKED, by=by, at=at, kind=Kind.SYSTEM,
            visibility=Visibility.INTERNAL, number=other.number, type=type_, way=way,
        )  # fmt: skip


def add_ci(record, ci, *, by, at, role=RecordCI.Role.AFFECTED):
    row, is_new = RecordCI.objects.get_or_create(record=record, ci=ci, role=role)
    if is_new:
        timeline.record(
            record, Verb.CI_ADDED, by=by, at=at, kind=Kind.SYSTEM,
            visibility=Visibility.INTERNAL, ci=ci.number, name=ci.name, role=role,
        )  # fmt: skip
    return row


def remove_ci(row, *, by, at):
    record, ci, role = row.record, row.ci, row.role
    row.delete()
    timeline.record(
        record, Verb.CI_REMOVED, by=by, at=at, kind=Kind.SYSTEM,
        visibility=Visibility.INTERNAL, ci=ci.number, name=ci.name, role=role,
    )  # fmt: skip


def watch(record, person: Person, *, by, at, takes_part=False):
    row, is_new = Watch.objects.update_or_create(
        record=record, person=person, defaults={"takes_part": takes_part}
    )
    if is_new:
        timeline.record(
            record, Verb.WATCHED, by=by, at=at, kind=Kind.SYSTEM,
            visibility=Visibility.INTERNAL, person=person.name, takes_part=takes_part,
        )  # fmt: skip
    return row


def unwatch(record, person, *, by, at):
    gone, _rows = Watch.objects.filter(record=record, person=person).delete()
    if gone:
        timeline.record(
            record, Verb.UNWATCHED, by=by, at=at, kind=Kind.SYSTEM,
            visibility=Visibility.INTERNAL, person=person.name,
        )  # fmt: skip


def add_task(record, *, by, at, title, **fields):
    number, _now = numbers.take("TSK")
    last = record.tasks.order_by("-seq").values_list("seq", flat=True).first() or 0
    task = Task.objects.create(
        number=number, record=record, title=without_nul(title).strip(),
        seq=fields.pop("seq", last + 1), **fields,
    )  # fmt: skip
    timeline.record(
        record, Verb.TASK_ADDED, by=by, at=at, kind=Kind.SYSTEM, visibility=Visibility.INTERNAL,
        task=task.number, title=task.title, task_id=task.pk,
    )  # fmt: skip
    return task


TASK_VERBS = {
    "start": Verb.TASK_STARTED,
    "complete": Verb.TASK_DONE,
    "fail": Verb.TASK_FAILED,
    "reopen": Verb.TASK_REOPENED,
    "skip": Verb.TASK_SKIPPED,
    "cancel": Verb.TASK_CANCELLED,
}


def move_task(task, name, *, by, at, result=""):
    """Take a step of a task (locked). Its record tells the story."""
    needs_reason = name in {"fail", "cancel"} or (name == "skip" and task.is_mandatory)
    if needs_reason and not result.strip():
        raise Refused(_("Give a reason."))
    inputs = {} if name == "reopen" else {"at": at}
    if name in {"complete", "fail", "skip", "cancel"}:
        inputs["result"] = result
    take(task, name, by=by, **inputs)
    task.save()
    if task.record_id:
        timeline.record(
            task.record, TASK_VERBS[name], by=by, at=at, kind=Kind.SYSTEM,
            visibility=Visibility.INTERNAL, task=task.number, title=task.title, result=result,
            task_id=task.pk,
        )  # fmt: skip
    return task


def log_time(record, *, by, seconds, work_date, activity, note="", task=None, is_billable=True):
    """Time spent is not told on the timeline: it is a sum beside it."""
    return TimeEntry.objects.create(
        record=record, person=by, seconds=seconds, work_date=work_date, activity=activity,
        note=without_nul(note), task=task, is_billable=is_billable,
    )  # fmt: skip

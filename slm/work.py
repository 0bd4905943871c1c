"""Words of mixed channels (queue, composer, mail, API): done by the record's own process where it
has its own way, else here. Every function locks, asks the policy, acts, and tells the story."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from records import actions as records
from records import files, policies
from records.kinds import KINDS, verb
from records.models import Record, RecordCI, RecordLink, Task


def do(record, name, *, by, **inputs):
    """`name` in the record's own process: assign, take, hold, resume, reply, merge, …"""
    own = verb(record, name)
    if own is None:
        raise Refused(_("This kind of record knows no such step."))
    return own(record, by=by, **inputs)


def can_do(record, name):
    return verb(record, name) is not None


def hold_row(record):
    """The record in its own class, fresh and locked."""
    return KINDS[record.kind].model.objects.lock(record)


def ask(policy, record, by):
    if by is not None and not policy(record, by):
        raise PermissionDenied


@transaction.atomic
def note(record, *, by, body, uploads=(), at=None):
    """An internal note: for those who work here, no clock moves."""
    record = hold_row(record)
    ask(policies.can_read_notes, record, by)
    if by is not None and by.access.is_auditor_only:
        raise PermissionDenied
    check_uploads(uploads)
    return records.say(
        record, by=by, at=at or time.now(), body=body, is_public=False, uploads=uploads
    )


def check_uploads(uploads):
    if len(uploads) > files.MOST_FILES:
        raise ValidationError(
            {"files": _("At most %(most)d files at once.") % {"most": files.MOST_FILES}}
        )
    for upload in uploads:
        try:
            files.check(upload)
        except ValidationError as error:
            raise ValidationError({"files": error.messages}) from error


@transaction.atomic
def attach(record, *, by, uploads, is_internal=False, at=None):
    record = hold_row(record)
    ask(policies.can_comment, record, by)
    if is_internal:
        ask(policies.can_work, record, by)
    check_uploads(uploads)
    return records.attach(record, uploads, by=by, at=at or time.now(), is_internal=is_internal)


@transaction.atomic
def link(source, target, *, by, type_=RecordLink.Type.RELATES_TO, at=None):
    """Both ends are locked in the order of their ids; both must be the person's to see."""
    source, target = _hold_pair(source, target)
    ask(policies.can_work, source, by)
    if by is not None and not Record.objects.visible_to(by).filter(pk=target.pk).exists():
        raise Record.DoesNotExist
    return records.link(source, target, type_, by=by, at=at or time.now())


def _hold_pair(one, other):
    held = dict.fromkeys(sorted({one.pk, other.pk}))
    for pk in held:
        held[pk] = Record.objects.lock(pk)
    return held[one.pk], held[other.pk]


@transaction.atomic
def unlink(made, *, by, at=None):
    source, _target = _hold_pair(made.source, made.target)
    ask(policies.can_work, source, by)
    records.unlink(RecordLink.objects.get(pk=made.pk), by=by, at=at or time.now())


@transaction.atomic
def add_ci(record, ci, *, by, role=RecordCI.Role.AFFECTED, at=None):
    record = hold_row(record)
    ask(policies.can_work, record, by)
    return records.add_ci(record, ci, by=by, role=role, at=at or time.now())


@transaction.atomic
def remove_ci(row, *, by, at=None):
    record = hold_row(row.record)
    ask(policies.can_work, record, by)
    records.remove_ci(row, by=by, at=at or time.now())


@transaction.atomic
def watch(record, person, *, by, takes_part=False, at=None):
    """Follow a record oneself; who works on it may let others follow, or take part."""
    record = hold_row(record)
    if by is not None and (person.pk != by.pk or takes_part):
        ask(policies.can_work, record, by)
    return records.watch(record, person, by=by, at=at or time.now(), takes_part=takes_part)


@transaction.atomic
def unwatch(record, person, *, by, at=None):
    record = hold_row(record)
    if by is not None and person.pk != by.pk:
        ask(policies.can_work, record, by)
    records.unwatch(record, person, by=by, at=at or time.now())


@transaction.atomic
def add_task(record, *, by, title, at=None, **fields):
    record = hold_row(record)
    ask(policies.can_work, record, by)
    if record.is_final:
        raise Refused(_("The record is closed."))
    if not title.strip():
        raise ValidationError({"title": _("Say what is to be done.")})
    return records.add_task(record, by=by, at=at or time.now(), title=title, **fields)


@transaction.atomic
def move_task(task, name, *, by, result="", at=None):
    """start, complete, fail, reopen, skip or cancel a task."""
    if task.record_id:
        Record.objects.lock(task.record_id)
    task = Task.objects.lock(task)
    return records.move_task(task, name, by=by, at=at or time.now(), result=result)


@transaction.atomic
def log_time(record, *, by, seconds, **fields):
    record = hold_row(record)
    ask(policies.can_work, record, by)
    return records.log_time(record, by=by, seconds=seconds, **fields)

"""The only way a timeline entry comes to be: told to the readers, announced to the processes."""

from django.db import connection

from core import bulk, outbox
from core.logs import current_request_id
from records.models.timeline import TimelineEntry

Kind = TimelineEntry.Kind
Visibility = TimelineEntry.Visibility
LAST_SEQS = """
    SELECT r.id, COALESCE((SELECT max(seq) FROM records_timelineentry WHERE record_id = r.id), 0)
    FROM unnest(%s::bigint[]) r (id)
"""


def record(
    record, verb, *, by, at, kind=Kind.STATE, visibility=Visibility.PUBLIC,
    body="", html="", from_state=None, announce=True, **data,
):  # fmt: skip
    """Tell the record's readers what happened, and announce it to the other processes.

    `from_state` is the state before, where the state moved; `data` is what the entry's template
    and the reactions need, JSON only. Returns the entry.
    """
    moved = from_state is not None and from_state != record.state
    entry = TimelineEntry.objects.create(
        record_id=record.pk,
        verb=verb,
        at=at,
        kind=kind,
        visibility=visibility,
        author=by,
        body=body,
        html=html,
        data=data,
        from_state=(from_state or "") if moved else "",
        to_state=record.state if moved else "",
        request_id=current_request_id(),
    )
    if announce:
        outbox.publish(verb, record_id=record.pk, entry_id=entry.pk)
    return entry


def record_many(verb, tellings, *, at, kind=Kind.SYSTEM, visibility=Visibility.INTERNAL):
    """What the system tells of many records at once, in three statements: [(record, data)].

    The records are locked by the caller. Returns the entries in the same order.
    """
    seq = _last_seqs({record.pk for record, _data in tellings})
    entries = []
    for record, data in tellings:
        seq[record.pk] += 1
        entries.append(
            TimelineEntry(
                record_id=record.pk, seq=seq[record.pk], verb=verb, at=at, kind=kind,
                visibility=visibility, data=data, request_id=current_request_id(),
            )
        )  # fmt: skip
    bulk.insert(entries)
    outbox.publish_many(
        verb, [{"record_id": entry.record_id, "entry_id": entry.pk} for entry in entries]
    )
    return entries


def _last_seqs(record_ids):
    """{record id: seq of its last entry}. As the trigger counts, but once for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_SEQS, [list(record_ids)])
        return dict(cursor.fetchall())


def past(record, verb, *, seq, at, by, was, is_public, **data):
    """An unsaved entry of another desk's log. `was` is the state before it, `state` after it."""
    state = data.pop("state")
    moved = state != was
    return TimelineEntry(
        record=record, seq=seq, at=at, verb=verb, author=by, is_historic=True,
        kind=Kind.STATE if moved else Kind.FIELDS,
        visibility=Visibility.PUBLIC if is_public else Visibility.INTERNAL,
        from_state=was if moved else "", to_state=state if moved else "",
        data=data,
    )  # fmt: skip


def history(entries):
    """Write entries of another desk's log as they were: no announcement, marked historic.

    The caller gives unsaved entries with `seq`, `at` and `is_historic` set.
    """
    return TimelineEntry.objects.bulk_create(entries, batch_size=1000)


def redact(entry, *, by, at):
    """Blank what should never have been written. The one change that the database allows."""
    TimelineEntry.objects.filter(pk=entry.pk).update(
        body="", html="", data={}, redacted_at=at, redacted_by=by
    )

"""A public word on a ticket, and what it does to the clocks: shared by the processes that talk.

Called by their `reply`, inside its transaction, with the record locked.
"""

from records import actions as records
from slm import effects


def say_publicly(record, *, by, at, body, from_desk, html="", uploads=(), kind=None):
    """Of the desk: the first one is the first response, each begins a new round of updates. Of the
    requester's side: it waits for an answer. Returns the entry."""
    is_first = record.first_response_at is None
    if from_desk:
        record.unanswered_since = None
        record.first_response_at = record.first_response_at or at
    else:
        record.unanswered_since = record.unanswered_since or at
    records.save(record, at=at)
    entry = records.say(
        record, by=by, at=at, body=body, html=html, is_public=True, uploads=uploads, kind=kind,
        from_desk=from_desk, is_first_answer=from_desk and is_first,
    )  # fmt: skip
    if from_desk:
        effects.responded(record, at=at, by=by)
    else:
        effects.asked(record, at=at, by=by)
    return entry


def waits_for_requester(record):
    """Whether the requester's answer ends the present wait."""
    reason = record.pending_reason
    return reason is not None and reason.waits_for_requester

"""Words from the composer, and what the sender wants to happen with them: all of it, or nothing."""

from django.db import transaction

from slm import work


@transaction.atomic
def say(record, *, by, body, is_public, uploads=(), hold_for=None):
    """A public reply or a note; `hold_for` puts the record on hold for that reason besides.

    Returns the record that carries the words: a reply on a closed one opens another.
    """
    if not is_public:
        work.note(record, by=by, body=body, uploads=uploads)
        return record
    answered = work.do(record, "reply", by=by, body=body, uploads=uploads)
    found = answered[0] if isinstance(answered, tuple) else record
    if hold_for is not None and found.pk == record.pk:
        work.do(found, "hold", by=by, reason=hold_for)
    return found

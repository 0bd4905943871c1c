"""Removing what should never have been written. The entry stays, its words go; it is audited."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, time
from core.errors import Refused
from records import actions as records
from records import timeline
from slm import policies, work


@transaction.atomic
def redact(record, seq, *, by, reason, at=None):
    """Blank the words of entry `seq` for good, in the story and in what search looks at."""
    record = work.hold_row(record)
    entry = record.timeline.get(seq=seq)
    work.ask(policies.can_redact, entry, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    if entry.redacted_at is not None:
        raise Refused(_("The text of this entry was removed already."))
    timeline.redact(entry, by=by, at=at or time.now())
    if entry.verb.endswith(".opened"):
        record.description = ""
        records.save(record, at=at or time.now())
    records.refresh_text(record)
    audit.record(
        "timeline.redacted", by=by, subject="records_timelineentry", object_id=entry.pk,
        after={"record": record.number, "seq": seq, "reason": reason.strip()},
    )  # fmt: skip

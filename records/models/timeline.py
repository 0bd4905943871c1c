"""The story of a record, entry by entry. Append-only by the database; only an administrator's
redaction may blank a body. `records.timeline` is the only writer."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.triggers import no_delete

NEXT_SEQ = """
    IF NEW.seq IS NULL THEN
        PERFORM 1 FROM records_record WHERE id = NEW.record_id FOR NO KEY UPDATE;
        SELECT COALESCE(max(seq), 0) + 1 INTO NEW.seq
        FROM records_timelineentry WHERE record_id = NEW.record_id;
    END IF;
    RETURN NEW;
"""
ONLY_REDACTION = """
    IF OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL
       AND (to_jsonb(NEW) - 'body' - 'html' - 'data' - 'redacted_at' - 'redacted_by_id')
         = (to_jsonb(OLD) - 'body' - 'html' - 'data' - 'redacted_at' - 'redacted_by_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = '23514';
"""


class TimelineEntryQuerySet(models.QuerySet):
    def seen_by_requester(self):
        return self.filter(visibility=TimelineEntry.Visibility.PUBLIC)

    def readable_by(self, person, record):
        """Agents of the record read notes; the requester's side reads what is public."""
        from records.policies import can_read_notes

        return self if can_read_notes(record, person) else self.seen_by_requester()


class TimelineEntry(models.Model):
    class Kind(models.TextChoices):
        COMMENT = "comment", _("Reply")
        NOTE = "note", _("Internal note")
        EMAIL_IN = "email_in", _("Mail received")
        EMAIL_OUT = "email_out", _("Mail sent")
        CALL = "call", _("Call")
        STATE = "state", _("State")
        FIELDS = "fields", _("Changed fields")
        SYSTEM = "system", _("System")
        APPROVAL = "approval", _("Approval")
        ESCALATION = "escalation", _("Escalation")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="timeline")
    seq = models.PositiveIntegerField(null=True, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    author = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    is_historic = models.BooleanField(default=False)
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    objects = TimelineEntryQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["record", "seq"], name="one_entry_a_seq"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="next_seq", level=pgtrigger.Row, when=pgtrigger.Before,
                operation=pgtrigger.Insert, func=NEXT_SEQ,
            ),
            pgtrigger.Trigger(
                name="append_only", level=pgtrigger.Row, when=pgtrigger.Before,
                operation=pgtrigger.Update, func=ONLY_REDACTION,
            ),
            no_delete(),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.record_id} #{self.seq} {self.verb}"

    @property
    def is_message(self):
        """Something that a person wrote, as against something that happened."""
        return self.kind in {
            self.Kind.COMMENT, self.Kind.NOTE, self.Kind.EMAIL_IN, self.Kind.EMAIL_OUT,
            self.Kind.CALL,
        }  # fmt: skip

    @property
    def template(self):
        return f"timeline/{self.verb}.html"

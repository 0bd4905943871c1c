"""Files on records. The name in the folder is opaque; who may read one, its record says."""

import re
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

FOLDER = "documents"
OPAQUE = re.compile(rf"{FOLDER}/([0-9a-f]{{2}})/\1[0-9a-f]{{30}}")


def opaque_path(document, filename):
    name = uuid.uuid4().hex
    return f"{FOLDER}/{name[:2]}/{name}"


def is_opaque(path):
    """Whether a path inside the media folder is one that `opaque_path` makes."""
    return OPAQUE.fullmatch(path) is not None


class DocumentQuerySet(models.QuerySet):
    def readable_by(self, person, record):
        from records.policies import can_read_notes

        return self if can_read_notes(record, person) else self.filter(is_internal=False)


class Document(models.Model):
    class Kind(models.TextChoices):
        ATTACHMENT = "attachment", _("Attachment")
        EVIDENCE = "evidence", _("Evidence")
        FAX = "fax", _("Fax")
        PLAN = "plan", _("Plan")
        CONTRACT = "contract", _("Contract")
        DIAGRAM = "diagram", _("Diagram")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="documents")
    entry = models.ForeignKey(
        "records.TimelineEntry", models.PROTECT, null=True, related_name="documents"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ATTACHMENT)
    title = models.CharField(max_length=255)
    file = models.FileField(upload_to=opaque_path, max_length=100)
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    is_internal = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(db_default=models.functions.Now())

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title

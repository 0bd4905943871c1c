"""What a CI was, version by version. Append-only, by the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.triggers import append_only


class CIVersion(models.Model):
    """One accepted modification: which fields changed from what to what, and the whole after it."""

    class Source(models.TextChoices):
        MANUAL = "manual", _("Entered")
        CHANGE = "change", _("By a change")
        DISCOVERY = "discovery", _("Discovered")
        IMPORT = "import", _("Imported")
        AUDIT_CORRECTION = "audit_correction", _("Correction without a change")

    ci = models.ForeignKey("cmdb.CI", models.PROTECT, related_name="versions")
    version_no = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    change_ref = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.MANUAL)
    reason = models.CharField(max_length=300, blank=True)
    diff = models.JSONField(default=list)  # [[field, old, new]]
    snapshot = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ci", "version_no"], name="ci_version_unique")
        ]
        indexes = [models.Index(fields=["ci", "-at"], name="ci_version_by_time")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.ci_id} v{self.version_no}"

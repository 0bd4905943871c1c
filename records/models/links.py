"""What ties records to each other, to configuration items and to people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordLink(models.Model):
    class Type(models.TextChoices):
        CAUSED_BY = "caused_by", _("caused by")
        WORKAROUND_OF = "workaround_of", _("worked around by")
        KNOWN_ERROR_OF = "known_error_of", _("known error of")
        RAISED = "raised", _("raised")
        RESOLVED_BY = "resolved_by", _("resolved by")
        CAUSED = "caused", _("caused")
        BUNDLED_IN = "bundled_in", _("bundled in")
        DUPLICATE_OF = "duplicate_of", _("duplicate of")
        PARENT_OF = "parent_of", _("parent of")
        RELATES_TO = "relates_to", _("relates to")
        IMPLEMENTS = "implements", _("implements")
        FOLLOWS = "follows", _("follows")
        CONVERTED_FROM = "converted_from", _("converted from")

    source = models.ForeignKey("records.Record", models.PROTECT, related_name="links_out")
    target = models.ForeignKey("records.Record", models.PROTECT, related_name="links_in")
    type = models.CharField(max_length=16, choices=Type.choices, default=Type.RELATES_TO)
    created_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "type"], name="one_link_a_type"),
            models.CheckConstraint(
                name="link_joins_two", condition=~models.Q(source=models.F("target"))
            ),
            models.UniqueConstraint(
                fields=["target"], name="one_parent_a_record",
                condition=models.Q(type="parent_of"),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["target", "type"], name="link_target")]

    def __str__(self):
        return f"{self.source_id} {self.type} {self.target_id}"


class RecordCI(models.Model):
    class Role(models.TextChoices):
        AFFECTED = "affected", _("affected")
        SUSPECTED = "suspected", _("suspected")
        CHANGED = "changed", _("changed")
        INSTALLED = "installed", _("installed")
        PLANNED = "planned", _("planned")

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="cis")
    ci = models.ForeignKey("cmdb.CI", models.PROTECT, related_name="record_roles")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.AFFECTED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "ci", "role"], name="one_role_a_ci")
        ]

    def __str__(self):
        return f"{self.ci_id} {self.role} {self.record_id}"


class Watch(models.Model):
    """A person who follows a record and is told what its requester is told."""

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="watches")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="watches")
    # May answer as the requester does (several requesters on one ticket), not only read.
    takes_part = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "person"], name="one_watch_a_person")
        ]
        indexes = [models.Index(fields=["person", "record"], name="watch_person")]

    def __str__(self):
        return f"{self.person_id} watches {self.record_id}"


class RecordAccess(models.Model):
    """Access that a process on a higher floor gives: a referral, a seat on a board."""

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="granted")
    person = models.ForeignKey(
        "people.Person", models.CASCADE, null=True, related_name="granted_records"
    )
    group = models.ForeignKey(
        "people.SupportGroup", models.CASCADE, null=True, related_name="granted_records"
    )
    may_edit = models.BooleanField(default=False)
    reason = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_for_person_or_group",
                condition=models.Q(person=None, group__isnull=False)
                | models.Q(person__isnull=False, group=None),
            )
        ]

    def __str__(self):
        return f"{self.record_id} {self.reason}"

"""Rows without a domain: the outbox, audit, measures, settings, heartbeats, and write-once tokens."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.querysets import LockingQuerySet
from core.triggers import append_only, wakes


class Bilingual(models.Model):
    """A name that administrators type in both languages; one falls back on the other."""

    name_en = models.CharField(_("Name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("Name in Chinese"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.name_in(get_language())

    def name_in(self, language):
        first, second = self.name_en, self.name_zh
        if (language or "").startswith("zh"):
            first, second = second, first
        return first or second

    def clean(self):
        super().clean()
        if not (self.name_en or self.name_zh):
            raise ValidationError({"name_en": _("Give a name in at least one language.")})


class MessageQuerySet(LockingQuerySet):
    def undelivered(self):
        return self.filter(handled_at=None, dead_at=None)

    def due(self):
        """Undelivered, and not waiting for a next attempt. The database's clock decides."""
        return self.undelivered().filter(next_attempt_at__lte=models.functions.Now())


class Message(models.Model):
    """One thing that happened, for whoever reacts. Written in the transaction of the change."""

    verb = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    next_attempt_at = models.DateTimeField(db_default=models.functions.Now())
    handled_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="message_due",
                condition=models.Q(handled_at=None, dead_at=None),
            ),
            models.Index(fields=["verb", "created_at"], name="message_verb"),
        ]
        triggers = [wakes("message")]

    def __str__(self):
        return f"{self.verb} {self.pk}"


class Receipt(models.Model):
    """One reaction's answer to one message: done once, or failed so often for such a reason."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="receipts")
    reaction = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "reaction"], name="one_receipt_a_reaction")
        ]

    def __str__(self):
        return f"{self.reaction} of {self.message_id}"


class AuditEntry(models.Model):
    """Which row changed how, by whom. Outlives its subject: names and numbers, no keys."""

    at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=64)
    table_name = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["table_name", "object_id"], name="audit_subject")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.action} {self.table_name} {self.object_id}"


class KpiValue(models.Model):
    """One measured figure of one period and scope. A frozen one never moves."""

    code = models.CharField(max_length=64)
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    scope_type = models.CharField(max_length=32, default="all")
    scope_id = models.CharField(max_length=64, blank=True)
    scope_label = models.CharField(max_length=200, blank=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    is_frozen = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "period_start", "period_end", "scope_type", "scope_id"],
                name="one_value_a_period",
            )
        ]

    def __str__(self):
        return f"{self.code} {self.period_start:%Y-%m-%d}"


class Setting(models.Model):
    """A value that differs from the default of core.preferences."""

    key = models.CharField(max_length=64, unique=True)
    value = models.JSONField()

    def __str__(self):
        return self.key


class Heartbeat(models.Model):
    """When a process last said that it is alive."""

    process = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.process


class SubmitToken(models.Model):
    """A form that was sent: the second sending of the same form finds what the first one made."""

    token = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    location = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "token"], name="one_use_of_a_submit_token")
        ]

    def __str__(self):
        return self.token


class IdempotencyKey(models.Model):
    """An API request that was made: the same key gives the same answer and makes nothing twice."""

    key = models.CharField(max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_a_key")]

    def __str__(self):
        return self.key

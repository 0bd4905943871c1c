"""Rules that place new tickets, and the evidence of what they decided (ITSM domain rules 4.1).

A rule only says what it wants; records.rule_engine judges it and records.triage applies it. A trace
is written once: the facts and the rules as they were, and what came of them.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Bilingual
from core.triggers import append_only, audited
from people.models import ActiveQuerySet


class RoutingRuleQuerySet(ActiveQuerySet):
    def in_order(self):
        return self.order_by("order", "pk")


class RoutingRule(Bilingual):
    """`conditions`: [{"field", "op", "values"}], all must hold; `sets`: {field: value}."""

    order = models.PositiveIntegerField(_("Place in the list"), default=0)
    conditions = models.JSONField(_("Conditions"), default=list, blank=True)
    sets = models.JSONField(_("What it sets"), default=dict, blank=True)
    stop = models.BooleanField(_("Rules after it are not asked"), default=True)
    version = models.PositiveIntegerField(_("Version"), default=1, editable=False)
    is_active = models.BooleanField(_("Active"), default=True)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("routing rule")
        triggers = [audited()]

    def save(self, **kwargs):
        """Count the version; nothing else happens here."""
        if not self._state.adding:
            self.version += 1
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "version"}
        super().save(**kwargs)

    def as_data(self):
        """The rule as the engine reads it and as a trace keeps it: JSON only."""
        return {
            "id": self.pk, "version": self.version, "name_en": self.name_en,
            "name_zh": self.name_zh, "conditions": self.conditions, "sets": self.sets,
            "stop": self.stop,
        }  # fmt: skip


class RoutingTrace(models.Model):
    """One run of the rules over one record."""

    class Occasion(models.TextChoices):
        OPENED = "opened", _("When it came in")
        CHANGED = "changed", _("When its facts were changed")

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="routing_traces")
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    at = models.DateTimeField()
    facts = models.JSONField()
    rules = models.JSONField()
    outcome = models.JSONField()
    # The ids of the rules that fired: a rule that ever did is retired, never deleted.
    fired = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["record", "at"], name="routing_trace_record"),
            GinIndex(fields=["fired"], name="routing_trace_fired"),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.record_id} {self.occasion}"

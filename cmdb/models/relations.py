"""Relations: which CI depends on which, how a failure travels, and how it was at any time.

A relation row is never edited: a change closes it and opens another, so history is kept. The
source depends on the target.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.querysets import LockingQuerySet
from core.triggers import no_delete


class Impact(models.TextChoices):
    """What a failure of the target does to the source."""

    NONE = "none", _("Nothing")
    DEGRADED = "degraded", _("Degrades it")
    DOWN = "down", _("Takes it down")


class CIRelationType(models.Model):
    """A kind of relation, with its words in both directions and in both languages."""

    class Cardinality(models.TextChoices):
        MANY = "many", _("Any number on both sides")
        ONE_TARGET = "one_target", _("A source has one target")
        ONE_SOURCE = "one_source", _("A target has one source")

    code = models.CharField(max_length=40, unique=True)
    forward_en = models.CharField(max_length=80)
    forward_zh = models.CharField(max_length=80)
    reverse_en = models.CharField(max_length=80)
    reverse_zh = models.CharField(max_length=80)
    impact = models.CharField(max_length=10, choices=Impact.choices, default=Impact.DOWN)
    cardinality = models.CharField(
        max_length=12, choices=Cardinality.choices, default=Cardinality.MANY
    )
    # Empty means any class; a class stands for all below it too.
    source_classes = models.ManyToManyField("cmdb.CIClass", blank=True, related_name="+")
    target_classes = models.ManyToManyField("cmdb.CIClass", blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "code"]
        triggers = [no_delete()]

    def __str__(self):
        return self.forward

    @property
    def forward(self):
        """As the source says it: "depends on"."""
        return self._in_language(self.forward_en, self.forward_zh)

    @property
    def reverse(self):
        """As the target says it: "is needed by"."""
        return self._in_language(self.reverse_en, self.reverse_zh)

    @staticmethod
    def _in_language(english, chinese):
        return chinese if (get_language() or "").startswith("zh") else english


class RedundancyGroup(models.Model):
    """Members of one CI's dependencies of which `required_k` suffice."""

    class Failover(models.TextChoices):
        IMMEDIATE = "immediate", _("At once, by itself")
        WARM = "warm", _("Warm standby, switched by hand")
        COLD = "cold", _("Cold standby, must be started")

    ci = models.ForeignKey("cmdb.CI", models.PROTECT, related_name="redundancy_groups")
    name = models.CharField(_("Name"), max_length=120)
    required_k = models.PositiveSmallIntegerField(_("Members needed"), default=1)
    failover = models.CharField(
        _("Failover"), max_length=12, choices=Failover.choices, default=Failover.IMMEDIATE
    )
    failover_seconds = models.PositiveIntegerField(_("Seconds to fail over"), default=0)
    dissolved_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(required_k__gte=1), name="redundancy_needs_one"),
            models.UniqueConstraint(
                fields=["ci", "name"], name="redundancy_name_unique", condition=Q(dissolved_at=None)
            ),
        ]
        triggers = [no_delete()]

    def __str__(self):
        return self.name


class CIRelationQuerySet(LockingQuerySet):
    def current(self):
        """Valid now: not yet closed."""
        return self.filter(valid__upper_inf=True)

    def at(self, moment):
        """Valid at that instant."""
        return self.filter(valid__contains=moment)

    def carrying(self):
        """Those along which a failure travels; a redundancy group carries whatever the type says."""
        own = Q(effect_override__in=[Impact.DEGRADED, Impact.DOWN])
        typed = Q(effect_override="") & ~Q(type__impact=Impact.NONE)
        return self.filter(own | typed | Q(redundancy_group__isnull=False))


class CIRelation(models.Model):
    """The source depends on the target, from one instant to another."""

    class Truth(models.TextChoices):
        MANUAL = "manual", _("Entered")
        DISCOVERY = "discovery", _("Discovered")
        IMPORT = "import", _("Imported")

    source = models.ForeignKey("cmdb.CI", models.PROTECT, related_name="needs")
    type = models.ForeignKey(CIRelationType, models.PROTECT, related_name="relations")
    target = models.ForeignKey("cmdb.CI", models.PROTECT, related_name="needed_by")
    redundancy_group = models.ForeignKey(
        RedundancyGroup, models.PROTECT, null=True, blank=True, related_name="relations"
    )
    effect_override = models.CharField(max_length=10, choices=Impact.choices, blank=True)
    source_of_truth = models.CharField(max_length=10, choices=Truth.choices, default=Truth.MANUAL)
    valid = DateTimeRangeField()
    opened_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    opened_ref = models.CharField(max_length=40, blank=True)  # the change that opened it
    closed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    closed_ref = models.CharField(max_length=40, blank=True)

    objects = CIRelationQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_relation_of_a_type_at_a_time",
                expressions=[
                    ("source", RangeOperators.EQUAL),
                    ("type", RangeOperators.EQUAL),
                    ("target", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_relation_to_itself"),
        ]
        indexes = [
            # The closure walks these; it asks for present relations far more often than for past.
            # With all that it asks in the index, it reads no row of the table.
            models.Index(
                fields=["target"],
                include=["source", "type", "redundancy_group", "effect_override"],
                name="relation_upward",
                condition=Q(valid__upper_inf=True),
            ),
            models.Index(
                fields=["source"],
                include=["target", "type", "redundancy_group", "effect_override"],
                name="relation_downward",
                condition=Q(valid__upper_inf=True),
            ),
        ]
        triggers = [no_delete()]

    def __str__(self):
        return f"{self.source_id} {self.type_id} {self.target_id}"

    @property
    def effect(self):
        return self.effect_override or self.type.impact

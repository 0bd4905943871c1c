"""Short-term changes of a service level: for some days other figures hold than the agreement says.

Which figure holds at an instant is a question of the period alone, so that a late sweep promises
nobody anything else (ITSM domain rules 4.7, 5.3).
"""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core import preferences
from core.lifecycle import HasSteps, StateField, step
from core.querysets import LockingQuerySet
from core.triggers import no_delete
from slm import policies
from slm.models.agreements import Agreement

NOTICE_HOURS = "variation_notice_hours"
preferences.register(
    NOTICE_HOURS, _("Hours before a short-term change by which customers are told"), 24
)


class VariationQuerySet(LockingQuerySet):
    def visible_to(self, person):
        return self.filter(agreement__in=Agreement.objects.visible_to(person).values("pk"))

    def holding(self, at):
        """Those whose figures hold at this instant."""
        return self.filter(state__in=TargetVariation.BINDING, period__contains=at)

    def to_begin(self):
        """Agreed, and begun by the database's clock."""
        return self.filter(state=TargetVariation.State.AGREED, period__startswith__lte=Now())

    def to_end(self):
        return self.filter(state=TargetVariation.State.ACTIVE, period__endswith__lte=Now())


def is_told_in_time(variation):
    """Customers knew early enough, or somebody answers for why they could not."""
    if variation.urgent_reason or variation.is_noticed:
        return None
    hours = int(preferences.get(NOTICE_HOURS))
    return _g(
        "Customers must be told at least %(hours)d hours before it begins: schedule an"
        " announcement, or say why it is urgent."
    ) % {"hours": hours}


def has_values(variation):
    return None if variation.new_values else _g("Say which times change.")


class TargetVariation(HasSteps, models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AGREED = "agreed", _("Agreed")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")
        CANCELLED = "cancelled", _("Cancelled")

    BINDING = (State.AGREED, State.ACTIVE, State.ENDED)

    number = models.CharField(max_length=20, unique=True, editable=False)
    agreement = models.ForeignKey(
        "slm.Agreement", models.PROTECT, related_name="variations", verbose_name=_("Agreement")
    )
    # {id of the target row: seconds}
    new_values = models.JSONField(default=dict)
    period = DateTimeRangeField(_("Period"))
    reason = models.TextField(_("Why"))
    agreed_with = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("Agreed with"),
    )  # fmt: skip
    agreed_at = models.DateTimeField(null=True, editable=False)
    urgent_reason = models.CharField(_("Why it is urgent"), max_length=300, blank=True)
    # when customers are told, and which beginning they are told of: a moved one is news again
    noticed_at = models.DateTimeField(null=True, editable=False)
    noticed_for = models.DateTimeField(null=True, editable=False)
    state = StateField(default=State.DRAFT)
    activated_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(max_length=300, blank=True, editable=False)
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = VariationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("short-term change")
        constraints = [
            ExclusionConstraint(
                name="one_variation_at_a_time",
                expressions=[
                    ("agreement", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="cancelled"),
            ),
            models.CheckConstraint(
                name="variation_has_two_ends",
                condition=Q(period__startswith__isnull=False, period__endswith__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["state"], name="variation_waiting",
                condition=Q(state__in=["agreed", "active"]),
            )
        ]  # fmt: skip
        triggers = [no_delete()]

    def __str__(self):
        return self.number

    @property
    def starts_at(self):
        return self.period.lower

    @property
    def ends_at(self):
        return self.period.upper

    @property
    def is_noticed(self):
        """Told of this very beginning, so many hours before it."""
        if self.noticed_at is None or self.noticed_for != self.starts_at:
            return False
        hours = timedelta(hours=int(preferences.get(NOTICE_HOURS)))
        return self.noticed_at <= self.starts_at - hours

    @property
    def seconds(self):
        """{id of the target row: seconds}."""
        return {int(key): int(value) for key, value in self.new_values.items()}

    @step(_("Agree"), source=State.DRAFT, to=State.AGREED, by=policies.can_manage_variations,
          guards=[has_values, is_told_in_time])  # fmt: skip
    def agree(self, *, at, agreed_with):
        self.agreed_at, self.agreed_with = at, agreed_with

    @step(_("Begin"), source=State.AGREED, to=State.ACTIVE, by=policies.nobody)
    def activate(self, *, at):
        self.activated_at = at

    @step(_("End now"), source=State.ACTIVE, to=State.ENDED, by=policies.can_manage_variations)
    def end(self, *, at):
        self.ended_at = at

    @step(_("Cancel"), source=[State.DRAFT, State.AGREED], to=State.CANCELLED,
          by=policies.can_manage_variations)  # fmt: skip
    def cancel(self, *, reason):
        self.cancel_reason = reason

"""Reference data of records: categories, pending reasons, closure codes, priority matrices."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import PathField
from core.models import Bilingual
from core.triggers import audited, no_delete, tree
from people.models import ActiveQuerySet

DEEPEST_CATEGORY = 4
LEVELS = [MinValueValidator(1), MaxValueValidator(5)]


class CategoryQuerySet(ActiveQuerySet):
    def for_kind(self, kind):
        return self.active().filter(models.Q(kinds__contains=[kind]) | models.Q(kinds=[]))


class Category(Bilingual):
    code = models.CharField(_("Code"), max_length=64, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("Part of"),
    )  # fmt: skip
    path = PathField()
    kinds = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    default_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Group that works on it"),
    )  # fmt: skip
    default_service = models.ForeignKey(
        "cmdb.Service", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Service"),
    )  # fmt: skip
    default_impact = models.PositiveSmallIntegerField(
        _("Impact to begin with"), null=True, blank=True, validators=LEVELS
    )
    skilled_groups = models.ManyToManyField(
        "people.SupportGroup", blank=True, related_name="skills",
        verbose_name=_("Desks that can deal with it"),
    )  # fmt: skip
    is_security = models.BooleanField(_("Concerns security"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("category")
        triggers = [*tree("records_category"), no_delete(), audited()]

    def clean(self):
        super().clean()
        if self.parent and self.parent.path.count("/") > DEEPEST_CATEGORY:
            raise ValidationError({"parent": _("Categories go four levels deep at the most.")})


class PendingReason(Bilingual):
    """Why work waits, and which clocks wait with it."""

    code = models.CharField(_("Code"), max_length=32, unique=True)
    pauses_sla = models.BooleanField(_("Pauses the agreement's clocks"), default=False)
    pauses_ola = models.BooleanField(_("Pauses the group's clock"), default=False)
    starts_uc = models.BooleanField(_("Starts the supplier's clock"), default=False)
    waits_for_requester = models.BooleanField(_("A reply of the requester ends it"), default=False)
    needs_date = models.BooleanField(_("Needs a date"), default=False)
    max_days = models.PositiveSmallIntegerField(_("Longest, in days"), null=True, blank=True)
    chase_after = models.PositiveIntegerField(
        _("Remind after this many seconds of business time"), null=True, blank=True
    )
    close_after_chases = models.PositiveSmallIntegerField(
        _("Resolve after this many reminders"), null=True, blank=True
    )
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("Active"), default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("pending reason")
        triggers = [no_delete(), audited()]


class ClosureCode(Bilingual):
    code = models.CharField(_("Code"), max_length=32, unique=True)
    kind = models.CharField(max_length=24, default="incident")
    counts_as_failure = models.BooleanField(_("Counts as a failure"), default=True)
    is_offered = models.BooleanField(_("Offered to agents"), default=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("Active"), default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("closure code")
        triggers = [no_delete(), audited()]


class PriorityMatrix(Bilingual):
    code = models.CharField(_("Code"), max_length=32, unique=True)
    is_default = models.BooleanField(_("Used where no other is named"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("priority matrix")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True),
                name="one_default_matrix",
            )
        ]  # fmt: skip
        triggers = [no_delete(), audited()]


class PriorityCell(models.Model):
    matrix = models.ForeignKey(PriorityMatrix, models.CASCADE, related_name="cells")
    impact = models.PositiveSmallIntegerField(validators=LEVELS)
    urgency = models.PositiveSmallIntegerField(validators=LEVELS)
    priority = models.PositiveSmallIntegerField(validators=LEVELS)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matrix", "impact", "urgency"], name="one_priority_a_cell"
            ),
            models.CheckConstraint(
                name="levels_from_1_to_5",
                condition=models.Q(
                    impact__range=(1, 5), urgency__range=(1, 5), priority__range=(1, 5)
                ),
            ),
        ]
        triggers = [audited()]

    def __str__(self):
        return f"{self.impact} × {self.urgency} = {self.priority}"


class MatrixUse(models.Model):
    """Which service or organisation uses which matrix: service first, then the nearest organisation."""

    matrix = models.ForeignKey(PriorityMatrix, models.PROTECT, related_name="uses")
    service = models.ForeignKey(
        "cmdb.Service", models.CASCADE, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        "people.Organization", models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="matrix_use_names_one_thing",
                condition=models.Q(service=None, organization__isnull=False)
                | models.Q(service__isnull=False, organization=None),
            ),
            models.UniqueConstraint(fields=["service"], name="one_matrix_a_service"),
            models.UniqueConstraint(fields=["organization"], name="one_matrix_an_organization"),
        ]
        triggers = [audited()]

    def __str__(self):
        return f"{self.matrix_id}"

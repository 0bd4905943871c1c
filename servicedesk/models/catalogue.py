"""The catalogue: what may be ordered, by whom, and each version of its form as it was.

The draft of an offering may be changed at any time; a version is written once and never again, so
that an old request shows its form as it was.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cmdb.models import Service
from core.models import Bilingual
from core.querysets import LockingQuerySet
from core.text import fold
from core.triggers import append_only, audited, no_delete
from people.roles import Role

LEVELS = [(level, str(level)) for level in range(1, 6)]


class OfferingQuerySet(LockingQuerySet):
    def visible_to(self, person):
        """Who works here sees the whole catalogue, to order for others; others what is theirs."""
        if person.access.is_agent and not person.access.is_supplier_only:
            return self.offered()
        return self.offered_to(person)

    def offered(self):
        """In the catalogue now: in use, with a form, of a service that is promised."""
        return self.filter(
            is_active=True, current__isnull=False, service__state__in=Service.PROMISED
        )

    def offered_to(self, person):
        """What this person may have: every list that is not empty must name them."""
        above = [int(part) for part in person.organization.path.split("/") if part]
        fits = _names("organizations", Q(organizations__in=above))
        fits &= _names("sites", Q(sites=person.site_id) if person.site_id else Q(pk__in=[]))
        fits &= Q(roles=[]) | Q(roles__overlap=sorted(person.access.roles))
        return self.offered().filter(fits).distinct()

    def for_list(self):
        return self.select_related("service", "category", "current")

    def in_order(self):
        return self.order_by(F("category__code").asc(nulls_last=True), "order", "code")


def _names(field, condition):
    """Nobody is named, or the condition holds."""
    return Q(**{f"{field}__isnull": True}) | condition


class RequestOffering(Bilingual):
    """Something that may be ordered: what it is, who may have it, and a form in versions."""

    code = models.CharField(_("Code"), max_length=32, unique=True)
    service = models.ForeignKey(
        "cmdb.Service", models.PROTECT, related_name="offerings", verbose_name=_("Service")
    )
    category = models.ForeignKey(
        "records.Category", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Category"),
    )  # fmt: skip
    description_en = models.TextField(_("Description in English"), blank=True)
    description_zh = models.TextField(_("Description in Chinese"), blank=True)
    keywords = models.CharField(
        _("Other words for it"), max_length=400, blank=True,
        help_text=_("What people may type who look for it, in both languages."),
    )  # fmt: skip
    icon = models.CharField(_("Picture"), max_length=40, default="package")
    price = models.DecimalField(
        _("Price of one"), max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    most = models.PositiveIntegerField(
        _("Most that may be ordered at once"), default=1,
        validators=[MinValueValidator(1)],
    )  # fmt: skip
    default_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Group that fulfils it"),
    )  # fmt: skip
    default_impact = models.PositiveSmallIntegerField(_("Impact"), choices=LEVELS, default=3)
    default_urgency = models.PositiveSmallIntegerField(_("Urgency"), choices=LEVELS, default=3)
    fulfils_itself = models.BooleanField(
        _("Fulfilled as soon as the last task that must be done is done"), default=False
    )
    asks_cost_centre = models.BooleanField(_("Asks for the cost centre"), default=False)
    # Empty means everybody; an organisation stands for all below it too.
    organizations = models.ManyToManyField(
        "people.Organization", blank=True, related_name="+", verbose_name=_("Only organisations")
    )
    sites = models.ManyToManyField(
        "people.Site", blank=True, related_name="+", verbose_name=_("Only sites")
    )
    roles = ArrayField(
        models.CharField(max_length=8, choices=Role.choices), default=list, blank=True,
        verbose_name=_("Only roles"),
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("Position"), default=100)
    is_active = models.BooleanField(_("Active"), default=True)
    current = models.ForeignKey(
        "servicedesk.OfferingVersion", models.PROTECT, null=True, blank=True, related_name="+",
        editable=False,
    )  # fmt: skip
    # The next version while it is written: {"form": […], "approval": […], "fulfilment": […]}.
    draft = models.JSONField(default=dict, blank=True, editable=False)
    draft_version = models.PositiveIntegerField(default=1, editable=False)
    search = models.TextField(editable=False, default="")

    objects = OfferingQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("offering")
        triggers = [no_delete(), audited(without=("search", "draft", "draft_version"))]
        indexes = [models.Index(fields=["category", "order"], name="offering_category")]

    def save(self, **kwargs):
        """Derive what search looks at from the other columns; nothing else happens here."""
        parts = (
            self.name_en, self.name_zh, self.keywords, self.description_en, self.description_zh
        )  # fmt: skip
        self.search = fold(" ".join(filter(None, parts)))
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search"}
        super().save(**kwargs)

    @property
    def description(self):
        first, second = self.description_en, self.description_zh
        if (get_language() or "").startswith("zh"):
            first, second = second, first
        return first or second

    @property
    def has_changes(self):
        """Whether the draft says something else than the version in use."""
        return self.current is None or any(
            self.draft.get(part, getattr(self.current, part)) != getattr(self.current, part)
            for part in ("form", "approval", "fulfilment")
        )


class OfferingVersion(models.Model):
    """Form, approval, fulfilment and price of an offering, as they were put in use together."""

    offering = models.ForeignKey(RequestOffering, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    form = models.JSONField(default=list)
    approval = models.JSONField(default=list)
    fulfilment = models.JSONField(default=list)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    note = models.CharField(_("What is new"), max_length=300, blank=True)
    published_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "number"], name="one_form_version_a_number")
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.offering_id} v{self.number}"

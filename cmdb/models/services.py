"""Services: CIs of class it_service with what customers and the desk must know about them."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cmdb import guards, policies
from core.fields import PathField
from core.lifecycle import HasSteps, StateField, step
from core.models import Bilingual
from core.querysets import LockingQuerySet
from core.triggers import no_delete, tree


class ServiceQuerySet(LockingQuerySet):
    def visible_to(self, person):
        """ITSM domain rules 7.2: agents all; everybody what the catalogue offers them; owners
        their own."""
        access = person.access
        if access.is_agent and not access.is_supplier_only:
            return self
        return self.filter(self._offered_to(person) | Q(owner=person))

    def live(self):
        """Promised now; one that is being retired still is."""
        return self.filter(state__in=Service.PROMISED)

    def requestable_by(self, person):
        """What the catalogue offers to this person, agent or not."""
        return self.filter(self._offered_to(person))

    def _offered_to(self, person):
        """In the catalogue, and offered to everybody or to an organisation above the person."""
        through = Service.offered_to.through.objects.filter(service=OuterRef("pk"))
        path = person.organization.path
        above = [int(part) for part in path.split("/") if part]
        fits = ~Exists(through) | Exists(through.filter(organization_id__in=above))
        return Q(state__in=Service.PROMISED, catalogue_visible=True) & Q(fits)

    def by_code(self):
        return self.order_by("code")

    def for_list(self):
        return self.select_related("ci", "owner", "support_group")

    def for_page(self):
        return self.select_related(
            "ci__ci_class", "ci__organization", "owner", "support_group", "service_hours", "parent"
        )


class Service(HasSteps, Bilingual):
    """What customers get. Created together with its CI, which carries its relations."""

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business service")
        SUPPORTING = "supporting", _("Supporting service")

    class State(models.TextChoices):
        PIPELINE = "pipeline", _("In the pipeline")
        DESIGNED = "designed", _("Designed")
        LIVE = "live", pgettext_lazy("service", "Live")
        RETIRING = "retiring", _("Being retired")
        RETIRED = "retired", _("Retired")

    PROMISED = [State.LIVE, State.RETIRING]

    ci = models.OneToOneField("cmdb.CI", models.PROTECT, related_name="service")
    code = models.CharField(_("Code"), max_length=32, unique=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.BUSINESS)
    state = StateField(choices=State.choices, default=State.PIPELINE)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("Part of"),
    )  # fmt: skip
    path = PathField()
    owner = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="owned_services", verbose_name=_("Owner")
    )
    support_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, related_name="supported_services",
        verbose_name=_("Support group"),
    )  # fmt: skip
    description_customer_en = models.TextField(_("Description in English"), blank=True)
    description_customer_zh = models.TextField(_("Description in Chinese"), blank=True)
    business_case = models.TextField(_("Business case"), blank=True)
    service_hours = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, related_name="services",
        verbose_name=_("Service hours"),
    )  # fmt: skip
    catalogue_visible = models.BooleanField(_("Shown in the catalogue"), default=True)
    retires_on = models.DateField(_("Retires on"), null=True, blank=True)
    # Empty means everybody; an organisation stands for all below it too.
    offered_to = models.ManyToManyField(
        "people.Organization", blank=True, related_name="offered_services",
        verbose_name=_("Offered to"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        triggers = [*tree("cmdb_service"), no_delete()]

    def get_absolute_url(self):
        return reverse("cmdb:service", args=[self.code])

    @property
    def description_customer(self):
        first, second = self.description_customer_en, self.description_customer_zh
        if (get_language() or "").startswith("zh"):
            first, second = second, first
        return first or second

    # --- lifecycle, ITSM domain rules 3.1 -----------------------------------------------------
    @step(_("Design"), source=State.PIPELINE, to=State.DESIGNED, by=policies.can_design)
    def design(self, *, business_case):
        self.business_case = guards.given(business_case, _("Give the business case."))

    @step(
        _("Go live"), source=State.DESIGNED, to=State.LIVE, by=policies.can_go_live_service,
        guards=[guards.is_described],
    )  # fmt: skip
    def go_live(self):
        pass

    @step(_("Start retiring"), source=State.LIVE, to=State.RETIRING, by=policies.can_retire_service)
    def start_retiring(self, *, retires_on):
        guards.given(str(retires_on or ""), _("Give the date from which it is gone."))
        self.retires_on = retires_on

    @step(_("Retire"), source=State.RETIRING, to=State.RETIRED, by=policies.can_retire_service)
    def retire(self):
        pass

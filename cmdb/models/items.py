"""Configuration items: what is registered, in which state, and who answers for it.

A step checks and sets fields in memory; all that follows is in actions.py. Only cmdb.actions
writes here; other apps read through the QuerySets.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmdb import guards, policies
from core.lifecycle import HasSteps, StateField, step
from core.querysets import LockingQuerySet
from core.text import fold
from core.triggers import no_delete


class Environment(models.TextChoices):
    PRODUCTION = "production", _("Production")
    STAGING = "staging", _("Staging")
    TEST = "test", pgettext_lazy("environment", "Test")
    DEVELOPMENT = "development", _("Development")
    DR = "dr", _("Disaster recovery")


class OperationalStatus(models.TextChoices):
    UP = "up", pgettext_lazy("status", "Up")
    AT_RISK = "at_risk", _("At risk")
    DEGRADED = "degraded", _("Degraded")
    DOWN = "down", pgettext_lazy("status", "Down")
    UNKNOWN = "unknown", _("Unknown")


class CIQuerySet(LockingQuerySet):
    def visible_to(self, person):
        """ITSM domain rules 7.2: agents all; others what they use, what their organisation owns
        if they represent it, and the CIs of services that the catalogue shows them."""
        from cmdb.models.services import Service

        access = person.access
        if access.is_agent and not access.is_supplier_only:
            return self
        mine = Exists(CIUse.objects.filter(ci=OuterRef("pk"), person=person))
        shown = Exists(Service.objects.visible_to(person).filter(ci=OuterRef("pk")))
        seen = Q(mine) | Q(shown)
        if access.has_role("CUS"):
            seen |= Q(organization_id__in=access.subtree_organization_ids)
        if access.is_supplier_only:  # third parties: what their own group manages
            seen |= Q(managed_by_id__in=access.group_ids)
        return self.filter(seen)

    def present(self):
        """Registered and not gone: neither retired nor disposed."""
        return self.exclude(state__in=[CI.State.RETIRED, CI.State.DISPOSED])

    def live(self):
        return self.filter(state__in=CI.RUNNING)

    def used_by(self, person):
        """The devices of a person."""
        return self.filter(uses__person=person)

    def matching(self, text):
        """Every word of `text` occurs in number, name, serial, tag, model or class name."""
        found = self
        for word in fold(text).split()[:6]:
            found = found.filter(search__contains=word)
        return found

    def for_list(self):
        return self.select_related("ci_class", "site", "managed_by", "service")

    def for_page(self):
        return self.select_related(
            "ci_class", "organization", "owner", "managed_by", "site", "vendor", "service"
        )


class CI(HasSteps, models.Model):
    """One thing under configuration control: a server, an application, a service, a rack."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ORDERED = "ordered", _("Ordered")
        IN_STOCK = "in_stock", _("In stock")
        IN_BUILD = "in_build", _("Being built")
        IN_TEST = "in_test", _("In test")
        LIVE = "live", _("In operation")
        IN_MAINTENANCE = "in_maintenance", _("In maintenance")
        RETIRED = "retired", _("Retired")
        DISPOSED = "disposed", _("Disposed of")

    RUNNING = [State.LIVE, State.IN_MAINTENANCE]
    GONE = [State.RETIRED, State.DISPOSED]
    # What may be registered as it stands, because it was there before this database.
    FIRST_STATES = [State.PLANNED, State.IN_STOCK, State.LIVE]

    number = models.CharField(max_length=16, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=200)
    # Other names that search finds: a DNS name, the Chinese name and the code of a service.
    alias = models.CharField(_("Also known as"), max_length=300, blank=True)
    ci_class = models.ForeignKey("cmdb.CIClass", models.PROTECT, related_name="cis")
    state = StateField(choices=State.choices, default=State.PLANNED)
    operational_status = models.CharField(
        max_length=16, choices=OperationalStatus.choices, default=OperationalStatus.UNKNOWN
    )
    organization = models.ForeignKey("people.Organization", models.PROTECT, related_name="cis")
    owner = models.ForeignKey("people.Person", models.PROTECT, related_name="owned_cis")
    managed_by = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, related_name="managed_cis"
    )
    site = models.ForeignKey(
        "people.Site", models.PROTECT, null=True, blank=True, related_name="cis"
    )
    environment = models.CharField(
        max_length=16, choices=Environment.choices, default=Environment.PRODUCTION
    )
    criticality = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    sec_c = models.PositiveSmallIntegerField(default=1)
    sec_i = models.PositiveSmallIntegerField(default=1)
    sec_a = models.PositiveSmallIntegerField(default=1)
    serial_no = models.CharField(max_length=100, blank=True)
    asset_tag = models.CharField(max_length=60, blank=True)
    vendor = models.ForeignKey(
        "people.Organization", models.PROTECT, null=True, blank=True, related_name="supplied_cis"
    )
    model = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=60, blank=True)
    acquired_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    procurement_ref = models.CharField(max_length=60, blank=True)
    wipe_evidence = models.CharField(max_length=200, blank=True)
    capacity_attrs = models.JSONField(default=dict, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    version_no = models.PositiveIntegerField(default=0, editable=False)
    external_ref = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=60, blank=True)
    search = models.TextField(default="", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    users = models.ManyToManyField(
        "people.Person", through="cmdb.CIUse", related_name="devices", blank=True
    )

    objects = CIQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ci_class", "organization", "name"],
                name="ci_name_unique_while_not_disposed",
                condition=~Q(state="disposed"),
                violation_error_code="name",
                violation_error_message=_("This organisation already has a CI of this name."),
            ),
            models.UniqueConstraint(
                fields=["serial_no"],
                name="ci_serial_unique",
                condition=~Q(serial_no=""),
                violation_error_code="serial_no",
                violation_error_message=_("Another CI already has this serial number."),
            ),
            models.UniqueConstraint(
                fields=["asset_tag"],
                name="ci_tag_unique",
                condition=~Q(asset_tag=""),
                violation_error_code="asset_tag",
                violation_error_message=_("Another CI already has this asset tag."),
            ),
            models.UniqueConstraint(
                fields=["source", "external_ref"],
                name="ci_external_ref_unique",
                condition=~Q(external_ref=""),
                violation_error_code="external_ref",
                violation_error_message=_("This source already has a CI of this reference."),
            ),
            models.CheckConstraint(
                condition=Q(criticality__range=(1, 5)), name="ci_criticality_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(sec_c__range=(1, 3), sec_i__range=(1, 3), sec_a__range=(1, 3)),
                name="ci_security_1_to_3",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="ci_by_name"),
            models.Index(fields=["ci_class", "name", "id"], name="ci_by_class"),
            models.Index(fields=["state", "name", "id"], name="ci_by_state"),
            GinIndex(OpClass("search", "gin_trgm_ops"), name="ci_search"),
        ]
        triggers = [no_delete()]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cmdb:detail", args=[self.number])

    def save(self, **kwargs):
        """Derive what the search reads from this row and its class; nothing else happens here."""
        words = [self.number, self.name, self.alias, self.serial_no, self.asset_tag, self.model]
        words += [self.external_ref, self.ci_class.name_en, self.ci_class.name_zh]
        self.search = fold(" ".join(word for word in words if word))
        super().save(**kwargs)

    @property
    def label(self):
        """The name as the reader calls it: a service has one in each language."""
        return self.service.name if self.is_service else self.name

    @property
    def is_service(self):
        return self.ci_class.code == "it_service"

    @property
    def is_running(self):
        return self.state in self.RUNNING

    @property
    def is_controlled(self):
        """Edits go through a change: its class says so, and it runs in production."""
        return (
            self.ci_class.requires_change
            and self.environment == Environment.PRODUCTION
            and self.is_running
        )

    def has_relation(self):
        """Whether it needs anything, or anything needs it, now."""
        return self.needs.current().exists() or self.needed_by.current().exists()

    def live_dependants(self):
        """The running CIs that a failure of this one would reach at once."""
        sources = self.needed_by.current().carrying().values("source")
        return CI.objects.live().filter(pk__in=sources).order_by("name", "pk")

    # --- lifecycle, ITSM domain rules 3.2 -----------------------------------------------------
    @step(
        pgettext_lazy("step", "Order"), source=State.PLANNED, to=State.ORDERED, by=policies.can_work
    )
    def order(self, *, procurement_ref):
        self.procurement_ref = guards.given(procurement_ref, _("Name the procurement reference."))

    @step(
        _("Receive"), source=State.ORDERED, to=State.IN_STOCK,
        by=policies.can_receive, guards=[guards.is_tagged],
    )  # fmt: skip
    def receive(self):
        pass

    @step(
        _("Start building"), source=[State.PLANNED, State.IN_STOCK], to=State.IN_BUILD,
        by=policies.can_work,
    )  # fmt: skip
    def build(self):
        pass

    @step(_("Start testing"), source=State.IN_BUILD, to=State.IN_TEST, by=policies.can_work)
    def test(self):
        pass

    @step(
        _("Take into operation"), source=[State.IN_TEST, State.IN_STOCK, State.IN_BUILD],
        to=State.LIVE, by=policies.can_work, guards=[guards.is_connected],
    )  # fmt: skip
    def go_live(self):
        self.operational_status = OperationalStatus.UP

    @step(_("Start maintenance"), source=State.LIVE, to=State.IN_MAINTENANCE, by=policies.can_work)
    def maintain(self):
        self.operational_status = OperationalStatus.UNKNOWN

    @step(_("End maintenance"), source=State.IN_MAINTENANCE, to=State.LIVE, by=policies.can_work)
    def restore(self):
        self.operational_status = OperationalStatus.UP

    @step(
        _("Retire"), source=[State.LIVE, State.IN_MAINTENANCE, State.IN_STOCK], to=State.RETIRED,
        by=policies.can_manage,
    )  # fmt: skip
    def retire(self, *, acknowledged=()):
        guards.refuse_unless_acknowledged(self, acknowledged)
        self.operational_status = OperationalStatus.UNKNOWN

    @step(_("Dispose of"), source=State.RETIRED, to=State.DISPOSED, by=policies.can_manage)
    def dispose(self, *, wipe_evidence=""):
        if self.sec_c >= 2:
            guards.given(
                wipe_evidence, _("Say how the data was wiped: this CI holds confidential data.")
            )
        self.wipe_evidence = (wipe_evidence or "").strip()

    @step(
        _("Cancel"), source=[State.PLANNED, State.ORDERED], to=State.DISPOSED,
        by=policies.can_manage,
    )  # fmt: skip
    def cancel(self, *, reason):
        guards.given(reason, _("Give the reason."))

    @step(_("Return to stock"), source=State.RETIRED, to=State.IN_STOCK, by=policies.can_manage)
    def reinstate(self):
        pass

    # The state of a service's CI follows the service; only the system takes these.
    @step(_("Design"), source=State.PLANNED, to=State.IN_BUILD, by=policies.nobody)
    def follow_design(self):
        pass

    @step(_("Go live"), source=[State.PLANNED, State.IN_BUILD], to=State.LIVE, by=policies.nobody)
    def follow_live(self):
        self.operational_status = OperationalStatus.UP

    @step(_("Retire"), source=RUNNING, to=State.RETIRED, by=policies.nobody)
    def follow_retired(self):
        self.operational_status = OperationalStatus.UNKNOWN


class CIUse(models.Model):
    """Who uses a device: what the portal shows as "my devices"."""

    ci = models.ForeignKey(CI, models.CASCADE, related_name="uses")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="ci_uses")
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ci", "person"], name="one_use_of_a_ci_by_a_person")
        ]

    def __str__(self):
        return f"{self.ci_id} {self.person_id}"

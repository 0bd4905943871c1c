"""Persons, organisations, sites, support groups with the hybrid desk tree, and roles with scopes.

One person, one model: callers, agents, managers and integrations are all Person.
"""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.fields import PathField
from core.models import Bilingual
from core.querysets import LockingQuerySet
from core.text import fold, sounds
from core.triggers import audited, no_delete, tree
from people.access import Access
from people.roles import Role
from people.zones import zone_choices

CODE = RegexValidator(r"^[A-Z0-9][A-Z0-9._-]*$", _("Use capital letters, digits, . _ and -."))


class ActiveQuerySet(LockingQuerySet):
    def active(self):
        return self.filter(is_active=True)

    def below(self, path):
        """The node with this path and all under it."""
        return self.filter(path__startswith=path)


class Organization(Bilingual):
    class Kind(models.TextChoices):
        INTERNAL_UNIT = "internal_unit", _("Internal unit")
        EXTERNAL_CUSTOMER = "external_customer", _("External customer")
        PROVIDER = "provider", _("Provider")
        SUPPLIER = "supplier", _("Supplier")

    class Sharing(models.TextChoices):
        OWN = "own", _("Everybody sees their own tickets")
        SUPERVISORS = "supervisors", _("Representatives see all tickets")
        ALL = "all", _("Everybody sees all tickets")

    code = models.CharField(_("Code"), max_length=32, unique=True, validators=[CODE])
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("Part of"),
    )  # fmt: skip
    path = PathField()
    kind = models.CharField(
        _("Kind"), max_length=20, choices=Kind.choices, default=Kind.INTERNAL_UNIT
    )
    sharing = models.CharField(
        _("Who sees its tickets"), max_length=12, choices=Sharing.choices,
        default=Sharing.SUPERVISORS,
    )  # fmt: skip
    default_calendar = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Calendar"),
    )  # fmt: skip
    manager = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Manager"),
    )  # fmt: skip
    currency = models.CharField(_("Currency"), max_length=3, blank=True, default="CNY")
    is_active = models.BooleanField(_("Active"), default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("organisation")
        indexes = [GinIndex(OpClass("path", "gin_trgm_ops"), name="organization_path")]
        triggers = [*tree("people_organization"), no_delete(), audited()]


class Site(Bilingual):
    code = models.CharField(_("Code"), max_length=32, unique=True, validators=[CODE])
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="sites", verbose_name=_("Organisation")
    )
    address = models.CharField(_("Address"), max_length=300, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, choices=zone_choices)
    desk = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="served_sites",
        verbose_name=_("Service desk"),
    )  # fmt: skip
    is_active = models.BooleanField(_("Active"), default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("site")
        triggers = [no_delete(), audited()]


class PersonQuerySet(ActiveQuerySet):
    def visible_to(self, person):
        """Agents see everybody; others see themselves and, where it is shared, their colleagues."""
        access = person.access
        if access.is_agent:
            return self
        own = models.Q(pk=person.pk)
        if access.shared_organization_ids:
            own |= models.Q(organization_id__in=access.shared_organization_ids)
        return self.filter(own)

    def matching(self, words):
        """By name in any script, by sound, staff number, mail address or telephone."""
        found = self
        for word in fold(words).split()[:6]:
            found = found.filter(search__contains=word)
        return found

    def humans(self):
        return self.filter(kind=Person.Kind.HUMAN)

    def agents(self):
        return self.filter(memberships__group__is_active=True).distinct()


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def get_by_natural_key(self, username):
        return self.get(code=username)


class Person(AbstractBaseUser):
    class Kind(models.TextChoices):
        HUMAN = "human", _("Person")
        SERVICE = "service", _("Integration")

    class Locale(models.TextChoices):
        EN = "en", "English"
        ZH = "zh-hans", "简体中文"

    code = models.CharField(_("Staff number"), max_length=32, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.HUMAN)
    name = models.CharField(_("Name"), max_length=120)
    name_latin = models.CharField(_("Name in Latin letters"), max_length=120, blank=True)
    job_title = models.CharField(_("Job title"), max_length=120, blank=True)
    email = models.EmailField(_("E-mail"), null=True, blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    mobile = models.CharField(_("Mobile"), max_length=40, blank=True)
    fax = models.CharField(_("Fax"), max_length=40, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="people", verbose_name=_("Organisation")
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("Site")
    )
    manager = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports",
        verbose_name=_("Manager"),
    )  # fmt: skip
    deputy = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Deputy")
    )
    deputy_during = DateRangeField(_("Deputy during"), null=True, blank=True)
    locale = models.CharField(
        _("Language"), max_length=8, choices=Locale.choices, default=Locale.EN
    )
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True, choices=zone_choices)
    is_vip = models.BooleanField(_("VIP"), default=False)
    notify_prefs = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    can_sign_in = models.BooleanField(_("May sign in"), default=False)
    is_superuser = models.BooleanField(default=False, editable=False)
    # The label in another system that an import brought; such a caller may have no address.
    external_ref = models.CharField(max_length=120, blank=True, editable=False)
    search = models.TextField(editable=False, default="")
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    USERNAME_FIELD = "code"
    REQUIRED_FIELDS = []
    objects = PersonManager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_an_email"),
            models.CheckConstraint(
                name="person_can_be_reached",
                condition=~models.Q(email=None) | ~models.Q(phone="") | ~models.Q(mobile="")
                | models.Q(can_sign_in=True) | models.Q(kind="service")
                | ~models.Q(external_ref=""),
            ),
            models.CheckConstraint(
                name="nobody_manages_oneself", condition=~models.Q(manager=models.F("id"))
            ),
        ]  # fmt: skip
        indexes = [GinIndex(OpClass("search", "gin_trgm_ops"), name="person_search")]
        triggers = [no_delete(), audited(without=("password", "last_login", "search"))]

    def __str__(self):
        return self.name

    def derive(self):
        """What search looks at, from the other columns."""
        parts = [self.name, self.name_latin, sounds(self.name), self.code, self.email or ""]
        parts += [number.replace(" ", "").replace("-", "") for number in (self.phone, self.mobile)]
        self.search = fold(" ".join(parts))

    def save(self, **kwargs):
        """Derive what search looks at from the other columns; nothing else happens here."""
        self.derive()
        if (fields := kwargs.get("update_fields")) is not None and "last_login" not in fields:
            kwargs["update_fields"] = {*fields, "search"}
        super().save(**kwargs)

    @cached_property
    def access(self):
        """What this person may see and do; asked of the database once an instance."""
        return Access.of(self)

    @property
    def zone_name(self):
        return self.time_zone or (self.site.time_zone if self.site_id else "Asia/Shanghai")

    @property
    def is_staff(self):
        return self.access.is_admin

    def has_perm(self, perm, obj=None):
        return self.access.is_admin

    def has_module_perms(self, app_label):
        return self.access.is_admin


class SupportGroup(Bilingual):
    """A service desk, a second or third line team, a supplier's team, or a management group."""

    class Kind(models.TextChoices):
        DESK = "desk", _("Service desk")
        SECOND_LINE = "second_line", _("Second line")
        THIRD_LINE = "third_line", _("Third line")
        SUPPLIER = "supplier", _("Supplier")
        MANAGEMENT = "management", _("Management")

    code = models.CharField(_("Code"), max_length=32, unique=True, validators=[CODE])
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("Reports to"),
    )  # fmt: skip
    path = PathField()
    is_central = models.BooleanField(_("Central desk"), default=False)
    calendar = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, related_name="+", verbose_name=_("Opening hours")
    )
    supplier = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="supplier_groups",
        verbose_name=_("Supplier"), limit_choices_to={"kind": "supplier"},
    )  # fmt: skip
    lead = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="led_groups",
        verbose_name=_("Lead"),
    )  # fmt: skip
    email = models.EmailField(_("Group mailbox"), blank=True)
    organizations = models.ManyToManyField(
        Organization, blank=True, related_name="desks", verbose_name=_("Served organisations")
    )
    is_active = models.BooleanField(_("Active"), default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("support group")
        constraints = [
            models.UniqueConstraint(
                fields=["is_central"], name="one_central_desk",
                condition=models.Q(is_central=True, is_active=True),
            ),
            models.CheckConstraint(
                name="only_a_desk_is_central",
                condition=models.Q(is_central=False) | models.Q(kind="desk"),
            ),
            models.CheckConstraint(
                name="supplier_group_names_its_supplier",
                condition=~models.Q(kind="supplier") | ~models.Q(supplier=None),
            ),
        ]  # fmt: skip
        triggers = [*tree("people_supportgroup"), no_delete(), audited()]


class GroupMembership(models.Model):
    class Part(models.TextChoices):
        MEMBER = "member", _("Member")
        LEAD = "lead", _("Lead")
        DISPATCHER = "dispatcher", _("Dispatcher")

    group = models.ForeignKey(SupportGroup, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    role = models.CharField(_("Part"), max_length=12, choices=Part.choices, default=Part.MEMBER)
    valid = DateRangeField(_("Valid"), default="[,)")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_membership_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]
        triggers = [audited()]

    def __str__(self):
        return f"{self.person_id} in {self.group_id}"


class RoleAssignment(models.Model):
    """A role of a person; a scope narrows it to an organisation's subtree or a group."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="role_assignments")
    role = models.CharField(_("Role"), max_length=8, choices=Role.choices)
    scope_organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("Only for the organisation"),
    )  # fmt: skip
    scope_group = models.ForeignKey(
        SupportGroup, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("Only for the group"),
    )  # fmt: skip
    valid = DateRangeField(_("Valid"), default="[,)")
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        triggers = [audited()]

    def __str__(self):
        return f"{self.role} of {self.person_id}"


class ApiToken(models.Model):
    """A key of an integration. Only its hash is kept; the key is shown once."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("What it is for"), max_length=80)
    scope = models.CharField(_("Scope"), max_length=8, choices=Scope.choices, default=Scope.READ)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    expires_at = models.DateTimeField(_("Expires"))
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        triggers = [audited(without=("sha256", "last_used_at"))]

    def __str__(self):
        return self.name

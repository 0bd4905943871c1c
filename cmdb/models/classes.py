"""CI classes: the tree that says what kinds of CI there are and which attributes each has."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cmdb import schemas
from core.fields import PathField
from core.models import Bilingual
from core.querysets import LockingQuerySet
from core.triggers import no_delete, tree


class Lane(models.TextChoices):
    """The layers of the dependency map, from those who use to what carries."""

    CUSTOMERS = "customers", _("Customers and processes")
    BUSINESS = "business", _("Business services")
    TECHNICAL = "technical", _("Technical services")
    SYSTEMS = "systems", _("Systems")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure and suppliers")


class CIClassQuerySet(LockingQuerySet):
    def usable(self):
        """Classes that a CI can be of."""
        return self.filter(is_abstract=False, is_active=True)

    def under(self, code):
        """The class with this code and all below it."""
        paths = self.model.objects.filter(code=code).values_list("path", flat=True)
        return self.filter(path__startswith=paths[0]) if paths else self.none()


class CIClass(Bilingual):
    """A kind of CI. Attributes are inherited: a class has its own and those of all above it."""

    code = models.CharField(
        max_length=40, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9_]*$")]
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = PathField()
    is_abstract = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    attribute_schema = models.JSONField(default=list, blank=True)
    naming_rule = models.CharField(max_length=200, blank=True)  # a regular expression
    icon = models.CharField(max_length=40, default="box")
    lane = models.CharField(max_length=16, choices=Lane.choices, default=Lane.SYSTEMS)
    tier = models.PositiveSmallIntegerField(default=0)  # the row within the lane of the map
    requires_change = models.BooleanField(default=False)
    needs_tag = models.BooleanField(default=False)  # serial number or asset tag on receipt

    objects = CIClassQuerySet.as_manager()

    class Meta:
        triggers = [*tree("cmdb_ciclass"), no_delete()]

    def clean(self):
        super().clean()
        schemas.check_schema(self.attribute_schema)
        inherited = {entry["name"] for entry in self.full_schema()[: -len(self.attribute_schema)]}
        if self.attribute_schema and inherited & {e["name"] for e in self.attribute_schema}:
            raise ValidationError(
                {"attribute_schema": _("A class above already defines one of these attributes.")}
            )

    @cached_property
    def lineage(self):
        """This class and all above it, the top one first. One query for the whole tree."""
        known = {each.pk: each for each in CIClass.objects.all()}
        found, above = [self], self.parent_id
        while above and above in known:
            found.insert(0, known[above])
            above = known[above].parent_id
        return found

    def full_schema(self):
        """All attribute definitions that apply, inherited ones first."""
        return [entry for each in self.lineage for entry in each.attribute_schema]

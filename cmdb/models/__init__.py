"""What the configuration database holds. Each part in a module of its own, named from here."""

from cmdb.models.classes import CIClass, Lane
from cmdb.models.items import CI, CIUse, Environment, OperationalStatus
from cmdb.models.relations import CIRelation, CIRelationType, Impact, RedundancyGroup
from cmdb.models.services import Service
from cmdb.models.versions import CIVersion

__all__ = [
    "CI",
    "CIClass",
    "CIRelation",
    "CIRelationType",
    "CIUse",
    "CIVersion",
    "Environment",
    "Impact",
    "Lane",
    "OperationalStatus",
    "RedundancyGroup",
    "Service",
]

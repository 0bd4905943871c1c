"""What can be done to CIs, services and relations. Pages, API, imports, changes and seeds all
come through here; nobody else writes these tables."""

from cmdb.actions.items import (
    apply,
    create_ci,
    edit_ci,
    set_operational_status,
    set_users,
    take_step,
)
from cmdb.actions.relations import dissolve_redundancy, relate, set_redundancy, unrelate
from cmdb.actions.services import create_service, edit_service, take_service_step

__all__ = [
    "apply",
    "create_ci",
    "create_service",
    "dissolve_redundancy",
    "edit_ci",
    "edit_service",
    "relate",
    "set_operational_status",
    "set_redundancy",
    "set_users",
    "take_service_step",
    "take_step",
    "unrelate",
]

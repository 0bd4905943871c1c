"""Settings that an administrator may change while the desk runs. The registry is the list."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, freshness
from core.models import Setting

SECONDS_CACHED = 10


@dataclass(frozen=True)
class Preference:
    key: str
    label: str
    default: Any
    help: str = ""
    choices: tuple = ()


REGISTRY = {}


def register(key, label, default, help="", choices=()):
    REGISTRY[key] = Preference(key, label, default, help, choices)


def get(key):
    """The present value; a change is seen everywhere within ten seconds, and by who made it at once."""
    made_at, values = cache.get("preferences") or (0, None)
    if values is None or freshness.is_behind(made_at, while_writing=False):
        made_at = freshness.instant()
        values = dict(Setting.objects.values_list("key", "value"))
        cache.set("preferences", (made_at, values), SECONDS_CACHED)
    return values.get(key, REGISTRY[key].default)


@transaction.atomic
def put(key, value, *, by):
    if key not in REGISTRY:
        raise KeyError(key)
    before = Setting.objects.filter(key=key).values_list("value", flat=True).first()
    Setting.objects.update_or_create(key=key, defaults={"value": value})
    audit.record(
        "setting.changed", by=by, subject="core_setting", object_id=key, before=before, after=value
    )
    transaction.on_commit(lambda: cache.delete("preferences"))


register("product_name_en", _("Product name in English"), "Lanting Service Desk")
register("product_name_zh", _("Product name in Chinese"), "兰亭服务台")
register("portal_name_en", _("Name of the portal in English"), "Lanting Help")
register("portal_name_zh", _("Name of the portal in Chinese"), "兰亭服务台")
register("auto_close_working_days", _("Working days until a solution counts as accepted"), 5)
register("reopen_working_days", _("Working days in which a solution may be rejected"), 5)
register("unmerge_days", _("Days in which a merge can be undone"), 30)
register("upload_megabytes", _("Largest upload in megabytes"), 25)
register(
    "sla_prefer",
    _("Which agreement wins when customer and service both match"),
    "customer",
    choices=(("customer", _("The customer's")), ("service", _("The service's"))),
)
register("first_contact_minutes", _("Minutes that count as the first contact"), 30)
register("duplicate_hours", _("Hours back in which likely duplicates are looked for"), 72)
register("major_incident_count", _("Open incidents on one service that suggest a major one"), 5)
register("major_incident_minutes", _("Minutes in which they must have come in"), 30)
register("impact_users", _("Affected users for impact 1 and impact 2"), [100, 10])
register(
    "desk_most_open",
    _("Open tickets for each agent who is there, above which a local desk is overloaded"),
    0,
    _("New tickets then go to the desk above it. 0: no desk counts as overloaded."),
)

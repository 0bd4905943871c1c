"""The only writer of CI versions: what changed, and the whole of the CI after it."""

from cmdb.events import CIVerb
from cmdb.models import CIVersion
from core.outbox import publish

PLAIN = (
    "name", "alias", "state", "environment", "criticality", "sec_c", "sec_i", "sec_a",
    "serial_no", "asset_tag", "model", "version", "acquired_on", "warranty_until",
    "procurement_ref", "wipe_evidence", "capacity_attrs", "external_ref", "source",
)  # fmt: skip
# Foreign keys by their natural key, so that a version can be read without the rows of today.
KEYS = {
    "ci_class": "code", "organization": "code", "owner": "code", "managed_by": "code",
    "site": "code", "vendor": "code",
}  # fmt: skip
SERVICE = (
    "code", "name_en", "name_zh", "kind", "state", "description_customer_en",
    "description_customer_zh", "business_case", "catalogue_visible", "retires_on",
)  # fmt: skip
SERVICE_KEYS = {"parent": "code", "owner": "code", "support_group": "code", "service_hours": "code"}


def snapshot(ci, service=None):
    """The whole CI as plain JSON, with its redundancy groups, its users and its service."""
    taken = {name: _plain(getattr(ci, name)) for name in PLAIN}
    taken |= {name: _key(getattr(ci, name), attr) for name, attr in KEYS.items()}
    taken["attributes"] = dict(ci.attributes)
    if ci.pk:
        taken["redundancy"] = [
            [group.name, group.required_k, group.failover, group.failover_seconds]
            for group in ci.redundancy_groups.filter(dissolved_at=None).order_by("name")
        ]
        taken["users"] = sorted(ci.users.values_list("code", flat=True))
    if service is not None:
        taken["service"] = {name: _plain(getattr(service, name)) for name in SERVICE}
        taken["service"] |= {n: _key(getattr(service, n), a) for n, a in SERVICE_KEYS.items()}
        if service.pk:
            taken["service"]["offered_to"] = sorted(
                service.offered_to.values_list("code", flat=True)
            )
    return taken


def service_of(ci):
    """The service of a service's CI, else None."""
    return getattr(ci, "service", None) if ci.is_service else None


def difference(before, after):
    """[[field, old, new]], attributes and service fields one by one, in the order of `after`."""
    found = []
    for name, new in after.items():
        old = before.get(name)
        if isinstance(new, dict):
            old = old or {}
            changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
            found += [[f"{name}.{key}", old.get(key), new.get(key)] for key in changed]
        elif old != new:
            found.append([name, old, new])
    return found


def record(ci, before, *, by, at, source, change_ref="", reason="", service=None):
    """Save the CI with its next version, if anything differs from `before`; None if nothing does."""
    ci.save()
    after = snapshot(ci, service)
    diff = difference(before, after)
    if not diff:
        return None
    ci.version_no += 1
    ci.updated_at = at
    ci.save(update_fields=["version_no", "updated_at", "search"])
    version = CIVersion.objects.create(
        ci=ci, version_no=ci.version_no, at=at, actor=by, change_ref=change_ref,
        source=source, reason=(reason or "")[:300], diff=diff, snapshot=after,
    )  # fmt: skip
    publish(
        CIVerb.VERSION_ADDED, ci_id=ci.pk, number=ci.number, version_no=ci.version_no,
        diff=diff, change=change_ref,
    )  # fmt: skip
    for field, old, new in diff:
        if field == "state" and old is not None:
            publish(
                CIVerb.STATE_CHANGED, ci_id=ci.pk, number=ci.number,
                from_state=old, to_state=new, change=change_ref,
            )  # fmt: skip
    return version


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _key(row, attribute):
    return getattr(row, attribute) if row is not None else None

"""CIs: registering, editing, their lifecycle, their users."""

import re

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from cmdb import policies, schemas
from cmdb.actions.control import Source, ask, refuse_stale, right_to_change
from cmdb.actions.recording import record, service_of, snapshot
from cmdb.events import CIVerb
from cmdb.models import CI, CIUse, OperationalStatus
from core import audit, time
from core.errors import Refused
from core.lifecycle import take
from core.outbox import publish
from core.text import without_nul

FOREIGN = ("ci_class", "organization", "owner", "managed_by", "site", "vendor")
EDITABLE = {
    "name", "alias", "ci_class", "organization", "owner", "managed_by", "site", "environment",
    "criticality", "sec_c", "sec_i", "sec_a", "serial_no", "asset_tag", "vendor", "model",
    "version", "acquired_on", "warranty_until", "capacity_attrs", "attributes",
}  # fmt: skip
# A service's CI has these from its service.
BY_SERVICE = {"name", "alias", "ci_class", "organization", "owner", "managed_by"}


@transaction.atomic
def create_ci(
    *, by, at=None, state=CI.State.PLANNED, users=(), version_source="", authority="",
    external_ref="", source="", **fields,
):  # fmt: skip
    """Register a CI. What stood before this database may be registered as in stock or live.

    `fields` are those of EDITABLE. Raises ValidationError with a message per field or attribute.
    """
    if not authority:
        ask(policies.can_create, None, by)
    if state not in CI.FIRST_STATES:
        raise ValidationError({"state": _("A CI starts as planned, in stock or in operation.")})
    _known(fields)
    audit.acting(by)
    at = at or time.now()
    ci = CI(
        number=next_number(), state=state, external_ref=external_ref, source=source,
        created_at=at, updated_at=at, **_clean(fields),
    )  # fmt: skip
    if state == CI.State.LIVE:
        ci.operational_status = OperationalStatus.UP
    check_whole(ci)
    ci.save()
    _set_users(ci, users)
    record(ci, {}, by=by, at=at, source=version_source or Source.MANUAL, change_ref=authority)
    publish(CIVerb.CREATED, ci_id=ci.pk, number=ci.number, change=authority)
    return ci


@transaction.atomic
def edit_ci(ci, *, by, seen, at=None, authority="", reason="", version_source="", **changes):
    """Change fields of a CI. `seen` is the version_no that the writer saw (None: no check).

    `attributes` names those that change; an empty value removes one. `authority` is the number
    of the approved change under which this happens. Returns the CI, also where nothing changed.
    Raises Stale, Refused, PermissionDenied or ValidationError.
    """
    ci = CI.objects.for_page().lock(ci)
    source = right_to_change(ci, by=by, authority=authority, reason=reason, source=version_source)
    refuse_stale(ci, seen)
    _known(changes)
    if ci.is_service and BY_SERVICE & set(changes):
        raise ValidationError(
            dict.fromkeys(BY_SERVICE & set(changes), _("Change this on the service."))
        )
    moves = changes.get("ci_class", ci.ci_class) != ci.ci_class
    if moves and ci.state != CI.State.PLANNED:
        raise Refused(_("The class of a CI can only change while it is planned."))
    audit.acting(by)
    at = at or time.now()
    service = service_of(ci)
    before = snapshot(ci, service)
    attributes = changes.pop("attributes", None)
    for name, value in _clean(changes).items():
        setattr(ci, name, value)
    if attributes is not None:
        ci.attributes = {**ci.attributes, **attributes}
    if moves:  # what the new class does not know goes
        names = {entry["name"] for entry in ci.ci_class.full_schema()}
        ci.attributes = {name: value for name, value in ci.attributes.items() if name in names}
    check_whole(ci)
    record(
        ci, before, by=by, at=at, source=source, change_ref=authority, reason=reason,
        service=service,
    )  # fmt: skip
    return ci


def apply(ci, changes, *, authority, by, seen=None, at=None):
    """What a change had planned for this CI becomes true: the seam for the change process.

    `authority` is the number of the change; that it is approved and being implemented is for
    the caller to have checked. `seen` is the CI's version_no when it was planned, if conflicts
    are to be refused.
    """
    if not authority:
        raise ValueError("a change is applied under its number")
    return edit_ci(ci, by=by, seen=seen, at=at, authority=authority, **changes)


@transaction.atomic
def take_step(ci, name, *, by, at=None, authority="", reason="", **inputs):
    """Take a step of the lifecycle. Inputs are those of the step's method.

    Raises Refused with the reasons, or PermissionDenied.
    """
    ci = CI.objects.for_page().lock(ci)
    audit.acting(by)
    at = at or time.now()
    service = service_of(ci)
    before = snapshot(ci, service)
    if name == "cancel":
        inputs["reason"] = reason
    take(ci, name, by=by, **inputs)
    source = Source.CHANGE if authority else Source.MANUAL
    record(
        ci, before, by=by, at=at, source=source, change_ref=authority, reason=reason,
        service=service,
    )  # fmt: skip
    return ci


@transaction.atomic
def set_users(ci, persons, *, by, at=None):
    """Say who uses this device."""
    ci = CI.objects.for_page().lock(ci)
    ask(policies.can_edit, ci, by)
    audit.acting(by)
    service = service_of(ci)
    before = snapshot(ci, service)
    _set_users(ci, persons)
    record(ci, before, by=by, at=at or time.now(), source=Source.MANUAL, service=service)
    return ci


@transaction.atomic
def set_operational_status(ci, status, *, by=None, at=None):
    """How it does now, as outages and their impact say. Not a modification: no version."""
    ci = CI.objects.for_page().lock(ci)
    before = ci.operational_status
    if before == status:
        return ci
    ci.operational_status = OperationalStatus(status)
    ci.updated_at = at or time.now()
    ci.save(update_fields=["operational_status", "updated_at"])
    publish(
        CIVerb.STATUS_CHANGED, ci_id=ci.pk, number=ci.number, from_status=before,
        to_status=ci.operational_status,
    )  # fmt: skip
    return ci


def next_number():
    """CI-000123, from a sequence: gaps are allowed, repeats are not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cmdb_ci_number')")
        return f"CI-{cursor.fetchone()[0]:06d}"


def check_whole(ci):
    """Everything that the database or the class asks of one CI, as one ValidationError."""
    errors = {}
    for check in (_check_class, _check_attributes, _check_fields):
        try:
            check(ci)
        except ValidationError as error:
            errors |= error.message_dict
    if errors:
        raise ValidationError(errors)


def _check_class(ci):
    if ci.ci_class.is_abstract:
        raise ValidationError({"ci_class": _("Choose a class below this one: it only groups.")})
    rules = [each.naming_rule for each in ci.ci_class.lineage if each.naming_rule]
    if rules and not re.fullmatch(rules[-1], ci.name):
        raise ValidationError(
            {"name": _("Names of this class follow the rule %(rule)s.") % {"rule": rules[-1]}}
        )


def _check_attributes(ci):
    schema = ci.ci_class.full_schema()
    ci.attributes = schemas.clean_values(schema, ci.attributes)
    for entry in schema:
        value = ci.attributes.get(entry["name"])
        if not entry.get("unique") or value is None:
            continue
        # `present()`: what was retired no longer holds its address.
        twins = CI.objects.present().filter(attributes__contains={entry["name"]: value})
        if twin := twins.exclude(pk=ci.pk).first():
            raise ValidationError(
                {entry["name"]: _("%(ci)s already has this value.") % {"ci": twin.number}}
            )


def _check_fields(ci):
    ci.clean_fields(exclude=[*FOREIGN, "state", "attributes", "capacity_attrs"])
    try:
        ci.validate_constraints()
    except ValidationError as error:
        # Each constraint carries, as its code, the field that the message belongs to.
        found = error.error_dict.get(NON_FIELD_ERRORS, [])
        raise ValidationError({each.code: [each.message] for each in found}) from error


def _known(fields):
    if unknown := set(fields) - EDITABLE:
        raise ValidationError(dict.fromkeys(unknown, _("This field cannot be set.")))


def _clean(fields):
    return {
        name: without_nul(value).strip() if isinstance(value, str) else value
        for name, value in fields.items()
    }


def _set_users(ci, persons):
    wanted = {person.pk for person in persons}
    ci.uses.exclude(person_id__in=wanted).delete()
    there = set(ci.uses.values_list("person_id", flat=True))
    CIUse.objects.bulk_create(CIUse(ci=ci, person_id=pk) for pk in wanted - there)

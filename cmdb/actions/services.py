"""Services. Each has a CI that carries its relations and follows its state."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmdb import policies
from cmdb.actions.control import Source, ask
from cmdb.actions.items import check_whole, next_number
from cmdb.actions.recording import record, snapshot
from cmdb.events import CIVerb, ServiceVerb
from cmdb.models import CI, CIClass, OperationalStatus, Service
from core import audit, time
from core.errors import Stale
from core.lifecycle import take
from core.outbox import publish
from core.text import without_nul

OF_SERVICE = {
    "code", "name_en", "name_zh", "kind", "parent", "owner", "support_group",
    "description_customer_en", "description_customer_zh", "business_case", "service_hours",
    "catalogue_visible", "retires_on",
}  # fmt: skip
OF_CI = {"organization", "environment", "criticality", "sec_c", "sec_i", "sec_a", "site"}
FOLLOWS = {"design": "follow_design", "go_live": "follow_live", "retire": "follow_retired"}


@transaction.atomic
def create_service(
    *, by, at=None, state=Service.State.PIPELINE, offered_to=(), external_ref="", source="",
    version_source="", **fields,
):  # fmt: skip
    """A service together with its CI. One that is already promised may be registered as live."""
    ask(policies.can_create_service, None, by)
    if state not in (Service.State.PIPELINE, Service.State.LIVE):
        raise ValidationError({"state": _("A service starts in the pipeline or live.")})
    _known(fields)
    audit.acting(by)
    at = at or time.now()
    is_live = state == Service.State.LIVE
    ci = CI(
        number=next_number(), ci_class=CIClass.objects.get(code="it_service"),
        state=CI.State.LIVE if is_live else CI.State.PLANNED,
        operational_status=OperationalStatus.UP if is_live else OperationalStatus.UNKNOWN,
        external_ref=external_ref, source=source, created_at=at, updated_at=at,
    )  # fmt: skip
    service = Service(state=state)
    _fill(service, ci, fields)
    _check(service, ci)
    ci.save()
    service.ci = ci
    service.save()
    service.offered_to.set(offered_to)
    record(ci, {}, by=by, at=at, source=version_source or Source.MANUAL, service=service)
    publish(CIVerb.CREATED, ci_id=ci.pk, number=ci.number, change="")
    return service


@transaction.atomic
def edit_service(service, *, by, seen, at=None, offered_to=None, **changes):
    """Change a service and what its CI has from it. `seen` is the version that the writer saw."""
    service = Service.objects.lock(service)
    ask(policies.can_edit_service, service, by)
    if seen is not None and seen != service.version:
        last = service.ci.versions.select_related("actor").order_by("-version_no").first()
        who = last.actor.name if last and last.actor else None
        raise Stale(seen=seen, present=service.version, by=who)
    _known(changes)
    audit.acting(by)
    ci = CI.objects.for_page().lock(service.ci_id)
    before = snapshot(ci, service)
    _fill(service, ci, changes)
    _check(service, ci)
    service.version += 1
    service.save()
    if offered_to is not None:
        service.offered_to.set(offered_to)
    record(ci, before, by=by, at=at or time.now(), source=Source.MANUAL, service=service)
    return service


@transaction.atomic
def take_service_step(service, name, *, by, at=None, **inputs):
    """Take a step of a service's lifecycle; its CI follows in the same transaction."""
    service = Service.objects.lock(service)
    ci = CI.objects.for_page().lock(service.ci_id)
    audit.acting(by)
    at = at or time.now()
    before, left = snapshot(ci, service), service.state
    take(service, name, by=by, **inputs)
    if follow := FOLLOWS.get(name):
        take(ci, follow, by=None)
    service.version += 1
    service.save()
    record(ci, before, by=by, at=at, source=Source.MANUAL, service=service)
    publish(
        ServiceVerb.STATE_CHANGED, service_id=service.pk, ci_id=ci.pk, code=service.code,
        from_state=left, to_state=service.state,
    )  # fmt: skip
    return service


def _known(fields):
    if unknown := set(fields) - OF_SERVICE - OF_CI:
        raise ValidationError(dict.fromkeys(unknown, _("This field cannot be set.")))


def _fill(service, ci, fields):
    for name, value in fields.items():
        clean = without_nul(value).strip() if isinstance(value, str) else value
        setattr(service if name in OF_SERVICE else ci, name, clean)
    ci.name = service.name_en or service.name_zh
    ci.alias = " ".join(filter(None, [service.name_zh if service.name_en else "", service.code]))
    ci.owner, ci.managed_by = service.owner, service.support_group


def _check(service, ci):
    errors = {}
    service.path = service.path or "/"  # set by the database
    try:
        service.full_clean(
            exclude=["ci", "state", "path", "owner", "support_group", "service_hours", "parent"]
        )
    except ValidationError as error:
        errors |= error.message_dict
    if service.parent_id and service.pk and f"/{service.pk}/" in service.parent.path:
        errors["parent"] = [_("A service cannot be part of itself or of one below it.")]
    try:
        check_whole(ci)
    except ValidationError as error:
        # The unique name of the CI is the name of the service.
        named = {"name": "name_en"}
        errors |= {named.get(key, key): value for key, value in error.message_dict.items()}
    if errors:
        raise ValidationError(errors)

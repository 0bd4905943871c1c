"""Relations and redundancy. A relation is closed and opened, never edited, so that history stays."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmdb.actions.control import Source, right_to_change
from cmdb.actions.recording import record, service_of, snapshot
from cmdb.events import CIVerb
from cmdb.graph import reaches
from cmdb.models import CI, CIRelation, CIRelationType, RedundancyGroup
from core import audit, time
from core.errors import Refused
from core.outbox import publish

Cardinality = CIRelationType.Cardinality


@transaction.atomic
def relate(
    source, type, target, *, by, at=None, effect="", group=None, authority="", reason="",
    truth=CIRelation.Truth.MANUAL,
):  # fmt: skip
    """From now on `source` depends on `target`. Cycles are allowed and reported.

    `effect` overrides what the type says a failure does; `group` is a redundancy group of the
    source. Returns the relation; its `closes_cycle` says whether the target already depended on
    the source. Raises Refused, PermissionDenied or ValidationError.
    """
    source = CI.objects.for_page().lock(source)
    right_to_change(source, by=by, authority=authority, reason=reason)
    audit.acting(by)
    _check_relation(source, type, target, group)
    return _open(
        source, type, target, by=by, at=at or time.now(), effect=effect, group=group,
        authority=authority, truth=truth,
    )  # fmt: skip


@transaction.atomic
def unrelate(relation, *, by, at=None, authority="", reason=""):
    """The relation ends now; that it was is kept."""
    source = CI.objects.for_page().lock(relation.source_id)
    right_to_change(source, by=by, authority=authority, reason=reason)
    audit.acting(by)
    relation = CIRelation.objects.select_related("redundancy_group").lock(relation)
    group = relation.redundancy_group
    if group and group.relations.current().count() <= group.required_k:
        raise Refused(
            _("The redundancy group “%(group)s” needs all its members. Change the group first.")
            % {"group": group.name}
        )
    _close(relation, by=by, at=at or time.now(), authority=authority)
    publish(
        CIVerb.UNRELATED, ci_id=relation.source_id, target_id=relation.target_id,
        type=relation.type.code, relation_id=relation.pk, change=authority,
    )  # fmt: skip
    return relation


@transaction.atomic
def set_redundancy(
    ci, *, by, name, required_k, relations, failover=RedundancyGroup.Failover.IMMEDIATE,
    failover_seconds=0, group=None, at=None, authority="", reason="",
):  # fmt: skip
    """Of these relations of the CI, `required_k` suffice. `group` is the one to change, if any."""
    ci = CI.objects.for_page().lock(ci)
    source = right_to_change(ci, by=by, authority=authority, reason=reason)
    _check_redundancy(ci, name, required_k, relations, group)
    audit.acting(by)
    at = at or time.now()
    service = service_of(ci)
    before = snapshot(ci, service)
    group = group or RedundancyGroup(ci=ci)
    group.name, group.required_k = name.strip(), required_k
    group.failover, group.failover_seconds = failover, failover_seconds
    group.save()
    wanted = {relation.pk for relation in relations}
    for relation in ci.needs.current().select_related("type", "target"):
        is_in, should_be = relation.redundancy_group_id == group.pk, relation.pk in wanted
        if is_in != should_be:
            _regroup(relation, group if should_be else None, by=by, at=at, authority=authority)
    record(
        ci, before, by=by, at=at, source=source, change_ref=authority, reason=reason,
        service=service,
    )  # fmt: skip
    return group


@transaction.atomic
def dissolve_redundancy(group, *, by, at=None, authority="", reason=""):
    """The members become single dependencies again; the group is kept for its history."""
    ci = CI.objects.for_page().lock(group.ci_id)
    source = right_to_change(ci, by=by, authority=authority, reason=reason)
    audit.acting(by)
    at = at or time.now()
    service = service_of(ci)
    before = snapshot(ci, service)
    for relation in group.relations.current().select_related("type", "target"):
        _regroup(relation, None, by=by, at=at, authority=authority)
    group.dissolved_at = at
    group.save(update_fields=["dissolved_at"])
    record(
        ci, before, by=by, at=at, source=source or Source.MANUAL, change_ref=authority,
        reason=reason, service=service,
    )  # fmt: skip
    return group


def _check_relation(source, type, target, group):
    if source.pk == target.pk:
        raise ValidationError({"target": _("A CI cannot depend on itself.")})
    for ci, classes, field in (
        (source, type.source_classes, "source"),
        (target, type.target_classes, "target"),
    ):
        allowed = set(classes.values_list("pk", flat=True))
        if allowed and not allowed & {int(pk) for pk in ci.ci_class.path.split("/") if pk}:
            raise ValidationError(
                {field: _("“%(type)s” does not fit the class of %(ci)s.")
                 % {"type": type.forward, "ci": ci.name}}
            )  # fmt: skip
    if target.state in CI.GONE or source.state in CI.GONE:
        raise Refused(_("A retired CI takes no new relations."))
    if group is not None and group.ci_id != source.pk:
        raise ValidationError({"group": _("This redundancy group belongs to another CI.")})
    present = CIRelation.objects.current().filter(type=type)
    if present.filter(source=source, target=target).exists():
        raise Refused(_("This relation is already there."))
    if type.cardinality == Cardinality.ONE_TARGET and present.filter(source=source).exists():
        raise Refused(_("%(ci)s already has such a relation; end it first.") % {"ci": source.name})
    if type.cardinality == Cardinality.ONE_SOURCE and present.filter(target=target).exists():
        raise Refused(_("%(ci)s already has such a relation; end it first.") % {"ci": target.name})


def _check_redundancy(ci, name, required_k, relations, group):
    if not (name or "").strip():
        raise ValidationError({"name": _("Give the group a name.")})
    if any(relation.source_id != ci.pk for relation in relations):
        raise ValidationError({"relations": _("A member must be something that this CI needs.")})
    twins = ci.redundancy_groups.filter(name=name.strip(), dissolved_at=None)
    if twins.exclude(pk=group.pk if group else None).exists():
        raise ValidationError({"name": _("This CI already has a group of this name.")})
    members = len({relation.target_id for relation in relations})
    if not 1 <= required_k <= members:
        raise ValidationError(
            {
                "required_k": ngettext(
                    "With %(count)d member, the number needed is 1.",
                    "With %(count)d members, the number needed is from 1 to %(count)d.",
                    members,
                )
                % {"count": members}
            }
        )
    others = {r.redundancy_group for r in relations if r.redundancy_group_id} - {group}
    if others:
        raise ValidationError(
            {"relations": _("A member of another group must leave that group first.")}
        )


def _open(source, type, target, *, by, at, effect, group, authority, truth):
    relation = CIRelation.objects.create(
        source=source, type=type, target=target, redundancy_group=group, effect_override=effect,
        source_of_truth=truth, valid=DateTimeTZRange(at, None), opened_by=by,
        opened_ref=authority,
    )  # fmt: skip
    relation.closes_cycle = reaches(target.pk, source.pk)
    publish(
        CIVerb.RELATED, ci_id=source.pk, target_id=target.pk, type=type.code,
        relation_id=relation.pk, change=authority,
    )  # fmt: skip
    return relation


def _close(relation, *, by, at, authority):
    if relation.valid.upper is not None:
        raise Refused(_("This relation has already ended."))
    # One that is opened and closed in the same instant never was: its range is empty.
    relation.valid = DateTimeTZRange(relation.valid.lower, max(at, relation.valid.lower))
    relation.closed_by, relation.closed_ref = by, authority
    relation.save(update_fields=["valid", "closed_by", "closed_ref"])


def _regroup(relation, group, *, by, at, authority):
    _close(relation, by=by, at=at, authority=authority)
    return CIRelation.objects.create(
        source_id=relation.source_id, type=relation.type, target_id=relation.target_id,
        redundancy_group=group, effect_override=relation.effect_override,
        source_of_truth=relation.source_of_truth, valid=DateTimeTZRange(relation.valid.upper, None),
        opened_by=by, opened_ref=authority,
    )  # fmt: skip

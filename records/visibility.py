"""Who may learn of which record: one rule for pages, files, search, counts, exports, API, notices.

Rules of ITSM domain 7.2 and 7.3 as Q objects over Record's own columns. A kind may register
its own (`records.kinds.visibility_of`); the ticket rule here is what most kinds take.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from django.db.models import Q

from cmdb.models import Service
from core.prepared import prepared
from people.access import Access
from people.models import Organization
from people.roles import Role
from records.kinds import KINDS

NOTHING = Q(pk__in=[])
EVERYTHING = Q()


def rows_for(person, model, codes=None):
    """The Q for a QuerySet of `model`: of one kind's class, or of the parent with every kind.

    With `codes` only the rules of these kinds are asked; the rows must be of these kinds.
    """
    if not person.is_authenticated:
        return NOTHING
    if codes is None:
        codes = [code for code, kind in KINDS.items() if issubclass(kind.model, model)]
    rules = {}
    for code in codes:
        rule = KINDS[code].visibility or tickets_for
        rules.setdefault(rule, []).append(code)
    if len(rules) == 1:
        return _prepared(next(iter(rules)), person)
    condition = NOTHING
    for rule, kinds in rules.items():
        condition |= Q(kind__in=kinds) & _prepared(rule, person)
    return condition


def _prepared(rule, person):
    return _prepared_for(rule, _Reader(person.pk, person.access))


@dataclass(frozen=True)
class _Reader:
    """All that a rule may ask about a person. Equal ones see the same."""

    pk: int
    access: Access
    is_authenticated: ClassVar = True


@lru_cache(2048)
def _prepared_for(rule, reader):
    """A rule as SQL, made once for a person and what they may do: each list of each page asks."""
    from records.models import Record

    return prepared(Record.objects.filter(rule(reader)), "number")


def tickets_for(person):
    """Tickets: one's own; the desk's and the groups' own; managers and the central desk, all.

    Restricted tickets: the requester's side, the groups that work on them, and managers.
    Security tickets: the security role, the requester's side, and who was let in by name.
    """
    access = person.access
    allowed = own_side(person)
    if access.is_superuser or access.has_role(Role.SECM):
        allowed |= Q(confidentiality="security")
    # what lets most rows in stands first: the database reads no further for them
    if access.reads_everything:
        return Q(confidentiality__in=["normal", "restricted"]) | allowed
    if access.is_central:
        allowed = Q(confidentiality="normal") | allowed
    if access.all_group_ids:
        groups = access.all_group_ids
        worked_on = Q(assigned_group_id__in=groups) | Q(owner_group_id__in=groups)
        allowed |= worked_on & ~Q(confidentiality="security")
    if not access.is_central:
        allowed |= _normal_ones(person)
    for role, path, group in access.scopes:
        if role in {Role.SDM, Role.INCM, Role.SLM, Role.AUD, Role.ADM} and (path or group):
            below = Organization.objects.filter(path__startswith=path or "").values("pk")
            scoped = Q(organization_id__in=below) if path else Q()
            scoped &= Q(assigned_group_id=group) if group else Q()
            allowed |= scoped & ~Q(confidentiality="security")
    return allowed


def _normal_ones(person):
    """Tickets without secrets that come to a person by tasks, services, sites and organisations."""
    access, allowed = person.access, NOTHING
    if access.all_group_ids:
        allowed |= _has_task(person, access.all_group_ids)
    if access.has_role(Role.SVO):
        allowed |= Q(service_id__in=Service.objects.filter(owner_id=person.pk).values("pk"))
    if access.served_site_ids:
        allowed |= Q(site_id__in=access.served_site_ids)
    if access.served_organization_ids:
        allowed |= Q(organization_id__in=access.served_organization_ids)
    return allowed & Q(confidentiality="normal")


def own_side(person):
    """Asked, reported, followed, or let in: what a person sees without any role."""
    from records.models import RecordAccess, Watch

    on_portal = Q(is_on_portal=True)
    mine = Q(requester_id=person.pk) | Q(reported_by_id=person.pk)
    mine |= Q(pk__in=Watch.objects.filter(person_id=person.pk).values("record_id"))
    access = person.access
    if access.shared_organization_ids:
        mine |= Q(organization_id__in=access.shared_organization_ids, confidentiality="normal")
    granted = Q(person_id=person.pk)
    if access.group_ids:
        granted |= Q(group_id__in=access.group_ids)
    let_in = Q(pk__in=RecordAccess.objects.filter(granted).values("record_id"))
    return (mine & on_portal) | let_in


def _has_task(person, groups):
    from records.models import Task

    tasks = Task.objects.filter(Q(assignee_id=person.pk) | Q(group_id__in=groups))
    return Q(pk__in=tasks.values("record_id"))

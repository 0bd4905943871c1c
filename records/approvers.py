"""Who has to be asked, worked out from what a rule says: by place and role, never by habit.

A source is JSON: {"of": "line_manager"}, {"of": "service_owner"}, {"of": "finance"},
{"of": "group", "group": 7}, {"of": "people", "people": [3, 4]}. It is asked when the question is
put and again when somebody answers: who lost the place meanwhile has lost the say.
"""

from core import time
from people.models import GroupMembership, Person, RoleAssignment
from people.roles import Role
from records.models.approvals import Approval

Kind = Approval.Kind


def line_manager(record, _source, barred):
    """The requester's nearest manager who may decide; then those of the organisations above."""
    person, seen = record.requester, set()
    while person is not None and person.pk not in seen:
        seen.add(person.pk)
        person = person.manager
        if person is not None and person.is_active and person.pk not in barred:
            return [person]
    organization = record.organization
    while organization is not None:
        found = organization.manager
        if found is not None and found.is_active and found.pk not in barred:
            return [found]
        organization = organization.parent
    return []


def service_owner(record, _source, _barred):
    return [record.service.owner] if record.service_id and record.service.owner_id else []


def finance(record, _source, _barred):
    """Financial managers everywhere, or of the organisation and those above it."""
    above = [int(part) for part in record.organization.path.split("/") if part]
    held = RoleAssignment.objects.filter(role=Role.FINM, valid__contains=time.now().date())
    held = held.filter(scope_organization=None) | held.filter(scope_organization_id__in=above)
    return list(Person.objects.filter(pk__in=held.values("person_id")).order_by("pk"))


def group(_record, source, _barred):
    rows = GroupMembership.objects.filter(
        group_id=source["group"], valid__contains=time.now().date()
    )
    return list(Person.objects.filter(pk__in=rows.values("person_id")).order_by("pk"))


def people(_record, source, _barred):
    return list(Person.objects.filter(pk__in=source["people"]).order_by("pk"))


SOURCES = {
    "line_manager": (Kind.LINE_MANAGER, line_manager),
    "service_owner": (Kind.SERVICE_OWNER, service_owner),
    "finance": (Kind.FINANCIAL, finance),
    "group": (Kind.GROUP, group),
    "people": (Kind.PEOPLE, people),
}


def kind_of(source):
    return SOURCES[source["of"]][0]


def found_by(record, source, barred=()):
    """The people who may decide now: at work here, able to sign in, and not barred."""
    _kind, finder = SOURCES[source["of"]]
    return [
        person
        for person in finder(record, source, set(barred))
        if person.is_active and person.can_sign_in and person.pk not in barred
    ]


def seats_of(approval, person, today):
    """The people in whose place `person` may answer: their own, and of those whose deputy they are.
    Seats that have answered in this round are left out."""
    if person.pk in approval.barred or not person.is_active:
        return []
    answered = {v.seat_id for v in approval.votes.all() if v.round == approval.round}
    return [
        seat
        for seat in approval.approvers.all()
        if seat.pk not in answered and (seat.pk == person.pk or is_deputy(person, seat, today))
    ]


def is_deputy(person, seat, today):
    during = seat.deputy_during
    return (
        seat.deputy_id == person.pk
        and during is not None
        and (during.lower is None or during.lower <= today)
        and (during.upper is None or today < during.upper)
    )

"""The rule of who sees which record is made once as SQL; it must say what the rule itself says."""

import pytest
from django.db.models import Q

from core.prepared import prepared
from incidents.models import Incident
from people import actions as people
from people.models import Organization, Person
from people.roles import Role
from records import visibility
from records.kinds import KINDS
from records.models import Record, Task, Watch
from slm.models import Agreement
from tests.servicedesk.queue_world import world as desk  # noqa: F401
from tests.world import SINCE, promise

pytestmark = pytest.mark.django_db


def plain(person, model):
    """The rules of all kinds of a model, made by the ORM for this one statement."""
    found = Q(pk__in=[])
    for code, kind in KINDS.items():
        if issubclass(kind.model, model):
            rule = kind.visibility or visibility.tickets_for
            found |= Q(kind=code) & rule(person)
    return found


def keys(queryset):
    return set(queryset.values_list("pk", flat=True))


def tickets_of(desk):  # noqa: F811
    """Tickets that differ in all that the rule asks about."""
    desk.ticket("plain")
    desk.ticket("of the network", assigned_group=desk.network)
    desk.ticket("of others", organization=desk.other, requester=desk.stranger)
    desk.ticket("secret", confidentiality="security")
    desk.ticket("restricted", confidentiality="restricted", assigned_group=desk.network)
    followed = desk.ticket("followed", confidentiality="security", requester=desk.agent)
    Watch.objects.create(record=followed.record_ptr, person=desk.engineer)
    with_task = desk.ticket("with a task", assigned_group=desk.foreign, organization=desk.other)
    Task.objects.create(number="TSK-1", record_id=with_task.pk, title="x", group=desk.network)


def readers(desk):  # noqa: F811
    firm = people.create_organization(by=None, code="FIRM", name_en="Firm", kind="supplier")
    supplier = desk.group("SUPPLIER", "supplier", supplier=firm)
    scoped = desk.person("SCOPED")
    people.grant(scoped, Role.SDM, by=None, since=SINCE, organization=desk.other)
    return [
        desk.requester, desk.agent, desk.engineer, desk.stranger, scoped,
        desk.person("SECURITY", Role.SECM), desk.person("MANAGER", Role.SDM),
        desk.person("AUDITOR", Role.AUD), desk.person("OWNER", Role.SVO),
        desk.person("VENDOR", groups=[supplier]),
    ]  # fmt: skip


@pytest.mark.parametrize("model", [Record, Incident, Agreement])
def test_the_prepared_rule_says_what_the_rule_says(desk, model):  # noqa: F811
    tickets_of(desk)
    seen = []
    for reader in readers(desk):
        person = Person.objects.get(pk=reader.pk)
        expected = keys(model.objects.filter(plain(person, model)))
        seen.append(expected)

        assert keys(model.objects.visible_to(person)) == expected, person.code
        inside = Record.objects.filter(pk__in=model.objects.visible_to(person).values("pk"))
        assert keys(inside) == expected
        tasks = Task.objects.filter(record__in=Record.objects.visible_to(person).values("pk"))
        assert keys(tasks) == keys(Task.objects.filter(record__in=expected)) or model != Record
    assert model is Agreement or len({frozenset(each) for each in seen}) > 4


def test_agreements_are_seen_by_the_prepared_rule(world):
    promise(world, ("response", 1))
    promise(world, ("response", 1), kind="ola", title="OLA", provider_group=world.second_line)

    for person in (world.agent, world.specialist, world.requester, world.manager, world.auditor):
        expected = keys(Agreement.objects.filter(plain(person, Agreement)))
        assert keys(Agreement.objects.visible_to(person)) == expected, person.code
    assert keys(Agreement.objects.visible_to(world.agent)) != keys(Agreement.objects.all())


def test_a_person_who_joins_a_group_sees_by_another_rule(desk):  # noqa: F811
    ticket = desk.ticket("hidden", organization=desk.other, assigned_group=desk.network)
    colleague = desk.person("LATER")
    before = keys(Record.objects.visible_to(colleague))

    people.join_group(colleague, desk.network, by=None, since=SINCE)
    after = keys(Record.objects.visible_to(Person.objects.get(pk=colleague.pk)))

    assert ticket.pk not in before
    assert ticket.pk in after


def test_a_condition_that_joins_is_not_prepared(db):
    with pytest.raises(ValueError, match="one table"):
        prepared(Record.objects.filter(organization__code="X"), "number")


def test_all_and_nothing_are_prepared_too(db):
    Organization.objects.create(code="ONE", name_en="One")
    everything = prepared(Organization.objects.filter(Q()), "code")
    nothing = prepared(Organization.objects.filter(pk__in=[]), "code")

    assert Organization.objects.filter(everything).exists()
    assert not Organization.objects.filter(nothing).exists()
    assert Organization.objects.filter(nothing | Q(code="ONE")).count() == 1

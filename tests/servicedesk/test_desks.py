"""The page of the desks: hours, coverage, skills, people and tickets, at a fixed number of statements."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import preferences
from people.models import GroupMembership, Person, SupportGroup
from servicedesk.desks import coverage
from tests.records.test_routing_rules import nothing_kept, report  # noqa: F401
from tests.world import sh

pytestmark = pytest.mark.django_db
NOON, NIGHT = sh(10, 8, 10), sh(10, 8, 23)


def by_code(world, now=NOON, person=None):
    lines, _has_skills = coverage.lines(person or world.agent, now)
    return {line.group.code: line for line in lines}


def test_a_desk_is_open_or_says_when_it_opens_next(world):
    assert by_code(world)["DESK-SZ"].is_open is True

    closed = by_code(world, NIGHT)["DESK-SZ"]

    assert (closed.is_open, closed.opens_at) == (False, sh(10, 9, 9))


def test_each_desk_shows_whom_it_serves_and_what_it_can(world):
    world.local.organizations.add(world.sales)
    world.vpn.skilled_groups.add(world.local)

    found = by_code(world)

    assert [site.code for site in found["DESK-SZ"].sites] == ["SZ"]
    assert [one.code for one in found["DESK-SZ"].organizations] == ["SALES"]
    assert found["DESK-SZ"].skills == [world.vpn]
    assert found["DESK"].skills == []


def test_people_who_are_away_or_gone_do_not_count_as_there(world):
    Person.objects.filter(pk=world.agent2.pk).update(
        deputy=world.agent, deputy_during="[2026-10-01,2026-10-20)"
    )
    GroupMembership.objects.filter(person=world.local_agent).update(
        valid=("2026-01-01", date(2026, 10, 1))
    )

    found = by_code(world)

    assert (found["DESK"].present, found["DESK"].members) == (1, 2)
    assert (found["DESK-SZ"].present, found["DESK-SZ"].members) == (0, 0)


def test_only_tickets_that_the_reader_sees_are_counted(world):
    report(world)
    report(world, by=world.agent, group=world.second_line)

    seen = by_code(world)["DESK-SZ"]
    unseen = by_code(world, person=world.owner)["DESK-SZ"]

    assert (seen.open, seen.unassigned, seen.owned) == (1, 1, 2)
    assert (unseen.open, unseen.owned) == (0, 0)


def test_an_overloaded_desk_is_marked(world):
    for _number in range(2):
        report(world)
    preferences.put("desk_most_open", 1, by=None)
    cache.clear()

    found = by_code(world)

    assert (found["DESK-SZ"].is_overloaded, found["DESK"].is_overloaded) == (True, False)


def test_desks_stand_under_the_one_they_hand_up_to(world):
    SupportGroup.objects.create(
        code="A-FIRST", name_en="Branch", kind="desk", parent=world.local, calendar=world.calendar
    )

    lines, _has_skills = coverage.lines(world.agent, NOON)

    assert [(line.group.code, len(line.depth)) for line in lines] == [
        ("DESK", 0), ("DESK-SZ", 1), ("A-FIRST", 2),
    ]  # fmt: skip


def test_more_desks_cost_no_more_statements(world):
    by_code(world)
    with CaptureQueriesContext(connection) as few:
        by_code(world)
    for number in range(3):
        SupportGroup.objects.create(
            code=f"D{number}", name_en=f"Desk {number}", kind="desk", parent=world.central,
            calendar=world.calendar,
        )  # fmt: skip

    with CaptureQueriesContext(connection) as more:
        by_code(world)

    assert len(more) == len(few)


@pytest.mark.parametrize(("who", "status"), [("agent", 200), ("auditor", 200), ("requester", 403)])
def test_the_page_is_for_those_who_work_here(world, client, who, status):
    client.force_login(getattr(world, who))

    answer = client.get(reverse("servicedesk:desks"))

    assert answer.status_code == status
    if status == 200:
        assert "Suzhou desk" in answer.content.decode()

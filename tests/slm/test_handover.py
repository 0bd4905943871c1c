"""Handing up and taking over: who may, what moves, who is told, and who sees it afterwards."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from core.errors import Refused, Stale
from incidents.actions import lifecycle
from people.models import Person, SupportGroup
from records.models import Notification, Record
from servicedesk.notices import audience
from slm.actions import handover
from slm.models import Clock
from slm.terms import ClockKind
from tests.records.test_routing_rules import nothing_kept, report  # noqa: F401
from tests.servicedesk.requests import shop
from tests.world import promise, sh

pytestmark = pytest.mark.django_db
LATER = sh(10, 8, 11)


def up(world, record, **fields):
    fields = {"by": world.local_agent, "reason": "Needs the core", "at": LATER} | fields
    return handover.hand_up(record, **fields)


def over(world, record, **fields):
    fields = {"by": world.agent, "reason": "We see the cause", "at": LATER} | fields
    return handover.take_over(record, **fields)


def test_a_local_desk_hands_up_what_it_owns_with_the_work(world):
    incident = lifecycle.start(report(world), by=world.local_agent, at=sh(10, 8, 10, 30))

    moved = up(world, incident)

    assert (moved.owner_group, moved.assigned_group) == (world.central, world.central)
    assert (moved.assignee, moved.state, moved.reassign_count) == (None, "assigned", 1)
    entry = moved.timeline.get(verb="record.handed_up")
    assert (entry.author, entry.body, entry.visibility) == (
        world.local_agent, "Needs the core", "internal",
    )  # fmt: skip
    assert entry.data["from_group_id"] == world.local.pk
    assert entry.data["to_group_id"] == world.central.pk


def test_work_that_stands_elsewhere_stays_there(world):
    incident = report(world, by=world.local_agent, group=world.second_line)

    moved = up(world, incident)

    assert (moved.owner_group, moved.assigned_group) == (world.central, world.second_line)


def test_it_goes_to_the_nearest_active_desk_above(world):
    branch = SupportGroup.objects.create(
        code="DESK-B", name_en="Branch", kind="desk", parent=world.local, calendar=world.calendar
    )
    branch.refresh_from_db()

    first = handover.desk_above(branch)
    SupportGroup.objects.filter(pk=world.local.pk).update(is_active=False)

    assert first == world.local
    assert handover.desk_above(branch) == world.central
    assert handover.desk_above(world.central) is None


def test_the_central_desk_takes_over_also_an_order(world):
    shop.filled(world)
    order = shop.ordered(world)
    assert order.owner_group == world.local

    moved = over(world, order)

    assert moved.owner_group == world.central
    assert moved.timeline.filter(verb="record.took_over").count() == 1


def test_what_waits_goes_on_waiting(world):
    from records.models import PendingReason

    incident = lifecycle.start(report(world), by=world.local_agent, at=sh(10, 8, 10, 30))
    reason = PendingReason.objects.get(code="wait_customer")
    lifecycle.hold(incident, by=world.local_agent, reason=reason, at=sh(10, 8, 10, 40))

    moved = up(world, incident)

    assert (moved.state, moved.assignee, moved.assigned_group) == ("pending", None, world.central)


def test_the_group_clock_changes_hands(world):
    for desk in (world.local, world.central):
        promise(world, ("resolution", 4), kind="ola", provider_group=desk, title=desk.code)
    incident = report(world)

    up(world, incident)

    clocks = Clock.objects.filter(record=incident, clock_kind=ClockKind.OLA).order_by("pk")
    assert [clock.group for clock in clocks] == [world.local, world.central]


@pytest.mark.parametrize("who", ["agent", "specialist", "requester", "auditor", "desk_manager"])
def test_only_the_responsible_local_desk_hands_up(world, who):
    incident = report(world)

    with pytest.raises(PermissionDenied):
        up(world, incident, by=getattr(world, who))


@pytest.mark.parametrize(
    "who", ["local_agent", "specialist", "requester", "auditor", "desk_manager"]
)
def test_only_the_central_desk_takes_over(world, who):
    incident = report(world)

    with pytest.raises(PermissionDenied):
        over(world, incident, by=getattr(world, who))


def test_what_is_central_already_is_neither_handed_up_nor_taken_over(world):
    incident = up(world, report(world))

    for act in (up, over):
        with pytest.raises(PermissionDenied):
            act(world, incident)


def test_it_needs_a_reason_an_open_ticket_and_the_version_that_was_seen(world):
    incident = report(world)

    with pytest.raises(ValidationError):
        up(world, incident, reason=" ")
    with pytest.raises(Stale):
        up(world, incident, seen_version=incident.version + 1)
    lifecycle.cancel(incident, by=world.requester, reason="gone", at=LATER)
    with pytest.raises(Refused):
        up(world, incident)


def test_both_desks_are_told_but_not_who_did_it(world):
    incident = up(world, report(world))
    entry = incident.timeline.get(verb="record.handed_up")

    audience.notify(incident.pk, entry.pk)

    rows = Notification.objects.filter(entry=entry, template="handed_up")
    told = set(rows.values_list("person__code", flat=True))
    assert told == {world.agent.code, world.agent2.code}
    incident2 = over(world, report(world))
    entry = incident2.timeline.get(verb="record.took_over")
    audience.notify(incident2.pk, entry.pk)
    rows = Notification.objects.filter(entry=entry, template="took_over")
    told = set(rows.values_list("person__code", flat=True))
    assert told == {world.agent2.code, world.local_agent.code}


def test_after_it_the_local_desk_sees_what_it_serves_and_nothing_else(world):
    served = up(world, report(world))
    elsewhere = report(world, by=world.local_agent)
    Record.objects.filter(pk=elsewhere.pk).update(site=None)

    moved = up(world, elsewhere)

    agent = Person.objects.get(pk=world.local_agent.pk)
    seen = Record.objects.visible_to(agent).filter(pk__in=[served.pk, moved.pk])
    assert [row.pk for row in seen.exclude(reported_by=agent)] == [served.pk]
    assert Record.objects.visible_to(world.agent).filter(pk=moved.pk).exists()


def test_the_page_offers_it_asks_why_and_does_it(world, client):
    incident = report(world)
    client.force_login(world.local_agent)
    url = incident.get_absolute_url()

    offered = client.get(url).content.decode()
    asked = client.get(f"{url}hand-up/").content.decode()
    empty = client.post(f"{url}hand-up/", {"reason": "", "version": incident.version})
    done = client.post(f"{url}hand-up/", {"reason": "Core", "version": incident.version})

    assert f"{url}hand-up/" in offered
    assert f"{url}take-over/" not in offered
    assert "Central desk becomes responsible instead of Suzhou desk" in asked
    assert (empty.status_code, done.status_code) == (422, 302)
    assert Record.objects.get(pk=incident.pk).owner_group == world.central
    client.force_login(world.agent)
    assert "Handed up from <b>Suzhou desk</b> to <b>Central desk</b>" in (
        client.get(url).content.decode()
    )


def test_the_page_of_an_order_lets_the_central_desk_take_over(world, client):
    shop.filled(world)
    order = shop.ordered(world)
    client.force_login(world.agent)
    url = order.get_absolute_url()

    offered = client.get(url).content.decode()
    done = client.post(f"{url}take-over/", {"reason": "Ours", "version": order.version})

    assert f"{url}take-over/" in offered
    assert f"{url}hand-up/" not in offered
    assert done.status_code == 302
    assert Record.objects.get(pk=order.pk).owner_group == world.central


def test_the_interface_does_it_with_the_same_rules(world, client):
    incident = report(world)
    client.force_login(world.local_agent)
    options = {"content_type": "application/json"}

    taken = client.post(
        f"/api/v1/incidents/{incident.number}/take_over/", {"reason": "x"}, **options
    )
    empty = client.post(f"/api/v1/incidents/{incident.number}/hand_up/", {}, **options)
    handed = client.post(
        f"/api/v1/incidents/{incident.number}/hand_up/", {"reason": "Core"}, **options
    )

    assert (taken.status_code, empty.status_code, handed.status_code) == (403, 400, 200)
    assert handed.json()["owner_group"] == "DESK"


def test_the_letters_name_both_desks(world):
    from servicedesk.notices.letters import LETTERS, Subject

    incident = up(world, report(world))
    entry = incident.timeline.get(verb="record.handed_up")
    audience.notify(incident.pk, entry.pk)

    found = Notification.objects.filter(entry=entry).first()

    letter = LETTERS["handed_up"](Subject.of(found))
    assert letter.line == "Zhao Yan handed this ticket up from Suzhou desk to Central desk."
    assert reverse("servicedesk:record", args=[incident.number]) in letter.button[1]

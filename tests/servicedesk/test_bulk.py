"""One step on many tickets: done where it may be, refused with a reason, silent about the hidden."""

import pytest

from incidents.models import Incident
from records.models import PendingReason, TimelineEntry
from servicedesk import actions
from tests.servicedesk.queue_world import sign_in, world  # noqa: F401

pytestmark = pytest.mark.django_db


def chosen(*tickets):
    return [str(ticket.pk) for ticket in tickets]


def fresh(ticket):
    return Incident.objects.get(pk=ticket.pk)


def test_tickets_are_taken_at_once(world, sign_in):  # noqa: F811
    one, two = world.ticket("one"), world.ticket("two")

    answer = sign_in(world.agent).post("/queue/bulk/take/", {"sel": chosen(one, two)})

    assert answer.status_code == 302
    assert {fresh(one).assignee, fresh(two).assignee} == {world.agent}
    assert fresh(one).state == "in_progress"


@pytest.mark.feature("SE-01")
def test_hidden_tickets_are_treated_as_not_there(world, sign_in):  # noqa: F811
    mine = world.ticket("mine")
    hidden = world.ticket("secret title", organization=world.other, assigned_group=world.foreign)

    answer = sign_in(world.agent).post(
        "/queue/bulk/note/",
        {"sel": [*chosen(mine, hidden), "987654321"], "sent": "1", "body": "A note."},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 204
    assert "1 ticket done." in answer["HX-Trigger"]
    assert "secret" not in answer["HX-Trigger"] + answer.content.decode()
    assert not TimelineEntry.objects.filter(record_id=hidden.pk).exists()
    assert TimelineEntry.objects.filter(record_id=mine.pk, kind="note", body="A note.").exists()


def test_what_is_refused_is_told_with_its_reason_and_the_rest_is_done(world, sign_in):  # noqa: F811
    free = world.ticket("free")
    taken = world.ticket("taken", assignee=world.colleague, state="in_progress")

    answer = sign_in(world.agent).post(
        "/queue/bulk/take/", {"sel": chosen(free, taken)}, headers={"HX-Request": "true"}
    )

    text = answer.content.decode()
    assert answer["HX-Retarget"] == "#dlg"
    assert taken.number in text
    assert free.number not in text
    assert fresh(free).assignee == world.agent
    assert fresh(taken).assignee == world.colleague


def test_tickets_go_to_a_group_and_a_member_of_it(world, sign_in):  # noqa: F811
    ticket = world.ticket("one")
    client = sign_in(world.agent)
    data = {"sel": chosen(ticket), "sent": "1", "group": world.network.pk}

    stranger = client.post("/queue/bulk/assign/", data | {"person": world.colleague.pk})
    member = client.post("/queue/bulk/assign/", data | {"person": world.engineer.pk})

    assert stranger.status_code == 422
    assert member.status_code == 302
    assert fresh(ticket).assigned_group == world.network
    assert fresh(ticket).assignee == world.engineer


def test_tickets_are_put_on_hold_for_a_reason(world, sign_in):  # noqa: F811
    ticket = world.ticket("one")
    reason = PendingReason.objects.get(code="wait_supplier")
    client = sign_in(world.agent)

    form = client.get("/queue/bulk/hold/", {"sel": chosen(ticket)}, headers={"HX-Request": "true"})
    client.post("/queue/bulk/hold/", {"sel": chosen(ticket), "sent": "1", "reason": reason.pk})

    assert f'value="{ticket.pk}"' in form.content.decode()
    assert fresh(ticket).state == "pending"
    assert fresh(ticket).pending_reason == reason


def test_a_reason_that_needs_a_date_asks_for_one(world, sign_in):  # noqa: F811
    ticket = world.ticket("one")
    reason = PendingReason.objects.get(code="scheduled")

    answer = sign_in(world.agent).post(
        "/queue/bulk/hold/", {"sel": chosen(ticket), "sent": "1", "reason": reason.pk}
    )

    assert answer.status_code == 422
    assert fresh(ticket).state == "assigned"


def test_tickets_are_followed(world, sign_in):  # noqa: F811
    one, two = world.ticket("one"), world.ticket("two")

    sign_in(world.agent).post("/queue/bulk/watch/", {"sel": chosen(one, two)})

    assert world.agent.watches.count() == 2


def test_who_may_not_work_on_a_ticket_is_told_so(world):  # noqa: F811
    auditor = world.person("AUDITOR", "AUD")
    ticket = world.ticket("one")

    outcome = actions.on_many("take", [ticket.pk], by=auditor)

    assert outcome.done == []
    assert [number for number, *_ in outcome.refused] == [ticket.number]


def test_nothing_chosen_and_unknown_steps(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)

    assert client.post("/queue/bulk/take/", {}).status_code == 302
    assert client.post("/queue/bulk/take/", {"sel": ["x", "-1", "9" * 30]}).status_code == 302
    assert client.post("/queue/bulk/delete/", {"sel": ["1"]}).status_code == 404
    assert client.get("/queue/bulk/take/", {"sel": ["1"]}).status_code == 302


def test_at_most_a_hundred_at_once(world):  # noqa: F811
    outcome = actions.on_many("watch", range(1, 500), by=world.agent)

    assert outcome.done == []


def test_the_way_back_leads_nowhere_else(world, sign_in):  # noqa: F811
    ticket = world.ticket("one")

    answer = sign_in(world.agent).post(
        "/queue/bulk/take/", {"sel": chosen(ticket), "next": "https://evil.example/"}
    )

    assert answer.url == "/queue/"

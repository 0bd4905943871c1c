"""One step on many tickets: done where it may be, refused with a reason, silent about the hidden."""

import pytest

from cmdb.actions import services
from core.errors import Refused
from incidents.models import Incident
from records.models import ClosureCode, PendingReason, Task, TimelineEntry
from servicedesk import actions
from servicedesk.queue.page import SIZE
from tests.servicedesk.queue_world import sign_in, world  # noqa: F401

pytestmark = pytest.mark.django_db


def chosen(*tickets):
    return [str(ticket.pk) for ticket in tickets]


def a_service(world):  # noqa: F811
    return services.create_service(
        by=None, code="ERP", name_en="ERP", owner=world.colleague, support_group=world.network,
        service_hours=world.calendar, organization=world.lanting, business_case="test",
    )  # fmt: skip


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


def test_more_than_a_page_at_once_is_refused_as_a_whole(world, sign_in):  # noqa: F811
    ticket = world.ticket("one")
    many = [ticket.pk, *range(1000, 1000 + SIZE)]

    with pytest.raises(Refused):
        actions.on_many("watch", many, by=world.agent)
    answer = sign_in(world.agent).post(
        "/queue/bulk/take/", {"sel": many}, headers={"HX-Request": "true"}
    )

    assert actions.MOST_AT_ONCE == SIZE
    assert "At most 50 tickets at once." in answer["HX-Trigger"]
    assert fresh(ticket).state == "assigned"
    assert world.agent.watches.count() == 0


# --- resolve ----------------------------------------------------------------------------------

SOLUTION = {"sent": "1", "resolution": "The router was replaced.", "closure_code": "workaround"}


def test_tickets_are_solved_together_and_the_refused_keep_their_state(world, sign_in):  # noqa: F811
    service = a_service(world)
    good = world.ticket("good", service=service)
    bare = world.ticket("without a service")
    solved = world.ticket("solved before", state="resolved", service=service)
    blocked = world.ticket("a task is open", service=service)
    Task.objects.create(record_id=blocked.pk, title="Bring the laptop back", is_mandatory=True)
    before = {ticket.pk: fresh(ticket).version for ticket in (bare, solved, blocked)}

    answer = sign_in(world.agent).post(
        "/queue/bulk/resolve/", SOLUTION | {"sel": chosen(good, bare, solved, blocked)},
        headers={"HX-Request": "true"},
    )  # fmt: skip

    text = answer.content.decode()
    assert "1 ticket done. 3 were refused." in text
    assert good.number not in text
    for ticket, reason in (
        (bare, "Name the service first."), (solved, "Resolve"),
        (blocked, "A task that must be done is still open."),
    ):  # fmt: skip
        assert ticket.number in text
        assert reason in text
        assert fresh(ticket).version == before[ticket.pk]
        assert not fresh(ticket).timeline.filter(verb="incident.resolved").exists()
    assert fresh(good).state == "resolved"
    assert fresh(good).resolution == "The router was replaced."
    assert fresh(good).timeline.get(verb="incident.resolved").author == world.agent


def test_a_solution_needs_words_and_a_code(world, sign_in):  # noqa: F811
    ticket = world.ticket("one", service=a_service(world))
    client = sign_in(world.agent)

    answer = client.post("/queue/bulk/resolve/", {"sel": chosen(ticket), "sent": "1"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="id_resolution-error"' in text
    assert 'id="id_closure_code-error"' in text
    assert fresh(ticket).state == "assigned"


def test_a_code_of_another_kind_solves_nothing(world):  # noqa: F811
    ticket = world.ticket("one", service=a_service(world))
    code = ClosureCode(kind="service_request", code="done")

    outcome = actions.on_many(
        "resolve", [ticket.pk], by=world.agent, resolution="Done", closure_code=code
    )

    assert [reason for *_, reason in outcome.refused] == [
        "This closure code is for another kind of ticket."
    ]


def test_the_same_form_sent_twice_acts_once(world, sign_in):  # noqa: F811
    ticket = world.ticket("one")
    client = sign_in(world.agent)
    page = client.get("/queue/bulk/note/", {"sel": chosen(ticket)})
    data = {
        "sel": chosen(ticket), "sent": "1", "body": "Once.", "submit_token": page.context["token"]
    }  # fmt: skip

    client.post("/queue/bulk/note/", data)
    second = client.post("/queue/bulk/note/", data, headers={"HX-Request": "true"})

    assert "This was sent already." in second["HX-Trigger"]
    assert fresh(ticket).timeline.filter(kind="note").count() == 1


# --- priority ---------------------------------------------------------------------------------


def test_a_priority_is_set_for_many_with_a_reason(world, sign_in):  # noqa: F811
    one = world.ticket("one", impact=3, urgency=3, priority=5)
    solved = world.ticket("solved", state="resolved", impact=3, urgency=3, priority=5)
    client = sign_in(world.agent)
    data = {"sel": chosen(one, solved), "sent": "1", "priority": "2"}

    bare = client.post("/queue/bulk/priority/", data)
    answer = client.post("/queue/bulk/priority/", data | {"reason": "The month is closed today"})

    assert bare.status_code == 422
    assert answer.status_code == 409
    assert solved.number in answer.content.decode()
    assert fresh(one).priority == 2
    assert fresh(one).priority_override_reason == "The month is closed today"
    assert fresh(solved).priority == 5


def test_only_a_manager_sets_the_highest_priority_and_the_matrix_takes_it_back(world, sign_in):  # noqa: F811
    manager = world.person("INCM", "INCM", groups=[world.desk])
    ticket = world.ticket("one", impact=3, urgency=3, priority=5)
    highest = {"sel": chosen(ticket), "sent": "1", "priority": "1", "reason": "All are down"}

    refused = sign_in(world.agent).post("/queue/bulk/priority/", highest)
    done = sign_in(manager).post("/queue/bulk/priority/", highest)

    assert "may set P1" in refused.content.decode()
    assert done.status_code == 302
    assert fresh(ticket).priority == 1
    sign_in(manager).post("/queue/bulk/priority/", {"sel": chosen(ticket), "sent": "1"})
    assert (fresh(ticket).priority, fresh(ticket).priority_override_reason) == (5, "")


def test_a_major_incident_keeps_its_priority(world):  # noqa: F811
    ticket = world.ticket("down", is_major=True, impact=1, urgency=1, priority=1)

    outcome = actions.on_many(
        "priority", [ticket.pk], by=world.agent, priority=3, reason="calmer now"
    )

    assert outcome.done == []
    assert outcome.refused[0][2] == "A major incident has priority 1."


def test_the_way_back_leads_nowhere_else(world, sign_in):  # noqa: F811
    ticket = world.ticket("one")

    answer = sign_in(world.agent).post(
        "/queue/bulk/take/", {"sel": chosen(ticket), "next": "https://evil.example/"}
    )

    assert answer.url == "/queue/"

"""Escalating by hand and acknowledging, from the page and by API: who is told, what is refused."""

import pytest

from incidents import escalating
from incidents.actions import lifecycle
from incidents.models import Incident
from people.models import SupportGroup
from records.models import Notification
from slm.actions import escalations
from slm.models import Escalation
from tests.incidents.pages import closure, htmx, page, post, report, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staffed(world):
    """The lead of the second line has a manager; an incident is at work there."""
    SupportGroup.objects.filter(pk=world.second_line.pk).update(lead=world.lead)
    type(world.lead).objects.filter(pk=world.lead.pk).update(manager=world.desk_manager)
    world.incident = report(world, group=world.second_line)
    lifecycle.start(world.incident, by=world.specialist)
    world.incident = Incident.objects.get(pk=world.incident.pk)
    return world


def up(world, **fields):
    fields.setdefault("to", [world.manager])
    return escalations.escalate(world.incident, by=world.specialist, reason="Decide", **fields)


@pytest.mark.feature("IN-08")
def test_the_ranks_above_are_offered_by_name(staffed):
    text = page(htmx(staffed.specialist), staffed.incident, "escalate-up/").content.decode()

    assert "Lead of the group: Li Hua" in text
    assert "The lead&#x27;s manager: Tom Becker" in text
    assert "Process manager: Priya Kapoor" in text
    assert "Service level manager: Grace Rossi" in text
    assert "Service owner: Service Owner" in text
    assert "<html" not in text


@pytest.mark.feature("IN-08")
def test_who_is_escalated_to_is_told_and_the_work_stays(staffed):
    before = staffed.incident.assigned_group

    answer = post(
        signed_in(staffed.specialist), staffed.incident, "escalate-up",
        version=staffed.incident.version, to="group_lead", reason="The supplier does not move",
    )  # fmt: skip

    assert answer.url == f"/incidents/{staffed.incident.number}/"
    escalation = Escalation.objects.get()
    assert (escalation.type, escalation.by) == ("hierarchic", staffed.specialist)
    assert [one["name"] for one in escalation.told] == ["Li Hua"]
    told = Notification.objects.filter(person=staffed.lead, template="escalation")
    assert told.exists()
    again = Incident.objects.get(pk=staffed.incident.pk)
    assert (again.assigned_group, again.assignee) == (before, staffed.specialist)
    entry = again.timeline.get(verb="clock.escalated")
    assert (entry.visibility, entry.body) == ("internal", "The supplier does not move")


def test_a_rank_without_anybody_is_not_offered(staffed):
    ranks = [code for code, _label, _people in escalating.ranks_of(staffed.incident)]
    assert "service_owner" in ranks

    staffed.incident.service = None
    SupportGroup.objects.filter(pk=staffed.second_line.pk).update(lead=None)

    ranks = [code for code, _label, _people in escalating.ranks_of(staffed.incident)]
    assert "service_owner" not in ranks


def test_what_is_solved_is_escalated_to_nobody(staffed):
    incident = lifecycle.resolve(
        staffed.incident, by=staffed.specialist, resolution="Done", closure_code=closure()
    )

    answer = post(signed_in(staffed.specialist), incident, "escalate-up",
                  version=incident.version, to="slm", reason="x")  # fmt: skip

    assert answer.status_code == 409
    assert "It is not open any more." in answer.content.decode()
    assert not Escalation.objects.exists()
    shown = page(signed_in(staffed.specialist), incident).content.decode()
    assert "Escalate to a manager…" not in shown


def test_who_only_reads_escalates_nothing(staffed):
    incident = staffed.incident

    for slug in ("escalate-up", "acknowledge"):
        answer = post(signed_in(staffed.auditor), incident, slug, version=incident.version,
                      to="slm", reason="x")  # fmt: skip
        assert answer.status_code == 403
    assert "Acknowledge…" not in page(signed_in(staffed.auditor), incident).content.decode()


# --- acknowledging ----------------------------------------------------------------------------


@pytest.mark.feature("IN-08")
def test_the_page_says_what_nobody_acknowledged_until_somebody_does(staffed):
    up(staffed)
    client = signed_in(staffed.manager)
    before = page(client, staffed.incident).content.decode()

    post(client, staffed.incident, "acknowledge",
         escalations=[Escalation.objects.get().pk], comment="I call them")  # fmt: skip

    assert "1 escalation has not been acknowledged" in before
    assert "Escalated by Sofia Okafor: Decide" in before
    after = page(client, staffed.incident).content.decode()
    assert "not been acknowledged" not in after
    assert "I call them" in after
    seen = Escalation.objects.get()
    assert (seen.acknowledged_by, seen.comment) == (staffed.manager, "I call them")


def test_the_second_to_acknowledge_learns_who_was_first(staffed):
    other = up(staffed, to=[staffed.lead])
    escalation = up(staffed)
    escalations.acknowledge(escalation, by=staffed.manager)

    answer = post(signed_in(staffed.lead), staffed.incident, "acknowledge",
                  escalations=[escalation.pk, other.pk])  # fmt: skip

    assert answer.status_code == 409
    assert "Grace Rossi has acknowledged it already." in answer.content.decode()
    assert Escalation.objects.get(pk=other.pk).acknowledged_at is None


def test_an_escalation_of_another_incident_is_none_of_this_one(staffed):
    escalation = up(staffed)
    other = report(staffed, group=staffed.second_line)

    answer = post(signed_in(staffed.lead), other, "acknowledge", escalations=[escalation.pk])

    assert answer.status_code == 422
    assert Escalation.objects.get().acknowledged_at is None


@pytest.mark.parametrize(
    ("fired", "acknowledged", "asked"),
    [
        ([(0, 50), (0, 75), (0, 100)], (), [(0, 100)]),
        ([(0, 50), (0, 75), (0, 100)], [(0, 75)], [(0, 100)]),
        ([(0, 50), (0, 75), (0, 100)], [(0, 100)], []),
        ([(1, 100), (2, 50)], (), [(2, 50)]),
    ],
)
def test_of_one_clock_only_the_latest_escalation_is_asked_about(
    promised_clock, fired, acknowledged, asked
):
    clock = promised_clock
    for cycle, percent in fired:
        done = (cycle, percent) in list(acknowledged)
        Escalation.objects.create(
            record_id=clock.record_id, clock=clock, cycle=cycle, threshold=str(percent),
            type="notify", due_at=clock.started_at, fired_at=clock.started_at,
            acknowledged_at=clock.started_at if done else None,
        )  # fmt: skip

    found = escalating.unseen(clock.record)

    assert [(row.cycle, int(row.threshold)) for row in found] == asked


@pytest.fixture
def promised_clock(world):
    from tests.world import promise

    promise(world, ("resolution", 8))
    return report(world).clocks.get(metric="resolution")


# --- API --------------------------------------------------------------------------------------


@pytest.mark.feature("AP-01")
def test_the_api_escalates_lists_and_acknowledges_with_the_same_words(staffed):
    client = signed_in(staffed.specialist)
    base = f"/api/v1/incidents/{staffed.incident.number}"

    def send(step, **data):
        return client.post(f"{base}/{step}/", data, content_type="application/json")

    nobody = send("escalate_up", to="person", reason="Decide")
    done = send("escalate_up", to="slm", reason="Decide")
    listed = client.get(f"{base}/escalations/").json()
    strange = send("acknowledge", escalations=[10**9])
    seen = send("acknowledge", comment="On it")
    again = send("acknowledge", escalations=[listed[0]["id"]])

    assert nobody.status_code == 400
    assert done.status_code == 200
    assert [(row["type"], row["told"], row["by"]) for row in listed] == [
        ("hierarchic", ["Grace Rossi"], "S1")
    ]
    assert strange.status_code == 400
    assert seen.status_code == 200
    assert again.status_code == 409
    assert "Sofia Okafor has acknowledged it already." in again.content.decode()
    assert client.get(f"{base}/escalations/").json()[0]["acknowledged_by"] == "S1"


@pytest.mark.feature("AP-01")
def test_the_requester_reads_and_makes_no_escalation(staffed):
    client = signed_in(staffed.requester)
    base = f"/api/v1/incidents/{staffed.incident.number}"

    assert client.get(f"{base}/escalations/").status_code == 403
    for step, data in (
        ("acknowledge", {}), ("escalate_up", {"to": "slm", "reason": "quick"})
    ):  # fmt: skip
        answer = client.post(f"{base}/{step}/", data, content_type="application/json")
        assert answer.status_code == 403
    assert not Escalation.objects.exists()

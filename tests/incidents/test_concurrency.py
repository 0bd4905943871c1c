"""Two agents, one moment: one wins, the other is told what happened; nothing is written twice."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.errors import Refused
from incidents.actions import lifecycle, opening
from incidents.models import Incident
from records.models import ClosureCode
from slm.models import ClockEvent
from tests import world as company

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run all acts at the same moment, each on a connection of its own. Their results, in order."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        try:
            barrier.wait(20)
            results[index] = act()
        except Exception as error:  # noqa: BLE001 - what went wrong is the result
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture
def desk():
    world = company.build()
    company.promise(world, ("response", 1), ("resolution", 8))
    world.incident = opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN", service=world.erp
    )
    return world


def refused(results):
    return [result for result in results if isinstance(result, Refused)]


@pytest.mark.feature("SD-16")
def test_of_two_who_take_it_one_does(desk):
    results = at_once(
        lambda: lifecycle.start(desk.incident, by=desk.agent),
        lambda: lifecycle.start(desk.incident, by=desk.agent2),
    )

    (loser,) = refused(results)
    winner = Incident.objects.get().assignee
    assert winner.name in str(loser) or "In progress" in str(loser)
    assert desk.incident.timeline.filter(verb="incident.started").count() == 1


@pytest.mark.feature("SD-16")
def test_of_two_who_resolve_it_one_does(desk):
    code = ClosureCode.objects.get(code="solved_permanently")

    def resolve(person, text):
        return lambda: lifecycle.resolve(
            desk.incident, by=person, resolution=text, closure_code=code
        )

    results = at_once(resolve(desk.agent, "one"), resolve(desk.agent2, "two"))

    assert len(refused(results)) == 1
    assert desk.incident.timeline.filter(verb="incident.resolved").count() == 1
    stops = ClockEvent.objects.filter(clock__metric="resolution", kind="stop")
    assert stops.count() == 1


@pytest.mark.feature("SD-16")
def test_of_two_who_edit_what_they_saw_one_is_told_by_whom(desk):
    version = Incident.objects.get().version

    results = at_once(
        lambda: lifecycle.classify(desk.incident, by=desk.agent, impact=1, seen_version=version),
        lambda: lifecycle.classify(desk.incident, by=desk.agent2, urgency=1, seen_version=version),
    )

    (loser,) = refused(results)
    assert desk.agent.name in str(loser) or desk.agent2.name in str(loser)


@pytest.mark.feature("SD-17")
def test_twenty_sendings_of_one_form_make_one_record(desk):
    clients = []
    for _ in range(20):
        client = Client()
        client.force_login(desk.requester, backend="people.backends.PersonBackend")
        clients.append(client)
    page = clients[0].get(reverse("portal:report"))
    token = page.context["form"]["submit_token"].value()
    data = {
        "subject": "only once", "details": "", "stops": "slower", "others": "me",
        "submit_token": token,
    }  # fmt: skip

    answers = at_once(*[lambda c=c: c.post(reverse("portal:report"), data) for c in clients])

    assert all(getattr(answer, "status_code", 500) < 400 for answer in answers), answers
    assert Incident.objects.filter(title="only once").count() == 1

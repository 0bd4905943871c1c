"""The coordination board and the section of suppliers on a ticket, through the pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import time
from people.models import Person
from slm.actions import referrals
from slm.models import Clock, SupplierReferral
from tests.slm.test_referrals import handed  # noqa: F401
from tests.world import promise

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S-12")]
BOARD = "servicedesk:coordination"


def send(world, **fields):
    values = {"supplier": world.supplier, "question": "The line is down", "contact": "noc"}
    return referrals.refer(world.incident, by=world.agent, **(values | fields))


def test_an_agent_refers_a_ticket_and_notes_what_comes_back(handed, client):  # noqa: F811
    client.force_login(handed.agent)
    number = handed.incident.number
    refused = client.post(
        reverse("work:refer", args=[number]),
        {"supplier": handed.supplier.pk, "contact": "", "question": "The line is down"},
    )
    sent = client.post(
        reverse("work:refer", args=[number]),
        {"supplier": handed.supplier.pk, "contact": "noc", "question": "The line is down"},
    )
    made = SupplierReferral.objects.get()
    step = reverse("work:referral_step", args=[number, made.pk, "answer"])
    client.post(step, {"text": "Line card replaced"})
    again = client.post(step, {"text": "twice"})

    assert (refused.status_code, sent.status_code) == (422, 302)
    assert "contact" in refused.context["form"].errors
    made = SupplierReferral.objects.get()
    assert (made.state, made.answer_text) == ("answered", "Line card replaced")
    assert again.status_code == 409
    section = client.get(reverse("work:referrals", args=[number])).content.decode()
    assert "Line card replaced" in section
    assert "Accept the answer" in section


def test_without_a_contract_the_form_asks_why(handed, client):  # noqa: F811
    client.force_login(handed.agent)
    handed.contract.child()
    other = type(handed.supplier).objects.create(code="ADHOC", name_en="Ad hoc", kind="supplier")

    answer = client.post(
        reverse("work:refer", args=[handed.incident.number]),
        {"supplier": other.pk, "contact": "noc", "question": "x"},
    )

    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors


def test_the_suppliers_people_see_their_own_and_answer(handed, client):  # noqa: F811
    made = send(handed)
    client.force_login(Person.objects.get(pk=handed.technician.pk))
    section = reverse("work:referrals", args=[handed.incident.number])

    seen = client.get(section)
    noted = client.post(
        reverse("work:referral_step", args=[handed.incident.number, made.pk, "acknowledge"]),
        {"external_ref": "N-1"},
    )
    refused = client.post(
        reverse("work:referral_step", args=[handed.incident.number, made.pk, "recall"]),
        {"reason": "x"},
    )

    assert "The line is down" in seen.content.decode()
    assert noted.status_code == 302
    assert noted.url == section
    assert refused.status_code == 403


def test_the_board_counts_by_group_and_supplier_and_shows_who_is_late(handed, client):  # noqa: F811
    promise(handed, ("resolution", 4), kind="ola", title="OLA", provider_group=handed.second_line)
    from incidents.actions import lifecycle, opening

    waiting = opening.open_incident(
        by=handed.requester, requester=handed.requester, title="Router", service=handed.erp
    )
    lifecycle.assign(waiting, by=handed.agent, group=handed.second_line)
    made = send(handed)
    Clock.objects.filter(referral=made.number).update(due_at=time.now() - timedelta(hours=1))
    client.force_login(Person.objects.get(pk=handed.agent.pk))

    page = client.get(reverse(BOARD))

    [line] = page.context["groups"]
    assert (line.group, line.open, line.unassigned, line.late) == (handed.second_line, 1, 1, 0)
    [supplier] = page.context["suppliers"]
    assert (supplier.sent, supplier.unacknowledged, supplier.late) == (1, 1, 1)
    assert {clock.record.title for clock in page.context["rows"]} >= {"Router"}
    assert page.context["rows"][0].is_late


def test_the_board_is_calm_where_nothing_was_handed_over(world, client):
    client.force_login(world.agent)

    text = client.get(reverse(BOARD)).content.decode()

    assert "Everything is at the desk" in text
    assert "No supplier is asked" in text


def test_the_board_shows_nothing_that_its_reader_may_not_see(handed, client):  # noqa: F811
    send(handed)
    stranger_desk = Person.objects.get(pk=handed.specialist.pk)
    client.force_login(stranger_desk)

    page = client.get(reverse(BOARD))

    assert page.context["suppliers"] == []
    assert page.context["rows"] == []


def test_the_board_costs_the_same_for_many_as_for_one(handed, client):  # noqa: F811
    client.force_login(Person.objects.get(pk=handed.agent.pk))
    client.get(reverse(BOARD))
    costs = []
    for n in range(3):
        send(handed, question=f"Question {n}")
        with CaptureQueriesContext(connection) as statements:
            client.get(reverse(BOARD))
        costs.append(len(statements))

    assert len(set(costs)) == 1

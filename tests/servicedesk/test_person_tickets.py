"""The tickets on the page of a person: only what the reader may see, short, and with a way to all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.servicedesk.queue_world import sign_in, world  # noqa: F401

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def address(person):
    return f"/people/{person.pk}/tickets/"


def titles(page):
    return {part.key: [row.title for row in part.rows] for part in page.context["parts"]}


def closed(world, title, *, days=1, **fields):  # noqa: F811
    return world.ticket(
        title, state="closed", updated_at=world.now - timedelta(days=days), **fields
    )


def test_the_page_of_a_person_loads_their_tickets(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)

    card = client.get(f"/people/{world.requester.pk}/").content.decode()
    piece = client.get(address(world.requester), headers=HTMX)
    page = client.get(address(world.requester))

    assert f'hx-get="{address(world.requester)}"' in card
    assert "<html" not in piece.content.decode()
    assert "<html" in page.content.decode()


def test_open_ones_come_by_due_time_and_finished_ones_by_freshness(world, sign_in):  # noqa: F811
    world.ticket("later", due=200)
    world.ticket("late", due=-5)
    world.ticket("waits", state="pending", due=None)
    closed(world, "older", days=9)
    closed(world, "newer", days=2)
    world.ticket("of another", due=1, requester=world.colleague)

    page = sign_in(world.agent).get(address(world.requester))

    assert titles(page) == {"open": ["late", "later", "waits"], "recent": ["newer", "older"]}


def test_what_the_reader_may_not_see_is_neither_shown_nor_counted(world, sign_in):  # noqa: F811
    world.ticket("seen")
    world.ticket("SECRET-4711", confidentiality="security")
    closed(world, "SECRET-4712", confidentiality="security")

    page = sign_in(world.agent).get(address(world.requester))

    assert titles(page) == {"open": ["seen"]}
    assert [part.total for part in page.context["parts"]] == ["1"]
    assert "SECRET" not in page.content.decode()


def test_an_agent_who_sees_none_of_them_is_told_so(world, sign_in):  # noqa: F811
    world.ticket("secret", confidentiality="security")

    page = sign_in(world.agent).get(address(world.requester), headers=HTMX)

    assert titles(page) == {}
    assert "No ticket of this person that you may see." in page.content.decode()


def test_a_person_that_is_not_visible_is_not_there(world, sign_in):  # noqa: F811
    client = sign_in(world.requester)

    assert client.get(address(world.stranger)).status_code == 404
    assert client.get("/people/99999999999999999999/tickets/").status_code == 404


def test_a_long_list_is_cut_and_leads_to_the_queue(world, sign_in):  # noqa: F811
    for number in range(12):
        world.ticket(f"open {number}", due=number)
    for number in range(7):
        closed(world, f"closed {number}", days=number)
    client = sign_in(world.agent)

    page = client.get(address(world.requester))

    shown = {part.key: (len(part.rows), part.total, part.href) for part in page.context["parts"]}
    assert {key: value[:2] for key, value in shown.items()} == {
        "open": (10, "12"), "recent": (5, "7"),
    }  # fmt: skip
    queue = client.get(shown["open"][2]).content.decode()
    assert ">open 11<" in queue
    assert ">closed 0<" not in queue


def test_the_number_of_queries_does_not_grow_with_the_tickets(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)
    world.ticket("one", due=1)
    closed(world, "one more")
    client.get(address(world.requester))

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(address(world.requester))
        return len(caught)

    few = queries()
    for number in range(8):
        world.ticket(f"open {number}", due=number)
        closed(world, f"closed {number}")

    # the last list is full now: its whole is counted by one more
    assert queries() <= few + 1


def test_a_requester_reads_their_own_in_the_portal(world, sign_in):  # noqa: F811
    ticket = world.ticket("mine", due=5)

    page = sign_in(world.requester).get(address(world.requester))

    text = page.content.decode()
    assert f'href="/portal/requests/{ticket.number}/"' in text
    assert 'href="/portal/requests/"' in text
    assert "/queue/" not in text

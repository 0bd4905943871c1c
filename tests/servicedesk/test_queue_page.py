"""The queue as a page: lanes, paging, what is hidden, what a page costs, what an address may say."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Site
from records.models import RecordAccess, Watch
from servicedesk.queue import clock
from tests.servicedesk.queue_world import sign_in, titles, world  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.feature("SD-20")
def test_the_queue_stands_in_lanes_of_urgency(world, sign_in):  # noqa: F811
    world.ticket("no promise")
    world.waiting("paused")
    world.ticket("later", due=300)
    world.ticket("soon", due=30)
    world.ticket("late", due=-5)

    page = sign_in(world.agent).get("/queue/?view=team")

    assert titles(page) == ["late", "soon", "later", "paused", "no promise"]
    bands = [(band.key, band.count) for band in page.context["page"].bands]
    assert bands == [("breached", "1"), ("soon", "1"), ("later", "1"), ("paused", "1"),
                     ("none", "1")]  # fmt: skip
    assert [beat.count for beat in page.context["page"].pulse] == ["1", "1", "1", "1", "5"]


@pytest.mark.feature("SE-01")
def test_what_a_person_may_not_see_is_in_no_list_and_no_count(world, sign_in):  # noqa: F811
    world.ticket("of another company", organization=world.other, assigned_group=world.foreign)
    world.ticket("restricted elsewhere", confidentiality="restricted", assigned_group=world.network)
    world.ticket("security", confidentiality="security")
    world.ticket("mine to see")

    page = sign_in(world.agent).get("/queue/?view=all&phase=any")

    assert titles(page) == ["mine to see"]
    assert page.context["page"].total == "1"
    assert page.context["page"].pulse == []
    pulse = sign_in(world.agent).get("/queue/?view=all").context["page"].pulse
    assert [beat.count for beat in pulse] == ["0", "0", "0", "0", "1"]


def test_a_restricted_ticket_is_seen_by_its_own_group(world, sign_in):  # noqa: F811
    world.ticket("restricted", confidentiality="restricted", assigned_group=world.network)

    assert titles(sign_in(world.engineer).get("/queue/?view=all")) == ["restricted"]


def test_a_person_who_was_let_in_sees_a_security_ticket(world, sign_in):  # noqa: F811
    secret = world.ticket("security", confidentiality="security")
    RecordAccess.objects.create(record_id=secret.pk, person=world.agent, reason="referral")

    assert titles(sign_in(world.agent).get("/queue/?view=all")) == ["security"]


@pytest.mark.parametrize("person", ["requester"])
def test_the_queue_is_for_agents(world, sign_in, person):  # noqa: F811
    assert sign_in(getattr(world, person)).get("/queue/").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client, world):  # noqa: F811
    assert client.get("/queue/").status_code == 302


# --- paging -----------------------------------------------------------------------------------


def read_through(client, address, way="after"):
    """All titles, page by page, along the pager's own links."""
    seen, cursor, guard = [], "", 0
    while guard < 20:
        page = client.get(f"{address}&{way}={cursor}" if cursor else address)
        found = titles(page)
        seen = seen + found if way == "after" else found + seen
        cursor = getattr(page.context["page"], way)
        guard += 1
        if not cursor:
            return seen, page
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize(
    "order",
    ["due", "-due", "priority", "-priority", "assignee", "-assignee", "updated", "-updated",
     "number", "-number"],
)  # fmt: skip
def test_no_ticket_is_lost_or_doubled_across_pages(world, sign_in, order):  # noqa: F811
    for n in range(60):
        due = None if n % 3 == 0 else (n % 7 - 2) * 45
        world.ticket(
            f"t{n}", due=due, priority=n % 4 + 1 if n % 5 else None,
            assignee=[None, world.agent, world.colleague][n % 3],
            updated_at=world.now - timedelta(minutes=n % 9),
            sla_status="none" if due is not None else ["paused", "none"][n % 2],
        )  # fmt: skip
    client = sign_in(world.agent)

    seen, last = read_through(client, f"/queue/?view=all&o={order}")

    assert len(seen) == 60
    assert len(set(seen)) == 60
    back = titles(client.get(f"/queue/?view=all&o={order}&before={last.context['page'].before}"))
    assert back == seen[:50]


def test_a_lane_cut_by_a_page_tells_its_whole_count(world, sign_in):  # noqa: F811
    for n in range(55):
        world.ticket(f"t{n}", due=300 + n)
    world.ticket("late", due=-5)

    page = sign_in(world.agent).get("/queue/?view=all")

    assert [(band.key, band.count) for band in page.context["page"].bands] == [
        ("breached", "1"), ("later", "55"),
    ]  # fmt: skip
    assert page.context["page"].total == "56"


@pytest.mark.parametrize("cursor", ["x", "%00", "e30", "W10", "WzFd", "a" * 5000])
def test_a_broken_cursor_shows_the_first_page(world, sign_in, cursor):  # noqa: F811
    world.ticket("one", due=5)

    assert titles(sign_in(world.agent).get(f"/queue/?view=all&after={cursor}")) == ["one"]


# --- cost -------------------------------------------------------------------------------------


def statements(client, address):
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address)
    assert page.status_code == 200
    return len(captured)


@pytest.mark.feature("OP-05")
def test_fifty_rows_cost_as_many_statements_as_five(world, sign_in):  # noqa: F811
    site = Site.objects.create(
        code="SH", organization=world.lanting, time_zone="Asia/Shanghai", name_en="Shanghai"
    )
    address = (
        f"/queue/?view=team&group={world.desk.pk}&requester={world.requester.pk}"
        f"&organization={world.lanting.pk}&site={site.pk}"
    )
    client = sign_in(world.agent)
    for n in range(5):
        world.ticket(f"t{n}", due=n * 40, assignee=world.agent, site=site)
    client.get(address)
    cache.clear()
    few = statements(client, address)
    for n in range(50):
        world.ticket(f"more{n}", due=n * 40, assignee=world.colleague, site=site)
    cache.clear()

    many = statements(client, address)

    assert many == few <= 12
    assert statements(client, "/queue/?view=team") <= 12


def test_a_partial_answer_is_the_list_alone(world, sign_in):  # noqa: F811
    world.ticket("one")

    page = sign_in(world.agent).get("/queue/?view=all", headers={"HX-Request": "true"})

    text = page.content.decode()
    assert 'id="list"' in text
    assert "<html" not in text
    assert 'id="count" hx-swap-oob="true">1<' in text


# --- addresses --------------------------------------------------------------------------------


def test_what_an_address_says_wrongly_is_left_out_and_told(world, sign_in):  # noqa: F811
    world.ticket("one")

    page = sign_in(world.agent).get("/queue/?view=gone&priority=9,3&state=<b>&o=colour")

    assert titles(page) == ["one"]
    text = page.content.decode()
    assert "left out" in text
    assert "&lt;b&gt;" in text
    assert len(page.context["selection"].problems) == 4


def test_an_address_full_of_nonsense_does_not_fail(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)

    for address in (
        "service=99999999999999999999", "service=1%27%20OR%201=1--", "q=%00", "q=%25%5F%27",
        "group=-1", "requester=1e5", "category=999999", "q=" + "x" * 10_000, "updated=" + "1d," * 999,
    ):  # fmt: skip
        assert client.get(f"/queue/?{address}").status_code == 200, address


def test_an_empty_queue_says_what_to_do_next(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)

    assert "Nothing here" in client.get("/queue/?view=mine").content.decode()
    assert "fits all of these filters" in client.get("/queue/?priority=1").content.decode()
    assert "contains “nothing”" in client.get("/queue/?view=all&q=nothing").content.decode()


# --- rows -------------------------------------------------------------------------------------


def test_a_row_draws_its_clock_from_the_cache(world, sign_in):  # noqa: F811
    version = world.calendar.versions.get()
    began = int((world.now - timedelta(hours=1)).timestamp())
    cached = {
        "metric": "resolution", "kind": "sla", "state": "running", "target": 4 * 3600,
        "elapsed": 1800, "at": began + 1800, "due": began + 4 * 3600, "breached": None, "warn": 75,
        "key": [version.pk, "support", ""], "tape": [[began, None, "run"]],
    }  # fmt: skip

    drawn = clock.drawn(cached, world.now, world.now.tzinfo, "en")

    assert clock.elapsed_seconds(cached, world.now) == 3600
    assert drawn["state"] == "ok"
    assert drawn["text"] == "3 h left"
    assert drawn["ticks"]
    assert [(round(x0), round(x1), look) for x0, x1, look in drawn["tape"]] == [(0, 25, "run")]


@pytest.mark.parametrize(
    ("hours", "state", "text"),
    [(3.5, "risk", "30 m left"), (4.5, "breached", "30 m over")],
)  # fmt: skip
def test_a_clock_turns_amber_and_red(world, hours, state, text):  # noqa: F811
    version = world.calendar.versions.get()
    began = int((world.now - timedelta(hours=hours)).timestamp())
    cached = {
        "metric": "resolution", "kind": "sla", "state": "running", "target": 4 * 3600,
        "elapsed": 0, "at": began, "due": began + 4 * 3600, "breached": None, "warn": 75,
        "key": [version.pk, "support", ""], "tape": [[began, None, "run"]],
    }  # fmt: skip

    drawn = clock.drawn(cached, world.now, world.now.tzinfo, "en")

    assert (drawn["state"], drawn["text"]) == (state, text)
    assert all(0 <= x0 <= x1 <= 100.01 for x0, x1, _ in drawn["tape"])


def test_the_title_of_a_ticket_is_shown_as_text(world, sign_in):  # noqa: F811
    world.ticket("<script>alert(1)</script>")

    text = sign_in(world.agent).get("/queue/?view=all").content.decode()

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_watcher_sees_the_ticket_but_not_as_an_agent_of_all(world, sign_in):  # noqa: F811
    far = world.ticket("far", organization=world.other, assigned_group=world.foreign)
    Watch.objects.create(record_id=far.pk, person=world.agent)

    assert titles(sign_in(world.agent).get("/queue/?view=all")) == ["far"]

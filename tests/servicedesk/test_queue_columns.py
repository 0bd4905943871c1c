"""Which columns and which density a view has, for whom; and the list as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person
from records.models import Category
from servicedesk.models import SavedView, ViewLook
from servicedesk.queue import exporting
from tests.servicedesk.queue_world import sign_in, world  # noqa: F401

pytestmark = pytest.mark.django_db


def heads(page):
    return [str(head.label) for head in page.context["page"].columns]


def choose(client, *columns, view="all", density=""):
    return client.post(
        "/queue/columns/", {"query": f"view={view}", "columns": columns, "density": density}
    )


def test_a_reader_chooses_the_columns_of_a_view(world, sign_in):  # noqa: F811
    category = Category.objects.create(code="vpn", name_en="<VPN>", name_zh="VPN")
    world.ticket("one", category=category)
    client = sign_in(world.agent)

    answer = choose(client, "group", "state", "category")

    assert answer.url == "/queue/?view=all"
    page = client.get("/queue/?view=all")
    assert heads(page) == ["Prio", "Ticket", "Category", "State", "Group"]
    text = page.content.decode()
    assert '<td role="cell" class="c-opt c-hide">&lt;VPN&gt;</td>' in text
    assert '<td role="cell" class="c-opt c-hide">Desk</td>' in text
    assert 'class="c-sla"' not in text
    assert "Next SLA" in heads(client.get("/queue/?view=mine"))
    assert "Next SLA" in heads(sign_in(world.colleague).get("/queue/?view=all"))


def test_choosing_none_goes_back_to_the_usual_ones(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)
    usual = heads(client.get("/queue/?view=all"))
    choose(client, "group")

    choose(client)

    assert heads(client.get("/queue/?view=all")) == usual
    assert not ViewLook.objects.exists()


def test_columns_that_are_none_and_too_many_are_told(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)
    many = ("requester", "service", "organization", "site", "category", "kind", "channel", "state")

    unknown, crowded = choose(client, "salary"), choose(client, *many)

    assert (unknown.status_code, crowded.status_code) == (422, 422)
    assert "At most 7 columns" in crowded.content.decode()
    assert not ViewLook.objects.exists()


def test_the_dialog_shows_what_is_chosen_now(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)
    choose(client, "group", density="comfy")

    answer = client.get("/queue/columns/?view=all", headers={"HX-Request": "true"})

    assert answer.context["form"].initial == {"columns": ("group",), "density": "comfy"}
    assert "<html" not in answer.content.decode()


def test_a_saved_view_brings_its_columns_and_density_to_its_readers(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)
    choose(client, "group", "updated", density="compact")
    client.post("/queue/views/new/", {
        "name": "Ours", "sharing": "group", "group": world.desk.pk, "query": "view=all",
    })  # fmt: skip
    view = SavedView.objects.get()

    page = sign_in(world.colleague).get(f"/queue/?view={view.pk}")

    assert (view.columns, view.density) == (["group", "updated"], "compact")
    assert heads(page) == ["Prio", "Ticket", "Group", "Updated"]
    assert 'data-density="compact"' in page.content.decode()
    assert "data-density" not in client.get("/queue/?view=mine").content.decode()


def test_ones_own_choice_stands_above_that_of_the_view(world, sign_in):  # noqa: F811
    view = SavedView.objects.create(
        name="Ours", owner=world.agent, sharing="everybody", density="compact", columns=["group"]
    )
    client = sign_in(world.colleague)
    client.cookies["density"] = "comfy"

    choose(client, "state", view=view.pk, density="standard")

    page = client.get(f"/queue/?view={view.pk}")
    assert heads(page) == ["Prio", "Ticket", "State"]
    assert "data-density" not in page.content.decode()
    assert 'data-density="comfy"' in client.get("/queue/?view=all").content.decode()


def test_a_deleted_view_leaves_no_looks_behind(world, sign_in):  # noqa: F811
    view = SavedView.objects.create(name="Mine", owner=world.agent)
    client = sign_in(world.agent)
    choose(client, "group", view=view.pk)

    client.post(f"/queue/views/{view.pk}/delete/")

    assert not ViewLook.objects.exists()


def test_a_column_that_was_taken_out_of_the_product_is_left_out(world, sign_in):  # noqa: F811
    ViewLook.objects.create(person=world.agent, view="all", columns=["gone", "group"])

    assert heads(sign_in(world.agent).get("/queue/?view=all")) == ["Prio", "Ticket", "Group"]


@pytest.mark.feature("OP-05")
def test_chosen_columns_cost_no_statement_more_whatever_the_rows(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)
    choose(client, "organization", "site", "category", "channel", "group", "opened")
    counts = []
    for size in (3, 47):
        for n in range(size):
            world.ticket(f"t{size}-{n}", due=n * 10)
        client.get("/queue/?view=all")
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get("/queue/?view=all")
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 12


# --- export -----------------------------------------------------------------------------------


def exported(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_filtered_list_is_exported_with_what_the_reader_may_see(world, sign_in):  # noqa: F811
    world.ticket("late", priority=1, due=-5)
    world.ticket("soon", priority=1, due=5)
    world.ticket("calm", priority=4, due=1)
    world.ticket("secret", priority=1, organization=world.other, assigned_group=world.foreign)

    answer = sign_in(world.agent).get("/queue/export/?view=all&priority=1")

    assert answer["Content-Type"].startswith("text/csv")
    assert 'filename="tickets.csv"' in answer["Content-Disposition"]
    rows = exported(answer)
    assert [row[1] for row in rows] == ["Subject", "late", "soon"]
    assert rows[1][rows[0].index("State")] == "Assigned"
    assert rows[1][rows[0].index("Group")] == "Desk"


def test_the_export_follows_the_search(world, sign_in):  # noqa: F811
    world.ticket("The printer burns")
    world.ticket("The mouse sleeps")

    page = sign_in(world.agent).get("/queue/?view=all&q=printer", headers={"HX-Request": "true"})
    rows = exported(sign_in(world.agent).get("/queue/export/?view=all&q=printer"))

    assert 'id="queue-export" href="/queue/export/?view=all&amp;q=printer"' in page.content.decode()
    assert [row[1] for row in rows[1:]] == ["The printer burns"]


@pytest.mark.parametrize("title", ["=1+1", "@SUM(A1)", "＝cmd|' /C calc'!A0", "\t-2+3"])
def test_a_title_that_begins_like_a_formula_is_defused(world, sign_in, title):  # noqa: F811
    world.ticket(title)

    rows = exported(sign_in(world.agent).get("/queue/export/?view=all"))

    assert rows[1][1] == f"'{title}"


def test_the_export_speaks_the_readers_language_and_time_zone(world, sign_in):  # noqa: F811
    world.ticket("one", assigned_group=world.network, opened_at=world.now - timedelta(days=1))
    Person.objects.filter(pk=world.engineer.pk).update(locale="zh-hans", time_zone="Asia/Shanghai")

    rows = exported(sign_in(world.engineer).get("/queue/export/?view=all"))

    assert rows[1][rows[0].index("小组")] == "网络组"
    assert rows[1][-1] == "Asia/Shanghai"


def test_the_export_ends_at_its_limit_and_the_page_says_so(world, sign_in, monkeypatch):  # noqa: F811
    for n in range(4):
        world.ticket(f"t{n}")
    client = sign_in(world.agent)

    assert "at most 10,000 tickets" in client.get("/queue/?view=all").content.decode()
    monkeypatch.setattr(exporting, "MOST", 3)
    assert len(exported(client.get("/queue/export/?view=all"))) == 1 + 3


@pytest.mark.parametrize("path", ["export", "columns"])
def test_only_agents_get_there(world, sign_in, path):  # noqa: F811
    assert sign_in(world.requester).get(f"/queue/{path}/").status_code == 403

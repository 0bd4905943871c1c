"""Views that people keep: who sees them, who may change them, what they count."""

import pytest
from django.core.cache import cache

from servicedesk.models import SavedView
from tests.servicedesk.queue_world import sign_in, titles, world  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SD-20")]


def save(client, **fields):
    data = {"name": "My P1", "sharing": "owner", "query": "phase=active&priority=1"} | fields
    return client.post("/queue/views/new/", data)


def test_the_filters_of_the_page_become_a_view(world, sign_in):  # noqa: F811
    world.ticket("p1", priority=1)
    world.ticket("p3")
    client = sign_in(world.agent)

    answer = save(client)

    view = SavedView.objects.get()
    assert answer.url == f"/queue/?view={view.pk}"
    assert view.filters == {"phase": ["active"], "priority": ["1"]}
    page = client.get(answer.url)
    assert titles(page) == ["p1"]
    assert "My P1" in page.content.decode()
    shown = {
        one.label: one.count for item in page.context["shell"].work for one in item.extra.views
    }
    assert shown["My P1"] == "1"
    assert shown["All open"] == "2"


@pytest.mark.parametrize(
    ("sharing", "seen_by"),
    [("owner", {"agent"}), ("group", {"agent", "colleague"}),
     ("everybody", {"agent", "colleague", "engineer", "stranger"})],
)  # fmt: skip
def test_a_view_is_seen_by_those_it_is_shared_with(world, sharing, seen_by):  # noqa: F811
    SavedView.objects.create(
        name="Shared", owner=world.agent, sharing=sharing,
        group=world.desk if sharing == "group" else None,
    )  # fmt: skip

    found = {
        name for name in ("agent", "colleague", "engineer", "stranger")
        if SavedView.objects.visible_to(getattr(world, name)).exists()
    }  # fmt: skip

    assert found == seen_by


def test_a_shared_view_counts_for_its_reader_what_they_may_see(world, sign_in):  # noqa: F811
    SavedView.objects.create(name="All", owner=world.agent, sharing="everybody",
                             filters={"phase": ["active"]})  # fmt: skip
    world.ticket("of the desk")

    page = sign_in(world.stranger).get("/queue/?view=all")

    shown = {
        one.label: one.count for item in page.context["shell"].work for one in item.extra.views
    }
    assert shown["All"] == ""


def test_a_view_is_shared_only_as_far_as_its_owner_may(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)

    assert save(client, sharing="everybody").status_code == 422
    assert save(client, sharing="group").status_code == 422
    assert save(client, sharing="group", group=world.network.pk).status_code == 422
    assert save(client, sharing="group", group=world.desk.pk).status_code == 302


def test_only_its_owner_edits_and_deletes_a_view(world, sign_in):  # noqa: F811
    shared = SavedView.objects.create(
        name="Shared", owner=world.agent, sharing="group", group=world.desk
    )
    secret = SavedView.objects.create(name="Mine", owner=world.agent)
    client = sign_in(world.colleague)

    assert client.get(f"/queue/views/{shared.pk}/edit/").status_code == 403
    assert client.post(f"/queue/views/{shared.pk}/delete/").status_code == 403
    assert client.post(f"/queue/views/{secret.pk}/delete/").status_code == 404
    assert SavedView.objects.count() == 2


def test_a_view_is_renamed_and_takes_over_the_filters(world, sign_in):  # noqa: F811
    view = SavedView.objects.create(name="Old", owner=world.agent, filters={"priority": ["1"]})
    client = sign_in(world.agent)
    data = {"name": "New", "sharing": "owner", "query": f"view={view.pk}&priority=2"}

    client.post(f"/queue/views/{view.pk}/edit/", data)
    view.refresh_from_db()
    assert (view.name, view.filters) == ("New", {"priority": ["1"]})
    client.post(f"/queue/views/{view.pk}/edit/", data | {"takes_filters": "on"})
    view.refresh_from_db()
    assert view.filters == {"priority": ["2"]}


def test_two_views_of_one_owner_have_two_names(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)
    save(client)

    answer = save(client)

    assert answer.status_code == 422
    assert "already" in answer.content.decode()


def test_the_queue_opens_with_the_default_view(world, sign_in):  # noqa: F811
    world.ticket("p1", priority=1)
    world.ticket("p3")
    client = sign_in(world.agent)
    assert set(titles(client.get("/queue/"))) == {"p1", "p3"}
    save(client, is_default="on")
    save(client, name="Second", query="phase=active&priority=3", is_default="on")

    assert titles(client.get("/queue/")) == ["p3"]
    assert SavedView.objects.filter(is_default=True).count() == 1


def test_a_deleted_view_leaves_the_queue(world, sign_in):  # noqa: F811
    view = SavedView.objects.create(name="Gone", owner=world.agent)
    client = sign_in(world.agent)

    client.post(f"/queue/views/{view.pk}/delete/")

    assert not SavedView.objects.exists()
    assert client.get(f"/queue/?view={view.pk}").status_code == 200


def test_words_that_lost_their_meaning_do_not_break_a_view(world, sign_in):  # noqa: F811
    world.ticket("one")
    view = SavedView.objects.create(
        name="Old words", owner=world.agent,
        filters={"state": ["gone"], "nothing": ["x"], "priority": "3", "group": 5}, sort="colour",
    )  # fmt: skip

    assert sign_in(world.agent).get(f"/queue/?view={view.pk}").status_code == 200


def test_counts_follow_ones_own_step_at_once(world, sign_in):  # noqa: F811
    from core import freshness
    from servicedesk.queue import views

    ticket = world.ticket("one", assignee=world.agent)
    known = views.views_of(world.agent)
    assert views.counts_of(known, world.agent)["mine"] == 1
    type(ticket).objects.filter(pk=ticket.pk).update(assignee=None)
    assert views.counts_of(known, world.agent)["mine"] == 1

    with freshness.reader_wrote(freshness.instant()):
        assert views.counts_of(known, world.agent)["mine"] == 0
    cache.clear()

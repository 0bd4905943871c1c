"""Each filter of the queue finds its rows and no other, and its token says so and takes it away."""

from datetime import timedelta

import pytest

from cmdb.models import CI, CIClass, Service
from people.models import Site
from records.models import Category
from servicedesk.queue.fields import FIELDS
from tests.servicedesk.queue_world import sign_in, titles, world  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(world):  # noqa: F811
    """One ticket for each filter that only this filter finds, and one that none finds."""
    world.site = Site.objects.create(
        code="SH", organization=world.lanting, time_zone="Asia/Shanghai", name_en="Shanghai"
    )
    world.category = Category.objects.create(code="net", name_en="Network")
    below = Category.objects.create(code="vpn", name_en="VPN", parent=world.category)
    ci = CI(
        number="CI-000001", name="Mail", ci_class=CIClass.objects.get(code="it_service"),
        state="live", organization=world.lanting, owner=world.agent, managed_by=world.desk,
    )  # fmt: skip
    ci.save()
    world.service = Service.objects.create(
        name_en="Mail", name_zh="邮件", ci=ci, code="MAIL", state="live", owner=world.agent,
        support_group=world.desk, service_hours=world.calendar,
    )  # fmt: skip
    vip = world.person("VIP", name="Chen Xi", is_vip=True)
    long_ago = world.now - timedelta(days=40)
    common = {"updated_at": long_ago}
    world.ticket("plain", assignee=world.colleague, **common)
    world.ticket("new", state="new", assignee=world.colleague, **common)
    world.ticket("network", assigned_group=world.network, assignee=world.engineer, **common)
    world.ticket("mine", assignee=world.agent, **common)
    world.ticket("nobody", **common)
    world.ticket("p1", priority=1, assignee=world.colleague, **common)
    world.ticket("late", due=-5, assignee=world.colleague, **common)
    world.ticket("soon", due=5, assignee=world.colleague, **common)
    world.ticket("service", service=world.service, assignee=world.colleague, **common)
    world.ticket("category", category=below, assignee=world.colleague, **common)
    world.ticket("vip", requester=vip, assignee=world.colleague, **common)
    world.ticket("site", site=world.site, assignee=world.colleague, **common)
    world.ticket("phone", channel="phone", assignee=world.colleague, **common)
    world.ticket("fresh", assignee=world.colleague)
    world.ticket("major", is_major=True, assignee=world.colleague, **common)
    world.ticket("reply", unanswered_since=world.now, assignee=world.colleague, **common)
    world.waiting("waits", days=5, assignee=world.colleague, **common)
    world.ticket("resolved", state="resolved", assignee=world.colleague, **common)
    world.ticket("closed", state="closed", assignee=world.colleague, closed_at=world.now, **common)
    world.vip = vip
    return world


CASES = {
    "phase=waiting": {"waits"},
    "phase=resolved": {"resolved"},
    "phase=closed": {"closed"},
    "phase=resolved,closed": {"resolved", "closed"},
    "state=new": {"new"},
    "state=closed": {"closed"},
    "group={network}": {"network"},
    "assignee=me": {"mine"},
    "assignee=nobody": {"nobody"},
    "assignee=me,nobody": {"mine", "nobody"},
    "assignee={engineer}": {"network"},
    "priority=1": {"p1"},
    "sla=breached": {"late"},
    "sla=soon": {"soon"},
    "sla=risk": {"late", "soon"},
    "sla=paused": {"waits"},
    "service={service}": {"service"},
    "category={category}": {"category"},
    "requester={vip}": {"vip"},
    "site={site}": {"site"},
    "channel=phone": {"phone"},
    "updated=30d": {"fresh"},
    "waiting=user3": {"waits"},
    "waiting=user7": set(),
    "mark=major": {"major"},
    "mark=vip": {"vip"},
    "mark=reply": {"reply"},
    "organization={other}": set(),
}


@pytest.mark.parametrize(("asked", "expected"), CASES.items(), ids=CASES)
def test_a_filter_finds_its_rows(scene, sign_in, asked, expected):  # noqa: F811
    keys = {name: getattr(scene, name).pk for name in
            ("network", "engineer", "service", "category", "vip", "site", "other")}  # fmt: skip

    page = sign_in(manager(scene)).get(f"/queue/?{asked.format(**keys)}")

    assert set(titles(page)) == expected


def manager(scene):
    """The agent of the desk, with the second line's tickets in sight too."""
    from datetime import date

    from people import actions as people

    people.join_group(scene.agent, scene.network, by=None, since=date(2020, 1, 1))
    return scene.agent


def test_my_groups_are_all_of_mine(scene, sign_in):  # noqa: F811
    page = sign_in(scene.engineer).get("/queue/?group=mine")

    assert titles(page) == ["network"]


def test_filters_narrow_each_other(scene, sign_in):  # noqa: F811
    page = sign_in(scene.agent).get("/queue/?assignee=me&priority=1")

    assert titles(page) == []


def test_a_token_names_its_filter_and_takes_it_away(scene, sign_in):  # noqa: F811
    client = sign_in(scene.agent)
    address = f"/queue/?phase=active&service={scene.service.pk}&priority=1,3"

    page = client.get(address)

    tokens = {token.name: token for token in page.context["page"].tokens}
    assert tokens["service"].text == "Mail"
    assert tokens["priority"].text == "P1, P3"
    without = client.get(tokens["service"].remove)
    assert set(without.context["selection"].values) == {"phase", "priority"}


def test_a_removed_filter_does_not_come_back_with_the_view(scene, sign_in):  # noqa: F811
    client = sign_in(scene.agent)
    page = client.get("/queue/?view=mine")
    token = next(one for one in page.context["page"].tokens if one.name == "assignee")

    after = client.get(token.remove)

    assert "plain" in titles(after)
    assert after.context["selection"].is_changed


def test_the_pulse_filters_the_same_selection(scene, sign_in):  # noqa: F811
    client = sign_in(scene.agent)
    page = client.get("/queue/?assignee=nobody")

    beat = page.context["page"].pulse[0]
    after = client.get(beat.href)

    assert after.context["selection"].values["assignee"] == ("nobody",)
    assert after.context["selection"].values["sla"] == ("breached",)
    assert after.context["page"].pulse[0].is_on


def test_a_search_inside_the_view_finds_words_and_numbers(scene, sign_in):  # noqa: F811
    client = sign_in(scene.agent)
    ticket = scene.ticket("VPN连不上", text="证书已过期")

    assert titles(client.get("/queue/?view=all&q=连不上")) == ["VPN连不上"]
    assert titles(client.get("/queue/?view=all&q=vpn过期")) == ["VPN连不上"]
    assert titles(client.get(f"/queue/?view=all&q={ticket.number.lower()}")) == ["VPN连不上"]
    assert titles(client.get(f"/queue/?view=all&q={int(ticket.number[4:])}")) == ["VPN连不上"]
    assert titles(client.get("/queue/?view=mine&q=连不上")) == []


def test_the_form_of_filters_offers_every_field(scene, sign_in):  # noqa: F811
    client = sign_in(scene.agent)

    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(f"/queue/filter/?service={scene.service.pk}", headers=headers)

        assert page.status_code == 200
        assert {bound.name for bound, *_ in page.context["fields"]} == set(FIELDS)
        assert 'value="Mail"' in page.content.decode()


def test_pickers_offer_what_fits(scene, sign_in):  # noqa: F811
    client = sign_in(scene.agent)

    assert "Chen Xi" in client.get("/queue/pick/requester/?q=chen").content.decode()
    assert "Mail" in client.get("/queue/pick/service/?q=邮").content.decode()
    assert "Engineer" in client.get("/queue/pick/assignee/?q=engin").content.decode()
    assert "Chen" not in client.get("/queue/pick/assignee/?q=chen").content.decode()
    assert client.get("/queue/pick/nothing/?q=x").status_code == 404

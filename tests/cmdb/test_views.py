"""The pages: what they show, to whom, and that a long list costs no more than a short one."""

import re

import pytest
from django.urls import reverse

from cmdb import actions
from cmdb.models import CI, CIRelation, Service


@pytest.fixture
def agent(client, world):
    client.force_login(world.agent)
    return client


@pytest.fixture
def manager(client, world):
    client.force_login(world.manager)
    return client


def url(name, *args):
    return reverse(f"cmdb:{name}", args=args)


# --- the list ---------------------------------------------------------------------------------


def test_the_list_finds_by_name_number_and_class_in_both_languages(agent, world):
    host = world.ci("pay-gw-sh-02")
    world.ci("other")

    for words in ("GW-sh", host.number, "虚拟服务器 pay"):
        text = agent.get(url("index"), {"q": words}).content.decode()
        assert host.name in text
        assert "other" not in re.findall(r'row-link"[^>]*>([^<]*)<', text)


def test_filters_are_tokens_that_can_be_removed(agent, world):
    world.ci("live one")
    world.ci("planned one", state=CI.State.PLANNED)

    page = agent.get(url("index"), {"state": "planned", "q": "one"})

    text = page.content.decode()
    assert "planned one" in text
    assert "live one" not in text
    assert 'name="drop" value="state"' in text
    gone = agent.get(url("index"), {"state": "planned", "q": "one", "drop": "state"})
    assert gone["Location"] == f"{url('index')}?q=one"


def test_the_service_filter_finds_what_the_service_needs_at_any_depth(agent, world, erp):
    world.ci("unrelated")

    text = agent.get(url("index"), {"service": "svc_erp"}).content.decode()

    assert "sw1" in text
    assert "unrelated" not in text


def test_the_list_is_empty_in_words(agent, world):
    assert "No CI is registered yet" in agent.get(url("index")).content.decode()
    assert "No CI matches" in agent.get(url("index"), {"q": "zzz"}).content.decode()


def test_the_list_answers_htmx_with_the_list_only(agent, world):
    world.ci("host")

    text = agent.get(url("index"), headers={"HX-Request": "true"}).content.decode()

    assert text.lstrip().startswith('<div id="list"')
    assert "<html" not in text


def test_the_list_costs_the_same_however_long(agent, world, django_assert_max_num_queries):
    for number in range(5):
        world.ci(f"host {number}", site=world.site)
    agent.get(url("index"))
    with django_assert_max_num_queries(12) as few:
        agent.get(url("index"))
    for number in range(5, 30):
        world.ci(f"host {number}", site=world.site)

    with django_assert_max_num_queries(len(few) + 1):  # the settings are re-read now and then
        agent.get(url("index"))


def test_the_list_is_paged_by_key(agent, world):
    for number in range(53):
        world.ci(f"host {number:02d}")

    first = agent.get(url("index"))
    second = agent.get(url("index"), {"after": first.context["page"].after})

    assert len(first.context["page"]) == 50
    assert [ci.name for ci in second.context["page"]] == ["host 50", "host 51", "host 52"]


# --- a CI's page ------------------------------------------------------------------------------


@pytest.mark.feature("CM-02")
def test_the_page_says_what_a_failure_affects(agent, erp):
    text = agent.get(erp["san1"].get_absolute_url()).content.decode()

    assert "<b>1</b> service goes down" in text
    assert "<b>1</b> business process" in text


@pytest.mark.feature("CM-14")
def test_the_map_keeps_its_layout_whichever_ci_it_is_opened_from(agent, erp):
    def order(name):
        nodes = agent.get(erp[name].get_absolute_url()).context["map"].nodes
        return [n.name for n in sorted(nodes, key=lambda n: (n.spot.y, n.spot.x))]

    whole = order("svc_erp")

    for name in ("sw1", "host1", "app1", "bp_order"):
        part = order(name)
        assert part == [each for each in whole if each in set(part)]


@pytest.mark.feature("CM-14")
def test_the_table_says_the_same_as_the_map(agent, erp):
    address = erp["host1"].get_absolute_url()

    as_map, as_table = agent.get(address), agent.get(address, {"v": "tree"})

    told = {row.name: row.level for row in as_table.context["map"].rows}
    assert told == {node.name: node.level for node in as_map.context["map"].nodes}
    text = as_table.content.decode()
    assert "Application servers: 1 of 2 impaired (app1), 1 needed" in text
    assert '<svg class="map" width' not in text


@pytest.mark.feature("CM-04")
def test_failing_others_in_a_what_if_shows_lost_redundancy_then_the_outage(agent, erp):
    address = erp["svc_erp"].get_absolute_url()
    one, both = erp["app1"].number, f"{erp['app1'].number},{erp['host2'].number}"

    assert "service at risk" in agent.get(address, {"down": one}).content.decode()
    assert "service goes down" in agent.get(address, {"down": both}).content.decode()
    assert "Nothing fails." in agent.get(address, {"down": ""}).content.decode()


def test_each_node_of_a_what_if_toggles_itself(agent, erp):
    page = agent.get(erp["svc_erp"].get_absolute_url(), {"down": erp["app1"].number})

    toggles = {node.name: node.toggle for node in page.context["map"].nodes}
    assert toggles["app1"] == "?down=#dependencies"
    assert erp["db1"].number in toggles["db1"]
    assert erp["app1"].number in toggles["db1"]


def test_highlighting_one_direction_hides_the_other(agent, erp):
    address = erp["db1"].get_absolute_url()

    up = {n.name: n.css for n in agent.get(address, {"dir": "up"}).context["map"].nodes}
    down = {n.name: n.css for n in agent.get(address, {"dir": "down"}).context["map"].nodes}

    assert (up["svc_erp"], up["san1"]) == ("is-hit", "is-dim")
    assert (down["svc_erp"], down["san1"]) == ("is-dim", "is-down")


def test_the_page_costs_the_same_with_many_relations(agent, world, django_assert_max_num_queries):
    service = world.service("mail").ci
    for number in range(2):
        world.relate(service, world.ci(f"host {number}"))
    agent.get(service.get_absolute_url())
    with django_assert_max_num_queries(32) as few:
        agent.get(service.get_absolute_url())
    for number in range(2, 20):
        world.relate(service, world.ci(f"host {number}"))

    with django_assert_max_num_queries(len(few) + 1):  # the settings are re-read now and then
        agent.get(service.get_absolute_url())


def test_a_service_is_named_in_the_readers_language(agent, world):
    service = world.service("mail", name_en="E-mail", name_zh="电子邮件")
    world.agent.locale = "zh-hans"
    world.agent.save()

    text = agent.get(service.ci.get_absolute_url()).content.decode()

    assert "电子邮件" in text


def test_an_unseen_ci_is_not_found(client, world):
    outside = world.group("VENDOR", "supplier", supplier=world.vendor)
    client.force_login(world.person("technician", role="TPT", group=outside))

    assert client.get(world.ci("host").get_absolute_url()).status_code == 404
    assert client.get(url("detail", "CI-999999")).status_code == 404


@pytest.mark.parametrize("who", ["requester", "customer"])
def test_requesters_have_no_agent_pages(client, world, who):
    client.force_login(getattr(world, who))

    assert client.get(url("index")).status_code == 403
    assert client.get(world.ci("host").get_absolute_url()).status_code == 403


def test_strangers_are_asked_to_sign_in(client, world):
    assert client.get(url("index")).status_code == 302


# --- registering and editing ------------------------------------------------------------------


def form_of(world, **more):
    return {
        "name": "db-07", "state": "live", "organization": world.acme.pk,
        "owner": world.manager.pk, "managed_by": world.team.pk, "environment": "test",
        "criticality": "2", "sec_c": "1", "sec_i": "1", "sec_a": "1",
    } | more  # fmt: skip


def test_a_ci_is_registered_with_the_attributes_of_its_class(manager, world):
    data = form_of(world, attribute_ip_address="10.24.8.12", attribute_ram_gb="32")

    answer = manager.post(url("new") + "?class=server_virtual", data)

    ci = CI.objects.get(name="db-07")
    assert answer["Location"] == ci.get_absolute_url()
    assert ci.attributes == {"ip_address": "10.24.8.12", "ram_gb": 32}
    assert ci.state == CI.State.LIVE
    assert "10.24.8.12" in manager.get(ci.get_absolute_url()).content.decode()


def test_a_bad_attribute_is_told_at_its_field(manager, world):
    answer = manager.post(
        url("new") + "?class=server_virtual", form_of(world, attribute_ip_address="10.24.8")
    )

    assert answer.status_code == 422
    assert "Give an IP address" in answer.context["form"].errors["attribute_ip_address"][0]
    assert "Error:" in answer.content.decode()


def test_a_second_ci_of_the_same_serial_is_told_at_its_field(manager, world):
    world.ci("first", serial_no="SN-1")

    answer = manager.post(url("new") + "?class=server_physical", form_of(world, serial_no="SN-1"))

    assert answer.status_code == 422
    assert "serial_no" in answer.context["form"].errors


def test_a_form_sent_twice_registers_one_ci(manager, world):
    data = form_of(world, submit_token="once")

    first = manager.post(url("new") + "?class=server_virtual", data)
    second = manager.post(url("new") + "?class=server_virtual", data)

    assert first["Location"] == second["Location"]
    assert CI.objects.count() == 1


def test_the_first_step_is_to_choose_a_class(manager, world):
    text = manager.get(url("new")).content.decode()

    assert "?class=server_virtual" in text
    assert "?class=it_service" not in text
    assert manager.get(url("new") + "?class=hardware").status_code == 404  # it only groups


def test_editing_what_another_has_changed_is_refused(manager, world):
    ci = world.ci("host", environment="test")
    seen = ci.version_no
    actions.edit_ci(ci, by=world.specialist, seen=seen, model="X1")

    answer = manager.post(url("edit", ci.number), form_of(world, seen=seen))

    assert answer.status_code == 409
    assert "Specialist changed this meanwhile" in answer.content.decode()


def test_an_edit_appears_in_the_history(manager, world):
    ci = world.ci("host", environment="test", model="X1")

    manager.post(url("edit", ci.number), form_of(world, name="host", model="X2", seen=1))

    text = manager.get(ci.get_absolute_url(), {"t": "history"}).content.decode()
    assert "<del>X1</del>" in text
    assert "<ins>X2</ins>" in text


@pytest.mark.parametrize("name", ["edit", "relate", "users", "redundancy"])
def test_agents_of_other_groups_may_not_change_a_ci(agent, world, name):
    ci = world.ci("host")

    assert agent.get(url(name, ci.number)).status_code == 403
    assert agent.post(url(name, ci.number), {}).status_code == 403
    assert "Add relation" not in agent.get(ci.get_absolute_url()).content.decode()


# --- steps, relations, redundancy -------------------------------------------------------------


def test_a_step_is_a_dialog_and_then_taken(manager, world):
    ci = world.ci("host", state=CI.State.PLANNED)
    address = url("step", ci.number, "order")

    dialog = manager.get(address, headers={"HX-Request": "true"})
    empty = manager.post(address, {}, headers={"HX-Request": "true"})
    done = manager.post(address, {"procurement_ref": "PO-7"}, headers={"HX-Request": "true"})

    assert "dialog__form" in dialog.content.decode()
    assert empty.status_code == 422
    assert done["HX-Redirect"] == ci.get_absolute_url()
    assert CI.objects.get(pk=ci.pk).state == CI.State.ORDERED


def test_a_step_that_is_not_open_any_more_says_so(manager, world):
    ci = world.ci("host")

    answer = manager.get(url("step", ci.number, "order"))

    assert answer.status_code == 409
    assert "In operation" in answer.content.decode()


def test_retiring_asks_to_acknowledge_live_dependants(manager, erp):
    address = url("step", erp["san1"].number, "retire")

    refused = manager.post(address, {})
    done = manager.post(address, {"acknowledged": [erp["db1"].number]})

    assert refused.status_code == 409
    assert "db1" in refused.content.decode()
    assert done.status_code == 302


def test_a_relation_is_added_and_ended_by_dialogs(manager, world):
    a, b = world.ci("a", environment="test"), world.ci("b", environment="test")
    kind = CIRelation._meta.get_field("type").related_model.objects.get(code="depends_on")

    manager.post(
        url("relate", a.number), {"direction": "needed", "type": kind.pk, "other": b.number}
    )
    relation = CIRelation.objects.get()
    answer = manager.post(url("end_relation", a.number, relation.pk), {})

    assert (relation.source, relation.target) == (b, a)
    assert answer.status_code == 302
    assert not CIRelation.objects.current().exists()


def test_a_circle_is_made_and_reported(manager, world):
    a, b = world.ci("a", environment="test"), world.ci("b", environment="test")
    relation = world.relate(a, b)

    answer = manager.post(
        url("relate", b.number),
        {"direction": "needs", "type": relation.type_id, "other": a.number},
        follow=True,
    )

    assert "form a circle" in answer.content.decode()
    assert CIRelation.objects.current().count() == 2


def test_a_production_ci_is_corrected_by_the_manager_with_a_reason(manager, world):
    a, b = world.ci("a"), world.ci("b")
    kind = CIRelation._meta.get_field("type").related_model.objects.get(code="depends_on")
    data = {"direction": "needs", "type": kind.pk, "other": b.number}

    assert manager.post(url("relate", a.number), data).status_code == 409
    done = manager.post(url("relate", a.number), data | {"reason": "Forgotten at the go-live"})
    assert done.status_code == 302


def test_a_redundancy_group_is_made_on_the_page(manager, world):
    top = world.ci("top", environment="test")
    relations = [world.relate(top, world.ci(name)) for name in "ab"]
    data = {"name": "Pair", "required_k": "1", "failover": "warm", "failover_seconds": "60"}
    data["relations"] = [relation.pk for relation in relations]

    bad = manager.post(url("redundancy", top.number), data | {"required_k": "3"})
    done = manager.post(url("redundancy", top.number), data)

    assert bad.status_code == 422
    assert done.status_code == 302
    assert "Pair" in manager.get(top.get_absolute_url()).content.decode()


def test_users_are_named_by_staff_number(manager, world):
    laptop = world.ci("laptop", "client_device")

    bad = manager.post(url("users", laptop.number), {"users": "nobody"})
    manager.post(url("users", laptop.number), {"users": "requester"})

    assert bad.status_code == 422
    assert list(laptop.users.all()) == [world.requester]


# --- services ---------------------------------------------------------------------------------


def test_the_service_page_names_single_points_of_failure(agent, erp):
    text = agent.get(url("service", "svc_erp")).content.decode()

    assert "4 CIs alone can take this service down" in text
    assert "redundant: the service is only at risk" in text


def test_a_service_is_made_and_taken_live(client, world):
    client.force_login(world.slm)
    data = {
        "code": "mail", "name_en": "E-mail", "name_zh": "电子邮件", "kind": "business",
        "organization": world.acme.pk, "owner": world.slm.pk, "support_group": world.team.pk,
        "service_hours": world.calendar.pk, "criticality": "2", "catalogue_visible": "on",
        "description_customer_en": "A mailbox.",
    }  # fmt: skip

    client.post(url("service_new"), data)
    client.post(url("service_step", "mail", "design"), {"business_case": "Everybody writes."})
    client.post(url("service_step", "mail", "go_live"), {})

    service = Service.objects.get(code="mail")
    assert service.state == Service.State.LIVE
    assert service.ci.state == CI.State.LIVE
    assert client.get(url("services"), {"q": "邮件"}).context["page"].rows == [service]


def test_a_step_that_a_guard_refuses_shows_its_reason(client, world):
    client.force_login(world.slm)
    world.service("mail", state="pipeline", description_customer_en="")
    client.post(url("service_step", "mail", "design"), {"business_case": "Everybody writes."})

    assert "Describe to customers" in client.get(url("service", "mail")).content.decode()
    assert client.post(url("service_step", "mail", "go_live"), {}).status_code == 409


def test_only_service_level_management_makes_services(manager, world):
    assert manager.get(url("service_new")).status_code == 403


# --- pickers ----------------------------------------------------------------------------------


def test_the_picker_gives_requesters_their_own_devices(client, world):
    laptop = world.ci("laptop", "client_device", users=[world.requester])
    world.ci("laptop of another", "client_device")
    client.force_login(world.requester)

    text = client.get(url("pick"), {"q": "laptop"}).content.decode()

    assert f'data-value="{laptop.number}"' in text
    assert "another" not in text


def test_the_service_picker_offers_what_is_live(agent, world):
    world.service("mail")
    world.service("later", state="pipeline")

    text = agent.get(url("pick_service")).content.decode()

    assert 'data-value="mail"' in text
    assert "later" not in text

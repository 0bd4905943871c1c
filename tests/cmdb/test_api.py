"""The API: the same rows, guards and words as the pages."""

import pytest
from rest_framework.test import APIClient

from cmdb.models import CI, CIRelation, Service

pytestmark = pytest.mark.urls("tests.cmdb.api_urls")
CIS, SERVICES = "/test-api/cis/", "/test-api/services/"


def api(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def data_of(world, **more):
    return {
        "name": "db-07", "ci_class": "server_virtual", "organization": "ACME", "owner": "cfgm",
        "managed_by": "SERVERS", "environment": "test",
        "attributes": {"ip_address": "10.24.8.12"},
    } | more  # fmt: skip


@pytest.mark.feature("AP-01")
def test_a_ci_is_made_read_changed_and_stepped(world):
    client = api(world.manager)

    made = client.post(CIS, data_of(world), format="json").json()
    address = f"{CIS}{made['number']}/"
    changed = client.patch(
        address, {"version_no": 1, "attributes": {"ram_gb": 32}}, format="json"
    ).json()
    ordered = client.post(f"{address}order/", {"procurement_ref": "PO-7"}, format="json").json()

    assert changed["attributes"] == {"ip_address": "10.24.8.12", "ram_gb": 32}
    assert ordered["state"] == "ordered"
    assert client.get(address).json()["version_no"] == 3


@pytest.mark.feature("AP-03")
def test_an_update_says_which_version_it_saw(world):
    ci, client = world.ci("host", environment="test"), api(world.manager)
    address = f"{CIS}{ci.number}/"

    assert client.patch(address, {"model": "X"}, format="json").status_code == 400
    fresh = client.patch(address, {"model": "X"}, format="json", HTTP_IF_MATCH='"1"')
    stale = client.patch(address, {"model": "Y"}, format="json", HTTP_IF_MATCH='"1"')

    assert fresh.status_code == 200
    assert stale.status_code == 409
    assert CI.objects.get(pk=ci.pk).model == "X"


def test_bad_input_is_told_field_by_field(world):
    client = api(world.manager)

    answer = client.post(
        CIS, data_of(world, attributes={"ip_address": "no", "colour": "red"}), format="json"
    )

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"ip_address", "colour"}


def test_a_refused_step_uses_the_words_of_the_page(world):
    ci = world.ci("host")

    answer = api(world.manager).post(f"{CIS}{ci.number}/order/", {}, format="json")

    assert answer.status_code == 409
    assert "In operation" in answer.json()["detail"]


def test_others_may_not(world):
    ci = world.ci("host")

    assert api(world.agent).post(CIS, data_of(world), format="json").status_code == 403
    body = {"version_no": 1, "model": "X"}
    answer = api(world.agent).patch(f"{CIS}{ci.number}/", body, format="json")
    assert answer.status_code == 403
    assert api(world.agent).post(f"{CIS}{ci.number}/retire/", {}).status_code == 403


def test_requesters_read_published_fields_of_what_they_see(world):
    laptop = world.ci("laptop", "client_device", users=[world.requester], serial_no="S1")
    hidden = world.ci("host")
    client = api(world.requester)

    assert [row["number"] for row in client.get(CIS).json()["results"]] == [laptop.number]
    assert "serial_no" not in client.get(f"{CIS}{laptop.number}/").json()
    assert client.get(f"{CIS}{hidden.number}/").status_code == 404


def test_lists_are_filtered_and_paged_by_cursor(world):
    for number in range(3):
        world.ci(f"host {number}")
    world.ci("planned", state="planned")
    client = api(world.agent)

    first = client.get(CIS, {"state": "live", "page_size": 2}).json()
    rest = client.get(CIS, {"state": "live", "page_size": 2, "after": first["after"]}).json()

    names = [row["name"] for row in first["results"] + rest["results"]]
    assert names == ["host 0", "host 1", "host 2"]
    assert rest["after"] is None


@pytest.mark.feature("CM-03")
def test_impact_answers_for_several_failures(world, erp):
    client = api(world.agent)
    address = f"{CIS}{erp['app1'].number}/impact/"

    one = client.get(address).json()
    both = client.get(address, {"down": erp["host2"].number}).json()

    assert {row["name"]: row["level"] for row in one["affected"]} == {
        "svc_erp": "at_risk",
        "bp_order": "at_risk",
    }
    assert {row["name"]: row["level"] for row in both["affected"]} == {
        "svc_erp": "down",
        "bp_order": "down",
        "app2": "down",
    }


def test_relations_are_made_by_post(world):
    a, b = world.ci("a", environment="test"), world.ci("b", environment="test")
    client = api(world.manager)

    made = client.post(
        f"{CIS}{a.number}/relate/", {"type": "depends_on", "target": b.number}, format="json"
    )
    again = client.post(
        f"{CIS}{a.number}/relate/", {"type": "depends_on", "target": b.number}, format="json"
    )

    assert made.status_code == 201
    assert made.json()["effect"] == "down"
    assert again.status_code == 409
    assert CIRelation.objects.count() == 1
    assert len(client.get(f"{CIS}{b.number}/relations/").json()) == 1


def test_a_service_is_made_and_goes_through_its_life(world):
    client = api(world.slm)
    body = {
        "code": "mail", "name_en": "E-mail", "kind": "business", "organization": "ACME",
        "owner": "slm", "support_group": "SERVERS", "service_hours": "ALWAYS",
        "description_customer_en": "A mailbox.", "offered_to": ["SALES"],
    }  # fmt: skip

    made = client.post(SERVICES, body, format="json")
    client.post(f"{SERVICES}mail/design/", {"business_case": "All write."}, format="json")
    live = client.post(f"{SERVICES}mail/go_live/", {}, format="json")
    changed = client.patch(
        f"{SERVICES}mail/", {"version": live.json()["version"], "name_zh": "邮件"}, format="json"
    )

    assert made.status_code == 201
    assert live.json()["state"] == "live"
    assert changed.json()["name_zh"] == "邮件"
    assert Service.objects.get(code="mail").ci.state == "live"


def test_customers_see_the_services_offered_to_them(world):
    world.service("mail")
    world.service("sales-crm", offered_to=[world.sales])
    world.service("other-erp", offered_to=[world.other])
    world.service("hidden", catalogue_visible=False)

    codes = [row["code"] for row in api(world.requester).get(SERVICES).json()["results"]]

    assert codes == ["mail", "sales-crm"]

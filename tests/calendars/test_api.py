import json
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from calendars import actions
from tests.calendars.conftest import make_person
from tests.calendars.test_vectors import VECTORS

BASE = "/api/v1/calendars/"


@pytest.fixture
def api(agent):
    client = APIClient()
    client.force_authenticate(agent)
    return client


def test_the_due_time_comes_with_stretches_that_add_up(api, office):
    answer = api.post(
        f"{BASE}CN-OFFICE/due/", {"start": "2026-09-30T17:00:00+08:00", "seconds": 28800}
    )

    assert answer.status_code == 200, answer.data
    body = json.loads(answer.content)
    due = datetime.fromisoformat(body["due_at"])
    assert due == datetime.fromisoformat(VECTORS["C1_add_8h_over_national_day"])
    assert (body["calendar"], body["version"], body["zone"]) == ("CN-OFFICE", 2, "Asia/Shanghai")
    assert sum(stretch["seconds"] for stretch in body["stretches"]) == 28800
    assert body["stretches"][0] == {
        "from": "2026-09-30T09:00:00Z", "to": "2026-09-30T10:00:00Z", "seconds": 3600,
    }  # fmt: skip
    assert body["stretches"][-1]["to"] == body["due_at"]


def test_the_elapsed_time_comes_with_stretches_that_add_up(api, office):
    answer = api.post(
        f"{BASE}CN-OFFICE/elapsed/",
        {"start": "2026-09-30T09:00:00+08:00", "end": "2026-10-10T18:00:00+08:00"},
    )

    assert answer.status_code == 200, answer.data
    assert answer.data["seconds"] == VECTORS["C4_between_sep30_oct10"] * 3600
    assert sum(stretch["seconds"] for stretch in answer.data["stretches"]) == 30 * 3600


def test_the_kind_of_hours_can_be_chosen(api, office):
    hours = {"support": {"0": [["09:00", "10:00"]]}, "service": {"0": [["09:00", "12:00"]]}}
    actions.edit(office, by=None, hours=hours)
    monday = {"start": "2026-11-16T00:00:00+08:00", "end": "2026-11-17T00:00:00+08:00"}

    support = api.post(f"{BASE}CN-OFFICE/elapsed/", monday)
    service = api.post(f"{BASE}CN-OFFICE/elapsed/", monday | {"kind": "service"})

    assert (support.data["seconds"], service.data["seconds"]) == (3600, 3 * 3600)


@pytest.mark.parametrize(("path", "body", "field"), [
    ("due", {"seconds": 60}, "start"),
    ("due", {"start": "2026-10-09T16:00:00", "seconds": 60}, "start"),
    ("due", {"start": "2026-10-09", "seconds": 60}, "start"),
    ("due", {"start": 5, "seconds": 60}, "start"),
    ("due", {"start": "1900-10-09T16:00:00Z", "seconds": 60}, "start"),
    ("due", {"start": "9999-12-31T23:59:59-12:00", "seconds": 60}, "start"),
    ("due", {"start": "0001-01-01T00:00:00+14:00", "seconds": 60}, "start"),
    ("due", {"start": "2026-10-09T16:00:00Z"}, "seconds"),
    ("due", {"start": "2026-10-09T16:00:00Z", "seconds": -1}, "seconds"),
    ("due", {"start": "2026-10-09T16:00:00Z", "seconds": 1.5}, "seconds"),
    ("due", {"start": "2026-10-09T16:00:00Z", "seconds": 10**12}, "seconds"),
    ("due", {"start": "2026-10-09T16:00:00Z", "seconds": 1, "kind": "x"}, "kind"),
    ("elapsed", {"start": "2026-10-09T16:00:00Z", "end": "2026-10-09T17:00:00"}, "end"),
    ("elapsed", {"start": "2026-10-09T16:00:00Z", "end": "2026-10-09T15:00:00Z"}, "end"),
    ("elapsed", {"start": "2006-10-09T16:00:00Z", "end": "2026-10-09T15:00:00Z"}, "end"),
])  # fmt: skip
def test_bad_input_is_told_at_its_field(api, office, path, body, field):
    answer = api.post(f"{BASE}CN-OFFICE/{path}/", body)

    assert answer.status_code == 400
    assert list(answer.data["errors"]) == [field]


def test_more_time_than_ten_years_hold_is_refused(api, office):
    answer = api.post(
        f"{BASE}CN-OFFICE/due/", {"start": "2026-01-01T00:00:00Z", "seconds": 300_000_000}
    )

    assert answer.status_code == 409


def test_the_list_and_one_calendar(api, office, round_the_clock):
    listed = api.get(BASE)
    one = api.get(f"{BASE}CN-OFFICE/")

    assert [row["code"] for row in listed.data["results"]] == ["24X7", "CN-OFFICE"]
    assert one.data["version"] == 2
    assert one.data["time_zone"] == "Asia/Shanghai"


def test_the_list_costs_the_same_however_long(api, round_the_clock):
    api.get(BASE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        api.get(BASE)
    for n in range(8):
        actions.create_calendar(by=None, code=f"C{n}", name_en="C", time_zone="UTC", is_24x7=True)

    with CaptureQueriesContext(connection) as many:
        api.get(BASE)

    assert len(many) == len(few)


def test_an_unknown_calendar_is_not_found(api, office):
    assert api.get(f"{BASE}NONE/").status_code == 404
    assert api.post(f"{BASE}NONE/due/", {}).status_code == 404


def test_customers_and_strangers_do_not_read_calendars(office, customer):
    client = APIClient()

    assert client.get(BASE).status_code in {401, 403}
    client.force_authenticate(customer)
    assert client.get(BASE).status_code == 403
    assert client.post(f"{BASE}CN-OFFICE/due/", {}).status_code == 403


def test_an_integration_reads_calendars(office, organization):
    client = APIClient()
    client.force_authenticate(make_person(organization, "ROBOT", kind="service"))

    assert client.get(BASE).status_code == 200


def test_nothing_is_written_by_the_api(api, office):
    assert api.post(BASE, {}).status_code == 405
    assert api.patch(f"{BASE}CN-OFFICE/", {}).status_code == 405
    assert api.delete(f"{BASE}CN-OFFICE/").status_code == 405

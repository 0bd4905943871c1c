"""Incidents by API: guards and words of the page, keys, versions, problem details."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from incidents.models import Incident
from people import actions as people
from records.models import Record
from slm.models import Clock
from tests.world import promise

pytestmark = pytest.mark.django_db


def client_of(person, scope="write"):
    _, key = people.issue_token(person, by=None, name="test", scope=scope)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}", HTTP_ACCEPT_LANGUAGE="en")
    return client


@pytest.fixture
def desk(world):
    promise(world, ("response", 1), ("update", 4), ("resolution", 8))
    return world


def report(client, **fields):
    return client.post("/api/v1/incidents/", {"title": "VPN 断开", **fields}, format="json")


@pytest.mark.feature("AP-01")
def test_a_requester_reports_and_reads_it_back(desk):
    client = client_of(desk.requester)

    made = report(client)

    assert made.status_code == 201, made.json()
    assert made.json()["state"] == "new"
    again = client.get(made["Location"])
    assert again.json()["number"] == made.json()["number"]


@pytest.mark.feature("AP-03")
def test_the_same_key_makes_one_incident(desk):
    client = client_of(desk.requester)

    answers = [
        client.post(
            "/api/v1/incidents/", {"title": "once"}, format="json", headers={"Idempotency-Key": "k"}
        )
        for _ in range(3)
    ]

    assert {answer.json()["number"] for answer in answers} == {answers[0].json()["number"]}
    assert Incident.objects.count() == 1
    other = client.post(
        "/api/v1/incidents/", {"title": "other"}, format="json", headers={"Idempotency-Key": "k"}
    )
    assert other.status_code == 422


@pytest.mark.feature("AP-03")
def test_an_update_needs_the_version_that_was_seen(desk):
    number = report(client_of(desk.requester)).json()["number"]
    agent = client_of(desk.agent)
    url = f"/api/v1/incidents/{number}/"
    version = agent.get(url).json()["version"]

    assert agent.patch(url, {"urgency": 1}, format="json").status_code == 400
    done = agent.patch(url, {"urgency": 1, "version": version}, format="json")
    stale = agent.patch(url, {"impact": 1, "version": version}, format="json")

    assert done.status_code == 200, done.json()
    assert done.json()["urgency"] == 1
    assert stale.status_code == 409
    assert stale["Content-Type"] == "application/problem+json"
    assert "Jonas Weber" in stale.json()["detail"]


def test_steps_are_posts_with_the_same_guards(desk):
    number = report(client_of(desk.requester), service="ERP").json()["number"]
    url = f"/api/v1/incidents/{number}"
    agent, requester = client_of(desk.agent), client_of(desk.requester)

    assert requester.post(f"{url}/start/", {}, format="json").status_code == 403
    assert agent.post(f"{url}/start/", {}, format="json").json()["state"] == "in_progress"
    bad = agent.post(f"{url}/resolve/", {"resolution": "x"}, format="json")
    assert bad.status_code == 400
    assert "closure_code" in bad.json()["errors"]
    done = agent.post(
        f"{url}/resolve/", {"resolution": "x", "closure_code": "solved_permanently"}, format="json"
    )
    assert done.json()["state"] == "resolved"
    again = agent.post(f"{url}/start/", {}, format="json")
    assert again.status_code == 409
    assert "Resolved" in again.json()["detail"]
    assert requester.post(f"{url}/confirm/", {}, format="json").json()["state"] == "closed"


def test_what_a_stranger_may_not_see_is_not_there(desk):
    number = report(client_of(desk.requester)).json()["number"]
    stranger = client_of(desk.stranger)

    for path in (f"incidents/{number}/", f"records/{number}/", f"records/{number}/clocks/"):
        assert stranger.get(f"/api/v1/{path}").status_code == 404
    assert stranger.get("/api/v1/incidents/").json()["results"] == []


def test_notes_stay_inside(desk):
    number = report(client_of(desk.requester)).json()["number"]
    agent, requester = client_of(desk.agent), client_of(desk.requester)
    agent.post(f"/api/v1/incidents/{number}/note/", {"body": "CANARY-NOTE"}, format="json")

    assert "CANARY-NOTE" in agent.get(f"/api/v1/records/{number}/timeline/").content.decode()
    assert (
        "CANARY-NOTE" not in requester.get(f"/api/v1/records/{number}/timeline/").content.decode()
    )
    refused = requester.post(f"/api/v1/incidents/{number}/note/", {"body": "x"}, format="json")
    assert refused.status_code == 403


@pytest.mark.feature("SL-11")
def test_segments_of_each_clock_add_up_to_the_second(desk):
    number = report(client_of(desk.requester)).json()["number"]
    agent = client_of(desk.agent)
    agent.post(f"/api/v1/incidents/{number}/start/", {}, format="json")
    agent.post(f"/api/v1/incidents/{number}/hold/", {"reason": "wait_customer"}, format="json")
    agent.post(f"/api/v1/incidents/{number}/resume/", {}, format="json")

    body = agent.get(f"/api/v1/records/{number}/clocks/").json()

    assert len(body["clocks"]) == Clock.objects.filter(record__number=number).count()
    for clock in body["clocks"]:
        total = sum(part["seconds"] for part in clock["segments"] if part["kind"] == "running")
        assert total == clock["elapsed_seconds"]
        for one, other in zip(clock["segments"], clock["segments"][1:], strict=False):
            assert one["to"] == other["from"]


def test_a_reading_key_does_not_write(desk):
    client = client_of(desk.agent, scope="read")

    assert client.get("/api/v1/incidents/").status_code == 200
    assert report(client).status_code == 403
    assert Record.objects.filter(kind="incident").count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{", b'{"title": "a\\u0000b"}', b"[" * 500 + b"]" * 500, b'{"title": NaN}', b'"x"',
        b'{"title": ["a"]}', b'{"title": ""}', b'{"title": "x", "state": "closed"}',
        b'{"title": "x", "impact": 1e400}', b'{"title": "x", "service": "NO-SUCH"}',
        b'{"title": "\\ud800"}',
    ],
)  # fmt: skip
def test_bad_input_is_four_hundred_never_five(desk, body):
    client = client_of(desk.agent)

    answer = client.generic("POST", "/api/v1/incidents/", body, content_type="application/json")

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.feature("IN-13")
def test_alarms_with_one_key_make_one_incident(desk):
    client = client_of(desk.agent)
    alarm = {"source": "zabbix", "dedup_key": "disk-7", "severity": 2, "summary": "Disk full"}

    first = client.post("/api/v1/alerts/", alarm, format="json").json()
    second = client.post("/api/v1/alerts/", alarm, format="json").json()
    client.post("/api/v1/alerts/clear/", {"source": "zabbix", "dedup_key": "disk-7"}, format="json")
    third = client.post("/api/v1/alerts/", alarm, format="json").json()

    assert first["record"] == second["record"] == third["record"]
    assert (second["count"], third["count"], third["flaps"]) == (2, 3, 1)
    assert Incident.objects.count() == 1


@pytest.mark.feature("AP-02")
def test_the_published_description_is_valid_and_complete(desk):
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.validation import validate_schema

    schema = SchemaGenerator().get_schema(request=None, public=True)

    validate_schema(schema)
    assert "/api/v1/incidents/{number}/resolve/" in schema["paths"]
    assert client_of(desk.agent).get("/api/v1/schema/").status_code == 200


def test_creating_costs_at_most_twenty_statements(desk):
    client = client_of(desk.agent)
    report(client)  # warm: the key's use is noted once

    with CaptureQueriesContext(connection) as counted:
        report(client, requester="R1", service="ERP", impact=2, urgency=2)

    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SET ")
    real = [q["sql"] for q in counted.captured_queries if not q["sql"].startswith(control)]
    assert len(real) <= 20, "\n".join(sql[:300] for sql in real)

"""The ticket workspace: who sees it, what it shows, and how many questions it asks."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.actions import lifecycle, major, messages
from incidents.models import Incident
from records.models import Record, RecordLink, TimelineEntry
from slm import work
from slm.models import Clock
from tests.incidents.pages import htmx, page, post, reason, report, signed_in
from tests.world import promise

CANARY = "canary-of-a-note"


@pytest.fixture
def promised(world):
    promise(
        world, ("response", 1), ("update", 4), ("resolution", 8), calendar=world.always,
        title="Gold",
    )  # fmt: skip
    return world


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def test_the_page_shows_subject_state_clocks_story_and_requester(promised):
    incident = report(promised, description="Seit heute <b>früh</b>")

    found = page(signed_in(promised.agent), incident).content.decode()

    assert "无法连接 VPN" in found
    assert "Seit heute &lt;b&gt;früh&lt;/b&gt;" in found
    assert "Resolve · SLA" in found
    assert "Gold, version 1" in found
    assert "张三" in found
    assert 'data-draft="' + incident.number in found


def test_the_page_speaks_chinese_to_who_reads_chinese(promised):
    incident = report(promised)

    response = page(signed_in(promised.agent2), incident)

    assert response.status_code == 200
    assert '<html lang="zh-Hans"' in response.content.decode()
    assert response["Content-Language"] == "zh-hans"


def test_a_title_made_of_markup_is_shown_as_text(promised):
    incident = report(promised, title="<img src=x onerror=alert(1)>{{7*7}}")
    work.note(incident, by=promised.agent, body="<script>alert(2)</script>")

    found = page(signed_in(promised.agent), incident).content.decode()

    assert "<img src=x" not in found
    assert "<script>alert" not in found
    assert "{{7*7}}" in found


@pytest.mark.parametrize("tail", ["", "assign/", "resolve/", "edit/category/"])
def test_strangers_are_asked_to_sign_in(promised, tail, client):
    incident = report(promised)

    response = page(client, incident, tail)

    assert response.status_code == 302
    assert "sign-in" in response["Location"]


@pytest.mark.parametrize("confidentiality", ["restricted", "security"])
def test_what_an_agent_may_not_see_is_not_there(promised, confidentiality):
    incident = report(promised, confidentiality=confidentiality, group=promised.second_line)
    Record.objects.filter(pk=incident.pk).update(owner_group=promised.second_line)
    client = signed_in(promised.local_agent)

    assert page(client, incident).status_code == 404
    assert page(client, incident, "assign/").status_code == 404
    for tail in ("", "feed/", "clocks/", "links/", "time/", "people/", "nearby/", "notices/"):
        assert client.get(f"/records/{incident.number}/{tail}").status_code == 404


def test_an_auditor_reads_and_has_no_step_and_no_composer(promised):
    incident = report(promised)
    client = signed_in(promised.auditor)

    found = page(client, incident).content.decode()

    assert 'id="composer"' not in found
    assert "/resolve/" not in found
    assert post(client, incident, "assign", group=promised.second_line.pk).status_code == 403
    said = client.post(f"/records/{incident.number}/say/", {"visibility": "note", "body": "x"})
    assert said.status_code == 403


WORK = (
    "feed/?after=0", "clocks/", "impact/", "links/", "links/new/", "nearby/", "tasks/new/",
    "time/", "time/new/", "people/", "people/new/", "documents/", "notices/", "cis/new/",
)  # fmt: skip


@pytest.mark.parametrize("tail", ["", *WORK])
def test_no_note_leaks_to_the_requester_on_any_shared_address(promised, tail):
    incident = report(promised)
    work.note(incident, by=promised.agent, body=CANARY)
    work.add_task(incident, by=promised.agent, title=f"{CANARY} task")
    for client in (signed_in(promised.requester), htmx(promised.requester)):
        response = client.get(f"/records/{incident.number}/{tail}", follow=True)

        assert CANARY not in response.content.decode()
        assert f"/records/{incident.number}/say/" not in response.content.decode()


def test_a_requester_is_never_served_the_agents_page(promised):
    incident = report(promised)
    client = signed_in(promised.requester)

    for href in (f"/incidents/{incident.number}/", f"/incidents/{incident.number}/assign/"):
        response = client.get(href)
        assert response.status_code in {302, 404}
        if response.status_code == 302:
            assert "/requests/" in response["Location"]


def test_an_agent_who_asked_sees_no_note_of_their_own_record(promised):
    incident = report(promised, requester=promised.specialist, by=promised.specialist)
    Record.objects.filter(pk=incident.pk).update(
        owner_group=promised.central, assigned_group=promised.central
    )
    work.note(fresh(incident), by=promised.agent, body=CANARY)
    client = signed_in(promised.specialist)

    for href in (f"/incidents/{incident.number}/", f"/records/{incident.number}/feed/?after=0"):
        response = client.get(href)
        assert response.status_code in {302, 404}
        assert CANARY not in response.content.decode()


def say_often(incident, person, count):
    entries = [
        TimelineEntry(
            record_id=incident.pk, seq=seq, at=incident.opened_at, verb="record.commented",
            kind="comment", visibility="public", author=person, body=f"word {seq}",
        )
        for seq in range(1000, 1000 + count)
    ]  # fmt: skip
    TimelineEntry.objects.bulk_create(entries)


def questions(client, incident):
    page(client, incident)
    with CaptureQueriesContext(connection) as caught:
        response = page(client, incident)
    assert response.status_code == 200
    rows = [row["sql"] for row in caught.captured_queries]
    return [sql for sql in rows if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "SET"))]


def test_the_number_of_questions_does_not_grow_with_the_story(promised, monkeypatch):
    # what is kept for ten seconds must not run out in between on a slow machine
    monkeypatch.setattr("servicedesk.queue.counts.SECONDS_KEPT", 600)
    monkeypatch.setattr("core.preferences.SECONDS_CACHED", 600)
    short, long = report(promised), report(promised)
    for incident, count in ((short, 10), (long, 200)):
        lifecycle.assign(incident, by=promised.agent, group=promised.second_line)
        say_often(incident, promised.agent, count)
    client = signed_in(promised.agent)

    few, many = questions(client, short), questions(client, long)

    assert len(few) == len(many)
    assert len(many) <= 20


def test_a_long_story_shows_its_latest_part_and_the_way_back(promised):
    incident = report(promised)
    say_often(incident, promised.agent, 200)
    client = signed_in(promised.agent)

    latest = page(client, incident).content.decode()
    before = re.search(r"before=(\d+)", latest)[1]
    earlier = page(client, incident, f"?before={before}").content.decode()

    assert "word 1199" in latest
    assert "word 1150" not in latest
    assert "word 1150" in earlier
    assert "word 1199" not in earlier


def test_tabs_show_conversation_notes_and_history_apart(promised):
    incident = report(promised)
    messages.reply(incident, by=promised.agent, body="a public answer")
    work.note(incident, by=promised.agent, body=CANARY)
    lifecycle.assign(fresh(incident), by=promised.agent, group=promised.second_line)
    client = signed_in(promised.agent)

    shown = {
        name: page(client, incident, f"?show={name}").content.decode().partition('id="feed"')[2]
        for name in ("talk", "notes", "history")
    }

    assert "a public answer" in shown["talk"]
    assert CANARY not in shown["talk"]
    assert CANARY in shown["notes"]
    assert "a public answer" not in shown["notes"]
    assert "Assigned to" in shown["history"]
    assert "a public answer" not in shown["history"]


@pytest.mark.feature("IN-04")
def test_the_hold_menu_says_which_reasons_stop_the_clock(promised):
    incident = lifecycle.start(report(promised), by=promised.agent)

    found = page(signed_in(promised.agent), incident).content.decode()

    stops, _, runs = found.partition("Clocks keep running")
    assert "Stops the agreement&#x27;s clocks" in stops
    assert "hold/?reason=wait_customer" in stops
    assert "hold/?reason=wait_supplier" not in stops
    assert "hold/?reason=wait_supplier" in runs


def test_what_is_not_possible_says_why(promised):
    incident = lifecycle.start(report(promised), by=promised.agent)
    work.add_task(incident, by=promised.agent, title="must", is_mandatory=True)

    found = page(signed_in(promised.agent), incident).content.decode()

    assert "A task that must be done is still open." in found
    assert "after the solution" in found
    assert "only before work begins" in found


@pytest.mark.feature("IN-07")
def test_the_room_of_a_major_incident_shows_manager_broadcasts_and_children(promised):
    incident, child = report(promised), report(promised, title="A child of it")
    incident = major.declare(
        incident, by=promised.agent, reason="everything is down", manager=promised.incident_manager
    )
    major.broadcast(incident, by=promised.agent, body="We are on it")
    work.link(incident, child, by=promised.agent, type_=RecordLink.Type.PARENT_OF)

    found = page(signed_in(promised.agent), incident).content.decode()

    room = found.partition('id="major"')[2].partition("</section>")[0]
    assert "Priya Kapoor" in room
    assert "We are on it" in room
    assert "A child of it" in room
    assert "data-countdown" in room


@pytest.mark.feature("IN-02")
def test_the_story_says_which_rule_chose_the_group(promised):
    incident = report(promised, category=promised.vpn, service=None)

    found = page(signed_in(promised.agent), incident).content.decode()

    assert "The group was chosen by the category." in found


@pytest.mark.feature("IN-14")
def test_likely_duplicates_are_offered_with_the_way_to_merge(promised):
    incident = report(promised, title="Cannot reach the mail server")
    double = report(promised, title="Cannot reach mail server", by=promised.colleague,
                    requester=promised.colleague)  # fmt: skip
    hidden = report(promised, title="Cannot reach the mail server", confidentiality="security")

    found = signed_in(promised.agent).get(f"/records/{incident.number}/nearby/").content.decode()

    assert double.number in found
    assert hidden.number not in found
    assert f"/incidents/{incident.number}/merge/?target={double.number}" in found


def test_a_clock_without_promise_is_said_plainly(world):
    incident = report(world)

    found = page(signed_in(world.agent), incident).content.decode()

    assert "No agreement promises anything for this record" in found
    assert not Clock.objects.filter(record=incident).exists()


def test_the_list_of_incidents_is_the_queue(world):
    response = signed_in(world.agent).get("/incidents/")

    assert response.status_code == 302
    assert response["Location"].endswith("?kind=incident")


def test_a_pausing_reason_is_named_in_the_head(promised):
    incident = lifecycle.hold(
        lifecycle.start(report(promised), by=promised.agent), by=promised.agent,
        reason=reason("wait_customer"),
    )  # fmt: skip

    found = page(signed_in(promised.agent), incident).content.decode()

    assert "Pending: Waiting for the requester" in found
    assert "Paused, " in found

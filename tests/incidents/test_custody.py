"""Time with each group adds up to the life of the ticket; first and latest solution are kept."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.actions import lifecycle, merging
from incidents.custody import UNSAID, Mark, bounces_of, custody_of, spans_of
from incidents.models import Incident
from records import timeline
from tests.incidents.pages import closure, htmx, page, report, signed_in
from tests.world import sh

BEGIN = datetime(2026, 10, 8, 1, tzinfo=UTC)


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def worked(world):
    """Opened Thursday 09:00 at the desk; 10:00 to the network; 11:30 back; solved 15:00."""
    incident = report(world, at=sh(10, 8, 9), group=world.central)
    lifecycle.start(incident, by=world.agent, at=sh(10, 8, 9, 10))
    lifecycle.escalate(
        incident, by=world.agent, group=world.second_line, note="router", at=sh(10, 8, 10)
    )
    lifecycle.assign(incident, by=world.specialist, group=world.central, at=sh(10, 8, 11, 30))
    lifecycle.resolve(
        incident, by=world.agent, resolution="Done", closure_code=closure(), at=sh(10, 8, 15)
    )
    return fresh(incident)


@pytest.mark.feature("IN-12")
def test_the_time_with_each_group_adds_up_to_the_life_of_the_ticket(world):
    incident = worked(world)
    lifecycle.confirm(incident, by=world.requester, at=sh(10, 9, 9))

    found = custody_of(fresh(incident), sh(10, 20, 9))

    assert [
        (found.groups[part.group_id].code, part.is_over, part.seconds, part.business_seconds)
        for part in found.stretches
    ] == [
        ("DESK", False, 3600, 3600),
        ("NET", False, 5400, 5400),
        ("DESK", False, 12_600, 7200),  # the break from 12:00 to 13:30 is no support hour
        ("DESK", True, 64_800, 10_800),
    ]
    assert found.seconds == sum(part.seconds for part in found.stretches) == 24 * 3600
    assert [(row[0].code, row[1], row[2], row[3]) for row in found.by_group()] == [
        ("DESK", False, 2, 16_200), ("NET", False, 1, 5400), ("DESK", True, 1, 64_800),
    ]  # fmt: skip
    assert found.bounces == incident.reassign_count == 2


@pytest.mark.feature("IN-12")
def test_who_takes_it_into_another_group_bounces_it_too(world):
    incident = report(world, at=sh(10, 8, 9), group=world.central)

    lifecycle.start(incident, by=world.specialist, at=sh(10, 8, 10))

    found = custody_of(fresh(incident), sh(10, 8, 12))
    assert [found.groups[part.group_id].code for part in found.stretches] == ["DESK", "NET"]
    assert [part.seconds for part in found.stretches] == [3600, 7200]
    assert found.bounces == fresh(incident).reassign_count == 1


@pytest.mark.feature("IN-12")
def test_removed_words_of_an_assignment_leave_no_gap(world):
    incident = worked(world)
    entry = incident.timeline.get(verb="incident.escalated")

    timeline.redact(entry, by=world.admin, at=sh(10, 8, 16))

    found = custody_of(fresh(incident), sh(10, 8, 16))
    held = [(found.groups[part.group_id].code, part.seconds) for part in found.stretches]
    assert held == [("DESK", 3600), ("NET", 5400), ("DESK", 12_600), ("DESK", 3600)]


def test_a_duplicate_that_was_merged_and_brought_back_has_no_hole(world):
    one, other = report(world, at=sh(10, 8, 9)), report(world, at=sh(10, 8, 9))
    merging.merge(one, by=world.agent, target=other, at=sh(10, 8, 10))
    merging.unmerge(fresh(one), by=world.agent, at=sh(10, 8, 11))

    found = custody_of(fresh(one), sh(10, 8, 12))

    assert [(part.is_over, part.seconds) for part in found.stretches] == [
        (False, 3600), (True, 3600), (False, 3600),
    ]  # fmt: skip


groups_said = st.one_of(st.just(UNSAID), st.none(), st.integers(1, 3))
stories = st.lists(
    st.tuples(
        st.integers(-50, 400_000_000), groups_said, groups_said,
        st.sampled_from(["", "resolved", "in_progress", "closed"]), st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


@given(story=stories, life=st.integers(0, 400_000_000), last=st.one_of(st.none(), st.just(2)))
def test_stretches_follow_each_other_whatever_the_story_says(story, life, last):
    marks = [
        Mark(BEGIN + timedelta(milliseconds=at), before, after, state, is_move)
        for at, before, after, state, is_move in sorted(story, key=lambda row: row[0])
    ]
    end = BEGIN + timedelta(milliseconds=life)

    spans = spans_of(marks, BEGIN, end, last_group=last)

    assert spans[0][2] == BEGIN
    assert spans[-1][3] == end.replace(microsecond=0)
    assert all(one[3] == other[2] for one, other in pairwise(spans))
    assert sum((to - since).total_seconds() for *_, since, to in spans) == life // 1000
    assert 0 <= bounces_of(spans) < max(len(spans), 1)


@pytest.mark.feature("IN-12")
def test_the_ticket_shows_the_time_in_each_group(world):
    incident = worked(world)

    shown = page(signed_in(world.agent), incident).content.decode()
    part = page(htmx(world.agent), incident, "groups/").content.decode()
    alone = page(signed_in(world.agent), incident, "groups/").content.decode()

    assert f'hx-get="/incidents/{incident.number}/groups/"' in shown
    assert "2 changes from one group to another." in part
    assert "Network" in part
    assert "Central desk" in part
    assert "<html" not in part
    assert "1 h 30 m" in part
    assert "<html" in alone
    assert "Network" in alone


@pytest.mark.feature("IN-12")
def test_the_api_gives_stretches_that_add_up(world):
    incident = worked(world)
    client = signed_in(world.agent)

    body = client.get(f"/api/v1/incidents/{incident.number}/groups/").json()

    assert sum(part["seconds"] for part in body["stretches"]) == body["seconds"]
    assert sum(part["seconds"] for part in body["groups"]) == body["seconds"]
    assert [part["group"] for part in body["stretches"]][:3] == ["DESK", "NET", "DESK"]
    assert body["bounces"] == 2
    assert body["from"].startswith("2026-10-08T")


def test_a_requester_does_not_learn_who_passed_it_on(world):
    incident = worked(world)
    client = signed_in(world.requester)

    assert client.get(f"/api/v1/incidents/{incident.number}/groups/").status_code == 403
    assert page(client, incident, "groups/").status_code in {302, 403, 404}


# --- IN-11 ------------------------------------------------------------------------------------


@pytest.fixture
def reopened(world):
    incident = worked(world)
    lifecycle.reject_resolution(incident, by=world.requester, reason="no", at=sh(10, 8, 16))
    return fresh(incident)


@pytest.mark.feature("IN-11")
def test_a_reopening_keeps_the_first_and_the_latest_solution(world, reopened):
    assert reopened.resolved_at is None
    assert reopened.first_resolved_at == reopened.last_resolved_at == sh(10, 8, 15)

    lifecycle.resolve(
        reopened, by=world.agent, resolution="Now", closure_code=closure(), at=sh(10, 9, 10)
    )
    lifecycle.reject_resolution(reopened, by=world.requester, reason="no", at=sh(10, 9, 11))

    again = fresh(reopened)
    assert again.first_resolved_at == sh(10, 8, 15)
    assert again.last_resolved_at == sh(10, 9, 10)
    assert again.reopen_count == 2
    told = again.timeline.filter(verb="incident.resolved").values_list("at", flat=True)
    assert list(told.order_by("seq")) == [sh(10, 8, 15), sh(10, 9, 10)]


@pytest.mark.feature("IN-11")
def test_the_ticket_and_the_api_show_both_solutions_and_the_reopenings(world, reopened):
    lifecycle.resolve(
        reopened, by=world.agent, resolution="Now", closure_code=closure(), at=sh(10, 9, 10)
    )
    client = signed_in(world.agent)

    text = page(client, reopened).content.decode()
    body = client.get(f"/api/v1/incidents/{reopened.number}/").json()

    assert "First resolved" in text
    assert "Last resolved" in text
    assert "<dt>Reopened</dt><dd>1 time</dd>" in text
    assert body["first_resolved_at"] == "2026-10-08T15:00:00+08:00"
    assert body["last_resolved_at"] == body["resolved_at"] == "2026-10-09T10:00:00+08:00"
    assert body["reopen_count"] == 1


def test_an_incident_that_was_solved_once_shows_one_moment(world):
    text = page(signed_in(world.agent), worked(world)).content.decode()

    assert "First resolved" not in text
    assert "<dt>Resolved</dt>" in text

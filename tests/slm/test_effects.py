"""What each happening does to each clock: the table of ITSM domain rules 5.4, row by row."""

import pytest

from incidents.actions import lifecycle, merging, messages
from records.models import PendingReason
from slm.models import Clock
from slm.proving import Proof
from tests.slm.stories import (
    MORNING,
    again,
    clock,
    hold,
    reason,
    report,
    reprioritise,
    resolve,
    resume,
    states,
)
from tests.world import promise, sh

pytestmark = pytest.mark.feature("SL-03")


@pytest.fixture
def promised(world):
    """All three promises to the customer, and one of the second line to the desk."""
    promise(
        world, ("response", 1), ("update", 4), ("resolution", 8),
        ("resolution", 6, {"priority": 2}), ("response", 0.5, {"priority": 2}),
        ("update", 2, {"priority": 2}),
    )  # fmt: skip
    promise(world, ("resolution", 4), kind="ola", provider_group=world.second_line, title="OLA")
    return world


@pytest.fixture
def incident(promised):
    """Opened at nine, with the second line."""
    return report(promised, service=promised.erp, group=promised.second_line)


def all_states(incident):
    assert list(Proof().run()) == []
    found = states(incident)
    ola = states(incident, "ola").get("resolution")
    return found.get("response"), found.get("update"), found.get("resolution"), ola


def rounds(incident):
    rows = Clock.objects.filter(record=incident, metric="update").order_by("cycle")
    return [(row.cycle, row.state) for row in rows]


def test_opening_starts_them(incident):
    assert all_states(incident) == ("running", "running", "running", "running")


def test_another_group_ends_one_group_clock_and_begins_another(promised, incident):
    promise(promised, ("resolution", 2), kind="ola", provider_group=promised.central, title="O2")

    incident = lifecycle.assign(incident, by=None, group=promised.central, at=sh(10, 8, 10))

    assert all_states(incident) == ("running", "running", "running", "running")
    olas = Clock.objects.filter(record=incident, clock_kind="ola").order_by("pk")
    assert [(c.group, c.state) for c in olas] == [
        (promised.second_line, "met"), (promised.central, "running"),
    ]  # fmt: skip


def test_a_group_that_gets_it_twice_has_two_clocks(promised, incident):
    for group, hour in ((promised.central, 10), (promised.second_line, 11)):
        incident = lifecycle.assign(incident, by=None, group=group, at=sh(10, 8, hour))

    olas = Clock.objects.filter(record=incident, clock_kind="ola").order_by("pk")
    assert [(c.cycle, c.state) for c in olas] == [(0, "met"), (1, "running")]


@pytest.mark.feature("IN-09")
def test_the_first_answer_stops_the_response_and_begins_a_round(promised, incident):
    messages.reply(incident, by=promised.specialist, body="Hello", at=sh(10, 8, 9, 20))

    assert all_states(incident) == ("met", "running", "running", "running")
    assert rounds(incident) == [(0, "met"), (1, "running")]
    assert clock(incident, "update").due_at == sh(10, 8, 14, 50)


def test_starting_the_work_is_the_first_answer_too(promised, incident):
    lifecycle.start(incident, by=promised.specialist, at=sh(10, 8, 9, 20))

    assert all_states(incident) == ("met", "running", "running", "running")


def test_a_note_moves_no_clock(promised, incident):
    from slm import work

    work.note(incident, by=promised.specialist, body="internal", at=sh(10, 8, 9, 20))

    assert all_states(incident) == ("running", "running", "running", "running")


def test_each_public_word_begins_a_round(promised, incident):
    for hour in (10, 11):
        messages.reply(incident, by=promised.specialist, body="…", at=sh(10, 8, hour))

    assert rounds(incident) == [(0, "met"), (1, "met"), (2, "running")]


def test_a_late_word_has_missed_its_round(promised, incident):
    messages.reply(incident, by=promised.specialist, body="…", at=sh(10, 8, 15))

    assert rounds(incident) == [(0, "missed"), (1, "running")]


@pytest.mark.feature("SL-04", "IN-04")
def test_waiting_for_the_requester_pauses_what_its_reason_says(incident):
    wait = reason("wait_customer")

    incident = hold(incident, sh(10, 8, 10))

    ola = "paused" if wait.pauses_ola else "running"
    assert all_states(incident) == ("paused", "paused", "paused", ola)


@pytest.mark.feature("IN-04")
def test_waiting_for_the_supplier_is_our_side(incident):
    assert reason("wait_supplier").pauses_sla is False

    incident = hold(incident, sh(10, 8, 10), code="wait_supplier")

    found = all_states(incident)
    assert found[:3] == ("running", "running", "running")
    assert found[3] == ("paused" if reason("wait_supplier").pauses_ola else "running")


@pytest.mark.feature("IN-04")
@pytest.mark.parametrize("is_pausing", [True, False])
def test_each_reason_says_itself_which_clocks_wait(incident, is_pausing):
    made = PendingReason.objects.create(
        code="test", name_en="Test", pauses_sla=is_pausing, pauses_ola=not is_pausing
    )

    lifecycle.hold(incident, by=None, reason=made, at=sh(10, 8, 10))

    sla, ola = ("paused", "running") if is_pausing else ("running", "paused")
    assert all_states(incident) == (sla, sla, sla, ola)


def test_going_on_goes_on_with_all(incident):
    incident = resume(hold(incident, sh(10, 8, 9, 30)), sh(10, 8, 10, 30))

    assert all_states(incident) == ("running", "running", "running", "running")
    assert clock(incident, "response").due_at == sh(10, 8, 11)


@pytest.mark.feature("IN-05")
def test_an_answer_of_the_requester_goes_on_with_all(promised, incident):
    incident = hold(incident, sh(10, 8, 10))

    messages.reply(incident, by=promised.requester, body="here", at=sh(10, 8, 11))

    assert all_states(incident) == ("running", "running", "running", "running")


def test_resolving_stops_them_and_the_rounds_are_over(incident):
    incident = resolve(incident, sh(10, 8, 9, 30))

    assert all_states(incident) == ("met", "cancelled", "met", "met")


def test_a_reopening_goes_on_with_the_resolution_only(incident):
    incident = resolve(incident, sh(10, 8, 9, 30))

    incident = lifecycle.reject_resolution(incident, by=None, reason="no", at=sh(10, 8, 11))

    assert all_states(incident) == ("met", "running", "running", "running")
    assert rounds(incident) == [(0, "cancelled"), (1, "running")]
    assert clock(incident).elapsed_seconds == 1800


def test_closing_is_final(incident):
    incident = resolve(incident, sh(10, 8, 9, 30))

    incident = lifecycle.confirm(incident, by=None, at=sh(10, 8, 11))

    assert all_states(incident) == ("met", "cancelled", "met", "met")


def test_cancelled_records_are_outside_the_figures(incident):
    incident = lifecycle.cancel(incident, by=None, reason="a mistake", at=sh(10, 8, 10))

    assert all_states(incident) == ("cancelled",) * 4


def test_merged_records_are_outside_the_figures_until_it_is_undone(promised, incident):
    other = report(promised, service=promised.erp)
    incident = merging.merge(incident, by=None, target=other, at=sh(10, 8, 9, 30))
    assert all_states(incident) == ("cancelled",) * 4

    incident = merging.unmerge(incident, by=None, at=sh(10, 8, 9, 45))

    assert all_states(incident) == ("running", "running", "running", "running")
    assert clock(incident).due_at == sh(10, 9, 9, 30)


@pytest.mark.feature("SL-08")
def test_a_new_priority_gives_running_clocks_the_row_that_fits(incident):
    incident = reprioritise(incident, 2, sh(10, 8, 9, 15))

    assert all_states(incident) == ("running", "running", "running", "running")
    assert clock(incident, "response").due_at == sh(10, 8, 9, 30)
    assert clock(incident, "update").due_at == sh(10, 8, 11)
    assert clock(incident).due_at == sh(10, 8, 16, 30)


@pytest.mark.feature("SL-08")
def test_a_new_priority_leaves_stopped_clocks_alone(promised, incident):
    messages.reply(incident, by=promised.specialist, body="Hello", at=sh(10, 8, 9, 40))

    reprioritise(again(incident), 2, sh(10, 8, 10))

    found = clock(incident, "response")
    assert (found.state, found.target_seconds) == ("met", 3600)


def test_off_hours_are_no_pause(incident):
    assert all_states(incident)[2] == "running"
    assert clock(incident).due_at == sh(10, 9, 9, 30)
    assert MORNING < sh(10, 8, 18) < clock(incident).due_at

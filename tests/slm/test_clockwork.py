"""The worked numbers, as clocks that are stored: through actions, events, cache and thresholds."""

from datetime import timedelta

import pytest

from incidents.actions import lifecycle, messages
from incidents.models import Incident
from people import actions as people
from people.models import SupportGroup
from records import actions as records
from slm import effects
from slm.engine.terms import Kind
from slm.models import Agreement, ClockEvent, Threshold
from slm.promises import promises_for
from slm.proving import Proof
from tests.slm.stories import (
    MORNING,
    clock,
    fires,
    hold,
    reason,
    report,
    reprioritise,
    resolve,
    resume,
    states,
    stored,
)
from tests.world import HOUR, promise, service, sh

pytestmark = pytest.mark.vector


@pytest.fixture
def promised(world):
    """Eight hours, four for priority 2, two for priority 1."""
    promise(
        world, ("resolution", 8), ("resolution", 4, {"priority": 2}),
        ("resolution", 2, {"priority": 1}),
    )  # fmt: skip
    return world


def paused_and_resumed(world):
    incident = hold(report(world, service=world.erp), sh(10, 8, 11))
    return resume(incident, sh(10, 8, 14, 30))


def shows(incident):
    """(elapsed hours, due, breached, state): every figure that is stored and proven."""
    found = clock(incident)
    assert list(Proof().run()) == []
    return found.elapsed_seconds / HOUR, found.due_at, found.breached_at, found.state


@pytest.mark.feature("SL-03", "IN-08")
def test_k1_thresholds_are_stored_rows(promised):
    incident = report(promised)

    assert fires(clock(incident)) == {
        "50": sh(10, 8, 14, 30), "75": sh(10, 8, 16, 30), "90": sh(10, 8, 17, 42),
        "100": sh(10, 9, 9, 30),
    }  # fmt: skip


@pytest.mark.feature("SL-04")
def test_k2_a_paused_clock_has_no_due_and_no_thresholds(promised):
    incident = hold(report(promised), sh(10, 8, 11))

    assert shows(incident) == (2, None, None, "paused")
    assert set(fires(clock(incident)).values()) == {None}
    assert stored(incident).due_at is None
    assert stored(incident).sla_status == "paused"


@pytest.mark.feature("SL-04")
def test_k3_after_the_pause_it_is_due_as_much_later(promised):
    incident = paused_and_resumed(promised)

    assert shows(incident) == (2, sh(10, 9, 11, 30), None, "running")
    assert fires(clock(incident))["100"] == sh(10, 9, 11, 30)


@pytest.mark.feature("SL-08")
def test_k4_a_new_target_keeps_elapsed_time_and_pauses(promised):
    incident = reprioritise(paused_and_resumed(promised), 2, sh(10, 8, 16))

    assert shows(incident) == (3.5, sh(10, 8, 16, 30), None, "running")


@pytest.mark.feature("SL-08")
def test_k5_a_new_target_that_is_past_breaks_at_the_change(promised):
    incident = reprioritise(paused_and_resumed(promised), 1, sh(10, 8, 16))

    assert shows(incident) == (3.5, sh(10, 8, 11), sh(10, 8, 16), "running")
    assert fires(clock(incident))["100"] == sh(10, 8, 16)
    assert stored(incident).sla_status == "breached"


@pytest.mark.feature("SL-08")
def test_k6_a_new_target_during_a_pause_keeps_the_pause(promised):
    incident = hold(report(promised), sh(10, 8, 11))
    effects.retargeted(_with_priority(incident, 2), at=sh(10, 8, 13, 45), by=None)
    incident = resume(incident, sh(10, 8, 14, 30))

    assert shows(incident) == (2, sh(10, 8, 16, 30), None, "running")


def _with_priority(incident, priority):
    type(incident).objects.filter(pk=incident.pk).update(priority=priority)
    incident.priority = priority
    return incident


@pytest.mark.feature("SL-09")
def test_k7_time_while_resolved_does_not_count(promised):
    incident = resolve(paused_and_resumed(promised), sh(10, 8, 17))
    incident = lifecycle.reject_resolution(incident, by=None, reason="no", at=sh(10, 9, 10))

    assert shows(incident) == (4.5, sh(10, 9, 15), None, "running")


def test_k8_a_stop_on_the_second_is_in_time(promised):
    incident = resolve(paused_and_resumed(promised), sh(10, 9, 11, 30))

    assert shows(incident) == (8, None, None, "met")
    assert fires(clock(incident))["100"] is None


def test_k9_a_stop_one_second_later_is_not(promised):
    incident = resolve(paused_and_resumed(promised), sh(10, 9, 11, 30, 1))

    assert shows(incident) == (8 + 1 / HOUR, None, sh(10, 9, 11, 30), "missed")
    assert fires(clock(incident))["100"] == sh(10, 9, 11, 30)


@pytest.mark.feature("SL-06")
def test_k10_a_pause_in_off_hours_costs_nothing(world):
    promise(world, ("resolution", 16))
    incident = hold(report(world, sh(10, 9, 17)), sh(10, 10, 18, 30))
    incident = resume(incident, sh(10, 12, 8))

    assert shows(incident) == (8.5, sh(10, 12, 18), None, "running")


def test_k11_a_raised_target_hides_no_breach(promised):
    incident = reprioritise(report(promised, service=promised.erp), 1, MORNING)
    incident = resolve(reprioritise(incident, 5, sh(10, 8, 11, 30)), sh(10, 8, 16))

    assert shows(incident) == (5.5, None, sh(10, 8, 11), "missed")


def test_k12_who_may_lift_a_breach_lifts_it_with_a_reason(promised):
    incident = reprioritise(report(promised, service=promised.erp), 1, MORNING)
    incident = reprioritise(incident, 5, sh(10, 8, 11, 30), by=promised.incident_manager)
    incident = resolve(incident, sh(10, 8, 16))

    assert shows(incident) == (5.5, None, None, "met")


# --- thresholds ---------------------------------------------------------------------------------
def test_what_has_fired_stays_as_it_was(promised):
    incident = report(promised)
    fifty = Threshold.objects.filter(clock=clock(incident), code="50")
    fifty.update(fired_at=sh(10, 8, 14, 30))

    reprioritise(incident, 2, sh(10, 8, 15))

    assert fifty.get().fires_at == sh(10, 8, 14, 30)
    assert fires(clock(incident))["100"] == sh(10, 8, 15)


def test_what_fell_due_before_a_pause_is_not_forgotten(promised):
    incident = hold(report(promised), sh(10, 8, 15))

    found = fires(clock(incident))

    assert found["50"] == sh(10, 8, 14, 30)
    assert found["75"] is None


def test_shares_of_the_ladder_are_thresholds_too(promised, a_ladder):
    a_ladder(on="pct", value=60, to="assignee")

    assert fires(clock(report(promised)))["60"] is not None


# --- the log ------------------------------------------------------------------------------------
def test_a_clock_that_went_back_does_not_turn_the_log_round(promised):
    incident = hold(report(promised), sh(10, 8, 11))

    incident = resume(incident, sh(10, 8, 10))

    events = ClockEvent.objects.filter(clock=clock(incident)).order_by("seq")
    assert [event.at for event in events] == [MORNING, sh(10, 8, 11), sh(10, 8, 11)]
    assert shows(incident)[0] == 2


@pytest.mark.feature("SL-13")
def test_running_tickets_keep_the_agreement_they_began_with(promised):
    incident = report(promised)
    before = clock(incident).agreement_id
    promise(promised, ("resolution", 1), customer=promised.sales)

    incident = hold(incident, sh(10, 8, 11))

    assert clock(incident).agreement_id == before


# --- S5: which row is chosen, through stored agreements -----------------------------------------
@pytest.fixture
def s5(world):
    """corp > sales > sales_cn; corp > hr; services erp > erp_fin; mail."""
    world.sales_cn = people.create_organization(
        by=None, code="SALES-CN", name_en="Sales CN", parent=world.sales
    )
    world.hr = people.create_organization(by=None, code="HR", name_en="HR", parent=world.head)
    world.erp_fin = service(world, "ERP-FIN", "ERP finance", world.owner, parent=world.erp)

    def rows(**hours):
        return [
            ("resolution", value, {} if name == "any" else {"priority": int(name[1:])})
            for name, value in hours.items()
        ]

    promise(world, *rows(P1=4, P2=8, P3=24, any=40), title="SLA-1")
    promise(world, *rows(any=16), customer=world.sales, title="SLA-2")
    promise(world, *rows(P1=2, P2=6), agreed_service=world.erp, title="SLA-3")
    promise(world, *rows(P1=1), customer=world.sales, agreed_service=world.erp, title="SLA-4")
    promise(world, *rows(P2=5), customer=world.sales_cn, title="SLA-5")
    return world


S5 = {
    "a": ("hr", "mail", 3, 24),
    "b": ("hr", "erp_fin", 2, 6),
    "c": ("sales", "erp_fin", 1, 1),
    "d": ("sales", "erp_fin", 2, 16),
    "e": ("sales_cn", "erp", 2, 5),
    "f": ("sales_cn", "erp", 1, 1),
    "g": ("sales_cn", "mail", 3, 16),
    "h": ("hr", "mail", 5, 40),
}


@pytest.mark.feature("SL-15")
@pytest.mark.parametrize("case", S5, ids=lambda case: f"S5-{case}")
def test_the_row_that_fits_best_is_chosen(s5, case):
    organization, service, priority, hours = S5[case]
    incident = report(
        s5, organization=getattr(s5, organization), service=getattr(s5, service),
        impact=3, urgency=3,
    )  # fmt: skip
    incident.priority = priority

    found = promises_for(incident, at=MORNING)["resolution"]

    assert found.seconds == hours * HOUR


# --- options of a target ------------------------------------------------------------------------
@pytest.mark.feature("SL-07")
def test_each_stretch_counts_in_the_calendar_of_the_group_that_has_it(world):
    promise(world, ("resolution", 8, {"calendar_rule": "group"}))
    SupportGroup.objects.filter(pk=world.second_line.pk).update(calendar=world.always)
    incident = report(world, sh(10, 8, 17), service=world.erp)  # one hour of the desk's day left

    group = SupportGroup.objects.get(pk=world.second_line.pk)
    incident = lifecycle.assign(incident, by=None, group=group, at=sh(10, 8, 18))

    assert shows(incident)[:2] == (1, sh(10, 9, 1))


@pytest.fixture
def unpromised(world):
    """A clock that no row of an agreement has started: its log says all that counts."""
    promise(world, ("resolution", 8))
    incident = report(world, service=world.erp)
    Agreement.objects.update(state="terminated", in_force=None)
    clock_row = clock(incident)
    type(clock_row).objects.filter(pk=clock_row.pk).update(target=None, agreement=None)
    return incident


def test_a_clock_without_a_target_goes_on_in_its_calendar_whoever_takes_it(world, unpromised):
    SupportGroup.objects.filter(pk=world.second_line.pk).update(calendar=world.always)
    group = SupportGroup.objects.get(pk=world.second_line.pk)

    incident = lifecycle.assign(unpromised, by=None, group=group, at=sh(10, 8, 11))
    person = world.specialist
    incident = lifecycle.assign(incident, by=None, group=group, person=person, at=sh(10, 8, 18))

    found = clock(incident)
    assert (found.state, found.elapsed_seconds, found.due_at) == ("running", 0, sh(10, 9, 9, 30))


def test_a_clock_without_a_target_outlives_a_change_of_priority(world, unpromised):
    incident = reprioritise(unpromised, 2, sh(10, 8, 11))

    assert clock(incident).due_at == sh(10, 9, 9, 30)
    assert states(incident) == {"resolution": "running"}


def test_a_clock_without_a_target_is_reopened_by_the_rule_of_the_domain(world, unpromised):
    incident = resolve(unpromised, sh(10, 8, 11))

    incident = lifecycle.reject_resolution(incident, by=None, reason="no", at=sh(10, 8, 14, 30))

    found = clock(incident)
    assert (found.state, found.elapsed_seconds) == ("running", 2 * HOUR)


@pytest.mark.feature("SL-08")
def test_a_target_may_count_from_the_change_on(world):
    promise(
        world, ("resolution", 8),
        ("resolution", 4, {"priority": 2, "retarget_rule": "now"}),
    )  # fmt: skip

    incident = reprioritise(report(world), 2, sh(10, 8, 11))

    assert shows(incident)[:2] == (0, sh(10, 8, 16, 30))


@pytest.mark.feature("SL-09", "SL-10")
@pytest.mark.parametrize(
    ("rule", "hours", "cycle"),
    [("without_closed_time", 2, 0), ("with_closed_time", 4, 0), ("new_cycle", 0, 1)],
)
def test_a_reopening_follows_the_rule_of_its_target(world, rule, hours, cycle):
    promise(world, ("resolution", 8, {"reopen_rule": rule}))
    incident = resolve(report(world, service=world.erp), sh(10, 8, 11))

    incident = lifecycle.reject_resolution(incident, by=None, reason="no", at=sh(10, 8, 14, 30))

    assert (shows(incident)[0], clock(incident).cycle) == (hours, cycle)
    assert "pause" not in set(
        ClockEvent.objects.filter(clock__record=incident).values_list("kind", flat=True)
    )


@pytest.mark.feature("SL-16")
def test_updates_may_be_due_only_while_the_requester_waits(world):
    promise(world, ("update", 2, {"update_rule": "while_waiting"}))
    incident = report(world)
    assert states(incident) == {}

    messages.reply(incident, by=world.requester, body="?", at=sh(10, 8, 10))
    assert states(incident) == {"update": "running"}
    assert clock(incident, "update").due_at == sh(10, 8, 12)

    messages.reply(incident, by=world.agent, body="!", at=sh(10, 8, 10, 30))
    assert states(incident) == {"update": "met"}


@pytest.mark.feature("SL-17")
def test_a_ticket_that_begins_on_hold_is_paused_from_the_first_second(promised):
    incident = Incident(
        title="x", state="pending", pending_reason=reason("wait_customer"), priority=5,
        organization=promised.sales, requester=promised.requester, impact=3, urgency=3,
        assigned_group=promised.central, occurred_at=MORNING, detected_at=MORNING,
    )  # fmt: skip
    records.file_record(incident, at=MORNING)

    effects.opened(incident, at=MORNING, by=None)

    kinds = ClockEvent.objects.filter(clock=clock(incident)).values_list("kind", flat=True)
    assert list(kinds) == [Kind.START, Kind.PAUSE]
    assert shows(incident) == (0, None, None, "paused")


def test_a_promise_that_begins_late_counts_from_the_opening(promised):
    incident = report(promised)
    later = MORNING + timedelta(hours=1)
    promise(promised, ("response", 2), customer=promised.sales, agreed_service=promised.erp)
    assert Agreement.objects.count() == 2

    lifecycle.classify(incident, by=None, service=promised.erp, at=later)

    assert clock(incident, "response").due_at == sh(10, 8, 11)

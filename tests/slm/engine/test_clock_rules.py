"""The rules of a clock, one sentence each; the worked numbers are in test_clock_vectors."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from slm.engine.clock import Event, Kind, ReopenRule, State, deadline, instants, replay

from .calendars_for_tests import (
    HOUR,
    pause,
    reopen,
    resume,
    retarget,
    sh,
    start,
    stop,
    timetable_of,
)

RUN = [start(sh(8, 9))]
NAIVE = datetime(2026, 10, 8, 9)  # noqa: DTZ001 (that is the point)


def shown(events, now):
    return replay(events, timetable_of, now)


def test_before_its_start_a_clock_shows_nothing():
    clock = shown(RUN, sh(8, 8, 59, 59))

    assert (clock.state, clock.elapsed_seconds, clock.started_at) == (State.NONE, 0, None)
    assert clock.due_at is clock.target_seconds is clock.remaining_seconds is None
    assert shown([], sh(8, 9)).state is State.NONE
    assert deadline(RUN, timetable_of, sh(8, 8)) is None


def test_what_lies_after_now_is_ignored():
    events = [*RUN, pause(sh(8, 10)), stop(sh(8, 11))]

    clock = shown(events, sh(8, 9, 30))

    assert clock == shown(RUN, sh(8, 9, 30))


@pytest.mark.feature("SL-17")
def test_a_record_created_straight_into_pending_has_a_paused_clock_from_the_first_second():
    events = [pause(sh(8, 9), seq=2), start(sh(8, 9), seq=1)]

    clock = shown(events, sh(8, 9))

    assert (clock.state, clock.elapsed_seconds, clock.due_at) == (State.PAUSED, 0, None)
    later = shown([*events, resume(sh(8, 10), seq=3)], sh(8, 10))
    assert later.due_at == sh(9, 10, 30)


@pytest.mark.feature("SL-17")
def test_a_record_created_straight_into_closed_has_a_met_clock_of_no_length():
    clock = shown([start(sh(8, 9), seq=1), stop(sh(8, 9), seq=2)], sh(8, 10))

    assert (clock.state, clock.elapsed_seconds) == (State.MET, 0)
    assert clock.started_at == clock.stopped_at == sh(8, 9)


@pytest.mark.feature("SL-16")
def test_an_update_clock_counts_only_while_the_customer_waits():
    events = [
        start(sh(8, 9), hours=2, seq=1),
        pause(sh(8, 9), seq=2, rule="answered"),
        resume(sh(8, 10), seq=3, rule="customer_wrote"),
        pause(sh(8, 10, 30), seq=4, rule="answered"),
        resume(sh(8, 14), seq=5, rule="customer_wrote"),
    ]

    clock = shown(events, sh(8, 14))

    assert (clock.elapsed_seconds, clock.due_at) == (HOUR // 2, sh(8, 15, 30))


@pytest.mark.parametrize(
    "senseless",
    [
        [start(sh(8, 10), hours=1)],
        [resume(sh(8, 10))],
        [reopen(sh(8, 10))],
        [retarget(sh(8, 8), 1), pause(sh(8, 8, 30)), Event(sh(8, 8), Kind.CANCEL)],
        [retarget(sh(8, 10))],
        [Event(sh(8, 10), Kind.RESPONSIBLE, calendar_key="CN")],
    ],
    ids=["start", "resume", "reopen", "before-start", "retarget", "responsible"],
)
def test_an_event_that_makes_no_sense_in_the_state_changes_no_figure(senseless):
    clock = shown([*RUN, *senseless], sh(8, 11))

    assert clock == shown(RUN, sh(8, 11))


def test_one_resume_ends_a_pause_that_was_announced_twice():
    once = [*RUN, pause(sh(8, 10)), resume(sh(8, 10, 30))]

    clock = shown([*once, pause(sh(8, 10, 15))], sh(8, 11))

    assert clock == shown(once, sh(8, 11))


def test_after_the_stop_only_a_reopening_counts():
    events = [*RUN, stop(sh(8, 10))]
    late = [
        retarget(sh(8, 10, 30), 0.5),
        pause(sh(8, 10, 31)),
        resume(sh(8, 10, 32)),
        stop(sh(8, 10, 33)),
        Event(sh(8, 10, 34), Kind.CANCEL),
    ]

    assert shown([*events, *late], sh(8, 12)) == shown(events, sh(8, 12))


def test_a_cancelled_clock_stays_cancelled():
    events = [*RUN, Event(sh(8, 10), Kind.CANCEL), resume(sh(8, 11)), reopen(sh(8, 11))]

    clock = shown(events, sh(8, 12))

    assert (clock.state, clock.elapsed_seconds, clock.due_at) == (State.CANCELLED, HOUR, None)
    assert clock.stopped_at == sh(8, 10)


def test_a_due_at_closing_time_does_not_move_during_the_night():
    events = [start(sh(8, 9), hours=7.5)]

    for now in (sh(8, 17), sh(8, 18), sh(8, 22), sh(9, 9)):
        clock = shown(events, now)
        assert (clock.due_at, clock.breached_at) == (sh(8, 18), None)
    late = shown(events, sh(9, 9, 0, 1))
    assert (late.due_at, late.breached_at) == (sh(8, 18), sh(8, 18))


def test_a_change_of_hands_after_the_due_does_not_move_the_breach():
    events = [
        start(sh(8, 9), hours=7.5),
        Event(sh(8, 20), Kind.RESPONSIBLE, calendar_key="24x7"),
    ]

    clock = shown(events, sh(8, 21))

    assert (clock.elapsed_seconds, clock.breached_at) == (int(8.5 * HOUR), sh(8, 18))


@pytest.mark.feature("SL-08")
def test_a_retarget_may_bring_another_calendar_and_keeps_what_was_counted():
    events = [*RUN, retarget(sh(8, 17), 10, calendar_key="24x7")]

    clock = shown(events, sh(8, 17))

    assert (clock.elapsed_seconds, clock.calendar_key) == (int(6.5 * HOUR), "24x7")
    assert clock.due_at == sh(8, 20, 30)


@pytest.mark.feature("SL-08")
def test_a_retarget_may_count_from_now_on():
    events = [*RUN, retarget(sh(8, 11), 2, elapsed_seconds=0)]

    clock = shown(events, sh(8, 11))

    assert (clock.elapsed_seconds, clock.due_at) == (0, sh(8, 14, 30))
    assert shown(events, sh(8, 14, 30)).breached_at is None
    assert shown(events, sh(8, 14, 31)).breached_at == sh(8, 14, 30)


def test_a_lift_that_the_elapsed_time_does_not_justify_keeps_the_breach():
    events = [start(sh(8, 9), hours=1), retarget(sh(8, 11), 1.5, lift=True)]

    assert shown(events, sh(8, 11)).breached_at == sh(8, 10)


def test_a_lifted_breach_may_come_again():
    events = [start(sh(8, 9), hours=1), retarget(sh(8, 11), 2.5, lift=True)]

    assert shown(events, sh(8, 11, 30)).breached_at is None
    assert shown(events, sh(8, 11, 30, 1)).breached_at == sh(8, 11, 30)


def test_a_target_lowered_during_a_pause_breaches_at_that_moment():
    events = [*RUN, pause(sh(8, 11)), retarget(sh(8, 11, 30), 1)]

    clock = shown(events, sh(8, 12))

    assert (clock.state, clock.due_at) == (State.PAUSED, None)
    assert (clock.breached_at, clock.remaining_seconds) == (sh(8, 11, 30), -HOUR)


@pytest.mark.feature("SL-09")
def test_each_reopen_rule_goes_on_in_its_own_way():
    def reopened(rule):
        return shown([*RUN, stop(sh(8, 11)), reopen(sh(8, 15), reopen_rule=rule)], sh(8, 15))

    without, with_closed, new = (reopened(rule) for rule in ReopenRule)

    assert (without.elapsed_seconds, without.due_at) == (2 * HOUR, sh(9, 12))
    assert (with_closed.elapsed_seconds, with_closed.due_at) == (int(4.5 * HOUR), sh(9, 9, 30))
    assert (new.state, new.elapsed_seconds, new.stopped_at) == (State.MET, 2 * HOUR, sh(8, 11))


@pytest.mark.feature("SL-09")
def test_closed_time_that_breaks_the_target_breaches_at_the_reopening_not_before():
    events = [
        start(sh(8, 9), hours=3),
        stop(sh(8, 11)),
        reopen(sh(8, 16), reopen_rule="with_closed_time"),
    ]

    assert shown(events, sh(8, 15)).state is State.MET
    clock = shown(events, sh(8, 16))
    assert (clock.state, clock.elapsed_seconds) == (State.RUNNING, int(5.5 * HOUR))
    assert (clock.due_at, clock.breached_at) == (sh(8, 12), sh(8, 16))


@pytest.mark.feature("SL-09", "SL-07")
def test_closed_time_counts_in_the_calendar_of_who_was_responsible_then():
    events = [
        start(sh(8, 9), hours=30),
        stop(sh(8, 17)),
        Event(sh(8, 20), Kind.RESPONSIBLE, calendar_key="24x7"),
        reopen(sh(8, 23), reopen_rule="with_closed_time"),
    ]

    clock = shown(events, sh(8, 23))

    assert clock.elapsed_seconds == int((6.5 + 1 + 3) * HOUR)


def test_a_missed_clock_stays_breached_when_it_is_reopened():
    events = [start(sh(8, 9), hours=1), stop(sh(8, 11)), reopen(sh(8, 14)), stop(sh(8, 15))]

    assert shown(events, sh(8, 11)).state is State.MISSED
    assert shown(events, sh(8, 14)).breached_at == sh(8, 10)
    assert shown(events, sh(8, 16)).state is State.MISSED


@pytest.mark.feature("SL-12")
def test_a_calendar_edit_counts_from_now_on_only():
    events = [
        *RUN,
        Event(sh(8, 18), Kind.RECOMPUTE, calendar_key="24x7", elapsed_seconds=int(7.5 * HOUR)),
    ]

    clock = shown(events, sh(8, 18))

    assert (clock.elapsed_seconds, clock.due_at) == (int(7.5 * HOUR), sh(8, 18, 30))


def test_the_figure_that_a_recompute_froze_rules():
    events = [*RUN, Event(sh(8, 11), Kind.RECOMPUTE, calendar_key="24x7", elapsed_seconds=HOUR)]

    assert shown(events, sh(8, 11)).elapsed_seconds == HOUR
    assert shown(events, sh(8, 11)).due_at == sh(8, 18)
    over = [*RUN, Event(sh(8, 11), Kind.RECOMPUTE, elapsed_seconds=9 * HOUR)]
    assert shown(over, sh(8, 11)).breached_at == shown(over, sh(8, 12)).due_at == sh(8, 11)


@pytest.mark.feature("SL-07", "D3")
def test_a_ticket_round_the_world_counts_the_three_days_of_its_desks():
    """Warsaw (UTC+1 in November) → Toronto (UTC-5) → Singapore (UTC+8), each 09:00-17:00."""
    thursday = datetime(2026, 11, 12, tzinfo=UTC)
    events = [
        start(thursday.replace(hour=13), hours=20, calendar="warsaw"),
        Event(thursday.replace(hour=18), Kind.RESPONSIBLE, calendar_key="toronto"),
        Event(thursday.replace(hour=23), Kind.RESPONSIBLE, calendar_key="singapore"),
    ]
    warsaw = 3 * HOUR  # 14:00 to 17:00 there; 13:00 to 16:00 UTC
    toronto = 4 * HOUR  # 13:00 to 17:00 there; 18:00 to 22:00 UTC
    singapore = 2 * HOUR  # Friday 09:00 to 11:00 there; 01:00 to 03:00 UTC

    clock = shown(events, thursday + timedelta(hours=27))

    assert clock.elapsed_seconds == warsaw + toronto + singapore
    # 11 h are left: 6 on Friday until 17:00, none at the weekend, 5 on Monday until 14:00
    assert clock.due_at == datetime(2026, 11, 16, 14, tzinfo=ZoneInfo("Asia/Singapore"))


def test_in_a_calendar_that_never_opens_again_there_is_no_due():
    events = [start(sh(8, 9), calendar="never")]
    spent = [start(sh(8, 9), hours=30, calendar="one day")]

    clock = shown(events, sh(12, 9))

    assert (clock.state, clock.elapsed_seconds, clock.due_at) == (State.RUNNING, 0, None)
    at = instants(spent, timetable_of, [50, 90, 100], sh(8, 9))
    assert at == {50: sh(9, 0), 90: None, 100: None}


@pytest.mark.parametrize(
    "events",
    [[], [*RUN, pause(sh(8, 10))], [*RUN, stop(sh(8, 10))]],
    ids=["none", "paused", "stopped"],
)
def test_only_a_running_clock_has_thresholds_ahead(events):
    assert instants(events, timetable_of, [50, 100], sh(8, 11)) == {50: None, 100: None}


def test_a_threshold_passed_by_a_retarget_is_due_with_the_retarget():
    events = [*RUN, retarget(sh(8, 16), 2)]

    at = instants(events, timetable_of, [50, 100, 300], sh(8, 16))

    assert at == {50: sh(8, 16), 100: sh(8, 16), 300: sh(8, 16, 30)}
    assert shown(events, sh(8, 16)).breached_at == at[100]
    assert shown(events, sh(8, 16)).due_at == sh(8, 11)


def test_a_share_of_the_target_is_rounded_up_to_the_second():
    events = [
        Event(sh(8, 9), Kind.START, target_seconds=100, calendar_key="CN"),
    ]
    third = Fraction(100, 3)

    at = instants(events, timetable_of, [third, 33, Fraction(1, 1000)], sh(8, 9))

    assert at == {
        third: sh(8, 9, 0, 34),
        33: sh(8, 9, 0, 33),
        Fraction(1, 1000): sh(8, 9, 0, 1),
    }


def test_the_deadline_of_a_stopped_clock_is_the_due_it_would_have_had():
    met = [*RUN, stop(sh(8, 10))]
    missed = [*RUN, stop(sh(9, 17))]
    handed_on = [*met, Event(sh(8, 22), Kind.RESPONSIBLE, calendar_key="24x7")]

    assert deadline(met, timetable_of, sh(12, 9)) == sh(9, 9, 30)
    assert deadline(missed, timetable_of, sh(12, 9)) == sh(9, 9, 30)
    assert deadline(handed_on, timetable_of, sh(12, 9)) == sh(9, 9, 30)
    assert deadline([*RUN, pause(sh(8, 10))], timetable_of, sh(8, 11)) is None
    assert deadline(RUN, timetable_of, sh(8, 11)) == sh(9, 9, 30)


def test_parts_of_a_second_do_not_count():
    half = timedelta(milliseconds=500)
    events = [start(sh(8, 9) + half, hours=1), stop(sh(8, 10) + half * 1.5)]

    clock = shown(events, sh(8, 12))

    assert (clock.state, clock.elapsed_seconds) == (State.MET, HOUR)
    assert clock.started_at == sh(8, 9)


def test_an_autumn_night_counts_what_really_passes():
    london = ZoneInfo("Europe/London")
    opened = datetime(2026, 10, 25, 0, 30, tzinfo=london)
    closed = datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=london)
    events = [start(opened, hours=8, calendar="24x7"), stop(closed)]

    clock = shown(events, closed)

    assert clock.elapsed_seconds == 2 * HOUR


def test_in_an_autumn_night_the_later_event_has_the_earlier_wall_clock():
    london = ZoneInfo("Europe/London")
    opened = datetime(2026, 10, 25, 1, 30, tzinfo=london)
    closed = datetime(2026, 10, 25, 1, 10, fold=1, tzinfo=london)
    events = [start(opened, calendar="24x7"), stop(closed)]

    clock = shown(events, closed)

    assert (clock.state, clock.elapsed_seconds) == (State.MET, 40 * 60)


def test_words_from_a_log_are_as_good_as_the_enumeration():
    events = [
        Event(sh(8, 9), "start", target_seconds=HOUR, calendar_key="CN"),
        Event(sh(8, 10), "stop"),
    ]

    assert shown(events, sh(8, 10)).state == "met"


@pytest.mark.parametrize(
    "event",
    [
        Event(NAIVE, Kind.START, target_seconds=1, calendar_key="CN"),
        Event(sh(8, 9), "stat"),
        Event(sh(8, 9), Kind.START, calendar_key="CN"),
        Event(sh(8, 9), Kind.START, target_seconds=1),
    ],
    ids=["naive", "unknown", "no-target", "no-calendar"],
)
def test_a_broken_event_is_refused(event):
    with pytest.raises(ValueError):
        shown([event], sh(8, 10))


def test_a_naive_now_is_refused():
    with pytest.raises(ValueError):
        shown(RUN, NAIVE)

"""Segments tell a clock's life; tape and ruler draw it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from slm.engine.clock import Event, Kind, deadline, instants, replay
from slm.engine.explain import Tape, ruler, segments, tape

from .calendars_for_tests import (
    HOUR,
    SHANGHAI,
    pause,
    reopen,
    resume,
    retarget,
    sh,
    start,
    stop,
    timetable_of,
)

RUN = [start(sh(8, 9), rule="opened", actor="lin")]
PAUSED = [
    *RUN,
    pause(sh(8, 11), rule="pending:wait_customer", actor="wang"),
    resume(sh(8, 14, 30), rule="customer_replied", actor="zhao"),
]


def told(events, now):
    return [
        (part.from_at, part.to_at, part.kind, part.rule, part.actor, part.seconds)
        for part in segments(events, timetable_of, now)
    ]


@pytest.mark.feature("SL-11", "D1")
def test_each_stretch_tells_its_kind_rule_actor_and_seconds():
    assert told(PAUSED, sh(9, 10)) == [
        (sh(8, 9), sh(8, 11), "running", "opened", "lin", 2 * HOUR),
        (sh(8, 11), sh(8, 14, 30), "paused", "pending:wait_customer", "wang", 0),
        (sh(8, 14, 30), sh(8, 18), "running", "customer_replied", "zhao", int(3.5 * HOUR)),
        (sh(8, 18), sh(9, 9), "off_hours", "off_hours", None, 0),
        (sh(9, 9), sh(9, 10), "running", "customer_replied", "zhao", HOUR),
    ]


def test_before_the_start_there_is_nothing_to_tell():
    assert told(RUN, sh(8, 8)) == told(RUN, sh(8, 9)) == []


@pytest.mark.feature("SL-10")
def test_the_time_in_resolved_is_stopped_and_never_paused():
    events = [*RUN, stop(sh(8, 10), rule="resolved"), reopen(sh(8, 14), rule="rejected")]

    assert [part[2:4] + part[5:] for part in told(events, sh(8, 15))] == [
        ("running", "opened", HOUR),
        ("stopped", "resolved", 0),
        ("running", "rejected", HOUR),
    ]
    assert told(events, sh(8, 13)) == told(RUN, sh(8, 10))


@pytest.mark.feature("SL-09")
def test_closed_time_that_counts_is_running_time_with_its_rule():
    events = [
        *RUN,
        stop(sh(8, 11)),
        reopen(sh(8, 15), rule="reopen:with_closed_time", reopen_rule="with_closed_time"),
    ]

    assert [part[2:4] + part[5:] for part in told(events, sh(8, 15))] == [
        ("running", "opened", 2 * HOUR),
        ("running", "reopen:with_closed_time", HOUR),
        ("off_hours", "off_hours", 0),
        ("running", "reopen:with_closed_time", int(1.5 * HOUR)),
    ]


@pytest.mark.feature("SL-07", "D3")
def test_a_change_of_hands_starts_a_stretch_in_the_new_calendar():
    events = [*RUN, Event(sh(8, 17), Kind.RESPONSIBLE, calendar_key="24x7", actor="wang")]

    parts = segments(events, timetable_of, sh(8, 19))

    assert [(part.calendar_key, part.seconds) for part in parts] == [
        ("CN", 3 * HOUR),
        ("CN", 0),
        ("CN", int(3.5 * HOUR)),
        ("24x7", 2 * HOUR),
    ]
    assert parts[-1].rule == "responsible"


def test_a_pause_for_another_reason_is_a_stretch_of_its_own():
    events = [*RUN, pause(sh(8, 10), rule="a"), pause(sh(8, 11), rule="b")]

    assert [part[3] for part in told(events, sh(8, 12))] == ["opened", "a", "b"]


def test_a_frozen_figure_that_differs_shows_as_a_correction():
    events = [*RUN, Event(sh(8, 11), Kind.RECOMPUTE, elapsed_seconds=HOUR, rule="calendar_edited")]

    parts = told(events, sh(8, 12))

    assert parts[1] == (sh(8, 11), sh(8, 11), "running", "calendar_edited", None, -HOUR)
    assert sum(part[-1] for part in parts) == 2 * HOUR


def test_a_recompute_that_agrees_leaves_no_correction():
    events = [
        *RUN,
        Event(sh(8, 11), Kind.RECOMPUTE, elapsed_seconds=2 * HOUR, calendar_key="24x7"),
    ]

    assert [part[-1] for part in told(events, sh(8, 12))] == [2 * HOUR, HOUR]


# ── the tape ──


def drawn(events, now, **more):
    due = deadline(events, timetable_of, now)
    return tape(segments(events, timetable_of, now), due, now, **more)


def test_the_tape_of_a_clock_on_track_ends_at_its_due():
    hour = [start(sh(8, 9), hours=1)]

    assert drawn(hour, sh(8, 9, 30)) == Tape([(0.0, 50.0, "run")], 100.0)


def test_the_tape_shows_the_pause_and_what_runs_past_the_due():
    events = [
        start(sh(8, 9), hours=1),
        pause(sh(8, 9, 30)),
        resume(sh(8, 10)),
    ]

    assert drawn(events, sh(8, 11)) == Tape(
        [(0.0, 25.0, "run"), (25.0, 50.0, "pause"), (50.0, 75.0, "run"), (75.0, 100.0, "over")],
        75.0,
    )


def test_the_tape_of_a_met_clock_is_green_and_needs_no_now():
    events = [start(sh(8, 9), hours=2), stop(sh(8, 10))]
    due = deadline(events, timetable_of, sh(9, 9))

    picture = tape(segments(events, timetable_of, sh(9, 9)), due, None, is_met=True)

    assert picture == Tape([(0.0, 50.0, "met")], 100.0)


def test_a_retarget_into_the_past_leaves_all_after_the_new_due_over():
    events = [*RUN, retarget(sh(8, 11), 1)]

    assert drawn(events, sh(8, 11)) == Tape([(0.0, 50.0, "run"), (50.0, 100.0, "over")], 50.0)


def test_a_breach_of_seconds_is_seen_after_a_long_time():
    clock = [start(sh(8, 9), hours=100, calendar="24x7")]

    parts = drawn(clock, sh(12, 13, 0, 59)).parts

    assert [look for _, _, look in parts] == ["run", "over"]


def test_the_tape_of_a_long_clock_has_few_parts():
    clock = [start(sh(8, 9), hours=900)]

    parts = drawn(clock, datetime(2027, 3, 1, tzinfo=UTC)).parts

    assert 1 <= len(parts) < 70
    assert all(0 <= x0 < x1 <= 100 for x0, x1, _ in parts)


def test_a_clock_that_has_not_begun_has_an_empty_tape():
    assert tape([], None, sh(8, 9)) == Tape([], None)
    assert ruler([], None, sh(8, 9), zone=UTC) is None


def test_a_paused_clock_has_no_notch():
    events = [*RUN, pause(sh(8, 10))]

    assert drawn(events, sh(8, 11)) == Tape([(0.0, 50.0, "run"), (50.0, 100.0, "pause")], None)


# ── the ruler ──


def test_the_ruler_stands_on_full_hours_of_the_reader():
    now = sh(8, 16)
    due = replay(PAUSED, timetable_of, now).due_at
    warned = instants(PAUSED, timetable_of, [50, 75, 300], now)

    picture = ruler(segments(PAUSED, timetable_of, now), due, now, zone=SHANGHAI, warnings=warned)

    assert [f"{tick.at:%d %H:%M}" for tick in picture.ticks][:3] == [
        "08 06:00",
        "08 12:00",
        "08 18:00",
    ]
    assert picture.step == timedelta(hours=6)
    assert [bar.look for bar in picture.bars] == ["run", "pause", "run"]
    assert picture.bars[1].segment.rule == "pending:wait_customer"
    assert [(mark.percent, mark.at) for mark in picture.warnings] == [
        (50, sh(8, 16, 30)),
        (75, sh(9, 9, 30)),
    ]
    assert picture.due.at == due
    assert picture.bed[0] == picture.bars[0].x0 < picture.now.x < picture.due.x < 100


@pytest.mark.parametrize(
    ("length", "step"),
    [
        (timedelta(minutes=5), timedelta(minutes=1)),
        (timedelta(hours=4), timedelta(hours=1)),
        (timedelta(days=6), timedelta(days=1)),
        (timedelta(days=60), timedelta(days=14)),
        (timedelta(days=3000), timedelta(days=364)),
    ],
    ids=str,
)
def test_the_ruler_has_a_handful_of_ticks_at_any_length(length, step):
    begun = sh(8, 9, 3)
    clock = [start(begun, calendar="24x7")]

    picture = ruler(segments(clock, timetable_of, begun + length), None, begun + length, zone=UTC)

    assert picture.step == step
    assert 2 <= len(picture.ticks) <= 11
    assert all(0 <= tick.x <= 100 for tick in picture.ticks)


def test_days_on_the_ruler_begin_at_local_midnight_through_a_change_of_hours():
    london = ZoneInfo("Europe/London")
    begun = datetime(2026, 10, 23, 15, tzinfo=london)
    clock = [start(begun, hours=100, calendar="24x7")]
    now = begun + timedelta(days=4)

    picture = ruler(segments(clock, timetable_of, now), None, now, zone=london)

    days = [tick.at for tick in picture.ticks if tick.at.hour == 0]
    assert len(days) >= 4
    assert {at.utcoffset() for at in days} == {timedelta(0), timedelta(hours=1)}

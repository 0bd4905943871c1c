"""Random histories against the counter of ticks: every figure agrees, to the second (D1, SL-12)."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slm.engine.clock import State, instants, replay
from slm.engine.explain import SegmentKind, segments

from .brute import Brute, history, timetable_of

PERCENTS = (50, 75, 90, 100, 125, 150)
SECOND = timedelta(seconds=1)


def agrees_with_the_counter(past):
    brute, now = Brute(past, past.now), past.at(past.now) + timedelta(milliseconds=999)
    clock = replay(past.events, timetable_of, now)
    assert clock.state == brute.state
    if clock.state is State.NONE:
        return
    unit = past.unit
    assert clock.elapsed_seconds == brute.elapsed * unit
    assert clock.target_seconds == brute.target * unit
    assert clock.calendar_key == brute.key
    assert clock.breached_at == (None if brute.breached is None else past.at(brute.breached))
    assert clock.stopped_at == (None if brute.stopped is None else past.at(brute.stopped))
    fires = instants(past.events, timetable_of, PERCENTS, now)
    if clock.state is not State.RUNNING:
        assert clock.due_at is None
        assert set(fires.values()) == {None}
        return
    assert clock.due_at == past.at(brute.reaches(brute.target, past.now))
    for percent in PERCENTS:
        wanted = brute.reaches(brute.target * percent // 100, past.now)
        if brute.changed is not None:
            wanted = max(wanted, brute.changed)
        assert fires[percent] == past.at(wanted)


def segments_add_up(past):
    now = past.at(past.now)
    clock = replay(past.events, timetable_of, now)
    parts = segments(past.events, timetable_of, now)
    assert sum(part.seconds for part in parts) == clock.elapsed_seconds
    if not parts:
        return
    assert parts[0].from_at == clock.started_at
    assert parts[-1].to_at == (clock.stopped_at or now)
    for before, after in pairwise(parts):
        assert before.to_at == after.from_at
    for part in parts:
        if part.kind is not SegmentKind.RUNNING:
            assert part.seconds == 0
            assert part.length_seconds > 0
        elif part.length_seconds:
            assert part.seconds == part.length_seconds


def thresholds_agree_with_replay_at_their_instant(past):
    """As things stand: with nothing more happening, elapsed is below the share until then."""
    now = past.at(past.now)
    known = [event for event in past.events if event.at <= now]
    clock = replay(known, timetable_of, now)
    for percent, at in instants(known, timetable_of, PERCENTS, now).items():
        if at is None or at <= now:
            continue
        wanted = -(-clock.target_seconds * percent // 100)
        assert replay(known, timetable_of, at).elapsed_seconds == wanted
        assert replay(known, timetable_of, at - SECOND).elapsed_seconds == wanted - 1
        if percent == 100 and clock.breached_at is None:
            over = timetable_of(clock.calendar_key).add(at, 1)
            assert replay(known, timetable_of, over - SECOND).breached_at is None
            assert replay(known, timetable_of, over).breached_at == at


def figures_do_not_move_while_nothing_happens(past):
    now = past.at(past.now)
    known = [event for event in past.events if event.at <= now]
    first = replay(known, timetable_of, now)
    later = replay(known, timetable_of, now + timedelta(hours=30))
    assert first == replay(reversed(known), timetable_of, now)
    assert (first.state, first.due_at) == (later.state, later.due_at)
    assert first.breached_at in {None, later.breached_at}
    if first.state is not State.RUNNING:
        assert first == later


PROPERTIES = (
    agrees_with_the_counter,
    segments_add_up,
    thresholds_agree_with_replay_at_their_instant,
    figures_do_not_move_while_nothing_happens,
)


@pytest.mark.feature("D1", "SL-11", "SL-12")
@pytest.mark.parametrize("tenth", range(10))
def test_ten_thousand_histories_agree_with_a_minute_counter(tenth):
    for seed in range(tenth * 1000, tenth * 1000 + 1000):
        past = history(Random(seed))
        for holds in PROPERTIES:
            try:
                holds(past)
            except AssertionError as error:
                error.add_note(f"history {seed}")
                raise


@pytest.mark.feature("D1", "SL-12")
def test_histories_to_the_second_agree_with_a_second_counter():
    for seed in range(100):
        past = history(Random(seed), unit=1, span=4000)
        for holds in PROPERTIES:
            try:
                holds(past)
            except AssertionError as error:
                error.add_note(f"history {seed}")
                raise


@given(st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_any_history_agrees_with_a_minute_counter(random):
    past = history(random)

    for holds in PROPERTIES:
        holds(past)

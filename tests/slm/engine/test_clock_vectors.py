"""The worked numbers K1-K12 of the domain rules, by id."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from slm.engine.clock import State, instants, replay

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

VECTORS = json.loads((Path(__file__).parent / "clock_vectors.json").read_text(encoding="utf-8"))
RUN = [start(sh(8, 9))]
PAUSED = [*RUN, pause(sh(8, 11)), resume(sh(8, 14, 30))]
TWO_HOURS = [start(sh(8, 9), hours=2)]

CASES = {
    "K2_paused_at_noon": (PAUSED, sh(8, 12), State.PAUSED),
    "K3_after_resume": (PAUSED, sh(8, 14, 30), State.RUNNING),
    "K4_retarget_P2_4h_at_16": ([*PAUSED, retarget(sh(8, 16), 4)], sh(8, 16), State.RUNNING),
    "K5_retarget_P1_2h_at_16": ([*PAUSED, retarget(sh(8, 16), 2)], sh(8, 16), State.RUNNING),
    "K6_retarget_while_paused": (
        [*RUN, pause(sh(8, 11)), retarget(sh(8, 13, 45), 4), resume(sh(8, 14, 30))],
        sh(8, 14, 30),
        State.RUNNING,
    ),
    "K7_reopen_after_resolution": (
        [*PAUSED, stop(sh(8, 17)), reopen(sh(9, 10))],
        sh(9, 10),
        State.RUNNING,
    ),
    "K8_met_exactly_on_due": ([*PAUSED, stop(sh(9, 11, 30))], sh(9, 12), State.MET),
    "K9_missed_by_one_second": ([*PAUSED, stop(sh(9, 11, 30, 1))], sh(9, 12), State.MISSED),
    "K10_pause_weekend_only_off_hours": (
        [start(sh(9, 17), hours=16), pause(sh(10, 18, 30)), resume(sh(12, 8))],
        sh(12, 8),
        State.RUNNING,
    ),
    "K11_raised_target_keeps_breach": (
        [*TWO_HOURS, retarget(sh(8, 11, 30), 8), stop(sh(8, 16))],
        sh(8, 17),
        State.MISSED,
    ),
    "K12_authorised_lift": (
        [*TWO_HOURS, retarget(sh(8, 11, 30), 8, lift=True), stop(sh(8, 16))],
        sh(8, 17),
        State.MET,
    ),
}


def instant(text):
    return datetime.fromisoformat(text) if text else None


@pytest.mark.vector
@pytest.mark.feature("SL-03", "SL-04", "SL-08")
@pytest.mark.parametrize("name", CASES, ids=lambda name: name.split("_")[0])
def test_a_clock_shows_the_worked_numbers(name):
    events, now, state = CASES[name]
    expected = VECTORS[name]

    shown = replay(events, timetable_of, now)

    assert shown.state is state
    assert shown.elapsed_seconds == round(expected["elapsed_h"] * HOUR)
    assert shown.target_seconds == expected["target_h"] * HOUR
    assert shown.remaining_seconds == round(expected["remaining_h"] * HOUR)
    assert shown.due_at == instant(expected["due"])
    assert shown.breached_at == instant(expected["breached_at"])


@pytest.mark.vector
@pytest.mark.parametrize("percent", [50, 75, 90, 100], ids=lambda percent: f"K1-{percent}")
def test_thresholds_fall_due_at_the_worked_instants(percent):
    expected = instant(VECTORS["K1_thresholds_8h"][str(percent)])

    at = instants(RUN, timetable_of, [percent], sh(8, 9))

    assert at == {percent: expected}


@pytest.mark.vector
def test_after_the_breach_a_threshold_comes_every_quarter_of_the_target():
    at = instants(RUN, timetable_of, [125, 150], sh(9, 10))

    assert at == {125: sh(9, 11, 30), 150: sh(9, 15)}

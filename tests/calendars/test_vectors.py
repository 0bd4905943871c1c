"""The worked numbers C1–C12 of the domain rules, read from vectors.json by id."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calendars.engine import compile_timetable
from tests.calendars.conftest import describe

VECTORS = json.loads((Path(__file__).parents[1] / "vectors.json").read_text(encoding="utf-8"))
SHANGHAI = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
HOUR = 3600
ROUND = {str(weekday): [["00:00", "24:00"]] for weekday in range(7)}

pytestmark = pytest.mark.vector


def expected(name):
    (found,) = [value for key, value in VECTORS.items() if key.startswith(f"{name}_")]
    return found


def in_shanghai(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


def day_hours(timetable, zone, year, month, day):
    start = datetime(year, month, day, tzinfo=zone)
    end = datetime(year, month, day, tzinfo=zone) + timedelta(days=1)  # wall clock
    return timetable.between(start, end) / HOUR


@pytest.mark.parametrize(
    ("name", "start", "hours"),
    [
        ("C1", in_shanghai(2026, 9, 30, 17), 8),
        ("C2", in_shanghai(2026, 10, 9, 17), 4),
        ("C3", in_shanghai(2026, 10, 11, 22), 2),
        ("C6", in_shanghai(2026, 10, 8, 9), 7.5),
    ],
    ids=["C1", "C2", "C3", "C6"],
)
def test_add_over_holidays_and_makeup_days(cn, name, start, hours):
    assert cn.add(start, int(hours * HOUR)) == datetime.fromisoformat(expected(name))


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("C4", in_shanghai(2026, 9, 30, 9), in_shanghai(2026, 10, 10, 18)),
        ("C5", in_shanghai(2026, 9, 20), in_shanghai(2026, 9, 21)),
    ],
    ids=["C4", "C5"],
)
def test_between_over_holidays_and_makeup_days(cn, name, start, end):
    assert cn.between(start, end) / HOUR == expected(name)


@pytest.mark.feature("SL-05")
@pytest.mark.parametrize("is_24x7", [True, False], ids=["C7-24x7", "C7-windows"])
def test_a_day_around_the_clock_in_autumn_ends_an_hour_earlier_on_the_wall(is_24x7):
    timetable = compile_timetable(describe("Europe/London", ROUND) | {"is_24x7": is_24x7})

    due = timetable.add(datetime(2026, 10, 24, 12, tzinfo=LONDON), 24 * HOUR)

    assert due == datetime.fromisoformat(expected("C7"))


@pytest.mark.feature("SL-05")
@pytest.mark.parametrize(
    ("name", "zone", "day"),
    [
        ("C8", LONDON, (2026, 10, 25)),
        ("C9", LONDON, (2026, 3, 29)),
        ("C11", NEW_YORK, (2026, 3, 8)),
    ],
    ids=["C8", "C9", "C11"],
)
@pytest.mark.parametrize("is_24x7", [True, False], ids=["24x7", "windows"])
def test_a_day_on_which_the_clock_changes_has_its_true_length(name, zone, day, is_24x7):
    timetable = compile_timetable(describe(zone.key, ROUND) | {"is_24x7": is_24x7})

    assert day_hours(timetable, zone, *day) == expected(name)


@pytest.mark.parametrize(
    ("day", "which"), [((2026, 10, 25), 0), ((2026, 3, 29), 1)], ids=["C10-autumn", "C10-spring"]
)
def test_a_window_over_the_change_of_the_clock_has_its_true_length(day, which):
    timetable = compile_timetable(describe("Europe/London", {"6": [["00:00", "06:00"]]}))

    assert day_hours(timetable, LONDON, *day) == expected("C10")[which]


@pytest.mark.parametrize("where", ["cn", "london"], ids=["C12-cn", "C12-london"])
def test_the_same_instant_ends_differently_in_two_calendars(cn, where):
    vector = expected("C12")
    weekly = {str(weekday): [["09:00", "17:30"]] for weekday in range(5)}
    timetable = cn if where == "cn" else compile_timetable(describe("Europe/London", weekly))

    due = timetable.add(datetime.fromisoformat(vector["from_utc"]), 4 * HOUR)

    assert due == datetime.fromisoformat(vector[where])
    assert due.tzinfo is UTC

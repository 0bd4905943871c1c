"""The engine's promises, one by one; test_engine_properties.py walks the minutes."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from calendars.engine import NeverOpens, clock_of, compile_timetable, minute_of
from tests.calendars.conftest import OFFICE, WEEKDAYS, describe

HOUR = 3600
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


def test_no_time_to_add_gives_the_start_itself_even_off_hours(cn):
    start = at(2026, 10, 3, 3)

    assert cn.add(start, 0) == start


def test_nothing_passes_backwards_or_in_no_time(cn):
    assert cn.between(at(2026, 10, 9, 12), at(2026, 10, 9, 9)) == 0
    assert cn.between(at(2026, 10, 9, 9), at(2026, 10, 9, 9)) == 0
    assert cn.stretches(at(2026, 10, 9, 12), at(2026, 10, 9, 9)) == []


def test_microseconds_are_floored_on_both_sides(cn):
    start = at(2026, 10, 9, 9, 0, 0, 999_999)
    end = at(2026, 10, 9, 9, 0, 1, 1)

    assert cn.between(start, end) == 1
    assert cn.add(start, 1) == at(2026, 10, 9, 9, 0, 1)


@pytest.mark.parametrize("ask", [
    lambda cn, naive: cn.add(naive, 1),
    lambda cn, naive: cn.between(naive, at(2026, 10, 9, 10)),
    lambda cn, naive: cn.between(at(2026, 10, 9, 8), naive),
    lambda cn, naive: cn.stretches(naive, at(2026, 10, 9, 10)),
    lambda cn, naive: cn.is_open(naive),
    lambda cn, naive: cn.next_opening(naive),
])  # fmt: skip
def test_a_naive_instant_is_refused(cn, ask):
    with pytest.raises(ValueError, match="naive"):
        ask(cn, at(2026, 10, 9, 9).replace(tzinfo=None))


def test_negative_time_is_refused(cn):
    with pytest.raises(ValueError, match="negative"):
        cn.add(at(2026, 10, 9, 9), -1)


def test_a_calendar_that_never_opens_says_so():
    timetable = compile_timetable(describe("Asia/Shanghai", {}))

    with pytest.raises(NeverOpens):
        timetable.add(at(2026, 10, 9), 1)
    with pytest.raises(NeverOpens):
        timetable.next_opening(at(2026, 10, 9))
    assert timetable.between(at(2026, 1, 1), at(2030, 1, 1)) == 0


def test_what_needs_more_than_ten_years_is_not_searched_for(cn):
    with pytest.raises(NeverOpens):
        cn.add(at(2026, 10, 9), 10 * 365 * 86_400)


def test_around_the_clock_ten_years_are_the_end_too():
    timetable = compile_timetable({"zone": "UTC", "is_24x7": True})
    start = datetime(2026, 1, 1, tzinfo=UTC)

    assert timetable.add(start, 3650 * 86_400) == start + timedelta(days=3650)
    with pytest.raises(NeverOpens):
        timetable.add(start, 3654 * 86_400)


def test_a_calendar_that_closes_for_good_keeps_what_it_was():
    exceptions = {"2026-10-09": OFFICE}
    timetable = compile_timetable(describe("Asia/Shanghai", {}, exceptions))

    assert timetable.add(at(2025, 1, 1), int(7.5 * HOUR)) == at(2026, 10, 9, 18)
    with pytest.raises(NeverOpens):
        timetable.add(at(2025, 1, 1), int(7.5 * HOUR) + 1)


def test_a_far_future_and_a_past_give_the_same_answers_in_any_order():
    early, late = at(2012, 5, 2, 10), at(2048, 6, 3, 10)
    one, other = (compile_timetable(describe("Asia/Shanghai", WEEKDAYS)) for _ in range(2))

    first = [one.add(late, 40 * HOUR), one.add(early, 40 * HOUR), one.between(early, late)]
    second = [other.between(early, late), other.add(early, 40 * HOUR), other.add(late, 40 * HOUR)]

    assert first == second[::-1]


@pytest.mark.feature("SL-05")
def test_a_night_shift_over_midnight_is_one_stretch():
    weekly = {"0": [["22:00", "24:00"]], "1": [["00:00", "06:00"]]}
    timetable = compile_timetable(describe("Asia/Shanghai", weekly))

    stretches = timetable.stretches(at(2026, 10, 5), at(2026, 10, 8))

    assert stretches == [(at(2026, 10, 5, 22), at(2026, 10, 6, 6))]
    assert timetable.add(at(2026, 10, 5, 23), 3 * HOUR) == at(2026, 10, 6, 2)


@pytest.mark.feature("SL-05")
def test_a_split_day_stops_at_lunch(cn):
    stretches = cn.stretches(at(2026, 10, 9, 10), at(2026, 10, 9, 15))

    assert stretches == [
        (at(2026, 10, 9, 10), at(2026, 10, 9, 12)),
        (at(2026, 10, 9, 13, 30), at(2026, 10, 9, 15)),
    ]


@pytest.mark.feature("SL-05")
def test_around_the_clock_loses_no_second_in_a_year():
    timetable = compile_timetable({"zone": "Europe/London", "is_24x7": True})
    start, end = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)

    assert timetable.between(start, end) == 366 * 86_400
    assert timetable.stretches(start, end) == [(start, end)]


@pytest.mark.feature("D4", "SL-06")
def test_eight_hours_from_friday_before_a_worked_saturday_end_on_that_saturday():
    plain = compile_timetable(describe("Asia/Shanghai", WEEKDAYS))
    official = compile_timetable(describe("Asia/Shanghai", WEEKDAYS, {"2026-10-10": OFFICE}))
    friday = at(2026, 10, 9, 16)

    assert official.add(friday, 8 * HOUR) == at(2026, 10, 10, 16, 30)
    assert plain.add(friday, 8 * HOUR) == at(2026, 10, 12, 16, 30)


def test_open_is_half_open(cn):
    assert not cn.is_open(at(2026, 10, 9, 8, 59, 59))
    assert cn.is_open(at(2026, 10, 9, 9))
    assert cn.is_open(at(2026, 10, 9, 11, 59, 59))
    assert not cn.is_open(at(2026, 10, 9, 12))


def test_the_next_opening_is_now_while_it_is_open(cn):
    assert cn.next_opening(at(2026, 10, 9, 10)) == at(2026, 10, 9, 10)
    assert cn.next_opening(at(2026, 10, 9, 12)) == at(2026, 10, 9, 13, 30)
    assert cn.next_opening(at(2026, 9, 30, 18)) == at(2026, 10, 8, 9)


def test_windows_pushed_into_each_other_by_the_skipped_hour_count_once():
    # 01:00–02:00 does not exist on this day: an edge inside is read with the offset before it.
    weekly = {"6": [["00:00", "01:30"], ["02:00", "03:00"]]}
    timetable = compile_timetable(describe("Europe/London", weekly))
    start, end = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)

    assert timetable.between(start, end) == 2 * HOUR
    assert timetable.stretches(start, end) == [(start, start + timedelta(hours=2))]


def test_a_window_pushed_wholly_into_another_adds_nothing():
    weekly = {"6": [["00:00", "01:45"], ["02:00", "02:30"]]}  # 00:00Z–01:45Z, 01:00Z–01:30Z
    timetable = compile_timetable(describe("Europe/London", weekly))
    start = datetime(2026, 3, 29, tzinfo=UTC)

    assert timetable.between(start, start + timedelta(days=1)) == 105 * 60


@pytest.mark.parametrize(("zone", "weekly", "inside"), [
    ("America/New_York", {"3": [["18:00", "24:00"]]}, datetime(2027, 1, 1, 2, tzinfo=UTC)),
    ("Asia/Shanghai", {"4": [["00:00", "06:00"]]}, datetime(2026, 12, 31, 20, tzinfo=UTC)),
])  # fmt: skip
def test_a_local_day_that_lies_in_another_year_of_utc_is_known(zone, weekly, inside):
    timetable = compile_timetable(describe(zone, weekly))

    assert timetable.is_open(inside)
    assert timetable.next_opening(inside) == inside


def test_stretches_begin_and_end_on_the_edge_without_empty_ones(cn):
    stretches = cn.stretches(at(2026, 10, 9, 12), at(2026, 10, 10, 9))

    assert stretches == [(at(2026, 10, 9, 13, 30), at(2026, 10, 9, 18))]


def test_a_window_inside_the_skipped_hour_is_left_out_when_it_comes_to_nothing():
    weekly = {"6": [["01:30", "02:15"]]}  # 01:30Z to 01:15Z
    timetable = compile_timetable(describe("Europe/London", weekly))

    assert timetable.between(
        datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)
    ) == 0  # fmt: skip


def test_any_zone_of_the_instant_gives_the_same_answer(cn):
    start = at(2026, 10, 9, 10)

    assert cn.add(start.astimezone(timezone(timedelta(hours=-7))), HOUR) == cn.add(start, HOUR)


@pytest.mark.parametrize("frozen", [
    {"zone": "Mars/Olympus"},
    {"zone": ""},
    {"zone": "../etc/passwd"},
    {},
    describe("UTC", {"0": [["12:00", "09:00"]]}),
    describe("UTC", {"0": [["09:00", "09:00"]]}),
    describe("UTC", {"0": [["9:00", "10:00"]]}),
    describe("UTC", {"0": [["09:00", "24:01"]]}),
    describe("UTC", {}, {"2026-13-01": []}),
], ids=str)  # fmt: skip
def test_a_description_that_means_nothing_is_refused(frozen):
    with pytest.raises(ValueError):
        compile_timetable(frozen)


def test_years_out_of_range_are_refused_instead_of_compiled(cn):
    with pytest.raises(ValueError, match="years"):
        cn.between(datetime(1900, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


def test_minutes_and_clocks_are_each_others_reverse():
    assert [minute_of(clock_of(minute)) for minute in range(1441)] == list(range(1441))

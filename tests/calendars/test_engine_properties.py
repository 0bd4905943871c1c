"""The engine against a plain oracle that walks the seconds of random calendars."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.engine import clock_of, compile_timetable
from tests.calendars.conftest import describe

ZONES = [
    "Europe/London",
    "America/New_York",
    "Asia/Shanghai",
    "Australia/Lord_Howe",  # its clock changes by half an hour
    "Asia/Kathmandu",  # +05:45
    "America/Sao_Paulo",
    "Pacific/Apia",
]
# Around changes of the clock in each of the zones, and plain weeks.
DAYS = [date(2026, 3, 5), date(2026, 3, 26), date(2026, 4, 2), date(2026, 10, 1),
        date(2026, 10, 22), date(2026, 10, 29), date(2025, 12, 29), date(2026, 7, 6)]  # fmt: skip
LENGTH = 5
MINUTE = 60


@st.composite
def windows(draw, step=15):
    """Up to three windows of a day that do not overlap; they may touch, or end at 24:00."""
    edges = draw(st.lists(st.integers(0, 1440 // step), max_size=6, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    if draw(st.booleans()) and len(edges) >= 4:
        edges[2] = edges[1]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [[clock_of(a * step), clock_of(b * step)] for a, b in pairs if a < b]


@st.composite
def calendars(draw):
    """(description, first day): a week of random windows, some days excepted."""
    first = draw(st.sampled_from(DAYS))
    weekly = {str(weekday): draw(windows()) for weekday in range(7)}
    if draw(st.booleans()):  # a night shift
        weekly["1"], weekly["2"] = [["21:30", "24:00"]], [["00:00", "05:45"]]
    excepted = draw(st.lists(st.integers(0, LENGTH - 1), max_size=3, unique=True))
    exceptions = {(first + timedelta(days=n)).isoformat(): draw(windows()) for n in excepted}
    return describe(draw(st.sampled_from(ZONES)), weekly, exceptions), first


class Oracle:
    """Which minutes are open, by looking at each of them. Slow and plain."""

    def __init__(self, frozen, first):
        self.zone = ZoneInfo(frozen["zone"])
        self.start = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.minutes = LENGTH * 1440
        self.open = bytearray(self.minutes)
        for n in range(-2, LENGTH + 2):
            for start, end in self.of_day(frozen, first + timedelta(days=n)):
                a, b = self.second(start) // MINUTE, self.second(end) // MINUTE
                for minute in range(max(a, 0), min(b, self.minutes)):
                    self.open[minute] = True

    def of_day(self, frozen, day):
        plain = frozen["weekly"].get(str(day.weekday()), [])
        for start, end in frozen["exceptions"].get(day.isoformat(), plain):
            yield self.edge(day, start), self.edge(day, end)

    def edge(self, day, clock):
        if clock == "24:00":
            day, clock = day + timedelta(days=1), "00:00"
        local = datetime.fromisoformat(f"{day.isoformat()}T{clock}")
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def between(self, start, end):
        """Walks the minutes; the first and the last may be partial."""
        total, a, b = 0, self.second(start), self.second(end)
        for n in range(a // MINUTE, min(self.minutes, b // MINUTE + 1)):
            if self.open[n]:
                total += max(0, min(b, (n + 1) * MINUTE) - max(a, n * MINUTE))
        return total

    def add(self, start, seconds):
        """The earliest second at which so much has passed; None beyond the days looked at."""
        at = self.second(start)
        while seconds:
            n = at // MINUTE
            if n >= self.minutes:
                return None
            step = (n + 1) * MINUTE - at
            if self.open[n]:
                step = min(step, seconds)
                seconds -= step
            at += step
        return self.start + timedelta(seconds=at)

    def second(self, at):
        return int((at - self.start).total_seconds())


SECONDS = st.integers(0, LENGTH * 86_400 - 1)


@given(calendars(), SECONDS, SECONDS)
def test_between_agrees_with_walking(calendar, one, other):
    frozen, first = calendar
    oracle, timetable = Oracle(frozen, first), compile_timetable(frozen)
    start = oracle.start + timedelta(seconds=min(one, other))
    end = oracle.start + timedelta(seconds=max(one, other))

    assert timetable.between(start, end) == oracle.between(start, end)


@given(calendars(), SECONDS, st.integers(0, 60 * 3600))
def test_add_agrees_with_walking_and_is_undone_by_between(calendar, offset, seconds):
    frozen, first = calendar
    oracle, timetable = Oracle(frozen, first), compile_timetable(frozen)
    start = oracle.start + timedelta(seconds=offset)
    expected = oracle.add(start, seconds)
    if expected is None:
        return

    due = timetable.add(start, seconds)

    assert due == expected
    assert timetable.between(start, due) == seconds


@given(calendars(), SECONDS, SECONDS)
def test_stretches_are_the_open_minutes_in_order_merged_and_add_up(calendar, one, other):
    frozen, first = calendar
    oracle, timetable = Oracle(frozen, first), compile_timetable(frozen)
    start = oracle.start + timedelta(seconds=min(one, other))
    end = oracle.start + timedelta(seconds=max(one, other))

    stretches = timetable.stretches(start, end)

    edges = [edge for stretch in stretches for edge in stretch]
    assert edges == sorted(set(edges)), "in order, none empty, none touching"
    assert all(start <= edge <= end for edge in edges)
    assert sum((b - a).total_seconds() for a, b in stretches) == oracle.between(start, end)
    assert all(oracle.open[oracle.second(a) // MINUTE] for a, _ in stretches)
    assert all(timetable.is_open(a) for a, _ in stretches)
    assert not any(timetable.is_open(b) for _, b in stretches if b < end)


@given(calendars(), SECONDS, st.lists(st.integers(0, 40 * 3600), min_size=2, max_size=6))
def test_more_time_never_ends_earlier(calendar, offset, amounts):
    frozen, first = calendar
    if not any(frozen["weekly"].values()):
        return
    timetable = compile_timetable(frozen)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(seconds=offset)

    dues = [timetable.add(start, seconds) for seconds in sorted(amounts)]

    assert dues == sorted(dues)


@given(calendars(), st.lists(SECONDS, min_size=3, max_size=3))
def test_between_adds_up_over_a_middle(calendar, offsets):
    frozen, first = calendar
    timetable = compile_timetable(frozen)
    a, b, c = (
        datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(seconds=offset)
        for offset in sorted(offsets)
    )

    assert timetable.between(a, b) + timetable.between(b, c) == timetable.between(a, c)


@given(calendars(), SECONDS)
def test_the_next_opening_is_the_first_open_second(calendar, offset):
    frozen, first = calendar
    oracle, timetable = Oracle(frozen, first), compile_timetable(frozen)
    expected = oracle.add(oracle.start + timedelta(seconds=offset), 1)
    if expected is None:
        return

    opening = timetable.next_opening(oracle.start + timedelta(seconds=offset))

    assert opening == expected - timedelta(seconds=1)


@pytest.mark.parametrize("zone", ZONES)
def test_hours_by_day_are_those_on_the_wall(zone):
    """Without conversion of edges at all: a minute is open when its wall clock says so. Holds for
    windows whose edges no change of the clock touches, over two years with all the changes."""
    weekly = {"5": [["00:00", "24:00"]], "6": [["00:00", "06:00"], ["13:30", "18:00"]]}
    timetable = compile_timetable(describe(zone, weekly))
    start, end = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

    walked = _open_minutes_by_wall(zone, start, end)

    assert timetable.between(start, end) == sum(walked.values()) * MINUTE
    for day in list(walked)[10:-10:7]:
        local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        assert timetable.between(local, local + timedelta(days=1)) == walked[day] * MINUTE


def _open_minutes_by_wall(zone, start, end):
    found = {}
    for n in range(0, int((end - start).total_seconds()) // MINUTE, 15):
        wall = (start + timedelta(minutes=n)).astimezone(ZoneInfo(zone))
        minute = wall.hour * 60 + wall.minute
        is_open = wall.weekday() == 5 or (
            wall.weekday() == 6 and (minute < 360 or 810 <= minute < 1080)
        )
        found[wall.date()] = found.get(wall.date(), 0) + 15 * is_open
    return found


def test_spans_grow_to_both_sides_without_a_seam():
    """Asked year by year in any order, the sum is that of one question over all the years."""
    frozen = describe("America/New_York", {"3": [["00:00", "24:00"]], "4": [["00:00", "09:30"]]})
    years = [2030, 2020, 2025, 2041, 2011]
    timetable = compile_timetable(frozen)
    total = compile_timetable(frozen).between(
        datetime(2011, 1, 1, tzinfo=UTC), datetime(2042, 1, 1, tzinfo=UTC)
    )

    for year in years:
        timetable.between(datetime(year, 6, 1, tzinfo=UTC), datetime(year, 6, 2, tzinfo=UTC))
    by_year = sum(
        timetable.between(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
        for year in range(2011, 2042)
    )

    assert by_year == total

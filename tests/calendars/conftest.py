"""Calendars that the tests of this app share."""

import pytest

from calendars.engine import compile_timetable

OFFICE = [["09:00", "12:00"], ["13:30", "18:00"]]
WEEKDAYS = {str(weekday): OFFICE for weekday in range(5)}


def describe(zone, weekly, exceptions=None, **more):
    return {"zone": zone, "is_24x7": False, "weekly": weekly, "exceptions": exceptions or {}, **more}


@pytest.fixture(scope="session")
def cn():
    """The test calendar of the domain rules: 7.5 h a day, National Day 2026 with its make-up days."""
    exceptions = {f"2026-10-0{day}": [] for day in range(1, 8)}
    exceptions |= {"2026-09-25": [], "2026-09-20": OFFICE, "2026-10-10": OFFICE}
    return compile_timetable(describe("Asia/Shanghai", WEEKDAYS, exceptions))

"""Calendars that the tests of this app share."""

from datetime import UTC, date, datetime

import pytest

from calendars import actions
from calendars.engine import compile_timetable
from calendars.models import Calendar
from people import actions as people

OFFICE = [["09:00", "12:00"], ["13:30", "18:00"]]
WEEKDAYS = {str(weekday): OFFICE for weekday in range(5)}


def describe(zone, weekly, exceptions=None, **more):
    return {
        "zone": zone,
        "is_24x7": False,
        "weekly": weekly,
        "exceptions": exceptions or {},
        **more,
    }


@pytest.fixture(scope="session")
def cn():
    """The test calendar of the domain rules: 7.5 h a day, National Day 2026 with its make-up days."""
    exceptions = {f"2026-10-0{day}": [] for day in range(1, 8)}
    exceptions |= {"2026-09-25": [], "2026-09-20": OFFICE, "2026-10-10": OFFICE}
    return compile_timetable(describe("Asia/Shanghai", WEEKDAYS, exceptions))


@pytest.fixture
def organization(db):
    return people.create_organization(by=None, code="LANTING", name_en="Lanting")


def make_person(organization, code, *roles, **fields):
    person = people.create_person(
        by=None, code=code, name=code.title(), email=f"{code.lower()}@lanting.example",
        organization=organization, can_sign_in=True, **fields,
    )  # fmt: skip
    for role in roles:
        people.grant(person, role, by=None, since=date(2020, 1, 1))
    return person


@pytest.fixture
def admin(organization):
    return make_person(organization, "ADMIN", "ADM")


@pytest.fixture
def service_level_manager(organization):
    return make_person(organization, "SLMANAGER", "SLM")


@pytest.fixture
def agent(organization):
    return make_person(organization, "AGENT", "AG1")


@pytest.fixture
def customer(organization):
    return make_person(organization, "CUSTOMER")


@pytest.fixture
def office(db):
    """The office calendar of the domain rules, with the official days of 2026."""
    calendar = actions.create_calendar(
        by=None, code="CN-OFFICE", name_en="Shanghai office", name_zh="上海办公时间",
        time_zone="Asia/Shanghai", hours={"support": WEEKDAYS}, at=datetime(2020, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    actions.load_cn_holidays(calendar, 2026, None, at=datetime(2020, 1, 1, tzinfo=UTC))
    return Calendar.objects.get(pk=calendar.pk)


@pytest.fixture
def round_the_clock(db):
    return actions.create_calendar(
        by=None, code="24X7", name_en="Around the clock", time_zone="UTC", is_24x7=True
    )

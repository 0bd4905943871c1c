"""A small bilingual company that the tests of people and of the settings share."""

from datetime import date

import pytest

from calendars import actions as calendars
from people import actions
from people.models import GroupMembership


def make_person(organization, code, *roles, **fields):
    fields = {"name": code.title(), "email": f"{code.lower()}@lanting.example"} | fields
    person = actions.create_person(
        by=None, code=code, organization=organization, can_sign_in=True, **fields
    )
    for role in roles:
        actions.grant(person, role, by=None, since=date(2020, 1, 1))
    return person


@pytest.fixture
def organization(db):
    return actions.create_organization(by=None, code="LANTING", name_en="Lanting", name_zh="兰亭")


@pytest.fixture
def admin(organization):
    return make_person(organization, "ADMIN", "ADM")


@pytest.fixture
def auditor(organization):
    return make_person(organization, "AUDITOR", "AUD")


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
    return calendars.create_calendar(
        by=None, code="24X7", name_en="Around the clock", time_zone="UTC", is_24x7=True
    )


@pytest.fixture
def desk(office, organization):
    return actions.create_group(
        by=None, code="DESK", name_en="Central desk", name_zh="总服务台", kind="desk",
        calendar=office, is_central=True,
    )  # fmt: skip


@pytest.fixture
def lead(organization, desk):
    person = make_person(organization, "LEADER", name="Liu Lead")
    actions.join_group(
        person, desk, by=None, role=GroupMembership.Part.LEAD, since=date(2020, 1, 1)
    )
    return person


@pytest.fixture
def zhang(organization):
    return make_person(organization, "1001", name="张三", phone="021-5555 0101")


def sent(page, **changes):
    """The fields of the page's form as a browser would send them, with some of them changed."""
    form = page.context["form"]
    data = {}
    for part in [form, *page.context.get("parts", [])]:
        forms = [part] if hasattr(part, "fields") else [part.management_form, *part.forms]
        for one in forms:
            for bound in one:
                value = bound.value()
                if value is None or value is False:
                    continue
                if isinstance(value, list | tuple):
                    value = [str(getattr(each, "pk", each)) for each in value]
                data[bound.html_name] = "on" if value is True else value
    data |= changes
    return {key: value for key, value in data.items() if value is not None}

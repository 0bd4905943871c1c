"""People and settings in a real browser: nothing that axe calls serious, no page wider than its
window, no complaint of the browser."""

from datetime import date
from itertools import product

import pytest
from django.urls import reverse

from core import audit, heartbeat
from core.models import Message, Receipt
from core.time import now
from people import actions
from people.models import Person
from records.models import Category, PendingReason, PriorityMatrix
from slm.models import EscalationPolicy
from tests.axe import findings, listen
from tests.people.conftest import *  # noqa: F403
from tests.people.conftest import make_person


@pytest.fixture
def company(live_server, transactional_db, admin, lead, desk, organization):
    """Something of everything that the pages show."""
    suzhou = actions.create_group(
        by=admin, code="DESK-SZ", name_en="Suzhou desk", name_zh="苏州服务台", kind="desk",
        calendar=desk.calendar, parent=desk,
    )  # fmt: skip
    actions.create_site(
        by=admin, code="SZ", name_en="Suzhou", name_zh="苏州", organization=organization,
        time_zone="Asia/Shanghai", desk=suzhou,
    )  # fmt: skip
    below = actions.create_organization(
        by=admin, code="OPS", name_en="Operations", name_zh="运营部", parent=organization
    )
    for code, name in (("1001", "张三"), ("1002", "李雷"), ("1003", "Jonas Weber")):
        person = make_person(below, code, name=name, phone="021-5555 0101", manager=admin)
        actions.join_group(person, desk, by=admin, since=date(2026, 1, 1))
    actions.grant(person, "AG1", by=admin, organization=below)
    actions.issue_token(person, by=admin, name="Monitoring", scope="read")
    hardware = Category.objects.create(code="hardware", name_en="Hardware", name_zh="硬件")
    Category.objects.create(code="printer", name_en="Printer", name_zh="打印机", parent=hardware)
    # the tables are emptied between tests of this kind, reference data and all
    matrix, _ = PriorityMatrix.objects.get_or_create(
        code="default", defaults={"name_en": "Default 3 × 3", "is_default": True}
    )
    for impact, urgency in product((1, 2, 3), repeat=2):
        matrix.cells.get_or_create(
            impact=impact, urgency=urgency, defaults={"priority": impact + urgency - 1}
        )
    policy, _ = EscalationPolicy.objects.get_or_create(
        code="default", defaults={"name_en": "Default ladder", "name_zh": "默认升级规则"}
    )
    policy.steps.get_or_create(on="pct", value=75, type="hierarchic", to="group_lead")
    PendingReason.objects.get_or_create(
        code="wait_customer", defaults={"name_en": "Waiting for the requester", "pauses_sla": True}
    )
    message = Message.objects.create(verb="incident.resolved", dead_at=now())
    Receipt.objects.create(
        message=message, reaction="itsm.reactions.end_outages", attempts=8,
        error="OperationalError: server closed the connection unexpectedly",
    )  # fmt: skip
    heartbeat.beat("sweeper:clocks")
    audit.record("setting.changed", by=admin, subject="core_setting", object_id="unmerge_days",
                 before=30, after=14)  # fmt: skip
    return {"person": person, "desk": desk, "organization": organization, "category": hardware}


def addresses(company):
    """(name, address) of every page."""
    person, desk = company["person"].pk, company["desk"].pk
    rows = {
        "organizations": company["organization"].pk,
        "support-groups": desk,
        "categories": company["category"].pk,
        "priority-matrices": PriorityMatrix.objects.first().pk,
        "escalation-policies": EscalationPolicy.objects.first().pk,
    }
    for name in ("index", "preferences", "audit", "health", "sites", "pending-reasons", *rows):
        yield name, reverse(f"settings:{name}")
    for slug, pk in rows.items():
        yield f"{slug}_edit", reverse(f"settings:{slug}_edit", args=[pk])
    yield "history", reverse("settings:organizations_history", args=[rows["organizations"]])
    yield "members", reverse("settings:support-groups_members", args=[desk])
    yield "people", reverse("people:index")
    for name in ("detail", "edit", "leave", "password", "history"):
        yield f"person_{name}", reverse(f"people:{name}", args=[person])


# The first look is read whole, the second for what language, theme and width may change.
@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "theme", "width"), [("en", "light", 1440), ("zh-hans", "dark", 390)]
)
def test_people_and_settings_are_readable_by_everybody(
    browser, live_server, client, company, admin, locale, theme, width
):
    Person.objects.filter(pk=admin.pk).update(locale=locale)
    client.force_login(admin, backend="people.backends.PersonBackend")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    cookie = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    page, found = context.new_page(), []
    complaints = listen(page)

    for name, address in addresses(company):
        page.goto(live_server.url + address)
        found += [(name, *one) for one in findings(page, only_look=width == 390)]
    context.close()

    assert found == []
    assert complaints == []


@pytest.mark.browser
def test_a_person_is_chosen_by_sound_with_the_keyboard(
    browser, live_server, client, company, admin
):
    client.force_login(admin, backend="people.backends.PersonBackend")
    context = browser.new_context()
    cookie = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(
        live_server.url + reverse("settings:organizations_edit", args=[company["organization"].pk])
    )

    page.get_by_label("Manager").fill("zs")
    page.get_by_role("option", name="张三").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save organisation").click()
    page.wait_for_load_state()

    company["organization"].refresh_from_db()
    context.close()
    assert company["organization"].manager.name == "张三"

"""The settings' own pages: start, the desk's settings, audit log, health."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from calendars.actions import create_calendar
from core import heartbeat, outbox, preferences, time
from core.errors import Refused
from core.models import AuditEntry, KpiValue, Message, Receipt
from core.reference import REGISTRY
from itsm import (
    health,
    urls_settings,  # noqa: F401 - fills the registry
)
from people import actions
from records.models import Category, RoutingRule
from tests.people.conftest import *  # noqa: F403
from tests.people.conftest import make_person, sent
from tests.servicedesk.requests.shop import filled
from tests.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture(autouse=True)
def no_cached_preferences():
    from django.core.cache import cache

    cache.delete("preferences")
    yield
    cache.delete("preferences")


def page_of(name, *args):
    return reverse(f"settings:{name}", args=args)


def cards(page):
    return {str(card["label"]) for found in page.context["sections"].values() for card in found}


# --- start ----------------------------------------------------------------------------------------
def test_everybody_gets_the_cards_that_they_may_open(
    client, admin, auditor, lead, service_level_manager, agent
):
    seen = {}
    for person in (admin, auditor, lead, service_level_manager, agent):
        client.force_login(person)
        page = client.get(page_of("index"))
        seen[person.code] = cards(page) if page.status_code == 200 else page.status_code

    assert {"Organisations", "Desk settings", "Health", "Audit log"} <= seen["ADMIN"]
    assert {"Organisations", "Desk settings", "Health", "Audit log"} <= seen["AUDITOR"]
    assert "Outgoing mail" not in seen["AUDITOR"]
    assert "Support groups" in seen["LEADER"]
    assert "Escalation policies" in seen["SLMANAGER"]
    assert "Organisations" not in seen["SLMANAGER"]
    assert seen["AGENT"] == 403


# --- auditors -------------------------------------------------------------------------------------
def words_to_press(page):
    """The buttons in the page's main part that are not switched off with their fieldset."""
    main = page.text.split("<main", 1)[1].split("</main>", 1)[0]
    main = re.sub(r"<fieldset[^>]* disabled>.*?</fieldset></form>", "", main, flags=re.DOTALL)
    main = re.sub(r'<form[^>]*method="get".*?</form>', "", main, flags=re.DOTALL)
    return re.findall(r"<button[^>]*>", main)


@pytest.mark.feature("SE-01")
@pytest.mark.parametrize("slug", REGISTRY)
def test_an_auditor_reads_every_list_and_writes_in_none(client, auditor, admin, organization, slug):
    reference = REGISTRY[slug]
    if slug == "support-groups" or not reference.model.objects.exists():
        made_of(slug, organization)
    row = reference.model.objects.first()
    client.force_login(auditor)
    before = AuditEntry.objects.count(), reference.model.objects.count()

    lists = client.get(reference.url())
    form = client.get(reference.url("edit", row))
    history = client.get(reference.url("history", row))
    refused = [
        client.get(reference.url("new")), client.post(reference.url("new"), {"code": "X"}),
        client.post(reference.url("edit", row), {"code": "X"}),
        client.post(reference.url("active", row), {"active": "0"}),
    ]  # fmt: skip

    assert [page.status_code for page in (lists, form, history)] == [200] * 3
    assert [page.status_code for page in refused] == [403] * 4
    assert reference.url("new") not in lists.text + form.text
    assert [words_to_press(page) for page in (lists, form, history)] == [[], [], []]
    assert "disabled" in re.search(r"<fieldset[^>]*>", form.text)[0]
    assert (AuditEntry.objects.count(), reference.model.objects.count()) == before


def made_of(slug, organization):
    """One row of a list that begins empty."""
    if slug == "sites":
        actions.create_site(
            by=None, code="SH", name_en="Shanghai", organization=organization,
            time_zone="Asia/Shanghai",
        )  # fmt: skip
    if slug == "support-groups":
        calendar = create_calendar(
            by=None, code="ALL", name_en="Always", time_zone="UTC", is_24x7=True
        )
        actions.create_group(by=None, code="D", name_en="D", kind="desk", calendar=calendar)
    if slug == "categories":
        Category.objects.create(code="network", name_en="Network")
    if slug == "offerings":
        filled(build())
    if slug == "routing-rules":
        RoutingRule.objects.create(name_en="All by mail", name_zh="所有邮件", order=10)


def test_an_auditor_reads_settings_and_health_and_changes_nothing(client, auditor):
    message = Message.objects.create(verb="x", dead_at=time.now())
    client.force_login(auditor)

    settings, health_page = client.get(page_of("preferences")), client.get(page_of("health"))

    assert settings.status_code == health_page.status_code == 200
    assert words_to_press(settings) == words_to_press(health_page) == []
    assert f"#{message.pk}" in health_page.text
    for url in (page_of("preferences"), page_of("retry_message", message.pk)):
        assert client.post(url, {"unmerge_days": "1"}).status_code == 403
    assert preferences.get("unmerge_days") == 30


# --- preferences ----------------------------------------------------------------------------------
def test_a_setting_is_changed_by_its_type_and_audited(as_admin):
    url = page_of("preferences")
    data = sent(as_admin.get(url), unmerge_days="14", impact_users="200, 20")

    answer = as_admin.post(url, data)

    assert answer.status_code == 302
    rows = AuditEntry.objects.filter(action="setting.changed").order_by("object_id")
    assert [(row.object_id, row.after) for row in rows] == [
        ("impact_users", [200, 20]), ("unmerge_days", 14),
    ]  # fmt: skip
    assert "Days in which a merge can be undone" in as_admin.get(url).text


def test_bad_settings_are_told_at_their_fields(as_admin):
    url = page_of("preferences")
    data = sent(as_admin.get(url), unmerge_days="-1", impact_users="many", sla_prefer="nobody")

    page = as_admin.post(url, data | {"product_name_en": ""})

    assert page.status_code == 422
    assert {"unmerge_days", "impact_users", "sla_prefer", "product_name_en"} == set(
        page.context["form"].errors
    )


def test_a_setting_that_another_one_changed_is_not_overwritten(as_admin, admin):
    url = page_of("preferences")
    data = sent(as_admin.get(url))
    preferences.put("unmerge_days", 7, by=admin)
    preferences.cache.delete("preferences")

    untouched = as_admin.post(url, data | {"duplicate_hours": "48"})
    preferences.cache.delete("preferences")
    touched = as_admin.post(
        url, data | {"unmerge_days": "14", "submit_token": "another-token-of-a-form"}
    )
    preferences.cache.delete("preferences")

    assert untouched.status_code == 302
    assert "unmerge_days" in touched.context["form"].errors
    assert preferences.get("unmerge_days") == 7


# --- audit ----------------------------------------------------------------------------------------
@pytest.mark.feature("SE-07")
def test_the_audit_log_opens_for_administrators_and_auditors(client, admin, auditor, lead, agent):
    answers = []
    for person in (admin, auditor, lead, agent):
        client.force_login(person)
        answers.append(client.get(page_of("audit")).status_code)

    assert answers == [200, 200, 403, 403]


@pytest.mark.feature("SE-07")
def test_the_audit_log_narrows_by_table_actor_row_and_day(as_admin, admin, zhang):
    actions.set_password(zhang, "correct-horse-77", by=admin)
    today = time.now().date()

    def rows(**asked):
        return as_admin.get(page_of("audit"), asked).context["page"].rows

    assert {row.table for row in rows(table="people_roleassignment")} == {"people_roleassignment"}
    assert {row.actor for row in rows(actor="adm")} == {"Admin"}
    assert {row.object_id for row in rows(table="people_person", object_id=str(zhang.pk))} == {
        str(zhang.pk)
    }
    assert rows(until=str(today - timedelta(days=2))) == []


def test_bad_audit_filters_are_told(as_admin):
    page = as_admin.get(
        page_of("audit"), {"since": "2026-02-01", "until": "2026-01-01", "table": "x"}
    )

    assert page.status_code == 422
    assert {"until", "table"} == set(page.context["form"].errors)


def test_no_password_stands_in_the_audit_log(as_admin, admin, zhang):
    actions.set_password(zhang, "correct-horse-77", by=admin)

    page = as_admin.get(page_of("audit"), {"object_id": zhang.pk}).text

    assert "argon2" not in page


def test_the_audit_log_costs_the_same_however_long(
    as_admin, organization, django_assert_max_num_queries
):
    for number in range(60):
        make_person(organization, f"P{number}")

    with django_assert_max_num_queries(12):
        page = as_admin.get(page_of("audit"))

    assert len(page.context["page"]) == 50
    assert page.context["page"].after


# --- health ---------------------------------------------------------------------------------------
@pytest.fixture
def dead(admin):
    message = Message.objects.create(verb="incident.resolved", dead_at=time.now())
    Receipt.objects.create(
        message=message,
        reaction="itsm.reactions.example",
        attempts=8,
        error="ValueError: <b>no</b>",
    )
    return message


@pytest.mark.feature("OP-04")
def test_the_health_page_says_who_is_silent_and_what_was_given_up(as_admin, dead):
    heartbeat.beat("sweeper:clocks")
    KpiValue.objects.create(
        code=health.DRIFT, period_start=time.now(), period_end=time.now(), value=2
    )

    page = as_admin.get(page_of("health"))

    beats = {beat.process: beat.is_silent for beat in page.context["beats"]}
    assert beats == {"sweeper:clocks": False, "sweeper:messages": True}
    assert "2 clocks differ from their log" in page.text
    assert "ValueError: &lt;b&gt;no&lt;/b&gt;" in page.text
    assert page.context["messages_state"]["dead"] == 1


@pytest.mark.feature("OP-04")
def test_the_health_page_of_a_new_desk_is_calm(as_admin):
    page = as_admin.get(page_of("health"))

    assert page.status_code == 200
    assert "None: every reaction went through." in page.text
    assert page.context["disk"].total > 0


def test_a_message_that_was_given_up_is_tried_again_once(as_admin, dead, admin):
    answer = as_admin.post(page_of("retry_message", dead.pk))

    dead.refresh_from_db()
    assert answer.status_code == 302
    assert dead in Message.objects.due()
    assert dead.receipts.get().attempts == 0
    assert AuditEntry.objects.get(action="message.retried").actor_label == "Admin"
    with pytest.raises(Refused):
        outbox.retry(dead, by=admin)


def test_agents_see_neither_health_nor_settings(client, agent, dead):
    client.force_login(agent)

    assert client.get(page_of("health")).status_code == 403
    assert client.get(page_of("preferences")).status_code == 403
    assert client.post(page_of("retry_message", dead.pk)).status_code == 403

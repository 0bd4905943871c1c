"""Pages of people and groups: who sees whom, what administrators do, what pickers answer."""

from datetime import date

import pytest
from django.contrib.postgres.fields.ranges import DateRange
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEntry
from people import actions
from people.models import ApiToken, GroupMembership, Person, RoleAssignment
from tests.people.conftest import make_person, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


def names(page):
    return [person.name for person in page.context["page"]]


def page_of(name, *args):
    return reverse(f"people:{name}", args=args)


def counted(client, address):
    """(queries, page); the first visit fills what is kept between requests."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    return len(queries), page


# --- the list -------------------------------------------------------------------------------------
@pytest.mark.feature("LA-04")
@pytest.mark.parametrize(
    "words", ["zs", "zhangsan", "Zhang San", "张三", "張三", "1001", "55550101"]
)
def test_a_person_is_found_by_sound_script_number_and_telephone(client, agent, zhang, words):
    client.force_login(agent)

    assert names(client.get(page_of("index"), {"q": words})) == ["张三"]


@pytest.mark.feature("LA-04")
def test_people_are_sorted_by_how_their_names_are_read(client, agent, organization, zhang):
    for code, name in (("2", "陈明"), ("3", "Bob"), ("4", "李雷"), ("5", "Zoe")):
        make_person(organization, code, name=name)
    client.force_login(agent)

    assert names(client.get(page_of("index"))) == ["Agent", "Bob", "陈明", "李雷", "张三", "Zoe"]


def test_filters_narrow_and_an_empty_list_says_why(client, agent, organization, zhang, desk):
    actions.join_group(zhang, desk, by=None)
    elsewhere = actions.create_organization(by=None, code="OTHER", name_en="Other")
    make_person(elsewhere, "OUTSIDER")
    client.force_login(agent)

    assert names(client.get(page_of("index"), {"agents": "1"})) == ["张三"]
    assert names(client.get(page_of("index"), {"organization": elsewhere.pk})) == ["Outsider"]
    nothing = client.get(page_of("index"), {"q": "nobody", "organization": "x", "after": "?"})
    assert "Nobody matches" in nothing.text


def test_htmx_gets_the_rows_only(client, agent):
    client.force_login(agent)

    rows = client.get(page_of("index"), headers={"HX-Request": "true"}).text

    assert "<html" not in rows
    assert "Agent" in rows


def test_the_list_costs_the_same_however_long(client, agent, organization):
    client.force_login(agent)
    make_person(organization, "FIRST")
    short, _page = counted(client, page_of("index"))
    for number in range(60):
        make_person(organization, f"P{number}")

    long, page = counted(client, page_of("index"))

    assert len(page.context["page"]) == 50
    assert long == short


# --- who sees whom --------------------------------------------------------------------------------
def test_a_requester_sees_the_own_card_only(client, customer, agent):
    client.force_login(customer)

    assert client.get(page_of("detail", customer.pk)).status_code == 200
    assert client.get(page_of("index")).status_code == 403
    assert client.get(page_of("detail", agent.pk)).status_code == 404


@pytest.mark.parametrize(
    ("name", "has_more"),
    [("new", False), ("edit", True), ("password", True), ("leave", True)],
)
def test_only_administrators_change_people(client, agent, auditor, zhang, name, has_more):
    for person in (agent, auditor):
        client.force_login(person)
        assert client.get(page_of(name, *([zhang.pk] if has_more else []))).status_code == 403


def test_agents_see_no_keys_and_no_roles_of_others(client, agent, zhang):
    client.force_login(agent)
    page = client.get(page_of("detail", zhang.pk)).text

    assert "API keys" not in page
    assert "Grant a role" not in page


@pytest.mark.feature("SE-07")
def test_the_auditor_reads_who_changed_a_person(client, admin, auditor, agent, zhang):
    actions.grant(zhang, "AG1", by=admin)
    client.force_login(auditor)
    page = client.get(page_of("history", zhang.pk))
    client.force_login(agent)

    assert "First-line agent" in page.text
    assert client.get(page_of("history", zhang.pk)).status_code == 403


# --- new and edit -----------------------------------------------------------------------------------
def test_a_new_person_can_be_reached_and_has_no_password(as_admin, organization):
    url = page_of("new")
    data = sent(as_admin.get(url), code="2001", name="李雷", organization=organization.pk)

    unreachable = as_admin.post(url, data)
    made = as_admin.post(url, data | {"phone": "021 1"})

    assert unreachable.status_code == 422
    assert "email" in unreachable.context["form"].errors
    person = Person.objects.get(code="2001")
    assert made.url == page_of("detail", person.pk)
    assert not person.has_usable_password()


def test_bad_input_is_told_at_its_field(as_admin, organization, zhang, admin):
    url = page_of("edit", zhang.pk)
    data = sent(
        as_admin.get(url), email=admin.email.upper(), manager=zhang.pk, deputy=zhang.pk,
        deputy_since="2026-02-02", deputy_until="2026-02-01",
    )  # fmt: skip

    page = as_admin.post(url, data)

    assert page.status_code == 422
    assert {"email", "manager", "deputy", "deputy_until"} <= set(page.context["form"].errors)


def test_days_of_a_deputy_are_included(as_admin, zhang, agent):
    url = page_of("edit", zhang.pk)

    as_admin.post(
        url,
        sent(
            as_admin.get(url), deputy=agent.pk, deputy_since="2026-02-02",
            deputy_until="2026-02-08",
        ),
    )  # fmt: skip

    during = Person.objects.get(pk=zhang.pk).deputy_during
    assert during == DateRange(date(2026, 2, 2), date(2026, 2, 9))
    assert as_admin.get(url).context["form"]["deputy_until"].value() == date(2026, 2, 8)


def test_a_stale_edit_of_a_person_is_refused(as_admin, zhang):
    url = page_of("edit", zhang.pk)
    first, second = sent(as_admin.get(url)), sent(as_admin.get(url))

    saved = as_admin.post(url, first | {"phone": "1"})
    late = as_admin.post(url, second | {"mobile": "2"})

    assert (saved.status_code, late.status_code) == (302, 409)
    assert "Changed meanwhile: Telephone." in late.text
    assert Person.objects.get(pk=zhang.pk).mobile == ""


# --- passwords, roles, keys -------------------------------------------------------------------------
def test_a_weak_password_is_refused_and_a_strong_one_signs_in(as_admin, zhang, client):
    url = page_of("password", zhang.pk)

    weak = as_admin.post(url, {"password": "short", "again": "other"})
    strong = as_admin.post(url, {"password": "correct-horse-77", "again": "correct-horse-77"})

    assert {"password"} <= set(weak.context["form"].errors)
    assert strong.status_code == 302
    assert Person.objects.get(pk=zhang.pk).check_password("correct-horse-77")
    assert AuditEntry.objects.filter(action="person.password_changed").exists()


def test_a_role_holds_in_its_days_and_scope(as_admin, admin, zhang, organization):
    data = {"role": "SDM", "scope_organization": organization.pk, "since": "2026-01-01"}

    as_admin.post(page_of("grant", zhang.pk), data | {"until": "2026-01-31"})
    twice = as_admin.post(page_of("grant", zhang.pk), data)
    backwards = as_admin.post(page_of("grant", zhang.pk), data | {"until": "2025-01-01"})

    role = RoleAssignment.objects.get(person=zhang)
    assert role.valid == DateRange(date(2026, 1, 1), date(2026, 2, 1))
    assert (role.scope_organization, role.granted_by) == (organization, admin)
    assert "role" in twice.context["role_form"].errors
    assert "until" in backwards.context["role_form"].errors


def test_the_last_administrator_stays(as_admin, admin):
    role = admin.role_assignments.get()

    page = as_admin.post(page_of("withdraw", admin.pk, role.pk))

    assert page.status_code == 409
    assert "last administrator" in page.text


def test_a_key_is_shown_once_and_can_be_made_void(as_admin, zhang, client):
    url = page_of("issue", zhang.pk)
    data = {"name": "Monitoring", "scope": "read", "days": "30", "submit_token": "t" * 20}

    shown, again = as_admin.post(url, data), as_admin.post(url, data)
    token = ApiToken.objects.get()
    void = as_admin.post(page_of("revoke", zhang.pk, token.pk))

    assert shown.context["key"] in shown.text
    assert again.status_code == void.status_code == 302
    token.refresh_from_db()
    assert token.revoked_at


def test_a_key_of_too_many_days_is_told_at_the_field(as_admin, zhang):
    page = as_admin.post(page_of("issue", zhang.pk), {"name": "x", "scope": "read", "days": "9999"})

    assert page.status_code == 422
    assert "days" in page.context["token_form"].errors


# --- leavers ----------------------------------------------------------------------------------------
def test_a_leaver_is_told_with_what_they_hold_and_cannot_sign_in(
    as_admin, zhang, desk, organization
):
    actions.join_group(zhang, desk, by=None)
    actions.grant(zhang, "AG1", by=None)
    make_person(organization, "REPORT", manager=zhang)

    page = as_admin.get(page_of("leave", zhang.pk))
    as_admin.post(page_of("leave", zhang.pk))

    held = {label: [str(one) for one in found] for label, found, _more in page.context["holds"]}
    assert held == {
        "Member of": ["Central desk"], "Manager of": ["Report"], "Roles": ["First-line agent"],
    }  # fmt: skip
    assert not Person.objects.get(pk=zhang.pk).is_active


def test_nobody_closes_the_own_account(as_admin, admin):
    assert as_admin.post(page_of("leave", admin.pk)).status_code == 409


# --- members of a group -----------------------------------------------------------------------------
def members_url(desk):
    return reverse("settings:support-groups_members", args=[desk.pk])


def test_the_lead_adds_ends_and_changes_members(client, lead, desk, zhang):
    client.force_login(lead)
    url = members_url(desk)

    added = client.post(url, sent(client.get(url), person=zhang.pk, since="2026-01-01"))
    membership = GroupMembership.objects.get(person=zhang)
    edit = reverse("settings:support-groups_member", args=[desk.pk, membership.pk])
    client.post(edit, sent(client.get(edit), role="dispatcher"))
    client.post(reverse("settings:support-groups_member_end", args=[desk.pk, membership.pk]))

    membership.refresh_from_db()
    assert added.status_code == 302
    assert membership.role == "dispatcher"
    assert membership.valid.lower == date(2026, 1, 1)
    assert membership.valid.upper


def test_the_lead_of_another_group_cannot(client, lead, office, zhang):
    other = actions.create_group(
        by=None, code="NET", name_en="Network", kind="second_line", calendar=office
    )
    client.force_login(lead)

    answer = client.post(members_url(other), {"person": zhang.pk, "since": "2026-01-01"})

    assert answer.status_code == 403


def test_a_person_is_a_member_once_at_a_time(as_admin, desk, zhang):
    actions.join_group(zhang, desk, by=None, since=date(2026, 1, 1))

    page = as_admin.post(
        members_url(desk),
        {"person": zhang.pk, "role": "member", "since": "2026-03-01", "until": ""},
    )

    assert page.status_code == 422
    assert page.context["form"].errors["person"] == [
        "This person is a member of the group in that time already."
    ]


def test_the_members_cost_the_same_however_many(as_admin, desk, organization):
    actions.join_group(make_person(organization, "FIRST"), desk, by=None)
    short, _page = counted(as_admin, members_url(desk))
    for number in range(55):
        actions.join_group(make_person(organization, f"M{number}"), desk, by=None)

    long, page = counted(as_admin, members_url(desk))

    assert len(page.context["page"]) == 50
    assert long == short


# --- pickers ----------------------------------------------------------------------------------------
@pytest.mark.feature("LA-04")
def test_the_picker_finds_by_sound(client, agent, zhang):
    client.force_login(agent)

    options = client.get(page_of("pick"), {"q": "zs"}).text

    assert f'data-value="{zhang.pk}"' in options
    assert 'data-text="张三"' in options


@pytest.mark.feature("SD-09")
def test_a_picker_shows_what_one_may_see_and_says_why_not_more(client, customer, zhang, desk):
    client.force_login(customer)

    people = client.get(page_of("pick"), {"q": "zs"}).text
    groups = client.get(page_of("pick_groups")).text
    organizations = client.get(page_of("pick_organizations")).text

    assert "张三" not in people
    assert "You may choose yourself" in people
    assert "The service desk chooses the group." in groups
    assert "Lanting" in organizations


def test_pickers_ask_strangers_to_sign_in(client):
    for name in ("pick", "pick_groups", "pick_organizations"):
        assert client.get(page_of(name)).status_code == 302


# --- what the audit says of a sign-in ---------------------------------------------------------------
def test_the_audit_says_who_signed_in_and_nothing_of_a_change(client, zhang):
    actions.set_password(zhang, "correct-horse-77", by=None)
    before = set(AuditEntry.objects.values_list("pk", flat=True))

    client.post(reverse("people:sign_in"), {"username": zhang.code, "password": "correct-horse-77"})

    new = AuditEntry.objects.exclude(pk__in=before)
    assert [(e.action, e.object_id, e.actor_id) for e in new] == [
        ("person.signed_in", str(zhang.pk), zhang.pk)
    ]

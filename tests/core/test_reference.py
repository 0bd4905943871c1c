"""The generic pages of reference data: who may, what is refused and where, other writers, history."""

import json
import threading

import pytest
from django.db import connection
from django.urls import reverse

import itsm.urls_settings  # noqa: F401  (fills the registry)
from cmdb.actions import create_service
from core.models import AuditEntry
from core.reference import REGISTRY
from core.reference.pages import tree_page
from people import actions
from people.models import Organization, SupportGroup
from records.models import Category, MatrixUse, PendingReason, PriorityMatrix
from records.priority import propose
from slm.models import EscalationPolicy
from tests.people.conftest import sent

pytestmark = pytest.mark.django_db
SLUGS = sorted(REGISTRY)
ADMIN_ONLY = [slug for slug in SLUGS if slug not in ("support-groups", "escalation-policies")]


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


def post_new(client, slug, **fields):
    url = reverse(f"settings:{slug}_new")
    page = client.get(url)
    return client.post(url, sent(page, **fields))


def post_edit(client, slug, row, page=None, **fields):
    url = reverse(f"settings:{slug}_edit", args=[row.pk])
    page = page or client.get(url)
    return client.post(url, sent(page, **fields))


def errors_of(page):
    return page.context["form"].errors


# --- who may ------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", SLUGS)
def test_every_list_and_form_opens_for_an_administrator(as_admin, slug):
    assert as_admin.get(reverse(f"settings:{slug}")).status_code == 200
    assert as_admin.get(reverse(f"settings:{slug}_new")).status_code == 200


@pytest.mark.parametrize("slug", SLUGS)
def test_agents_and_customers_are_kept_out(client, agent, customer, slug):
    for person in (agent, customer):
        client.force_login(person)
        for page in ("", "_new"):
            assert client.get(reverse(f"settings:{slug}{page}")).status_code == 403


@pytest.mark.parametrize("slug", SLUGS)
def test_strangers_are_asked_to_sign_in(client, slug):
    assert client.get(reverse(f"settings:{slug}")).status_code == 302


def test_an_unknown_row_is_not_found(as_admin):
    for pk in (4_711, 2**70):
        assert as_admin.get(reverse("settings:categories_edit", args=[pk])).status_code == 404


def test_the_service_level_manager_edits_escalation_policies_only(client, service_level_manager):
    client.force_login(service_level_manager)

    assert client.get(reverse("settings:escalation-policies_new")).status_code == 200
    assert client.get(reverse("settings:organizations")).status_code == 403


def test_the_lead_reads_the_group_and_cannot_change_it(client, lead, desk):
    client.force_login(lead)
    page = client.get(reverse("settings:support-groups_edit", args=[desk.pk]))

    assert '<fieldset class="form" disabled>' in page.text
    assert post_edit(client, "support-groups", desk, page, name_en="Mine").status_code == 403


# --- writing ------------------------------------------------------------------------------------
def test_an_organisation_is_made_once_however_often_the_form_is_sent(as_admin, organization):
    url = reverse("settings:organizations_new")
    data = sent(as_admin.get(url), code="SUZHOU", name_zh="苏州", parent=organization.pk)

    first, second = as_admin.post(url, data), as_admin.post(url, data)

    made = Organization.objects.get(code="SUZHOU")
    assert first.url == second.url == reverse("settings:organizations_edit", args=[made.pk])
    assert made.path == f"{organization.path}{made.pk}/"


def test_the_second_sending_of_an_edit_is_no_conflict(as_admin, organization):
    url = reverse("settings:organizations_edit", args=[organization.pk])
    data = sent(as_admin.get(url), name_en="Lanting Group")

    assert as_admin.post(url, data).status_code == 302
    assert as_admin.post(url, data).status_code == 302


@pytest.mark.feature("LA-02")
def test_a_row_without_a_name_is_told_at_the_field(as_admin):
    page = post_new(as_admin, "closure-codes", code="done", kind="incident")

    assert page.status_code == 422
    assert errors_of(page)["name_en"] == ["Give a name in at least one language."]


@pytest.mark.feature("LA-02")
def test_one_language_is_enough_and_the_other_falls_back(as_admin, admin, client):
    post_new(as_admin, "closure-codes", code="done", kind="incident", name_zh="完成")

    page = as_admin.get(reverse("settings:closure-codes"), {"q": "完成"})
    assert "完成" in page.text


def test_a_code_is_unique_and_stays(as_admin, organization):
    taken = post_new(as_admin, "organizations", code="LANTING", name_en="Again")
    moved = post_edit(as_admin, "organizations", organization, code="OTHER")

    assert "code" in errors_of(taken)
    assert errors_of(moved)["code"] == ["The code cannot be changed: others refer to it."]


def test_a_nul_and_an_unknown_choice_are_bad_input(as_admin):
    page = post_new(as_admin, "organizations", code="X\x00", name_en="X", kind="nonsense")

    assert page.status_code == 422
    assert {"code", "kind"} <= set(errors_of(page))


def test_a_tree_does_not_run_in_a_circle(as_admin, organization):
    below = actions.create_organization(by=None, code="B", name_en="Below", parent=organization)

    page = post_edit(as_admin, "organizations", organization, parent=below.pk)

    assert page.status_code == 422
    assert errors_of(page)["parent"] == [
        "This would run in a circle: choose one that is not below this one."
    ]
    assert Organization.objects.get(pk=organization.pk).parent is None


def test_a_category_with_its_branch_goes_four_levels_deep(as_admin):
    parent = None
    for level in "ABCD":
        parent = Category.objects.create(code=level, name_en=level, parent=parent)
        parent = Category.objects.get(pk=parent.pk)
    top = Category.objects.create(code="TOP", name_en="Top")

    below = post_new(as_admin, "categories", code="E", name_en="E", parent=parent.pk)
    moved = post_edit(as_admin, "categories", Category.objects.get(code="A"), parent=top.pk)

    for page in (below, moved):
        assert errors_of(page)["parent"] == ["Categories go 4 levels deep at the most."]


def test_there_is_one_central_desk(as_admin, desk, office):
    page = post_new(
        as_admin, "support-groups", code="SECOND", name_en="Second", kind="desk",
        calendar=office.pk, is_central="on",
    )  # fmt: skip

    assert "exactly one" in errors_of(page)["is_central"][0]


def test_a_pickers_words_must_name_one_row(as_admin, organization, zhang):
    data = {"code": "UNIT", "name_en": "Unit", "manager": "", "parent": ""}
    vague = post_new(as_admin, "organizations", **data, manager_text="nobody at all")
    meant = post_new(as_admin, "organizations", **data, manager_text="zhangsan")

    assert "Nothing matches" in errors_of(vague)["manager"][0]
    assert meant.status_code == 302
    assert Organization.objects.get(code="UNIT").manager == zhang


def test_hours_are_typed_and_seconds_are_kept(as_admin):
    reason = PendingReason.objects.get(code="wait_customer")

    post_edit(as_admin, "pending-reasons", reason, chase_after="7.5")

    assert PendingReason.objects.get(pk=reason.pk).chase_after == 27_000


# --- other writers --------------------------------------------------------------------------------
def test_a_stale_edit_is_refused_and_says_what_changed(as_admin, organization, admin):
    page = as_admin.get(reverse("settings:organizations_edit", args=[organization.pk]))
    post_edit(as_admin, "organizations", organization, name_zh="兰亭集团", currency="EUR")

    late = post_edit(as_admin, "organizations", organization, page, name_en="Late")

    assert late.status_code == 409
    told = " ".join(errors_of(late)["__all__"])
    assert "Admin changed this meanwhile" in told
    assert "Changed meanwhile: Name in Chinese." in told
    form = late.context["form"]
    assert (form["name_en"].value(), form["name_zh"].value()) == ("Late", "兰亭集团")
    assert Organization.objects.get(pk=organization.pk).name_en == "Lanting"


def test_what_was_refused_as_stale_can_be_sent_again(as_admin, organization):
    page = as_admin.get(reverse("settings:organizations_edit", args=[organization.pk]))
    post_edit(as_admin, "organizations", organization, name_zh="兰亭集团")
    late = post_edit(as_admin, "organizations", organization, page, name_en="Late")

    again = post_edit(as_admin, "organizations", organization, late)

    organization.refresh_from_db()
    assert again.status_code == 302
    assert (organization.name_en, organization.name_zh) == ("Late", "兰亭集团")


def test_steps_that_were_changed_meanwhile_make_an_edit_stale(as_admin):
    policy = EscalationPolicy.objects.get(code="default")
    page = as_admin.get(reverse("settings:escalation-policies_edit", args=[policy.pk]))
    policy.steps.first().delete()

    late = post_edit(as_admin, "escalation-policies", policy, page, name_en="Late")

    assert late.status_code == 409
    assert "Changed meanwhile: Steps." in errors_of(late)["__all__"]


# --- in and out of use ----------------------------------------------------------------------------
def test_what_others_stand_on_stays_in_use(as_admin, organization):
    url = reverse("settings:organizations_active", args=[organization.pk])

    refused = as_admin.post(url, {"active": "0"})

    assert refused.status_code == 409
    assert "1 person still belongs to it." in refused.text


def test_out_of_use_and_back(as_admin):
    reason = PendingReason.objects.get(code="monitoring")
    url = reverse("settings:pending-reasons_active", args=[reason.pk])

    as_admin.post(url, {"active": "0"})
    listed = as_admin.get(reverse("settings:pending-reasons")).text
    everything = as_admin.get(reverse("settings:pending-reasons"), {"inactive": "1"}).text
    as_admin.post(url, {"active": "1"})

    assert "monitoring" not in listed
    assert "monitoring" in everything
    assert PendingReason.objects.get(pk=reason.pk).is_active


# --- lists ----------------------------------------------------------------------------------------
def test_a_tree_shows_parents_before_children_and_pages(db):
    root = Organization.objects.create(code="A", name_en="A")
    for number in range(60):
        Organization.objects.create(code=f"C{number:02}", name_en="C", parent=root)
    Organization.objects.create(code="B", name_en="B")

    first = tree_page(Organization.objects.all(), "")
    second = tree_page(Organization.objects.all(), first.after)

    assert [row.code for row in first][:2] == ["A", "C00"]
    assert len(first.rows[1].depth) == 1
    assert [row.code for row in second][-1] == "B"
    assert (first.before, second.before, second.after) == ("", "0", "")


def test_a_long_list_costs_what_a_short_one_does(
    as_admin, organization, django_assert_max_num_queries
):
    for number in range(120):
        Organization.objects.create(code=f"C{number}", name_en="C", parent=organization)

    with django_assert_max_num_queries(9):
        page = as_admin.get(reverse("settings:organizations"))

    assert len(page.context["page"]) == 50


def test_search_finds_either_language_and_an_empty_list_says_so(as_admin):
    found = as_admin.get(reverse("settings:pending-reasons"), {"q": "供应商"})
    nothing = as_admin.get(reverse("settings:pending-reasons"), {"q": "\x00<b>"})

    assert "wait_supplier" in found.text
    assert "Nothing matches “&lt;b&gt;”" in nothing.text


# --- history --------------------------------------------------------------------------------------
@pytest.mark.feature("SE-07")
def test_the_history_names_who_and_before_and_after(as_admin, organization, zhang, desk):
    post_edit(as_admin, "organizations", organization, name_en="New", manager=zhang.pk)

    page = as_admin.get(reverse("settings:organizations_history", args=[organization.pk]))

    entry = page.context["page"].rows[0]
    changes = {change.label: (change.before, change.after) for change in entry.changes}
    assert entry.actor == "Admin"
    assert changes["Name in English"] == ("Lanting", "New")
    assert changes["Manager"] == ("", "张三")


@pytest.mark.feature("SE-07")
def test_the_history_holds_what_no_column_of_the_row_says(as_admin, desk, organization):
    post_edit(as_admin, "support-groups", desk, organizations=[organization.pk])

    entry = AuditEntry.objects.filter(table_name="people_supportgroup").latest("pk")
    assert entry.after == {"organizations": ["Lanting"]}


# --- the matrix -----------------------------------------------------------------------------------
@pytest.mark.feature("IN-01")
def test_a_matrix_has_no_holes(as_admin):
    page = post_new(
        as_admin, "priority-matrices", code="m4", name_en="Four", cell_1_4="4", cell_4_1="4"
    )

    bad = {name for name in errors_of(page) if name.startswith("cell_")}
    assert bad == {f"cell_{i}_{u}" for i in range(1, 5) for u in range(1, 5)} - {
        "cell_1_4", "cell_4_1", *(f"cell_{i}_{u}" for i in range(1, 4) for u in range(1, 4)),
    }  # fmt: skip


@pytest.mark.feature("IN-01")
def test_a_matrix_is_saved_with_its_cells_and_the_default_moves(as_admin, organization):
    page = post_new(
        as_admin, "priority-matrices", code="strict", name_en="Strict", is_default="on",
        cell_3_3="4", **{"uses-0-organization": organization.pk},
    )  # fmt: skip

    assert page.status_code == 302
    matrix = PriorityMatrix.objects.get(code="strict")
    assert matrix.cells.count() == 9
    assert matrix.cells.get(impact=3, urgency=3).priority == 4
    assert list(PriorityMatrix.objects.filter(is_default=True)) == [matrix]
    assert MatrixUse.objects.get(organization=organization).matrix == matrix


@pytest.mark.feature("IN-01")
def test_an_organisation_uses_one_matrix(as_admin, organization):
    MatrixUse.objects.create(
        matrix=PriorityMatrix.objects.get(code="default"), organization=organization
    )

    page = post_new(
        as_admin, "priority-matrices", code="other", name_en="Other",
        **{"uses-0-organization": organization.pk},
    )  # fmt: skip

    assert page.status_code == 422
    assert "uses the matrix" in page.context["parts"][0].errors[0]["organization"][0]


# --- the ladder -----------------------------------------------------------------------------------
def test_minutes_are_typed_and_seconds_are_kept_in_a_ladder(as_admin):
    policy = EscalationPolicy.objects.get(code="default")
    page = as_admin.get(reverse("settings:escalation-policies_edit", args=[policy.pk]))
    data = sent(page)
    place = next(key for key in data if key.endswith("-on") and data[key] == "unassigned_for")

    saved = as_admin.post(page.request["PATH_INFO"], data | {place.replace("-on", "-value"): "20"})

    assert saved.status_code == 302
    assert policy.steps.count() == 9
    assert sorted(policy.steps.filter(on="unassigned_for").values_list("value", flat=True)) == [
        300, 1200,
    ]  # fmt: skip


def test_a_step_to_a_group_names_it(as_admin):
    policy = EscalationPolicy.objects.get(code="default")

    page = post_edit(as_admin, "escalation-policies", policy, **{"steps-0-to": "group"})

    assert page.status_code == 422
    assert page.context["parts"][0].errors[0]["group"] == ["Name the group."]


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_the_same_moment_one_wins(admin, organization, client):
    from django.test import Client

    url = reverse("settings:organizations_edit", args=[organization.pk])
    clients = [Client(), Client()]
    pages = []
    for one in clients:
        one.force_login(admin)
        pages.append(sent(one.get(url), name_en=f"Writer {len(pages)}"))
    answers, start = [], threading.Barrier(2)

    def write(one, data):
        start.wait()
        answers.append(one.post(url, data).status_code)
        connection.close()

    threads = [
        threading.Thread(target=write, args=pair) for pair in zip(clients, pages, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 409]


def test_a_forged_signature_of_what_was_seen_counts_as_nothing(as_admin, organization):
    for seen in ("[]", "not json", json.dumps({"password": "x"})):
        assert post_edit(as_admin, "organizations", organization, seen=seen).status_code == 302
    assert SupportGroup.objects.count() == 0


@pytest.mark.feature("IN-01")
def test_the_service_s_matrix_comes_first_then_the_nearest_organisation_s_then_the_default(
    organization, desk, office, agent
):
    below = actions.create_organization(by=None, code="B", name_en="B", parent=organization)
    deep = actions.create_organization(by=None, code="C", name_en="C", parent=below)
    service = create_service(
        by=None, code="mail", name_en="Mail", organization=organization, owner=agent,
        support_group=desk, service_hours=office, description_customer_en="For everybody.",
        state="live",
    )  # fmt: skip
    uses = ({"organization": organization}, {"organization": below}, {"service": service})
    for priority, use in zip((5, 4, 3), uses, strict=True):
        matrix = PriorityMatrix.objects.create(code=f"m{priority}", name_en=f"M{priority}")
        matrix.cells.create(impact=1, urgency=1, priority=priority)
        MatrixUse.objects.create(matrix=matrix, **use)

    def proposed(**about):
        answer = propose(impact=1, urgency=1, **about)
        return answer.priority, answer.through

    deep.refresh_from_db()
    organization.refresh_from_db()
    assert proposed(service=service, organization=deep) == (3, "service")
    assert proposed(organization=deep) == (4, "organization")
    assert proposed(organization=organization) == (5, "organization")
    assert proposed() == (1, "default")

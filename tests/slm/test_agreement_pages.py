"""Pages of agreements: the list, the form, the life from draft to force, and who may do what."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.postgres.fields.ranges import DateRange
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core import time
from slm import chains
from slm.actions import agreements, underpinning
from slm.models import Agreement
from tests.world import HOUR, SINCE, promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_manager(client, world):
    client.force_login(world.manager)
    return client


def page(name, *args):
    return reverse(f"slm:{name}", args=args)


def posted(world, *targets, **fields):
    """What the browser sends for an agreement with these target rows."""
    data = {
        "title": "Standard", "calendar": world.calendar.pk, "time_zone_rule": "calendar",
        "valid_from": "2026-01-01", "valid_until": "", "review_cycle_months": "6",
        "targets-TOTAL_FORMS": str(len(targets)), "targets-INITIAL_FORMS": "0",
        "targets-MIN_NUM_FORMS": "0", "targets-MAX_NUM_FORMS": "60", **fields,
    }  # fmt: skip
    for n, target in enumerate(targets):
        row = {
            "metric": "resolution", "hours": "8", "minutes": "", "warnings": "50, 75, 90",
            "calendar_rule": "agreement", "retarget_rule": "opening",
            "reopen_rule": "without_closed_time", "update_rule": "always", **target,
        }  # fmt: skip
        data |= {f"targets-{n}-{name}": value for name, value in row.items()}
    return data


def draft(world, *targets, kind="sla", **fields):
    rows = [
        {"metric": metric, "value": hours * HOUR, **(more[0] if more else {})}
        for metric, hours, *more in targets or [("resolution", 8)]
    ]
    return underpinning.create(
        by=world.manager, agreement_kind=kind, title=fields.pop("title", "Draft"),
        organization=world.head, valid=DateRange(SINCE, None), targets=rows,
        calendar=fields.pop("calendar", world.calendar), **fields,
    )  # fmt: skip


def take(client, agreement, name, **data):
    agreement = Agreement.objects.get(pk=agreement.pk)
    data = {"seen": agreement.version, **data}
    return client.post(page("agreement_step", agreement.number, name), data)


def state(agreement):
    return Agreement.objects.get(pk=agreement.pk).state


# --- writing ----------------------------------------------------------------------------------


@pytest.mark.feature("SL-02")
def test_an_sla_is_written_with_targets_in_hours_and_minutes(as_manager, world):
    data = posted(
        world, {"priority": "1", "hours": "1", "minutes": "30", "goal": "95"},
        {"metric": "availability_pct", "hours": "", "amount": "99.5"},
        customer=world.sales.pk, agreed_service="ERP", valid_until="2026-12-31",
    )  # fmt: skip

    answer = as_manager.post(page("agreement_new") + "?kind=sla", data)

    made = Agreement.objects.get()
    assert answer["Location"] == made.get_absolute_url() == page("detail", made.number)
    assert (made.level, made.agreed_service) == ("service_customer", world.erp)
    assert (made.valid.lower, made.valid.upper) == (date(2026, 1, 1), date(2027, 1, 1))
    time_row, share = made.targets.order_by("unit").reverse()
    assert (time_row.value, time_row.unit, time_row.priority) == (5400, "sec", 1)
    assert (share.value, share.unit) == (pytest.approx(99.5), "pct")
    text = as_manager.get(made.get_absolute_url()).text
    assert "1 h 30 m" in text
    assert "99.5 %" in text


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"hours": "", "minutes": ""}, "hours"),
        ({"hours": "-1"}, "hours"),
        ({"minutes": "75"}, "minutes"),
        ({"goal": "101"}, "goal"),
        ({"warnings": "half"}, "warnings"),
        ({"warnings": "²"}, "warnings"),
        ({"metric": "availability_pct", "amount": "120"}, "amount"),
        ({"metric": "availability_pct", "amount": ""}, "amount"),
        ({"metric": "", "hours": "4", "priority": "1"}, "metric"),
    ],
)
def test_a_wrong_target_is_told_at_its_field(as_manager, world, row, field):
    answer = as_manager.post(page("agreement_new"), posted(world, row))

    assert answer.status_code == 422
    assert field in answer.context["targets"].forms[0].errors
    assert f'href="#id_targets-0-{field}"' in answer.text
    assert not Agreement.objects.exists()


def test_the_same_case_twice_is_told_at_the_second_row(as_manager, world):
    answer = as_manager.post(page("agreement_new"), posted(world, {}, {"hours": "4"}))

    assert answer.status_code == 422
    assert "metric" in answer.context["targets"].forms[1].errors


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"calendar": ""}, "calendar"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_until": "2025-01-01"}, "valid_until"),
        ({"customer": "99999999"}, "customer"),
        ({"review_cycle_months": "0"}, "review_cycle_months"),
    ],
)
def test_a_wrong_field_is_told_at_its_field(as_manager, world, change, field):
    answer = as_manager.post(page("agreement_new"), posted(world, {}, **change))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


@pytest.mark.parametrize(("kind", "field"), [("ola", "provider_group"), ("uc", "supplier")])
def test_an_ola_names_its_group_and_a_contract_its_supplier(as_manager, world, kind, field):
    answer = as_manager.post(page("agreement_new") + f"?kind={kind}", posted(world, {}))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_form_sent_twice_makes_one_agreement(as_manager, world):
    data = posted(world, {}, submit_token="same")

    first = as_manager.post(page("agreement_new"), data)
    second = as_manager.post(page("agreement_new"), data)

    assert Agreement.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_an_edit_keeps_what_was_typed_and_replaces_the_targets(as_manager, world):
    made = draft(world, ("response", 1), ("resolution", 8))
    text = as_manager.get(page("agreement_edit", made.number)).text
    assert 'value="2026-01-01"' in text
    data = posted(world, {"hours": "6"}, title="Changed", seen=made.version)

    answer = as_manager.post(page("agreement_edit", made.number), data)

    assert answer.status_code == 302
    made = Agreement.objects.get()
    assert made.title == "Changed"
    assert [int(target.value) for target in made.targets.all()] == [6 * HOUR]


def test_an_edit_of_a_version_that_is_past_is_refused(as_manager, world):
    made = draft(world)
    agreements.edit(made, by=world.manager, title="Faster")

    answer = as_manager.post(
        page("agreement_edit", made.number),
        posted(world, {}, title="Slower", seen=made.version),
    )

    assert answer.status_code == 409
    assert "Slower" in answer.text
    assert Agreement.objects.get().title == "Faster"


# --- the life ---------------------------------------------------------------------------------


@pytest.mark.feature("SL-13")
def test_the_whole_life_of_an_agreement_by_its_pages(as_manager, world):
    made = draft(world)

    for name, data, expected in (
        ("negotiate", {}, "negotiating"), ("submit_signature", {}, "awaiting_signature"),
        ("send_back", {"comment": "Too slow for sales"}, "negotiating"),
        ("submit_signature", {}, "awaiting_signature"), ("sign", {}, "signed"),
        ("activate", {}, "active"), ("start_review", {}, "under_review"),
        ("end_review", {}, "active"),
    ):  # fmt: skip
        assert as_manager.get(page("agreement_step", made.number, name)).status_code == 200
        answer = take(as_manager, made, name, **data)
        assert (answer.status_code, state(made)) == (302, expected)
    revised = take(as_manager, made, "revise", valid_from="2026-11-01")

    second = Agreement.objects.get(previous=made)
    assert revised["Location"] == second.get_absolute_url()
    for name in ("negotiate", "submit_signature", "sign", "activate"):
        assert take(as_manager, second, name).status_code == 302
    assert (state(made), state(second)) == ("superseded", "active")
    first = Agreement.objects.get(pk=made.pk)
    assert first.in_force == DateRange(SINCE, date(2026, 11, 1))
    text = as_manager.get(second.get_absolute_url()).text
    assert made.number in text
    assert take(as_manager, second, "terminate", day="2026-12-01", reason="Sold").status_code == 302
    assert state(second) == "terminated"
    assert "Sold" in as_manager.get(second.get_absolute_url()).text
    assert "Too slow for sales" in as_manager.get(made.get_absolute_url()).text


def test_steps_that_are_not_possible_are_refused(as_manager, world):
    made = draft(world)

    assert take(as_manager, made, "sign").status_code == 409
    assert take(as_manager, made, "revise", valid_from="2026-11-01").status_code == 409
    assert take(as_manager, made, "supersede").status_code == 404
    assert take(as_manager, made, "nonsense").status_code == 404
    assert state(made) == "draft"


def test_a_draft_without_targets_cannot_be_negotiated_and_says_why(as_manager, world):
    made = agreements.create(
        by=world.manager, agreement_kind="sla", title="Empty", organization=world.head,
        valid=DateRange(SINCE, None), calendar=world.calendar,
    )  # fmt: skip

    text = as_manager.get(made.get_absolute_url()).text

    assert "The agreement has no target yet." in text
    assert take(as_manager, made, "negotiate").status_code == 409


@pytest.mark.parametrize(("name", "missing"), [("send_back", "comment"), ("terminate", "reason")])
def test_sending_back_and_terminating_need_a_reason(as_manager, world, name, missing):
    made = draft(world)
    agreements.move(made, "negotiate", by=world.manager)
    underpinning.submit(made, by=world.manager)
    if name == "terminate":
        agreements.move(made, "sign", by=world.manager)
    before = state(made)

    answer = take(as_manager, made, name, day="2026-12-01")

    assert answer.status_code == 422
    assert missing in answer.context["form"].errors
    assert state(made) == before


def test_two_of_the_same_scope_cannot_be_in_force_together(as_manager, world):
    promise(world, ("resolution", 4))
    second = draft(world)
    agreements.move(second, "negotiate", by=world.manager)
    underpinning.submit(second, by=world.manager)
    agreements.move(second, "sign", by=world.manager)

    answer = take(as_manager, second, "activate")

    assert answer.status_code == 409
    assert "Another agreement of the same scope" in answer.text
    assert state(second) == "signed"


def test_a_step_on_a_version_that_is_past_is_refused(as_manager, world):
    made = draft(world)
    agreements.edit(made, by=world.manager, title="Faster")

    answer = as_manager.post(
        page("agreement_step", made.number, "negotiate"), {"seen": made.version}
    )

    assert answer.status_code == 409
    assert state(made) == "draft"


# --- frozen -----------------------------------------------------------------------------------


def test_a_signed_agreement_is_frozen_for_its_form_and_for_raw_sql(as_manager, world):
    made = promise(world, ("resolution", 8))
    target = made.targets.get()

    answer = as_manager.post(
        page("agreement_edit", made.number), posted(world, {}, seen=made.version)
    )

    assert answer.status_code == 409
    assert "Revise it" in answer.text
    for sql in (
        "UPDATE slm_servicelevelTarget SET value = 1 WHERE id = %s",
        "DELETE FROM slm_servicelevelTarget WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [target.pk])
    assert int(made.targets.get().value) == 8 * HOUR


# --- the chain check --------------------------------------------------------------------------


def part(world, sla, hours, *, kind="ola", group=None, supplier=None, calendar=None, **target):
    scope = {"provider_group": group} if kind == "ola" else {"supplier": supplier}
    return draft(
        world, ("resolution", hours, target), kind=kind, title=f"{kind} {hours} h",
        underpins=[sla], calendar=calendar or world.calendar, **scope,
    )  # fmt: skip


@pytest.fixture
def supplier(world):
    from people import actions as people

    return people.create_organization(by=None, code="ACME", name_en="Acme", kind="supplier")


@pytest.mark.feature("SL-02", "D25")
@pytest.mark.parametrize(
    ("contract", "is_ok", "slack"), [(2, True, HOUR), (3, True, 0), (4, False, -HOUR)],
    ids=["S2", "S2-exact", "S2-over"],
)  # fmt: skip
def test_desk_second_line_and_supplier_add_up(world, supplier, contract, is_ok, slack):
    sla = draft(world, ("resolution", 8))
    part(world, sla, 1, group=world.central)
    part(world, sla, 4, group=world.second_line)
    part(world, sla, contract, kind="uc", supplier=supplier)

    verdict = chains.verdict_on(sla, time.now())

    assert (verdict.is_ok, verdict.checks[0].slack_seconds) == (is_ok, slack)
    assert [row.title for row, _ in verdict.checks[0].parts] == [
        "ola 1 h", "ola 4 h", f"uc {contract} h",
    ]  # fmt: skip


@pytest.mark.feature("D25")
def test_every_path_is_checked_and_each_priority_takes_its_own_row(world, supplier):
    sla = draft(world, ("resolution", 4, {"priority": 1}), ("resolution", 40))
    part(world, sla, 1, group=world.central)
    part(world, sla, 5, group=world.central, priority=1)

    failed = chains.verdict_on(sla, time.now()).failed

    assert [(check.target.priority, check.parts[0][0].title) for check in failed] == [
        (1, "ola 5 h")
    ]


@pytest.mark.feature("D25")
def test_around_the_clock_over_office_hours_fails_with_the_best_reachable_figure(
    as_manager, world, supplier
):
    share = {"unit": "pct"}
    sla = draft(world, calendar=world.always)
    data = {"metric": "availability_pct", "value": Decimal("99.9"), **share}
    agreements.edit(sla, by=world.manager, targets=[data])
    contract = draft(world, kind="uc", supplier=supplier, underpins=[sla], title="Office hours")
    agreements.edit(contract, by=world.manager, targets=[{**data, "value": Decimal("99.5")}])
    agreements.move(sla, "negotiate", by=world.manager)

    check = chains.verdict_on(sla, time.now()).checks[0]
    refused = take(as_manager, sla, "submit_signature")

    assert not check.is_ok
    assert 10 < check.reachable < 30  # 37.5 of 168 hours a week, less holidays
    assert refused.status_code == 422
    assert contract.number in refused.text
    assert "is reachable" in refused.text


def test_full_cover_reaches_the_product(world, supplier):
    sla = draft(world)
    row = {"metric": "availability_pct", "unit": "pct"}
    agreements.edit(sla, by=world.manager, targets=[{**row, "value": 99}])
    one = draft(world, kind="ola", provider_group=world.central, underpins=[sla])
    two = draft(world, kind="uc", supplier=supplier, underpins=[sla])
    for below, value in ((one, Decimal("99.5")), (two, Decimal("99.8"))):
        agreements.edit(below, by=world.manager, targets=[{**row, "value": value}])

    check = chains.verdict_on(sla, time.now()).checks[0]

    assert check.reachable == pytest.approx(99.301)
    assert check.is_ok


@pytest.mark.feature("SL-02")
def test_a_chain_that_fails_is_signed_only_with_a_reason(as_manager, world):
    sla = draft(world, ("resolution", 2))
    below = part(world, sla, 4, group=world.second_line)
    agreements.move(sla, "negotiate", by=world.manager)
    assert "2 h too long" in as_manager.get(sla.get_absolute_url()).text

    refused = take(as_manager, sla, "submit_signature")
    taken = take(as_manager, sla, "submit_signature", reason="The team will be doubled")

    assert refused.status_code == 422
    assert "reason" in refused.context["form"].errors
    assert below.number in refused.text
    assert (taken.status_code, state(sla)) == (302, "awaiting_signature")
    assert "The team will be doubled" in as_manager.get(sla.get_absolute_url()).text


def test_a_new_version_keeps_what_holds_it_up(world):
    sla = promise(world, ("resolution", 8))
    below = part(world, sla, 4, group=world.second_line)

    second = underpinning.revise(sla, by=world.manager, valid=DateRange(date(2026, 11, 1), None))

    assert list(second.underpinned_by.all()) == [below]


# --- who may ----------------------------------------------------------------------------------


def test_agents_read_and_only_the_service_level_manager_writes(client, world):
    made = draft(world)
    client.force_login(world.agent)

    assert client.get(page("agreements")).status_code == 200
    assert made.number in client.get(page("agreements")).text
    shown = client.get(made.get_absolute_url())
    assert shown.status_code == 200
    assert page("agreement_edit", made.number) not in shown.text
    for person in (world.agent, world.desk_manager, world.admin, world.auditor):
        client.force_login(person)
        assert client.get(page("agreement_new")).status_code == 403
        assert client.get(page("agreement_edit", made.number)).status_code == 403
        assert take(client, made, "negotiate").status_code == 403
    assert state(made) == "draft"


def test_requesters_have_no_such_pages(client, world):
    made = promise(world, ("resolution", 8), customer=world.sales)
    client.force_login(world.requester)

    for address in (page("agreements"), made.get_absolute_url(), page("agreement_new")):
        assert client.get(address).status_code == 403


def test_an_ola_of_others_is_not_found(client, world):
    made = draft(world, kind="ola", provider_group=world.second_line)
    client.force_login(world.local_agent)

    assert client.get(made.get_absolute_url()).status_code == 404
    assert made.number not in client.get(page("agreements")).text
    client.force_login(world.specialist)
    assert client.get(made.get_absolute_url()).status_code == 200


# --- the list ---------------------------------------------------------------------------------


def test_filters_narrow_the_list_and_can_be_removed(as_manager, world):
    corporate = promise(world, ("resolution", 8), title="Corporate")
    sales = promise(world, ("resolution", 4), title="Sales", customer=world.sales)
    plan = draft(world, title="Plan")
    ola = draft(world, title="Team", kind="ola", provider_group=world.central)

    def titles(**query):
        return [row.title for row in as_manager.get(page("agreements"), query).context["page"]]

    assert titles() == ["Corporate", "Plan", "Sales", "Team"]
    assert titles(kind="ola") == [ola.title]
    assert titles(customer=world.sales.pk) == [sales.title]
    assert titles(state="draft") == ["Plan", "Team"]
    assert titles(valid="now") == ["Corporate", "Sales"]
    assert titles(valid="ahead") == ["Plan", "Team"]
    assert titles(q=plan.number) == ["Plan"]
    assert titles(q="corp", kind="sla") == [corporate.title]
    assert titles(kind="x", customer="abc", service="none", state="?") == titles()
    gone = as_manager.get(page("agreements"), {"kind": "ola", "q": "a", "drop": "kind"})
    assert gone["Location"] == f"{page('agreements')}?q=a"
    assert 'class="empty"' in as_manager.get(page("agreements"), {"q": "zzz"}).text


def test_an_empty_list_offers_the_first_agreement(as_manager):
    assert f"{page('agreement_new')}?kind=sla" in as_manager.get(page("agreements")).text


def test_a_long_list_costs_no_more_statements(as_manager, world, django_assert_max_num_queries):
    for n in range(55):
        draft(world, title=f"Agreement {n:02d}")

    with django_assert_max_num_queries(14):
        first = as_manager.get(page("agreements"))
    second = as_manager.get(page("agreements"), {"after": first.context["page"].after})

    assert (len(first.context["page"]), len(second.context["page"])) == (50, 5)


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_every_page_speaks_both_languages(as_manager, world, locale):
    world.manager.locale = locale
    world.manager.save()
    made = draft(world, ("response", 1), ("resolution", 8, {"priority": 2}))
    part(world, made, 9, group=world.central)

    for address in (
        page("agreements"), made.get_absolute_url(), page("agreement_edit", made.number),
        page("agreement_new") + "?kind=uc", page("agreement_step", made.number, "negotiate"),
    ):  # fmt: skip
        answer = as_manager.get(address)
        assert answer.status_code == 200
        assert f'lang="{"en" if locale == "en" else "zh-Hans"}"' in answer.text

"""The pages of routing rules: list, form, order, deleting, trying out, and the explanation on a ticket."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import time
from incidents.actions import opening
from people.models import Person, SupportGroup
from records import dry_run, triage
from records.models import Record, RoutingRule, RoutingTrace, TimelineEntry
from tests.records.test_routing_rules import NOON, nothing_kept, report, rule  # noqa: F401
from tests.world import sh

pytestmark = pytest.mark.django_db
LIST, NEW, TRY = (f"settings:routing-rules{end}" for end in ("", "_new", "_try"))
SPAN = {"since": "2026-10-01", "until": "2026-10-31"}


def form(**fields):
    return {"name_en": "To network", "name_zh": "", "order": "10", "stop": "on"} | fields


# --- writing rules ------------------------------------------------------------------------------


def test_a_rule_is_written_and_places_the_next_ticket(world, client):
    client.force_login(world.desk_manager)

    saved = client.post(reverse(NEW), form(
        op_keyword="any", if_keyword="vpn\n打印机", op_channel="any", if_channel=["portal"],
        op_organization="none", if_organization="OTHER", if_vip="0",
        set_group=world.second_line.pk,
    ))  # fmt: skip

    assert saved.status_code == 302
    made = RoutingRule.objects.get()
    assert made.conditions == [
        {"field": "organization", "op": "none", "values": [world.other.pk]},
        {"field": "keyword", "op": "any", "values": ["vpn", "打印机"]},
        {"field": "channel", "op": "any", "values": ["portal"]},
        {"field": "vip", "op": "any", "values": [False]},
    ]
    assert made.sets == {"group": world.second_line.pk}
    assert report(world).assigned_group == world.second_line


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"op_keyword": "any"}, "if_keyword"),
        ({"if_channel": ["email"], "set_impact": "1"}, "op_channel"),
        ({"op_organization": "any", "if_organization": "NOWHERE"}, "if_organization"),
        ({"op_service": "any", "if_service": ["999999"]}, "if_service"),
        ({"op_kind": "any", "if_kind": ["nonsense"]}, "if_kind"),
        ({}, "__all__"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(world, client, fields, place):
    client.force_login(world.desk_manager)

    answer = client.post(reverse(NEW), form(**fields))

    assert answer.status_code == 422
    assert place in answer.context["form"].errors
    assert not RoutingRule.objects.exists()


def test_an_assignee_belongs_to_the_group_that_is_set(world, client):
    client.force_login(world.desk_manager)

    alone = client.post(reverse(NEW), form(set_assignee=world.specialist.pk))
    stranger = client.post(
        reverse(NEW), form(set_assignee=world.agent.pk, set_group=world.second_line.pk)
    )

    assert "set_group" in alone.context["form"].errors
    assert "set_assignee" in stranger.context["form"].errors


def test_each_edit_counts_the_version_and_a_late_writer_is_told(world, client):
    made = rule("Old", sets={"impact": 2}, keyword=["vpn"])
    client.force_login(world.desk_manager)
    url = reverse("settings:routing-rules_edit", args=[made.pk])
    seen = client.get(url).context["form"]["seen"].value()
    fields = form(op_keyword="any", if_keyword="vpn", set_impact="1", seen=seen)

    first = client.post(url, fields)
    second = client.post(url, fields | {"set_impact": "3"})

    assert (first.status_code, second.status_code) == (302, 409)
    made.refresh_from_db()
    assert (made.version, made.sets) == (2, {"impact": 1})


def test_the_form_shows_what_the_rule_says(world, client):
    made = rule(
        sets={"group": world.second_line.pk, "assignee": world.specialist.pk},
        keyword=("all", ["a", "b"]), organization=[world.sales.pk], vip=[True],
        category=[world.vpn.pk],
    )  # fmt: skip
    client.force_login(world.auditor)

    page = client.get(reverse("settings:routing-rules_edit", args=[made.pk])).content.decode()

    assert "a\nb</textarea>" in page
    assert "SALES</textarea>" in page
    assert "Sofia Okafor" in page
    assert f'<option value="{world.vpn.pk}" selected>' in page


def test_the_list_says_what_is_not_in_use_any_more(world, client):
    rule("Stale", sets={"group": world.second_line.pk}, site=[world.site.pk])
    SupportGroup.objects.filter(pk=world.second_line.pk).update(is_active=False)
    client.force_login(world.desk_manager)

    page = client.get(reverse(LIST)).content.decode()

    assert "Not in use any more: Network" in page


def test_rules_are_moved_up_and_down_and_stay_at_the_ends(world, client):
    first, second, third = (rule(name, order=number, sets={"impact": 1}) for name, number in
                            (("A", 5), ("B", 5), ("C", 9)))  # fmt: skip
    client.force_login(world.desk_manager)

    for made, way in ((third, "up"), (third, "up"), (third, "up"), (first, "down")):
        url = reverse("settings:routing-rules_move", args=[made.pk])
        assert client.post(url, {"way": way}).status_code == 302

    assert [row.name for row in RoutingRule.objects.in_order()] == ["C", "B", "A"]
    assert [row["id"] for row in triage.in_force()] == [third.pk, second.pk, first.pk]


def test_a_rule_that_fired_is_retired_and_another_one_deleted(world, client):
    used, unused = rule("Used", sets={"impact": 2}), rule("Unused", order=20, sets={"impact": 2})
    report(world)
    client.force_login(world.desk_manager)

    refused, gone = (
        client.post(reverse("settings:routing-rules_delete", args=[made.pk]))
        for made in (used, unused)
    )
    client.post(reverse("settings:routing-rules_active", args=[used.pk]), {"active": "0"})

    assert (refused.status_code, gone.status_code) == (409, 302)
    assert list(RoutingRule.objects.values_list("name_en", "is_active")) == [("Used", False)]
    assert triage.in_force() == []


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("desk_manager", 200, 302), ("admin", 200, 302), ("auditor", 200, 403),
     ("manager", 403, 403), ("agent", 403, 403), ("requester", 403, 403)],
)  # fmt: skip
def test_desk_managers_and_administrators_write_and_auditors_read(
    world, client, who, reads, writes
):
    made = rule(sets={"impact": 2})
    client.force_login(getattr(world, who))

    pages = [
        client.get(reverse(name, args=args)).status_code
        for name, args in ((LIST, []), ("settings:routing-rules_edit", [made.pk]), (TRY, []))
    ]
    written = [
        client.post(reverse(NEW), form(set_impact="1")).status_code,
        client.post(reverse("settings:routing-rules_move", args=[made.pk])).status_code,
    ]

    assert set(pages) == {reads}
    assert set(written) == {writes}


# --- trying out ---------------------------------------------------------------------------------


def rows_of(result):
    return {row.record.number: row.changes for row in result.rows}


def tried(world, *rules):
    assert world.desk_manager.access.reads_everything  # asked once a person, not by what is tried
    return dry_run.try_out(
        world.desk_manager, [one.as_data() for one in rules], since=sh(10, 1, 0), until=sh(11, 1, 0)
    )


@pytest.mark.feature("AU-01")
def test_trying_rules_tells_what_would_change_and_writes_nothing(world):
    vpn, printer = report(world), report(world, "Printer", by=world.agent, group=world.second_line)
    made = rule(sets={"group": world.second_line.pk, "impact": 1, "urgency": 1}, keyword=["vpn"])
    before = [model.objects.count() for model in (RoutingTrace, TimelineEntry)]
    assert tried(world)

    with CaptureQueriesContext(connection) as statements:
        result = tried(world, made)

    assert rows_of(result) == {vpn.number: ["group", "priority"], printer.number: []}
    assert result.counts == {"group": 1, "priority": 1}
    row = next(row for row in result.rows if row.changes)
    assert (row.was["priority"], row.would["priority"]) == (vpn.priority, 1)
    assert not [one for one in statements if not one["sql"].startswith("SELECT")]
    assert [model.objects.count() for model in (RoutingTrace, TimelineEntry)] == before


@pytest.mark.feature("AU-01")
def test_trying_the_rules_of_that_time_again_changes_nothing(world):
    made = [
        rule("A", stop=False, sets={"impact": 1}, keyword=["down"]),
        rule("B", order=20, sets={"group": world.second_line.pk, "assignee": world.specialist.pk},
             channel=["email"]),
        rule("C", order=30, sets={"desk": world.central.pk}, keyword=["mail"]),
        rule("D", order=40, sets={"category": world.vpn.pk}, keyword=["tunnel"]),
    ]  # fmt: skip
    report(world)
    report(world, "Mail", channel="email")
    report(world, "Mail is slow")
    report(world, "The tunnel")
    report(world, "By hand", by=world.agent, group=world.central, category=world.vpn)

    assert tried(world, *made).changed == []


def test_without_the_rules_of_that_time_tickets_go_back_to_the_fixed_ones(world):
    rule(sets={"group": world.second_line.pk}, channel=["email"])
    incident = report(world, channel="email")

    result = tried(world)

    assert rows_of(result) == {incident.number: ["group"]}
    assert result.rows[0].would["group"] == world.local.pk


def test_a_ticket_is_tried_by_its_facts_of_then(world):
    rule("Other", sets={"impact": 2}, keyword=["nothing"])
    incident = report(world, by=world.agent, category=world.category)
    Record.objects.filter(pk=incident.pk).update(category=world.vpn)
    made = rule("VPN", sets={"group": world.second_line.pk}, category=[world.vpn.pk])

    assert tried(world, made).changed == []


def test_vips_stay_with_the_central_desk_in_a_dry_run_too(world):
    Person.objects.filter(pk=world.requester.pk).update(is_vip=True)
    world.requester = Person.objects.get(pk=world.requester.pk)
    report(world)
    made = rule(sets={"desk": world.local.pk})

    assert tried(world, made).changed == []


def test_only_tickets_that_the_reader_sees_are_tried(world):
    report(world)

    seen = dry_run.tickets(world.stranger, since=sh(10, 1, 0), until=sh(11, 1, 0))

    assert seen == []


def test_the_number_of_statements_does_not_grow_with_the_tickets(world):
    made = rule(sets={"impact": 1, "group": world.second_line.pk}, keyword=["vpn"])
    report(world)
    tried(world, made)
    with CaptureQueriesContext(connection) as few:
        tried(world, made)
    for _number in range(4):
        report(world)

    with CaptureQueriesContext(connection) as many:
        tried(world, made)

    assert len(many) == len(few)


def test_the_page_shows_the_saved_rules_and_a_draft_that_is_not_saved(world, client):
    incident = report(world)
    made = rule("Mail", sets={"impact": 1}, keyword=["mail"])
    client.force_login(world.desk_manager)

    saved = client.get(reverse(TRY), SPAN)
    draft = client.post(reverse(TRY), form(
        name_en="Draft", draft_of=made.pk, op_keyword="any", if_keyword="vpn",
        set_group=world.second_line.pk, **SPAN,
    ))  # fmt: skip
    again = client.post(
        reverse(TRY), SPAN | {"draft": draft.context["draft"], "kind": "service_request"}
    )
    forged = client.post(reverse(TRY), SPAN | {"draft": "forged"})

    assert "0 would change" in saved.content.decode()
    page = draft.content.decode()
    assert incident.number in page
    assert "Draft" in page
    assert "1 ticket looked at, 1 would change" in page
    assert "No ticket in this span" in again.content.decode()
    assert forged.status_code == 422
    made.refresh_from_db()
    assert (made.name_en, made.version) == ("Mail", 1)


def test_a_draft_that_cannot_be_read_goes_back_to_its_form(world, client):
    client.force_login(world.desk_manager)

    answer = client.post(reverse(TRY), form(op_keyword="any"))

    assert answer.status_code == 422
    assert f'action="{reverse(NEW)}"' in answer.content.decode()


def test_a_span_that_ends_before_it_begins_is_told(world, client):
    client.force_login(world.desk_manager)

    answer = client.get(reverse(TRY), {"since": "2026-10-02", "until": "2026-10-01"})

    assert "This lies before the beginning." in answer.content.decode()


# --- the explanation ----------------------------------------------------------------------------


@pytest.mark.feature("D20")
def test_the_explanation_shows_each_condition_with_its_value_at_that_time(world, client):
    rule("By mail", sets={"impact": 1}, channel=["email"], keyword=["vpn"])
    rule("All", order=20, sets={"group": world.second_line.pk}, site=[world.site.pk])
    rule("Last", order=30, sets={"impact": 2})
    incident = report(world)
    Record.objects.filter(pk=incident.pk).update(channel="email")
    client.force_login(world.agent)

    answer = client.get(reverse("work:routing", args=[incident.number]))

    (run,) = answer.context["runs"]
    assert run.is_same
    assert [line.result for line in run.lines] == ["missed", "fired", "skipped"]
    channel, keyword = run.lines[0].conditions
    assert (channel.wanted, channel.found, channel.held) == (["E-mail"], ["Portal"], False)
    assert (keyword.found, keyword.held) == (["“vpn”"], True)
    assert run.lines[1].sets == [("Group", "Network", "")]
    assert run.lines[2].stopped_by == "All"
    page = answer.content.decode()
    assert "The rule “All” decided: Group." in page
    assert "Judged again from the stored facts and rules: the same outcome." in page


def test_the_explanation_says_why_a_setting_had_no_effect(world, client):
    rule("A", stop=False, sets={"impact": 2})
    rule("B", order=20, sets={"impact": 1, "urgency": 1})
    incident = report(world, by=world.agent, urgency=3)
    client.force_login(world.agent)

    answer = client.get(reverse("work:routing", args=[incident.number]))

    sets = answer.context["runs"][0].lines[1].sets
    assert sets[0][2] == "The rule “A” had set it before."
    assert sets[1][2] == "A person had chosen it by hand."


def test_the_explanation_is_for_those_who_work_on_it(world, client):
    incident = report(world)
    url = reverse("work:routing", args=[incident.number])
    answers = {}
    for name in ("agent", "requester", "stranger"):
        client.force_login(getattr(world, name))
        answers[name] = client.get(url).status_code

    assert answers["agent"] == 200
    assert answers["requester"] in {302, 404}
    assert answers["stranger"] in {403, 404}


def test_a_ticket_from_before_the_rules_says_so(world, client):
    incident = report(world)
    client.force_login(world.agent)

    page = client.get(reverse("work:routing", args=[incident.number])).content.decode()

    assert "No rule was asked" in page
    assert (
        reverse("work:routing", args=[incident.number])
        in client.get(incident.get_absolute_url()).content.decode()
    )


def test_explaining_costs_the_same_for_many_rules(world, client, django_assert_max_num_queries):
    for number in range(12):
        rule(f"R{number}", order=number, stop=False, sets={"impact": 2}, site=[world.site.pk])
    incident = opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN", at=NOON
    )
    cache.clear()
    assert time.now()
    client.force_login(world.agent)
    url = reverse("work:routing", args=[incident.number])
    client.get(url)

    with django_assert_max_num_queries(32):
        client.get(url)

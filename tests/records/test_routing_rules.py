"""Routing rules on real tickets: what they set, what they leave alone, and the trace that is kept."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import preferences
from incidents.actions import lifecycle, opening
from incidents.models import Incident
from people.models import Person, SupportGroup
from records import rule_engine, triage
from records.models import Category, RoutingRule, RoutingTrace
from records.routing import route
from servicedesk.calls import actions as calls
from tests.servicedesk.requests import shop
from tests.world import sh

pytestmark = pytest.mark.django_db
NOON = sh(10, 8, 10)


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


def rule(name="Rule", *, order=10, stop=True, sets=None, **conditions):
    """`conditions`: field=[values], or field=(op, [values])."""
    made = RoutingRule.objects.create(
        name_en=name, name_zh=f"{name}规则", order=order, stop=stop, sets=sets or {}, conditions=[
            {"field": field, "op": wanted[0], "values": wanted[1]} if isinstance(wanted, tuple)
            else {"field": field, "op": "any", "values": wanted}
            for field, wanted in conditions.items()
        ],
    )  # fmt: skip
    cache.clear()
    return made


def report(world, title="VPN is down", **fields):
    fields.setdefault("at", NOON)
    by = fields.pop("by", world.requester)
    return opening.open_incident(by=by, requester=world.requester, title=title, **fields)


# --- at the opening -----------------------------------------------------------------------------


@pytest.mark.feature("IN-02")
def test_a_rule_places_a_new_incident_and_the_story_names_it(world):
    made = rule("Mail to network", sets={"group": world.second_line.pk}, channel=["email"])

    incident = report(world, channel="email")

    assert incident.assigned_group == world.second_line
    assert incident.owner_group == world.local
    why = incident.timeline.get(verb="incident.opened").data["why"]
    assert ["group", "rule"] in why
    assert ["rule", "Mail to network", "Mail to network规则", ["group"]] in why
    assert RoutingTrace.objects.get(record=incident).fired == [made.pk]


def test_a_rule_that_does_not_hold_leaves_the_fixed_rules_alone_and_says_why(world):
    rule(sets={"group": world.second_line.pk}, channel=["email"])

    incident = report(world, channel="phone")

    assert incident.assigned_group == world.local
    trace = RoutingTrace.objects.get(record=incident)
    assert trace.fired == []
    condition = trace.outcome["rules"][0]["conditions"][0]
    assert (condition["found"], condition["held"]) == (["phone"], False)


def test_without_rules_nothing_is_stored(world):
    incident = report(world)

    assert not RoutingTrace.objects.filter(record=incident).exists()


@pytest.mark.parametrize(
    ("title", "fires"),
    [("打印機卡紙了", True), ("打印机坏了", True), ("ＰＲＩＮＴＥＲ jam", True), ("VPN", False)],
)
def test_words_are_found_within_a_text_of_any_script_and_width(world, title, fires):
    rule(sets={"group": world.second_line.pk}, keyword=["打印机", "Printer"])

    incident = report(world, title)

    assert (incident.assigned_group == world.second_line) is fires


def test_a_branch_of_categories_and_organisations_holds_for_what_is_below(world):
    rule(sets={"impact": 1}, category=[world.category.pk], organization=[world.head.pk])

    incident = report(world, category=world.vpn)

    assert incident.impact == 1


def test_impact_and_urgency_of_a_rule_make_the_priority(world):
    rule(sets={"impact": 1, "urgency": 1}, keyword=["down"])

    incident = report(world)

    assert (incident.impact, incident.urgency, incident.priority) == (1, 1, 1)


def test_a_category_of_a_rule_brings_its_service_and_group(world):
    rule(sets={"category": world.vpn.pk}, keyword=["vpn"])

    incident = report(world)

    assert (incident.category, incident.service) == (world.vpn, world.mail)
    assert incident.assigned_group == world.second_line


def test_a_category_of_security_takes_the_ticket_to_the_central_desk_in_secret(world):
    Category.objects.filter(pk=world.vpn.pk).update(is_security=True, default_group=None)
    rule(sets={"category": world.vpn.pk, "desk": world.local.pk}, keyword=["vpn"])

    incident = report(world)

    assert incident.owner_group == world.central
    assert (incident.is_security, incident.confidentiality) == (True, "security")


def test_a_rule_may_name_the_desk_but_never_takes_a_vip_from_the_central_one(world):
    rule(sets={"desk": world.local.pk}, keyword=["vpn"])
    incident = opening.open_incident(
        by=world.agent, requester=world.colleague, title="VPN", at=NOON
    )
    Person.objects.filter(pk=world.colleague.pk).update(is_vip=True)

    vip = opening.open_incident(
        by=world.agent, requester=Person.objects.get(pk=world.colleague.pk), title="VPN", at=NOON
    )

    assert (incident.owner_group, incident.assigned_group) == (world.local, world.local)
    assert vip.owner_group == world.central
    assert RoutingTrace.objects.get(record=vip).outcome["not_applied"] == {"desk": "central"}


def test_an_assignee_of_a_rule_must_be_a_member_of_its_group(world):
    rule("Sofia", sets={"group": world.second_line.pk, "assignee": world.specialist.pk},
         keyword=["vpn"])  # fmt: skip
    rule("Stranger", order=20, sets={"group": world.second_line.pk, "assignee": world.agent.pk},
         keyword=["mail"])  # fmt: skip

    given, not_given = report(world, "VPN"), report(world, "Mail")

    assert (given.assignee, given.state) == (world.specialist, "assigned")
    assert (not_given.assignee, not_given.state) == (None, "new")
    assert not_given.assigned_group == world.second_line


@pytest.mark.parametrize("name", ["group", "category", "impact", "urgency"])
def test_what_a_person_chose_stays(world, name):
    other = {"group": world.central, "category": world.category, "impact": 3, "urgency": 3}
    wanted = {"group": world.second_line.pk, "category": world.vpn.pk, "impact": 1, "urgency": 1}
    rule(sets={name: wanted[name]})

    incident = report(world, by=world.agent, **{name: other[name]})

    stored = "assigned_group" if name == "group" else name
    assert getattr(incident, stored) == other[name]
    assert RoutingTrace.objects.get(record=incident).outcome["not_applied"] == {name: "chosen"}


def test_what_is_not_in_use_any_more_is_not_set(world):
    rule(sets={"group": world.second_line.pk})
    SupportGroup.objects.filter(pk=world.second_line.pk).update(is_active=False)

    incident = report(world)

    assert incident.assigned_group == world.local
    assert RoutingTrace.objects.get(record=incident).outcome["not_applied"] == {"group": "retired"}


def test_rules_cost_one_statement_more_once_they_are_kept(world):
    report(world)
    with CaptureQueriesContext(connection) as before:
        report(world)
    rule(sets={"impact": 2}, keyword=["down"])
    report(world)

    with CaptureQueriesContext(connection) as after:
        report(world)

    assert len(after) == len(before) + 1


def test_an_order_and_a_call_are_placed_by_the_rules_too(world):
    shop.filled(world)
    rule(sets={"group": world.second_line.pk}, kind=["service_request"])
    rule("Calls", order=20, sets={"group": world.second_line.pk}, channel=["phone"])

    order = shop.ordered(world)
    incident, _call = calls.convert(
        by=world.agent, token="t", channel="phone", person=world.requester,
        report={"title": "VPN", "requester": world.requester}, at=NOON,
    )  # fmt: skip

    assert order.assigned_group == incident.assigned_group == world.second_line
    assert ["group", "rule"] in order.timeline.get(verb="request.opened").data["why"]
    assert RoutingTrace.objects.filter(record=order).exists()


# --- the evidence -------------------------------------------------------------------------------


@pytest.mark.feature("D20")
@pytest.mark.feature("AU-01")
def test_the_stored_facts_judged_again_give_the_logged_outcome(world):
    rule("A", stop=False, sets={"impact": 2}, keyword=("none", ["printer"]), vip=[False])
    rule("B", order=20, sets={"group": world.second_line.pk}, keyword=["down", "坏"])
    rule("C", order=30, sets={"urgency": 1}, site=[world.site.pk])
    incident = report(world)
    RoutingRule.objects.update(conditions=[], sets={})

    trace = RoutingTrace.objects.get(record=incident)

    again = rule_engine.run(trace.facts, trace.rules)
    assert {name: trace.outcome[name] for name in again} == again
    assert [line["result"] for line in again["rules"]] == ["fired", "fired", "skipped"]
    assert trace.facts["keyword"] == ["down"]


def test_a_trace_cannot_be_changed_or_deleted(world):
    rule(sets={"impact": 2})
    report(world)

    for change in (
        lambda: RoutingTrace.objects.update(fired=[]), lambda: RoutingTrace.objects.all().delete()
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- asking again -------------------------------------------------------------------------------


def test_a_changed_category_asks_the_rules_once_more(world):
    rule(sets={"group": world.second_line.pk}, category=[world.category.pk])
    incident = report(world)

    changed = lifecycle.classify(incident, by=world.agent, category=world.vpn)

    assert changed.assigned_group == world.second_line
    occasions = list(RoutingTrace.objects.order_by("pk").values_list("occasion", flat=True))
    assert occasions == ["opened", "changed"]
    told = changed.timeline.get(verb="incident.assigned")
    assert (told.author, told.data["why"][-1][3]) == (None, ["group"])


@pytest.mark.feature("AU-01")
def test_a_change_asks_once_and_what_a_rule_sets_asks_nobody(world):
    rule("Back", sets={"group": world.second_line.pk, "category": world.category.pk},
         category=[world.vpn.pk])  # fmt: skip
    rule("Forth", order=20, sets={"group": world.local.pk, "category": world.vpn.pk},
         category=("none", [world.vpn.pk]))  # fmt: skip
    incident = report(world, by=world.agent, category=world.category)

    changed = lifecycle.classify(incident, by=world.agent, category=world.vpn)

    assert (changed.category, changed.assigned_group) == (world.vpn, world.second_line)
    assert RoutingTrace.objects.filter(occasion="changed").count() == 1


def test_a_group_chosen_by_hand_is_never_changed_by_a_rule(world):
    rule(sets={"group": world.second_line.pk}, category=[world.vpn.pk])
    chosen = report(world, by=world.agent, group=world.central)
    assigned = lifecycle.assign(report(world), by=world.agent, group=world.central)

    for incident in (chosen, assigned):
        changed = lifecycle.classify(incident, by=world.agent, category=world.vpn)
        assert changed.assigned_group == world.central

    assert not RoutingTrace.objects.filter(occasion="changed").exists()


def test_a_change_of_words_asks_no_rule(world):
    rule(sets={"group": world.second_line.pk}, keyword=["printer"])
    incident = report(world)

    lifecycle.classify(incident, by=world.agent, title="Printer")

    assert RoutingTrace.objects.count() == 1


# --- the overloaded desk ------------------------------------------------------------------------


def where(world):
    return route(
        requester=world.requester, site=world.site, organization=world.sales, category=None,
        ci=None, channel="portal", at=NOON,
    )  # fmt: skip


def test_an_overloaded_desk_passes_new_tickets_to_the_one_above(world):
    for _number in range(3):
        report(world)
    unlimited = where(world)
    preferences.put("desk_most_open", 3, by=None)
    cache.clear()
    bearable = where(world)
    preferences.put("desk_most_open", 2, by=None)
    cache.clear()

    overloaded = where(world)

    assert unlimited.desk == bearable.desk == world.local
    assert overloaded.desk == world.central
    assert ("desk", "overload") in overloaded.why


def test_who_is_away_is_not_there(world):
    report(world)
    Person.objects.filter(pk=world.local_agent.pk).update(
        deputy=world.agent, deputy_during="[2026-10-01,2026-10-20)"
    )
    preferences.put("desk_most_open", 50, by=None)
    cache.clear()

    assert where(world).desk == world.central


def test_the_preview_of_a_call_says_what_the_rules_will_decide(world):
    from servicedesk.calls import deciding

    rule("Down", sets={"group": world.second_line.pk, "impact": 1}, keyword=["down"])

    seen = deciding.decide(agent=world.agent, at=NOON, requester=world.requester, title="VPN down")
    incident = report(world, "VPN down", channel="phone")

    assert "Down" in seen.group_why
    assert (seen.group, seen.impact) == (incident.assigned_group, incident.impact)


def test_the_rules_of_the_present_are_read_once_in_ten_seconds(world):
    rule(sets={"impact": 2})
    triage.in_force()

    with CaptureQueriesContext(connection) as again:
        triage.in_force()

    assert len(again) == 0
    assert Incident.objects.count() == 0

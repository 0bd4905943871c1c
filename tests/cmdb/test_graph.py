"""The graph that is read from the tables, against the worked vectors."""

import pytest

from cmdb import actions, graph
from cmdb.impact import Level, cfia, evaluate, single_points_of_failure
from cmdb.models import CI


def levels(impact, cis):
    names = {ci.pk: name for name, ci in cis.items()}
    return {names[pk]: level.word for pk, level in impact.affected.items()}


@pytest.mark.feature("CM-03")
@pytest.mark.parametrize(
    ("failed", "affected"),
    [
        pytest.param(["app2"], {"svc_erp": "at_risk", "bp_order": "at_risk"}, id="X1"),
        pytest.param(
            ["host1"],
            {"app1": "down", "rpt1": "down", "svc_erp": "degraded", "bp_order": "degraded"},
            id="X2",
        ),
        pytest.param(["app1", "app2"], {"svc_erp": "down", "bp_order": "down"}, id="X3"),
        pytest.param(["san1"], {"db1": "down", "svc_erp": "down", "bp_order": "down"}, id="X5"),
        pytest.param(["rpt1"], {"svc_erp": "degraded", "bp_order": "degraded"}, id="X6"),
    ],
)
def test_the_loaded_closure_gives_the_worked_levels(
    erp, failed, affected, django_assert_max_num_queries
):
    start = [erp[name].pk for name in failed]

    with django_assert_max_num_queries(5):
        loaded = graph.load(start, "up")
    impact = evaluate(loaded, dict.fromkeys(start, Level.DOWN))

    assert levels(impact, erp) == affected


def test_the_closure_downward_finds_the_single_points_of_failure(erp):
    top = erp["svc_erp"].pk
    names = {ci.pk: name for name, ci in erp.items()}

    loaded = graph.load([top], "down")

    found = single_points_of_failure(loaded, top)
    assert sorted(names[pk] for pk in found) == ["db1", "host3", "san1", "sw1"]
    row = {names[pk]: letter for pk, letter in cfia(loaded, top).items()}
    assert row["app1"] == "A"
    assert row["rpt1"] == "D"


def test_a_cycle_in_the_tables_ends(world):
    a, b, c = (world.ci(name) for name in "abc")
    world.relate(a, b)
    world.relate(b, c)
    assert world.relate(b, a).closes_cycle

    impact = evaluate(graph.load([c.pk], "both"), {c.pk: Level.DOWN})

    assert set(impact.affected) == {a.pk, b.pk}


def test_a_retired_ci_carries_nothing(world, erp):
    erp["host2"] = actions.take_step(
        erp["host2"], "retire", by=None, acknowledged=[erp["app2"].number]
    )

    impact = evaluate(graph.load([erp["sw1"].pk], "up"), {erp["sw1"].pk: Level.DOWN})

    assert erp["app2"].pk not in impact.affected
    assert impact.level(erp["app1"].pk) == Level.DOWN


def test_what_is_not_live_yet_counts_only_in_a_what_if(world):
    service = world.service("mail").ci
    planned = world.ci("new host", state=CI.State.PLANNED)
    world.relate(service, planned)
    loaded = graph.load([planned.pk], "up")

    assert not evaluate(loaded, {planned.pk: Level.DOWN}).affected
    impact = evaluate(loaded, {planned.pk: Level.DOWN}, what_if=True)
    assert impact.level(service.pk) == Level.DOWN


@pytest.mark.feature("CM-06")
def test_the_graph_can_be_read_as_it_was(world):
    service, host = world.service("mail").ci, world.ci("host")
    relation = world.relate(service, host)
    actions.unrelate(relation, by=None)
    relation.refresh_from_db()

    then = graph.load([host.pk], "up", at=relation.valid.lower)

    assert service.pk in evaluate(then, {host.pk: Level.DOWN}).affected
    assert not graph.load([host.pk], "up").needed_by


def test_relations_that_carry_nothing_are_not_walked(world):
    a, b = world.ci("a"), world.ci("b")
    world.relate(a, b, "backup_of")

    assert graph.load([b.pk], "up").needs == {b.pk: []}


def test_an_override_replaces_what_the_type_says(world):
    a, b, c = (world.ci(name) for name in "abc")
    world.relate(a, b, effect="degraded")
    world.relate(a, c, effect="none")

    loaded = graph.load([b.pk, c.pk], "up")

    assert evaluate(loaded, {b.pk: Level.DOWN}).level(a.pk) == Level.DEGRADED
    assert evaluate(loaded, {c.pk: Level.DOWN}).level(a.pk) == Level.UP

"""The impact engine against its worked vectors and against a plain, slow oracle."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmdb.impact import (
    Cause,
    Effect,
    Graph,
    Group,
    Level,
    Need,
    Presence,
    cfia,
    evaluate,
    single_points_of_failure,
)

UP, AT_RISK, DEGRADED, DOWN = Level
POOL = Group("svc_erp", 1)


def erp(group=POOL):
    """The test graph of ITSM domain rules 5.12."""
    return Graph(
        needs={
            "bp_order": (Need("svc_erp"),),
            "svc_erp": (
                Need("app1", group="pool"),
                Need("app2", group="pool"),
                Need("db1"),
                Need("rpt1", Effect.DEGRADED),
            ),
            "app1": (Need("host1"),),
            "rpt1": (Need("host1"),),
            "app2": (Need("host2"),),
            "db1": (Need("host3"), Need("san1")),
            "host1": (Need("sw1"),),
            "host2": (Need("sw1"),),
            "host3": (Need("sw1"),),
        },
        groups={"pool": group},
    )


EVERYTHING = ["bp_order", "svc_erp", "app1", "app2", "db1", "rpt1", "host1", "host2", "host3"]


@pytest.mark.feature("CM-03")
@pytest.mark.parametrize(
    ("failed", "affected"),
    [
        pytest.param(["app2"], {"svc_erp": AT_RISK, "bp_order": AT_RISK}, id="X1"),
        pytest.param(
            ["host1"],
            {"app1": DOWN, "rpt1": DOWN, "svc_erp": DEGRADED, "bp_order": DEGRADED},
            id="X2",
        ),
        pytest.param(["app1", "app2"], {"svc_erp": DOWN, "bp_order": DOWN}, id="X3"),
        pytest.param(["sw1"], dict.fromkeys(EVERYTHING, DOWN), id="X4"),
        pytest.param(["san1"], {"db1": DOWN, "svc_erp": DOWN, "bp_order": DOWN}, id="X5"),
        pytest.param(["rpt1"], {"svc_erp": DEGRADED, "bp_order": DEGRADED}, id="X6"),
    ],
)
def test_a_failure_travels_as_the_worked_example_says(failed, affected):
    impact = evaluate(erp(), dict.fromkeys(failed, DOWN))

    assert impact.affected == affected


@pytest.mark.parametrize("top", [pytest.param("svc_erp", id="X7")])
def test_single_points_of_failure_are_those_that_alone_take_the_service_down(top):
    assert sorted(single_points_of_failure(erp(), top)) == ["db1", "host3", "san1", "sw1"]


@pytest.mark.parametrize("top", [pytest.param("svc_erp", id="X8")])
def test_cfia_gives_each_component_its_letter(top):
    assert cfia(erp(), top) == {
        "app1": "A", "app2": "A", "db1": "X", "rpt1": "D", "host1": "D", "host2": "A",
        "host3": "X", "san1": "X", "sw1": "X",
    }  # fmt: skip


@pytest.mark.feature("CM-04")
@pytest.mark.parametrize(
    ("failed", "level"),
    [
        pytest.param(["app1"], AT_RISK, id="X9-app1"),
        pytest.param(["host2"], AT_RISK, id="X9-host2"),
        pytest.param(["app1", "host2"], DOWN, id="X9-both"),
    ],
)
def test_two_harmless_works_may_be_an_outage_together(failed, level):
    assert evaluate(erp(), dict.fromkeys(failed, DOWN)).level("svc_erp") == level


@pytest.mark.parametrize("failed", [pytest.param("c", id="X10")])
def test_a_cycle_ends(failed):
    graph = Graph({"a": (Need("b"),), "b": (Need("a"), Need("c"))})

    assert evaluate(graph, {failed: DOWN}).affected == {"a": DOWN, "b": DOWN}


def test_cfia_tells_a_standby_that_must_be_brought_in():
    row = cfia(erp(POOL._replace(is_immediate=False)), "svc_erp")

    assert (row["app1"], row["app2"], row["host2"]) == ("B", "B", "B")
    assert (row["db1"], row["rpt1"]) == ("X", "D")


def test_the_page_can_explain_why():
    impact = evaluate(erp(), {"host1": DOWN})

    assert impact.because("svc_erp") == (
        Cause(DEGRADED, ("rpt1",)),
        Cause(AT_RISK, ("app1",), "pool"),
    )
    assert impact.because("host1") == ()
    assert impact.because("db1") == ()


def test_a_stated_level_stands_whatever_lies_below():
    impact = evaluate(erp(), {"sw1": DOWN, "db1": UP, "host1": DEGRADED})

    assert impact.level("db1") == UP
    assert impact.level("app1") == DEGRADED
    assert impact.level("svc_erp") == DEGRADED


def test_retired_members_neither_fail_nor_help():
    three = {"s": tuple(Need(m, group="g") for m in "abc")}
    groups = {"g": Group("s", 2)}

    assert evaluate(Graph(three, groups), {"a": DOWN}).level("s") == AT_RISK
    one_gone = Graph(three, groups, {"c": Presence.GONE})
    assert evaluate(one_gone, {"a": DOWN}).level("s") == DOWN
    assert evaluate(one_gone, {"c": DOWN}).level("s") == UP
    two_gone = Graph(three, groups, {"b": Presence.GONE, "c": Presence.GONE})
    assert evaluate(two_gone, {"a": AT_RISK}).level("s") == AT_RISK  # not down by bookkeeping


def test_planned_ones_count_only_in_a_what_if():
    graph = Graph({"s": (Need("p"),)}, presence={"p": Presence.PLANNED})

    assert evaluate(graph, {"p": DOWN}).levels == {}
    assert evaluate(graph, {"p": DOWN}, what_if=True).affected == {"s": DOWN}


def test_news_that_grows_worse_is_told_again():
    graph = Graph(
        {"top": (Need("m"),), "m": (Need("x", Effect.DEGRADED), Need("y")), "y": (Need("z"),)}
    )

    impact = evaluate(graph, {"x": DOWN, "z": DOWN})

    assert (impact.level("m"), impact.level("top")) == (DOWN, DOWN)


def test_a_chain_of_twenty_thousand_is_no_deeper_than_one():
    graph = Graph({n: (Need(n + 1),) for n in range(20_000)})

    assert evaluate(graph, {20_000: DOWN}).level(0) == DOWN
    assert len(graph.below(0)) == 20_000


# --- the oracle: recompute every CI from its needs until nothing changes --------------------


def slow(graph, failed, *, what_if):
    counting = {Presence.LIVE, Presence.PLANNED} if what_if else {Presence.LIVE}

    def counts(node):
        return graph.presence.get(node, Presence.LIVE) in counting

    nodes = {*graph.needs, *(need.target for needs in graph.needs.values() for need in needs)}
    state = dict.fromkeys(nodes | set(failed), UP)
    state |= {node: level for node, level in failed.items() if counts(node)}
    changed = True
    while changed:
        changed = False
        for node in nodes:
            if counts(node) and node not in failed:
                worst = slow_level(graph, node, state, counts)
                if worst > state[node]:
                    state[node], changed = worst, True
    return {node: level for node, level in state.items() if level != UP}


def slow_level(graph, node, state, counts):
    worst, members = UP, {}
    for need in graph.needs.get(node, ()):
        if not counts(need.target):
            continue
        level = state[need.target]
        if need.group is not None:
            members.setdefault(need.group, {})[need.target] = level
        elif level == DOWN:
            worst = max(worst, Level(need.effect))
        elif need.effect:
            worst = max(worst, level)
    for group, levels in members.items():
        usable = [level for level in levels.values() if level != DOWN]
        good = [level for level in usable if level != DEGRADED]
        needed = min(graph.groups[group].required, len(levels))
        if len(usable) < needed:
            worst = max(worst, DOWN)
        elif len(good) < needed:
            worst = max(worst, DEGRADED)
        elif any(level != UP for level in levels.values()):
            worst = max(worst, AT_RISK)
    return worst


@st.composite
def graphs(draw):
    size = draw(st.integers(2, 30))
    node = st.integers(0, size - 1)
    needs, groups = {}, {}
    for source in range(size):
        found = []
        targets = draw(st.lists(node.filter(lambda n, s=source: n != s), max_size=4, unique=True))
        for target in targets:
            effect = draw(st.sampled_from(Effect))
            slot = draw(st.sampled_from([None, None, 0, 1]))
            group = None if slot is None else (source, slot)
            if group is not None and group not in groups:
                groups[group] = Group(source, draw(st.integers(1, 3)), draw(st.booleans()))
            found.append(Need(target, effect, group))
        needs[source] = tuple(found)
    presence = draw(st.dictionaries(node, st.sampled_from(Presence), max_size=6))
    failed = draw(st.dictionaries(node, st.sampled_from(Level), max_size=4))
    return Graph(needs, groups, presence), failed


@settings(max_examples=200, deadline=None)
@given(graphs(), st.booleans())
def test_the_engine_agrees_with_the_oracle(case, what_if):
    graph, failed = case

    impact = evaluate(graph, failed, what_if=what_if)

    assert impact.levels == slow(graph, failed, what_if=what_if)
    for found in impact.affected:
        assert impact.because(found)[0].level == impact.level(found)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_x_of_cfia_is_a_single_point_of_failure(case):
    graph, _ = case

    row = cfia(graph, 0)

    assert [node for node, letter in row.items() if letter == "X"] == single_points_of_failure(
        graph, 0
    )

"""Judging routing rules: the engine against a slow plain oracle, and its rules by example."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import rule_engine as engine

pytestmark = pytest.mark.feature("AU-01")
VALUES = st.integers(1, 4)
FACTS = st.dictionaries(st.sampled_from(engine.FIELDS), st.lists(VALUES, max_size=3))
CONDITIONS = st.fixed_dictionaries({
    "field": st.sampled_from(engine.FIELDS), "op": st.sampled_from(engine.OPS),
    "values": st.lists(VALUES, min_size=1, max_size=3),
})  # fmt: skip
BODIES = st.fixed_dictionaries({
    "version": st.integers(1, 3), "stop": st.booleans(),
    "conditions": st.lists(CONDITIONS, max_size=2),
    "sets": st.dictionaries(st.sampled_from(engine.SETS), VALUES, max_size=3),
})  # fmt: skip
RULES = st.lists(BODIES, max_size=5).map(
    lambda bodies: [body | {"id": number} for number, body in enumerate(bodies, start=10)]
)


def oracle(facts, rules):
    """{field: (value, rule)} and {rule: result}, word by word as the rules are told to people."""
    sets, results = {}, {}
    for place, rule in enumerate(rules):
        stopped = any(
            results[before["id"]] == "fired" and before["stop"] for before in rules[:place]
        )
        is_met = True
        for condition in rule["conditions"]:
            there = [value in facts.get(condition["field"], []) for value in condition["values"]]
            met = {"any": any(there), "none": not any(there), "all": all(there)}[condition["op"]]
            is_met = is_met and met
        results[rule["id"]] = "skipped" if stopped else "fired" if is_met else "missed"
    for rule in rules:
        if results[rule["id"]] == "fired":
            for name, value in rule["sets"].items():
                sets.setdefault(name, (value, rule["id"]))
    return sets, results


@given(FACTS, RULES)
def test_the_engine_decides_as_the_plain_reading_of_the_rules(facts, rules):
    outcome = engine.run(facts, rules)

    sets, results = oracle(facts, rules)
    assert {name: (one["value"], one["rule"]) for name, one in outcome["sets"].items()} == sets
    assert {line["rule"]: line["result"] for line in outcome["rules"]} == results
    assert engine.fired(outcome) == [pk for pk, result in results.items() if result == "fired"]


@given(FACTS, RULES)
def test_each_condition_tells_what_it_wanted_what_it_found_and_whether_it_held(facts, rules):
    outcome = engine.run(facts, rules)

    for rule, line in zip(rules, outcome["rules"], strict=True):
        assert len(line["conditions"]) == len(rule["conditions"])
        for asked, told in zip(rule["conditions"], line["conditions"], strict=True):
            assert told["found"] == facts.get(asked["field"], [])
            assert told["held"] == engine.holds(asked["op"], asked["values"], told["found"])


@given(FACTS, RULES)
def test_what_was_stored_as_json_is_judged_the_same_again(facts, rules):
    outcome = engine.run(facts, rules)

    assert engine.run(*json.loads(json.dumps([facts, rules]))) == json.loads(json.dumps(outcome))


def rule(pk, sets, *conditions, stop=False):
    return {"id": pk, "version": 1, "stop": stop, "sets": sets, "conditions": [
        {"field": field, "op": op, "values": values} for field, op, values in conditions
    ]}  # fmt: skip


def test_the_first_that_stops_ends_it_and_the_others_say_so():
    rules = [
        rule(1, {"impact": 2}, ("channel", "any", ["email"])),
        rule(2, {"group": 7, "impact": 1}, stop=True),
        rule(3, {"urgency": 1}),
    ]

    outcome = engine.run({"channel": ["email"]}, rules)

    assert outcome["sets"] == {
        "impact": {"value": 2, "rule": 1}, "group": {"value": 7, "rule": 2},
    }  # fmt: skip
    assert [line["result"] for line in outcome["rules"]] == ["fired", "fired", "skipped"]
    assert outcome["rules"][1]["kept"] == {"impact": 1}
    assert outcome["rules"][2]["stopped_by"] == 2


def test_what_a_rule_sets_makes_no_other_rule_hold():
    rules = [rule(1, {"category": 5}), rule(2, {"group": 7}, ("category", "any", [5]))]

    outcome = engine.run({"category": []}, rules)

    assert outcome["rules"][1]["result"] == "missed"
    assert "group" not in outcome["sets"]


def test_an_unknown_operator_is_refused():
    with pytest.raises(ValueError, match="near"):
        engine.run({}, [rule(1, {}, ("channel", "near", ["email"]))])

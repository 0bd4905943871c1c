"""Judging routing rules: a pure function of facts and rules (ITSM domain rules 4.1, features D20, AU-01).

No database, no clock, no words: whatever is judged now is judged the same from what was stored.
The facts stand still while the rules run: what a rule sets makes no other rule hold, so rules
cannot run in a circle.
"""

FIELDS = (
    "kind", "category", "service", "ci_class", "organization", "site", "keyword", "channel",
    "desk", "vip",
)  # fmt: skip
SETS = ("desk", "group", "assignee", "category", "impact", "urgency")
ANY, NONE, ALL = "any", "none", "all"
OPS = (ANY, NONE, ALL)
FIRED, MISSED, SKIPPED = "fired", "missed", "skipped"


def holds(op, wanted, found):
    """Whether the values `found` answer to the `wanted` ones: any of them, none, or all of them."""
    wanted, found = set(wanted), set(found)
    if op == ANY:
        return bool(wanted & found)
    if op == NONE:
        return not wanted & found
    if op == ALL:
        return wanted <= found
    raise ValueError(f"unknown operator {op!r}")


def judge(condition, facts):
    """A condition with the value of its field at that time and whether it held."""
    found = list(facts.get(condition["field"], []))
    return {
        "field": condition["field"], "op": condition["op"], "values": condition["values"],
        "found": found, "held": holds(condition["op"], condition["values"], found),
    }  # fmt: skip


def run(facts, rules):
    """Ask the rules in their order until one that stops has fired.

    In: `facts` {field: [values]}, `rules` [RoutingRule.as_data()]. Out: {"sets": {field: {"value",
    "rule"}}, "rules": [{"rule", "version", "result", "conditions", "sets", "kept"}]}, JSON only.
    All conditions of a rule must hold; one without conditions always fires. What an earlier rule
    has set, a later one does not change (`kept`: {field: the earlier rule}). A rule behind the one
    that stopped is "skipped", its conditions judged all the same, so that it can be questioned.
    Raises ValueError for an unknown operator.
    """
    sets, told, stopped_by = {}, [], None
    for rule in rules:
        judged = [judge(condition, facts) for condition in rule["conditions"]]
        line = {
            "rule": rule["id"], "version": rule["version"], "conditions": judged,
            "result": MISSED, "sets": {}, "kept": {},
        }  # fmt: skip
        if stopped_by is not None:
            line |= {"result": SKIPPED, "stopped_by": stopped_by}
        elif all(condition["held"] for condition in judged):
            line["result"] = FIRED
            for field, value in rule["sets"].items():
                if field in sets:
                    line["kept"][field] = sets[field]["rule"]
                else:
                    sets[field] = {"value": value, "rule": rule["id"]}
                    line["sets"][field] = value
            if rule["stop"]:
                stopped_by = rule["id"]
        told.append(line)
    return {"sets": sets, "rules": told}


def fired(outcome):
    """The ids of the rules that fired, in their order."""
    return [line["rule"] for line in outcome["rules"] if line["result"] == FIRED]

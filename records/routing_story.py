"""Why rules fired or did not, of one record: each run as it was stored, judged again, in words (D20)."""

from dataclasses import dataclass, field

from records import routing_names as names
from records import routing_words as words
from records import rule_engine as engine
from records.models import RoutingRule, RoutingTrace

MOST = 20


@dataclass
class Asked:
    """One condition: what it wanted, what was there at that time, and whether it held."""

    field: str
    op: str
    wanted: list
    found: list
    held: bool


@dataclass
class Line:
    """One rule of a run. `sets` are (what, value, reason why it did not count or "")."""

    pk: int
    name: str
    version: int
    result: str
    is_changed: bool
    conditions: list
    sets: list = field(default_factory=list)
    stopped_by: str = ""


@dataclass
class Run:
    trace: RoutingTrace
    lines: list
    is_same: bool


def runs_of(record):
    """[Run], the latest first. Each outcome is computed anew from the stored facts."""
    traces = list(RoutingTrace.objects.filter(record_id=record.pk).order_by("-at", "-pk")[:MOST])
    pairs = [pair for trace in traces for pair in _pairs(trace)]
    known = names.Names(pairs)
    versions = dict(RoutingRule.objects.values_list("pk", "version")) if traces else {}
    return [_run(trace, known, versions) for trace in traces]


def _pairs(trace):
    yield from names.pairs_of(trace.rules)
    for name, values in trace.facts.items():
        for value in values:
            yield name, value


def recomputed(trace):
    """The pure part of the outcome, judged again from what was stored."""
    return engine.run(trace.facts, trace.rules)


def is_same(trace):
    again = recomputed(trace)
    return {name: trace.outcome.get(name) for name in again} == again


def _run(trace, known, versions):
    rules = {rule["id"]: rule for rule in trace.rules}
    lines = [_line(line, rules, trace, known, versions) for line in trace.outcome["rules"]]
    return Run(trace, lines, is_same(trace))


def _line(line, rules, trace, known, versions):
    rule = rules[line["rule"]]
    conditions = [
        Asked(*names.condition_words(one, known), _found(one, known), one["held"])
        for one in line["conditions"]
    ]
    found = Line(
        pk=rule["id"], name=names.name_of(rule), version=rule["version"], result=line["result"],
        is_changed=versions.get(rule["id"]) != rule["version"], conditions=conditions,
    )  # fmt: skip
    if line["result"] == engine.FIRED:
        found.sets = [_set(name, value, line, rules, trace, known)
                      for name, value in rule["sets"].items()]  # fmt: skip
    if stopped_by := line.get("stopped_by"):
        found.stopped_by = names.name_of(rules[stopped_by])
    return found


def _found(condition, known):
    """What was there. Of a branch, only the thing itself: what is above it goes without saying; of
    words, those that this rule looked for."""
    values = condition["found"]
    if condition["field"] == "keyword":
        values = [word for word in values if word in condition["values"]]
    if condition["field"] in {"category", "organization", "ci_class"}:
        values = values[-1:]
    return known.names(condition["field"], values)


def _set(name, value, line, rules, trace, known):
    reason = ""
    if (earlier := line["kept"].get(name)) is not None:
        reason = words.set_before(names.name_of(rules[earlier]))
    elif code := trace.outcome["not_applied"].get(name):
        reason = str(words.NOT_APPLIED.get(code, code))
    return str(words.SETS[name]), known.name(name, value), reason

"""Trying rules on past tickets: what would have become of them. Nothing is written (S-81, D20).

A ticket that left a trace is judged by its facts as they were; an older one by its facts as they are
now. Its words are always read anew, since a trace keeps only those that its own rules looked for.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from people.models import Person, SupportGroup
from records import priority as priorities
from records import rule_engine as engine
from records import triage
from records.models import Category, Record, RoutingTrace, TimelineEntry

MOST = 500
COMPARED = ("desk", "group", "assignee", "priority")
AS_IT_WAS = ("kind", "category", "service", "organization", "site", "channel", "desk", "vip")
DEFAULT_LEVEL = 3


@dataclass
class Tried:
    """One ticket: what it got when it came in, what it would get, and by which rules."""

    record: Record
    was: dict
    would: dict
    outcome: dict
    has_trace: bool
    changes: list = field(default_factory=list)


@dataclass
class Result:
    rows: list
    counts: Counter
    is_cut: bool

    @property
    def changed(self):
        return [row for row in self.rows if row.changes]


def tickets(person, *, since, until, kind=""):
    """The newest tickets of the span that this person may see, at most MOST + 1."""
    rows = Record.objects.visible_to(person).filter(opened_at__gte=since, opened_at__lt=until)
    rows = rows.filter(kind__in=[kind] if kind else triage.ROUTED_KINDS, merged_into=None)
    rows = rows.select_related(
        "requester", "organization", "service", "category", "ci__ci_class", "owner_group",
        "assigned_group",
    )  # fmt: skip
    return list(rows.order_by("-opened_at", "-pk")[: MOST + 1])


def try_out(person, rules, *, since, until, kind=""):
    """The Result of `rules` (as data) over the tickets of a span that `person` may see."""
    records = tickets(person, since=since, until=until, kind=kind)
    is_cut, records = len(records) > MOST, records[:MOST]
    past = Past(records)
    world = World(rules)
    rows = [_tried(record, rules, past, world) for record in records]
    counts = Counter(name for row in rows for name in row.changes)
    return Result(rows, counts, is_cut)


class Past:
    """What is on record of how these tickets came in: two statements."""

    def __init__(self, records):
        pks = [record.pk for record in records]
        opened = TimelineEntry.objects.filter(record_id__in=pks, verb__endswith=".opened")
        self.opened = dict(opened.order_by("-seq").values_list("record_id", "data"))
        traces = RoutingTrace.objects.filter(record_id__in=pks, occasion="opened")
        self.traces = {trace.record_id: trace for trace in traces}


class World:
    """What the rules may set a ticket to, where it is still in use, and priorities once computed."""

    def __init__(self, rules):
        wanted = {}
        for rule in rules:
            for name, value in rule["sets"].items():
                wanted.setdefault(name, set()).add(value)
        groups = wanted.get("group", set()) | wanted.get("desk", set())
        self.groups = SupportGroup.objects.active().in_bulk(groups)
        self.people = Person.objects.active().in_bulk(wanted.get("assignee", ()))
        self.categories = Category.objects.active().in_bulk(wanted.get("category", ()))
        self.known = {}

    def still_there(self, name, value):
        rows = {"group": self.groups, "desk": self.groups, "assignee": self.people,
                "category": self.categories}  # fmt: skip
        return value in rows[name] if name in rows else True

    def priority(self, record, impact, urgency):
        key = (impact, urgency, record.service_id, record.organization_id)
        if key not in self.known:
            self.known[key] = priorities.propose(
                impact=impact, urgency=urgency, service=record.service,
                organization=record.organization,
            ).priority  # fmt: skip
        return self.known[key]


def _tried(record, rules, past, world):
    trace, told = past.traces.get(record.pk), past.opened.get(record.pk) or {}
    facts = triage.facts_of(record, desk_id=record.owner_group_id, rules=rules)
    if trace is not None:
        facts |= {name: trace.facts[name] for name in AS_IT_WAS if name in trace.facts}
    outcome = engine.run(facts, rules)
    was = _was(record, trace, told)
    would = _would(record, trace, told, was, outcome, world)
    row = Tried(record, was, would, outcome, trace is not None)
    row.changes = [name for name in COMPARED if was[name] != would[name]]
    return row


def _was(record, trace, told):
    placed = trace.outcome.get("placed", {}) if trace is not None else {}
    assignee = None
    if trace is not None and "assignee" in trace.outcome["applied"]:
        assignee = trace.outcome["sets"]["assignee"]["value"]
    return {
        "desk": placed.get("desk", record.owner_group_id),
        "group": told.get("group_id") or record.assigned_group_id,
        "assignee": assignee,
        "priority": told.get("priority") or record.priority,
    }  # fmt: skip


def _would(record, trace, told, was, outcome, world):
    """The fixed rules' answer of that time with what the tried rules set over it."""
    barred = _barred(record, trace, told)
    sets = {
        name: one["value"] for name, one in outcome["sets"].items()
        if name not in barred and world.still_there(name, one["value"])
    }  # fmt: skip
    if "group" not in sets:
        sets.pop("assignee", None)
    base = trace.outcome.get("base", {}) if trace is not None else {}
    desk = base.get("desk", was["desk"])
    group = was["group"] if "group" in barred else base.get("group", was["group"])
    follows_desk = group == desk
    if "desk" in sets:
        desk = sets["desk"]
    if (category := world.categories.get(sets.get("category"))) is not None:
        group = category.default_group_id or group
        follows_desk = follows_desk and category.default_group_id is None
    if "group" in sets:
        group = sets["group"]
    elif follows_desk and "group" not in barred:
        group = desk
    priority = _priority(record, trace, was, sets, category, world)
    return {"desk": desk, "group": group, "assignee": sets.get("assignee"), "priority": priority}


def _barred(record, trace, told):
    """What no rule may set: what a person chose, and the desk of security matters and VIPs."""
    why = [pair[:2] for pair in told.get("why") or []]
    if trace is not None:
        barred = set(trace.outcome.get("chosen", ()))
    else:
        barred = {"category"} if record.category_id else set()
        barred |= {"group"} if ["group", "chosen"] in why else set()
    if barred & {"group", "assignee"}:
        barred |= {"group", "assignee"}
    if ["desk", "security"] in why or ["desk", "vip"] in why:
        barred.add("desk")
    return barred


def _priority(record, trace, was, sets, category, world):
    """As it was, unless rules that set levels come or go."""
    applied = trace.outcome["applied"] if trace is not None else {}
    levels = {"impact", "urgency", "category"}
    if not levels & (set(sets) | set(applied)):
        return was["priority"]
    usual = {
        "impact": category.default_impact if category is not None else None, "urgency": None,
    }  # fmt: skip
    found = {}
    for name in ("impact", "urgency"):
        stored: Any = None if name in applied else getattr(record, name)
        found[name] = sets.get(name) or usual[name] or stored or DEFAULT_LEVEL
    return world.priority(record, found["impact"], found["urgency"])

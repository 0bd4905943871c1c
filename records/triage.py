"""Placing a record: the fixed rules of the hybrid desk, then the desk's own rules over them.

`decide` says what becomes of a record that is not saved yet, `keep` stores how that came about,
`again` asks the rules once more after an agent changed category, service or CI. What a person chose
by hand stays; a rule's own setting never asks the rules again (ITSM domain rules 4.1, D20, AU-01).
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from core import freshness
from core.text import fold
from people.models import Person, SupportGroup
from records import rule_engine as engine
from records import staffing
from records.events import Verb
from records.models import Category, RoutingRule, RoutingTrace
from records.routing import route

KEY, SECONDS_KEPT = "routing_rules", 10
Occasion = RoutingTrace.Occasion
# Kinds whose processes ask the rules.
ROUTED_KINDS = ("incident", "service_request")
# What rules may place where the record is placed already: its desk moves only by hand (7.3), and
# its levels and category are an agent's by then.
PLACED_AGAIN = ("group", "assignee")


@dataclass
class Decision:
    """What becomes of a record: desk, group, perhaps an assignee, and why: [[what, rule, …]].

    `outcome` and what belongs to it are None where no rule was in force.
    """

    desk: Any
    group: Any
    assignee: Any = None
    why: list = field(default_factory=list)
    facts: dict | None = None
    rules: list | None = None
    outcome: dict | None = None
    applied: dict = field(default_factory=dict)

    def by_rule(self, name):
        return name in self.applied


# --- the rules in force -------------------------------------------------------------------------


def in_force():
    """[RoutingRule.as_data()] in order, kept by this process for some seconds: a change is seen
    everywhere within ten seconds, and by who made it at once."""
    made_at, rules = cache.get(KEY) or (0, None)
    if rules is None or freshness.is_behind(made_at, while_writing=False):
        made_at = freshness.instant()
        rules = [rule.as_data() for rule in RoutingRule.objects.active().in_order()]
        cache.set(KEY, (made_at, rules), SECONDS_KEPT)
    return rules


def forget():
    """The rules were changed: what is kept is read anew, also by who reads before the commit."""
    cache.delete(KEY)
    transaction.on_commit(lambda: cache.delete(KEY))


# --- facts --------------------------------------------------------------------------------------


def facts_of(record, *, desk_id, rules):
    """{field: [values]} of a record as the rules see it; ids, codes and words, JSON only.

    Of the text only those words are kept that some rule asks for: a trace holds no ticket's text.
    """
    return {
        "kind": [record.kind or record.KIND],
        "category": _above(record.category) if record.category_id else [],
        "service": _one(record.service_id),
        "ci_class": _classes(record, rules),
        "organization": _above(record.organization) if record.organization_id else [],
        "site": _one(record.site_id),
        "keyword": words_in(f"{record.title}\n{record.description}", rules),
        "channel": [record.channel],
        "desk": _one(desk_id),
        "vip": [bool(record.requester_id and record.requester.is_vip)],
    }


def words_in(text, rules):
    """The words that the rules look for and this text holds, as the rules spell them."""
    wanted = asked_for("keyword", rules)
    if not wanted:
        return []
    folded = fold(text)
    return sorted(word for word in wanted if fold(word) in folded)


def asked_for(name, rules):
    return {
        value for rule in rules for condition in rule["conditions"] if condition["field"] == name
        for value in condition["values"]
    }  # fmt: skip


def _one(pk):
    return [] if pk is None else [pk]


def _above(node):
    """Ids of the node and all above it: a condition on a branch holds for what is below."""
    return [int(part) for part in node.path.split("/") if part]


def _classes(record, rules):
    if record.ci_id is None or not asked_for("ci_class", rules):
        return []
    return _above(record.ci.ci_class)


# --- deciding -----------------------------------------------------------------------------------


def decide(record, *, at, is_security=False, chosen=()):
    """The Decision for a record that is not saved yet. Rules set its category, impact and urgency
    on the record itself; desk, group and assignee are the caller's to set.

    `chosen` names what a person chose by hand: group, assignee, category, impact, urgency.
    """
    base = route(
        requester=record.requester, site=record.site, organization=record.organization,
        category=record.category, ci=record.ci, channel=record.channel, at=at,
        is_security=is_security,
    )  # fmt: skip
    found = Decision(base.desk, base.group, why=[list(pair) for pair in base.why])
    rules = in_force()
    if not rules:
        return found
    _run(found, record, rules, desk_id=base.desk.pk if base.desk else None)
    # what a dry run needs to know of the past: what was chosen, and what the fixed rules said
    found.outcome |= {"chosen": sorted(chosen), "base": _ids(base.desk, base.group)}
    barred = dict.fromkeys(chosen, "chosen")
    if "group" in barred or "assignee" in barred:
        barred |= {"group": "chosen", "assignee": "chosen"}
    if base.must_be_central:
        barred["desk"] = "central"
    targets = _targets(found, barred)
    _set_facts(record, targets)
    _place(found, base, record, targets)
    found.outcome["placed"] = _ids(found.desk, found.group)
    _say(found)
    return found


def _ids(desk, group):
    return {"desk": desk.pk if desk else None, "group": group.pk if group else None}


def _run(found, record, rules, *, desk_id):
    found.rules = rules
    found.facts = facts_of(record, desk_id=desk_id, rules=rules)
    found.outcome = engine.run(found.facts, rules) | {"applied": {}, "not_applied": {}}


def _targets(found, barred):
    """{field: what it is set to} of the settings that count; the others are noted with the reason:
    "chosen" by hand, "central" matters, "again" for what only a new record gets, or "retired"."""
    sets = {}
    for name, setting in found.outcome["sets"].items():
        if reason := barred.get(name):
            found.outcome["not_applied"][name] = reason
        else:
            sets[name] = setting["value"]
    rows = _rows(sets)
    targets = {}
    for name, value in sets.items():
        target = rows.get((name, value)) if name in LOOKED_UP else value
        if target is None:
            found.outcome["not_applied"][name] = "retired"
        else:
            targets[name] = target
    if (reason := _stranger(targets)) is not None:
        targets.pop("assignee")
        _withdraw(found, "assignee", reason)
    for name in targets:
        found.applied[name] = found.outcome["applied"][name] = found.outcome["sets"][name]["rule"]
    return targets


def _withdraw(found, name, reason):
    found.applied.pop(name, None)
    found.outcome["applied"].pop(name, None)
    found.outcome["not_applied"][name] = reason


LOOKED_UP = {
    "desk": lambda: SupportGroup.objects.active().filter(kind=SupportGroup.Kind.DESK),
    "group": SupportGroup.objects.active,
    "assignee": Person.objects.active,
    "category": lambda: Category.objects.active().select_related(
        "default_group", "default_service"
    ),
}


def _rows(sets):
    """{(field, id): row} of what still exists and is in use."""
    found = {}
    for name, rows in LOOKED_UP.items():
        if name in sets and (row := rows().filter(pk=sets[name]).first()) is not None:
            found[name, sets[name]] = row
    return found


def _stranger(targets):
    """Why the assignee cannot be: work goes to a group, and to its own members."""
    if "assignee" not in targets:
        return None
    if "group" not in targets:
        return "no_group"
    try:
        staffing.refuse_stranger(targets["group"], targets["assignee"])
    except ValidationError:
        return "stranger"
    return None


def _set_facts(record, targets):
    for name in ("category", "impact", "urgency"):
        if name in targets:
            setattr(record, name, targets[name])


def _place(found, base, record, targets):
    why = dict(base.why)
    if (category := targets.get("category")) is not None:
        if category.is_security:
            found.desk, why["desk"] = base.central or found.desk, "security"
            if targets.pop("desk", None) is not None:
                _withdraw(found, "desk", "central")
        if why["group"] == "desk" or category.default_group_id:
            found.group = category.default_group or found.desk
            why["group"] = "category" if category.default_group_id else "desk"
    if "desk" in targets:
        found.desk, why["desk"] = targets["desk"], "rule"
    if why["group"] == "desk":
        found.group = found.desk
    if "group" in targets:
        found.group, why["group"] = targets["group"], "rule"
    found.assignee = targets.get("assignee")
    found.why = [[what, rule] for what, rule in why.items()]


def _say(found):
    """Which rule decided what, for the story: ["rule", English, Chinese, [what it set]]."""
    by_rule = {}
    for name, rule in found.applied.items():
        by_rule.setdefault(rule, []).append(name)
    for rule in found.rules:
        if names := by_rule.get(rule["id"]):
            found.why.append(["rule", rule["name_en"], rule["name_zh"], sorted(names)])


def rule_name(rules, rule_id):
    """The name of one of `rules` (as data) in the reader's language."""
    rule = next(one for one in rules if one["id"] == rule_id)
    return RoutingRule(name_en=rule["name_en"], name_zh=rule["name_zh"]).name


def keep(record, decision, *, at, occasion=Occasion.OPENED):
    """Store how it came about, once the record is saved. Nothing where no rule was in force."""
    if decision.outcome is None:
        return None
    return RoutingTrace.objects.create(
        record_id=record.pk, occasion=occasion, at=at, facts=decision.facts,
        rules=decision.rules, outcome=decision.outcome, fired=engine.fired(decision.outcome),
    )  # fmt: skip


# --- asking again -------------------------------------------------------------------------------


def placed_by_hand(record, *, verbs=()):
    """Whether a person said which group or desk it goes to: at its opening, by handing it over, or
    by one of the process's own `verbs`."""
    entries = record.timeline.filter(
        Q(verb__endswith=".opened")
        | Q(verb__in=[Verb.HANDED_UP, Verb.TOOK_OVER, *verbs], author__isnull=False)
    ).values_list("verb", "data")
    return any(
        not verb.endswith(".opened") or ["group", "chosen"] in (data.get("why") or [])
        for verb, data in entries
    )


def again(record):
    """The Decision after an agent changed category, service or CI of a record that nobody has taken
    or given to a group by hand (the caller makes sure). None where no rule is in force."""
    rules = in_force()
    if not rules:
        return None
    found = Decision(record.owner_group, record.assigned_group)
    _run(found, record, rules, desk_id=record.owner_group_id)
    barred = {name: "again" for name in engine.SETS if name not in PLACED_AGAIN}
    targets = _targets(found, barred)
    found.group = targets.get("group", found.group)
    found.assignee = targets.get("assignee")
    _say(found)
    return found

"""The impact engine: what a failure does to everything that depends on it.

Pure: plain data in, plain data out, no database and no clock. `cmdb.graph` fills a `Graph`,
pages explain an `Impact`. Source of all rules: ITSM domain rules 5.12 and, for CFIA, 5.13.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

Key = Hashable


class Level(IntEnum):
    """How well a CI does. Ordered: a higher number is worse."""

    UP = 0
    AT_RISK = 1
    DEGRADED = 2
    DOWN = 3

    @property
    def word(self):
        """The stored word: up, at_risk, degraded, down."""
        return self.name.lower()


class Effect(IntEnum):
    """The worst that a failing target does to its source along one relation.

    The numbers are those of `Level`, so what travels is min(level of target, effect).
    """

    NONE = Level.UP
    DEGRADED = Level.DEGRADED
    DOWN = Level.DOWN


class Presence(IntEnum):
    """Whether a CI counts: live ones always, planned ones in a what-if, gone ones never."""

    LIVE = 0
    PLANNED = 1
    GONE = 2


class Need(NamedTuple):
    """One dependency: its source needs `target`. In a group the group's rule replaces `effect`."""

    target: Key
    effect: Effect = Effect.DOWN
    group: Key | None = None


class Group(NamedTuple):
    """Redundancy: `source` needs `required` of the members that its needs name by this group."""

    source: Key
    required: int
    is_immediate: bool = True  # False: a warm or cold standby that must first be brought in


@dataclass(frozen=True)
class Graph:
    """CIs with what each needs. A CI that `presence` does not name is live.

    A need whose target lies outside the loaded part is harmless: unloaded means up.
    """

    needs: Mapping[Key, Sequence[Need]]
    groups: Mapping[Key, Group] = field(default_factory=dict)
    presence: Mapping[Key, Presence] = field(default_factory=dict)
    # Derived once, because every propagation walks upward: target -> [(source, effect, group)]
    # and group -> its distinct targets.
    needed_by: Mapping[Key, list[tuple]] = field(init=False, repr=False, compare=False)
    members: Mapping[Key, list] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        needed_by, members = defaultdict(list), defaultdict(dict)
        for source, needs in self.needs.items():
            for target, effect, group in needs:
                if group is None:
                    if effect:
                        needed_by[target].append((source, effect, None))
                elif target not in members[group]:
                    members[group][target] = None
                    needed_by[target].append((source, effect, group))
        object.__setattr__(self, "needed_by", dict(needed_by))
        object.__setattr__(self, "members", {key: list(found) for key, found in members.items()})

    def counts(self, node, *, what_if=False):
        """Whether the CI takes part: retired ones never, planned ones only in a what-if."""
        return self.presence.get(node, Presence.LIVE) <= (
            Presence.PLANNED if what_if else Presence.LIVE
        )

    def absent(self, *, what_if=False):
        """The CIs that take no part."""
        return {node for node in self.presence if not self.counts(node, what_if=what_if)}

    def counting_members(self, group, *, what_if=False):
        """The targets of one redundancy group that take part, in the order of the needs."""
        return [node for node in self.members[group] if self.counts(node, what_if=what_if)]

    def below(self, top):
        """All CIs that `top` needs, directly or not, without itself; nearest first."""
        seen, waiting = {top: None}, deque([top])
        while waiting:
            for target, effect, group in self.needs.get(waiting.popleft(), ()):
                if (effect or group is not None) and target not in seen:
                    seen[target] = None
                    waiting.append(target)
        del seen[top]
        return list(seen)


class Cause(NamedTuple):
    """One immediate reason for a CI's level: a single target, or a group with its lame members."""

    level: Level
    targets: tuple[Key, ...]
    group: Key | None = None


@dataclass(frozen=True)
class Impact:
    """The answer to "what if these fail?". `levels` names only CIs that are not up."""

    graph: Graph
    failed: Mapping[Key, Level]
    levels: Mapping[Key, Level]
    what_if: bool = False

    def level(self, node):
        """The level of one CI; UP where nothing reaches it."""
        return self.levels.get(node, Level.UP)

    @property
    def affected(self):
        """What suffers without having failed itself: {CI: level}."""
        return {node: level for node, level in self.levels.items() if node not in self.failed}

    def because(self, node):
        """The immediate causes of one CI's level, worst first; none for a CI that failed itself."""
        if node in self.failed or node not in self.levels:
            return ()
        causes, grouped = [], set()
        for target, effect, group in self.graph.needs.get(node, ()):
            if group is not None:
                if group not in grouped:
                    grouped.add(group)
                    causes.append(self._group_cause(group))
            elif level := min(self.level(target), effect):
                causes.append(Cause(Level(level), (target,)))
        return tuple(sorted((cause for cause in causes if cause.level), key=lambda c: -c.level))

    def _group_cause(self, group):
        members = self.graph.counting_members(group, what_if=self.what_if)
        lame = tuple(node for node in members if self.level(node))
        tally = [sum(self.level(node) >= level for node in lame) for level in LAME]
        return Cause(
            group_level(self.graph.groups[group].required, len(members), tally), lame, group
        )


LAME = (Level.AT_RISK, Level.DEGRADED, Level.DOWN)


def group_level(required, size, tally):
    """The level that a redundancy group of k = `required` of `size` members gives its source.

    `tally` = how many members are at least at risk, at least degraded, down. usable = members
    not down, good = usable and not degraded: usable < k → down; good < k → degraded; any
    member not fully up → at_risk; else up. Where fewer members than k are left because others
    were retired, all that are left are needed: a group does not fail by bookkeeping.
    """
    required = min(required, size)
    not_up, bad, down = tally
    if size - down < required:
        return Level.DOWN
    if size - bad < required:
        return Level.DEGRADED
    return Level.AT_RISK if not_up else Level.UP


def evaluate(graph: Graph, failed: Mapping[Key, Level], *, what_if=False) -> Impact:
    """What follows when the given CIs are at the given levels and all others start up.

    In: `failed` maps CI → level (a stated level stands, whatever its own needs do);
    `what_if` counts planned CIs too. Out: `Impact`. CIs that do not count are ignored, also in
    `failed`. Levels only ever rise, hence the fixpoint is reached on cycles too, after at most
    three rises a CI; there is no depth limit and no recursion. ITSM domain rules 5.12.
    """
    stated = {n: Level(v) for n, v in failed.items() if graph.counts(n, what_if=what_if)}
    levels = {node: level for node, level in stated.items() if level}
    groups = _Groups(graph, what_if)
    absent = graph.absent(what_if=what_if)
    told = {}  # the level of each CI that its dependants have already heard of
    waiting = deque(levels)
    while waiting:
        target = waiting.popleft()
        level, heard = levels[target], told.get(target, Level.UP)
        if level == heard:
            continue
        told[target] = level
        for source, effect, group in graph.needed_by.get(target, ()):
            if source in stated or source in absent:
                continue
            after = min(level, effect) if group is None else groups.tell(group, heard, level)
            if after > levels.get(source, Level.UP):
                levels[source] = Level(after)
                waiting.append(source)
    return Impact(graph, stated, levels, what_if)


class _Groups:
    """The redundancy groups met during one evaluation, each with a running tally of its members.

    The tally keeps a large group linear: a member's change costs the same in a group of 1,000.
    """

    def __init__(self, graph, what_if):
        self.graph, self.what_if, self.met = graph, what_if, {}

    def tell(self, group, heard, level):
        """One member went from `heard` to the worse `level`: the level of the group now."""
        if group not in self.met:
            size = len(self.graph.counting_members(group, what_if=self.what_if))
            self.met[group] = (self.graph.groups[group].required, size, [0, 0, 0])
        required, size, tally = self.met[group]
        for step in range(heard, level):
            tally[step] += 1
        return group_level(required, size, tally)


def single_points_of_failure(graph: Graph, top: Key, *, what_if=False) -> list[Key]:
    """The CIs below `top` each of which alone takes it down, nearest first (vector X7)."""
    return [
        node
        for node in graph.below(top)
        if evaluate(graph, {node: Level.DOWN}, what_if=what_if).level(top) == Level.DOWN
    ]


def cfia(graph: Graph, top: Key, *, what_if=False) -> dict[Key, str]:
    """One row of the component failure impact analysis: {CI below `top`: letter}.

    X top goes down · B it goes down until a standby (failover not immediate) is brought in ·
    D degraded · A at risk, another member carries on by itself · − nothing. Before a standby is
    in, its group has no redundancy; that is how B is told from A. ITSM domain rules 5.13, CFIA.
    """
    unswitched = _without_standby(graph)
    row = {}
    for node in graph.below(top):
        if not graph.counts(node, what_if=what_if):
            continue
        after = evaluate(graph, {node: Level.DOWN}, what_if=what_if).level(top)
        before = after
        if unswitched is not graph and after < Level.DOWN:
            before = evaluate(unswitched, {node: Level.DOWN}, what_if=what_if).level(top)
        row[node] = _letter(before, after)
    return row


def _letter(before, after):
    if after == Level.DOWN:
        return "X"
    return {Level.DOWN: "B", Level.DEGRADED: "D", Level.AT_RISK: "A", Level.UP: "−"}[before]


def _without_standby(graph):
    """The same graph as it stands before any standby is switched in: such groups need all."""
    if all(group.is_immediate for group in graph.groups.values()):
        return graph
    groups = {
        key: group
        if group.is_immediate
        else group._replace(required=len(graph.members.get(key, ())))
        for key, group in graph.groups.items()
    }
    return Graph(graph.needs, groups, graph.presence)

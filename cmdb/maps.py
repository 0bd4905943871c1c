"""The dependency map of a CI: the picture, the equal table, and the result of a what-if.

Reads the graph and the names of what is on it; counts over all, shows what the reader may see.
"""

from collections import deque
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from cmdb import graph as graphs
from cmdb.impact import Level, Presence, evaluate
from cmdb.layout import Place, arrange, edge_path
from cmdb.models import CI, CIClass, Lane, RedundancyGroup, Service

LANES = list(Lane.values)
A_LANE = 15  # nodes of a lane before the rest is only counted
A_TABLE = 300


@dataclass
class Node:
    """One CI or customer as the map shows it."""

    key: object
    number: str
    name: str
    kind: str
    icon: str
    lane: int
    tier: int = 0
    is_service: bool = False
    is_process: bool = False
    presence: Presence = Presence.LIVE
    level: Level = Level.UP
    is_self: bool = False
    is_failed: bool = False
    is_needed: bool = False
    distance: int = 0
    href: str = ""
    toggle: str = ""
    spot: object = None
    why: list = field(default_factory=list)

    @property
    def css(self):
        if self.is_failed and not self.is_self:
            return "is-hit is-failed"
        if self.is_self:
            return "is-self is-failed" if self.is_failed else "is-self"
        if self.level:
            return "is-risk" if self.level == Level.AT_RISK else "is-hit"
        return "is-down" if self.is_needed else "is-dim"

    @property
    def hint(self):
        """The second line: what happens to it, else what it is."""
        if self.is_failed:
            return _("this CI, if it fails") if self.is_self else _("fails in this what-if")
        if self.level:
            return level_word(self.level)
        if self.is_self:
            return _("this CI")
        if self.presence == Presence.PLANNED:
            return _("not in operation yet")
        if self.presence == Presence.GONE:
            return _("retired")
        return self.kind


@dataclass
class Edge:
    path: str
    css: str = ""


@dataclass
class DependencyMap:
    """Everything the page needs. `nodes` and `edges` are drawn, `rows` is the table."""

    focus: Node
    nodes: list
    edges: list
    bands: list
    height: int
    rows: list
    hidden: int
    more: list
    summary: list
    failed: list
    has_planned: bool
    is_what_if: bool
    with_planned: bool
    label: str
    total: int


def level_word(level):
    return {
        Level.AT_RISK: _("at risk, redundancy lost"),
        Level.DEGRADED: _("degraded"),
        Level.DOWN: _("goes down"),
    }.get(level, _("not affected"))


def dependency_map(ci, *, among, down=(), is_what_if=False, direction="both", with_planned=False):
    """The map around `ci`.

    `among`: the QuerySet of CIs that the reader may see; others are counted, not named. `down`:
    CIs that fail in the what-if; without a what-if the CI itself is taken to fail. `direction`
    says what is highlighted: both, up (what it affects), down (what it needs).
    """
    failed = {each.pk for each in down} if is_what_if else {ci.pk}
    loaded = graphs.load([ci.pk, *sorted(failed)], "both")
    with_planned = with_planned or any(
        loaded.presence.get(pk) == Presence.PLANNED for pk in {ci.pk, *failed}
    )
    impact = evaluate(loaded, dict.fromkeys(failed, Level.DOWN), what_if=with_planned)
    ids = {*loaded.needs, *(t for needs in loaded.needs.values() for t, _e, _g in needs)}
    nodes = _nodes(ids, among, loaded, impact)
    hidden = len(ids) - len(nodes)
    distances = _distances(loaded, ci.pk)
    needed = set(loaded.below(ci.pk))
    for pk, node in nodes.items():
        node.is_self, node.is_failed = pk == ci.pk, pk in failed
        node.is_needed, node.distance = pk in needed, distances.get(pk, 99)
    if direction == "down":
        for node in nodes.values():
            node.level = node.level if node.is_failed else Level.UP
    elif direction == "up":
        for node in nodes.values():
            node.is_needed = False
    return _draw(
        ci, nodes, loaded, impact, needed if direction != "up" else set(), hidden=hidden,
        is_what_if=is_what_if, with_planned=with_planned, is_hot=direction != "down",
        failed=[nodes[pk] for pk in sorted(failed) if pk in nodes],
    )  # fmt: skip


def _nodes(ids, among, loaded, impact):
    """Node by id, for what the reader may see. Names of services in the reader's language."""
    classes = {row.pk: row for row in CIClass.objects.all()}
    is_chinese = (get_language() or "").startswith("zh")
    nodes = {}
    for pk, number, name, class_id, kind, code, english, chinese in among.filter(
        pk__in=ids
    ).values_list(
        "pk", "number", "name", "ci_class_id", "service__kind", "service__code",
        "service__name_en", "service__name_zh",
    ):  # fmt: skip
        row = classes[class_id]
        lane = Lane.TECHNICAL if kind == Service.Kind.SUPPORTING else row.lane
        own = (chinese or english) if is_chinese else (english or chinese)
        nodes[pk] = Node(
            key=pk, number=number, name=own or name, kind=row.name, icon=row.icon,
            lane=LANES.index(lane), tier=row.tier, is_service=bool(code),
            is_process=row.code == "business_process",
            presence=loaded.presence.get(pk, Presence.LIVE), level=impact.level(pk),
            href=reverse("cmdb:detail", args=[number]),
        )  # fmt: skip
    return nodes


def _distances(loaded, start):
    """Steps from `start`, upward and downward; the nearest way counts."""
    found = {start: 0}
    for follow in (
        lambda pk: [source for source, _e, _g in loaded.needed_by.get(pk, ())],
        lambda pk: [need.target for need in loaded.needs.get(pk, ())],
    ):
        waiting = deque([start])
        seen = {start}
        while waiting:
            at = waiting.popleft()
            for pk in follow(at):
                if pk not in seen:
                    seen.add(pk)
                    found[pk] = min(found.get(pk, 99), found[at] + 1)
                    waiting.append(pk)
    return found


def _draw(ci, nodes, loaded, impact, needed, *, hidden, is_what_if, with_planned, is_hot, failed):
    customers = _customers(nodes)
    drawn, more = _fitting([*nodes.values(), *(node for node, _sources in customers)])
    layout = arrange(Place(n.key, n.lane, n.tier, n.name) for n in drawn)
    for node in drawn:
        node.spot = layout.spots[node.key]
    spots = layout.spots
    edges = _edges(nodes, loaded, spots, {ci.pk, *needed}, is_hot)
    for node, services in customers:
        edges += [
            Edge(edge_path(spots[node.key], spots[pk]), heat(nodes[pk].level) if is_hot else "")
            for pk in services
            if node.key in spots and pk in spots
        ]
    rows = _rows(nodes, loaded, impact)
    edges.sort(
        key=lambda edge: ("", "down", "risk", "hot").index(edge.css)
    )  # what matters is painted last, on top
    return DependencyMap(
        focus=nodes[ci.pk], nodes=drawn, edges=edges, height=layout.height,
        bands=[(band, Lane(LANES[band.lane]).label) for band in layout.bands],
        rows=rows[:A_TABLE], hidden=hidden, more=more, summary=_summary(nodes, customers, impact),
        failed=failed, is_what_if=is_what_if, with_planned=with_planned,
        has_planned=Presence.PLANNED in {node.presence for node in nodes.values()},
        label=_label(nodes, ci.pk, needed), total=len(nodes),
    )  # fmt: skip


def _fitting(nodes):
    """Those that fit a readable map, and for each lane how many were left out."""
    lanes, drawn, more = {}, [], []
    for node in nodes:
        lanes.setdefault(node.lane, []).append(node)
    for lane in sorted(lanes):
        ranked = sorted(
            lanes[lane],
            key=lambda n: (not n.is_self, not n.is_failed, -n.level, n.distance, n.name.casefold()),
        )
        drawn += ranked[:A_LANE]
        if len(ranked) > A_LANE:
            more.append((Lane(LANES[lane]).label, len(ranked) - A_LANE))
    return drawn, more


def _edges(nodes, loaded, spots, below, is_hot):
    edges = []
    for source, needs in loaded.needs.items():
        for target, _effect, _group in needs:
            if source not in spots or target not in spots:
                continue
            css = ""
            hit = nodes[source].level and nodes[target].level and not nodes[source].is_failed
            if is_hot and hit:
                css = heat(nodes[source].level)
            elif source in below and target in below:
                css = "down"
            edges.append(Edge(edge_path(spots[source], spots[target]), css))
    return edges


def heat(level):
    """How an edge is drawn whose source suffers: solid red, or amber while it is only at risk."""
    if not level:
        return ""
    return "risk" if level == Level.AT_RISK else "hot"


def _customers(nodes):
    """[(node, ids of the shown services offered to it)] for the uppermost lane."""
    services = [pk for pk, node in nodes.items() if node.is_service]
    if not services:
        return []
    through = Service.offered_to.through.objects.filter(service__ci__in=services)
    found = {}
    for row in through.select_related("organization", "service"):
        found.setdefault(row.organization, []).append(row.service.ci_id)
    return [
        (
            Node(
                key=f"org-{organization.pk}", number=organization.code, name=organization.name,
                kind=pgettext("map", "customer"), icon="building-2", lane=0,
                level=max(nodes[pk].level for pk in pks),
                href=f"{reverse('cmdb:index')}?organization={organization.code}",
            ),
            pks,
        )
        for organization, pks in found.items()
    ]  # fmt: skip


def _rows(nodes, loaded, impact):
    """The table: affected first, worst first; then what it needs, then the rest; each with why."""
    groups = dict(
        RedundancyGroup.objects.filter(pk__in=loaded.groups).values_list("pk", "name")
        if loaded.groups
        else ()
    )
    for pk, node in nodes.items():
        node.why = [_cause(cause, nodes, groups, loaded, impact) for cause in impact.because(pk)]
    return sorted(
        (node for node in nodes.values()),
        key=lambda n: (not n.is_self, -n.level, not n.is_needed, n.distance, n.name.casefold()),
    )


def _cause(cause, nodes, groups, loaded, impact):
    names = ", ".join(nodes[pk].name for pk in cause.targets[:4] if pk in nodes) or "…"
    if cause.group is None:
        return _("%(name)s: %(level)s") % {
            "name": names, "level": level_word(impact.level(cause.targets[0])),
        }  # fmt: skip
    size = len(loaded.counting_members(cause.group, what_if=impact.what_if))
    return _("%(group)s: %(lame)d of %(size)d impaired (%(names)s), %(required)d needed") % {
        "group": groups.get(cause.group, ""), "lame": len(cause.targets), "size": size,
        "names": names, "required": min(loaded.groups[cause.group].required, size),
    }  # fmt: skip


def _summary(nodes, customers, impact):
    """[(count, words)]: what the failure does, in the order in which it hurts."""
    hit = [node for node in nodes.values() if node.level and not node.is_failed]
    services = [node for node in hit if node.is_service]
    lines = []
    for level, words in (
        (Level.DOWN, lambda n: ngettext("service goes down", "services go down", n)),
        (Level.DEGRADED, lambda n: ngettext("service degraded", "services degraded", n)),
        (Level.AT_RISK, lambda n: ngettext("service at risk", "services at risk", n)),
    ):
        if count := sum(node.level == level for node in services):
            lines.append((count, words(count)))
    if count := sum(node.is_process for node in hit):
        lines.append((count, ngettext("business process", "business processes", count)))
    if count := sum(bool(node.level) for node, _services in customers):
        lines.append((count, ngettext("customer", "customers", count)))
    # `affected` counts also what this reader may not see.
    shown = len(services) + sum(node.is_process for node in hit)
    if count := len(impact.affected) - shown:
        lines.append((count, ngettext("other CI", "other CIs", count)))
    return lines


def _label(nodes, focus, needed):
    """What the picture says, for those who hear it."""
    hit = [n.name for n in nodes.values() if n.level and not n.is_failed]
    needs = [nodes[pk].name for pk in nodes if pk in needed]
    context = {
        "name": nodes[focus].name,
        "hit": ", ".join(sorted(hit)[:8]) or _("nothing"),
        "needs": ", ".join(sorted(needs)[:8]) or _("nothing"),
    }
    return _("Dependency map of %(name)s. Affected: %(hit)s. Needed: %(needs)s.") % context


def chosen(numbers, among):
    """The CIs of a comma-separated list, those that the reader may see."""
    wanted = [number.strip() for number in numbers.split(",") if number.strip()][:50]
    return list(CI.objects.filter(pk__in=among.values("pk"), number__in=wanted)) if wanted else []

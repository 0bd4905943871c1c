"""What else goes on around a record: what its failure affects, what happened nearby, likely doubles."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cmdb import graph
from cmdb.impact import Effect, Level, evaluate
from cmdb.maps import level_word
from cmdb.models import CI, Service
from core import preferences
from records.kinds import KINDS
from records.models import Record, RecordCI, RecordLink
from slm.models import Agreement

A_ROW = 3
ROW, NODE = 64, 36
RECENT_DAYS = 7
MOST = 8
ALIKE = 0.25


@dataclass
class Box:
    """One node of the small map; geometry in per cent and pixels."""

    name: str
    hint: str
    href: str
    icon: str
    css: str
    x: float
    y: int
    width: float

    @property
    def middle(self):
        return round((self.x + self.width / 2) * 10, 1)


@dataclass
class Impact:
    """The small map of a record's configuration item, and the figures under it."""

    boxes: list
    edges: list
    height: int
    label: str
    services: int
    customers: int
    agreements: int
    others: int
    href: str


def impact_of(record, person):
    """What suffers if the CI (or the service) of the record fails. None without one.

    Counts over all, shows what the reader may see: at most three nodes a row, three rows.
    """
    start = record.ci_id or (record.service.ci_id if record.service_id else None)
    if start is None:
        return None
    loaded = graph.load([start], "up")
    found = evaluate(loaded, {start: Level.DOWN}, what_if=True)
    seen = _seen({start, *found.levels}, person)
    if start not in seen:
        return None
    rows, edges = _rows(start, loaded, found, seen)
    boxes, place = [], {}
    for at, row in enumerate(rows):
        y = (len(rows) - 1 - at) * ROW
        for box in _row(row, start, found, seen, y):
            boxes.append(box[1])
            place[box[0]] = box[1]
    hit = [seen[pk] for pk in found.affected if pk in seen]
    services = [row for row in hit if row["code"]]
    ids = [row["service"] for row in services]
    customers = (
        Service.offered_to.through.objects.filter(service__in=ids).values("organization").distinct()
    )
    agreements = Agreement.objects.filter(agreed_service__in=ids, phase__in=["open", "waiting"])
    names = ", ".join(row["name"] for row in hit[:6])
    return Impact(
        boxes=boxes,
        edges=[_edge(place[low], place[high], found.level(high)) for low, high in edges
               if low in place and high in place],
        height=(len(rows) - 1) * ROW + NODE,
        label=_("Impact map: %(name)s affects %(names)s.")
        % {"name": seen[start]["name"], "names": names or _("nothing else")},
        services=len(services), customers=customers.count(), agreements=agreements.count(),
        others=max(len(found.affected) - len(boxes) + 1, 0),
        href=reverse("cmdb:detail", args=[seen[start]["number"]]) + "#dependencies",
    )  # fmt: skip


def _seen(ids, person):
    rows = CI.objects.visible_to(person).filter(pk__in=ids).values(
        "pk", "number", "name", "ci_class__icon", "service__code", "service__pk",
        "service__name_en", "service__name_zh",
    )  # fmt: skip
    return {
        row["pk"]: {
            "number": row["number"], "icon": row["ci_class__icon"], "code": row["service__code"],
            "service": row["service__pk"], "name": _name(row),
        }
        for row in rows
    }  # fmt: skip


def _name(row):
    if not row["service__code"]:
        return row["name"]
    english, chinese = row["service__name_en"], row["service__name_zh"]
    is_chinese = (get_language() or "").startswith("zh")
    return (chinese or english if is_chinese else english or chinese) or row["name"]


def _rows(start, loaded, found, seen):
    """[[start], nearest dependants, …] and the edges between neighbours."""
    rows, edges, known = [[start]], [], {start}
    while len(rows) < A_ROW:
        following = []
        for low in rows[-1]:
            for high, effect, group in loaded.needed_by.get(low, ()):
                if high not in seen or (effect == Effect.NONE and group is None):
                    continue
                if high not in known:
                    known.add(high)
                    following.append(high)
                if high in following:
                    edges.append((low, high))
        if not following:
            break
        following.sort(key=lambda pk: (-found.level(pk), not seen[pk]["code"], seen[pk]["name"]))
        rows.append(following[:A_ROW])
    return rows, edges


def _row(row, start, found, seen, y):
    width = 64.0 if len(row) == 1 else round(100 / len(row) - 1.1, 1)
    for at, pk in enumerate(row):
        x = 18.0 if len(row) == 1 else round(at * (100 + 1.1) / len(row), 1)
        level, item = found.level(pk), seen[pk]
        css = (
            "is-self"
            if pk == start
            else "is-hit"
            if level >= Level.DEGRADED
            else ("is-risk" if level else "")
        )
        hint = item["number"] if pk == start else level_word(level)
        href = reverse("cmdb:detail", args=[item["number"]])
        yield pk, Box(item["name"], hint, href, item["icon"], css, x, y, width)


def _edge(low, high, level):
    top, bottom = high.y + NODE, low.y
    half = (top + bottom) / 2
    path = f"M{low.middle} {bottom}C{low.middle} {half} {high.middle} {half} {high.middle} {top}"
    return path, "hot" if level >= Level.DEGRADED else ""


# --- links ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Related:
    pk: int
    href: str
    number: str
    title: str
    icon: str
    words: str
    state: str
    may_remove: bool


OUT = {
    "caused_by": lambda: pgettext("link", "caused by"),
    "workaround_of": lambda: pgettext("link", "worked around by"),
    "known_error_of": lambda: pgettext("link", "known error of"),
    "raised": lambda: pgettext("link", "raised"),
    "resolved_by": lambda: pgettext("link", "resolved by"),
    "caused": lambda: pgettext("link", "caused"),
    "bundled_in": lambda: pgettext("link", "bundled in"),
    "duplicate_of": lambda: pgettext("link", "duplicate of"),
    "parent_of": lambda: pgettext("link", "child"),
    "relates_to": lambda: pgettext("link", "related"),
    "implements": lambda: pgettext("link", "implements"),
    "follows": lambda: pgettext("link", "follows"),
    "converted_from": lambda: pgettext("link", "converted from"),
}
IN = {
    "caused_by": lambda: pgettext("link", "cause of"),
    "workaround_of": lambda: pgettext("link", "workaround for"),
    "known_error_of": lambda: pgettext("link", "known error"),
    "raised": lambda: pgettext("link", "raised by"),
    "resolved_by": lambda: pgettext("link", "resolves"),
    "caused": lambda: pgettext("link", "caused by"),
    "bundled_in": lambda: pgettext("link", "contains"),
    "duplicate_of": lambda: pgettext("link", "duplicate"),
    "parent_of": lambda: pgettext("link", "parent"),
    "relates_to": lambda: pgettext("link", "related"),
    "implements": lambda: pgettext("link", "implemented by"),
    "follows": lambda: pgettext("link", "followed by"),
    "converted_from": lambda: pgettext("link", "converted to"),
}


def link_words(type_, way):
    """How a link reads from one of its ends ("in" or "out")."""
    found = (OUT if way == "out" else IN).get(type_)
    return str(found()) if found else type_


def related_to(record, person, *, can_work):
    """The linked records that the reader may see, parents and children first."""
    links = RecordLink.objects.filter(Q(source=record) | Q(target=record))
    visible = Record.objects.visible_to(person)
    links = links.filter(source__in=visible.values("pk"), target__in=visible.values("pk"))
    found = []
    for link in links.select_related("source", "target").order_by("type", "pk")[:200]:
        way = "out" if link.source_id == record.pk else "in"
        other = link.target if way == "out" else link.source
        fixed = link.type in {"duplicate_of", "follows", "converted_from"}
        found.append(
            Related(
                pk=link.pk, href=reverse("work:find", args=[other.number]), number=other.number,
                title=other.title, icon=KINDS[other.kind].icon, words=link_words(link.type, way),
                state=other.state_label, may_remove=can_work and not fixed,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.words != link_words("parent_of", "in"), row.words))


# --- nearby -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nearby:
    known: list
    changes: list
    doubles: list

    @property
    def is_empty(self):
        return not (self.known or self.changes or self.doubles)


def nearby_of(record, person, now):
    """Known errors, open problems and recent changes on the same CI or upstream (IN-03), and
    records that look like the same report (IN-14)."""
    visible = Record.objects.visible_to(person).exclude(pk=record.pk)
    near = _near(record)
    open_ones = visible.filter(near, phase__in=["open", "waiting", "resolved"])
    known = open_ones.filter(kind__in=["known_error", "problem"]).order_by("-updated_at")[:MOST]
    since = now - timedelta(days=RECENT_DAYS)
    changes = visible.filter(near, kind__in=["change", "release"], updated_at__gte=since)
    return Nearby(
        [_line(row) for row in known], [_line(row) for row in changes.order_by("-updated_at")[:MOST]],
        [_line(row) for row in doubles_of(record, visible, now)],
    )  # fmt: skip


def _near(record):
    """Records on the same CI, on what it needs, or on the same service."""
    ids = set()
    start = record.ci_id or (record.service.ci_id if record.service_id else None)
    if start is not None:
        ids = {start, *graph.load([start], "down").below(start)}
    tied = RecordCI.objects.filter(ci__in=ids).values("record_id")
    near = Q(ci_id__in=ids) | Q(pk__in=tied) | Q(service__ci_id__in=ids)
    if record.service_id:
        near |= Q(service_id=record.service_id)
    return near


def doubles_of(record, visible, now):
    """Open records of the same kind, reported lately, that sound alike or concern the same thing."""
    hours = int(preferences.get("duplicate_hours"))
    if not record.is_open:
        return []
    recent = visible.filter(
        kind=record.kind, phase__in=["open", "waiting"],
        opened_at__gte=min(now, record.opened_at) - timedelta(hours=hours),
    )  # fmt: skip
    same = [When(requester_id=record.requester_id, then=Value(1))] if record.requester_id else []
    recent = recent.annotate(
        likeness=TrigramSimilarity("title", record.title),
        is_same=Case(*same, default=Value(0), output_field=IntegerField()),
    )
    fits = Q(likeness__gte=ALIKE)
    if record.ci_id:
        fits |= Q(ci_id=record.ci_id)
    if record.requester_id and record.service_id:
        fits |= Q(requester_id=record.requester_id, service_id=record.service_id)
    return recent.filter(fits).order_by("-likeness", "-is_same", "-opened_at")[:MOST]


def _line(row):
    return Related(
        row.pk, reverse("work:find", args=[row.number]), row.number, row.title,
        KINDS[row.kind].icon, row.kind_label, row.state_label, False,
    )  # fmt: skip

"""From the tables to the plain graph of the impact engine: closures of any depth, read in bulk.

Reads tuples, never model instances: a closure of thousands of CIs is loaded in three statements.
"""

from django.db import connection

from cmdb.impact import Effect, Graph, Group, Need, Presence

EFFECTS = {"none": Effect.NONE, "degraded": Effect.DEGRADED, "down": Effect.DOWN}
GONE = {"retired", "disposed"}
LIVE = {"live", "in_maintenance"}

# A failure travels where the effect is not "none", and in redundancy groups whatever the type says.
CARRIES = """
(r.effect_override = '' AND r.type_id = ANY(%(carrying)s)
 OR r.effect_override IN ('degraded', 'down') OR r.redundancy_group_id IS NOT NULL)
"""
# UNION drops what was seen already, so cycles end; there is no depth limit.
WALKS = {
    "up": """
{way}(id) AS (
    SELECT unnest(%(start)s::bigint[])
    UNION
    SELECT r.source_id FROM {way} c JOIN cmdb_cirelation r ON r.target_id = c.id
    WHERE {valid} AND {carries}
)""",
    "down": """
{way}(id) AS (
    SELECT unnest(%(start)s::bigint[])
    UNION
    SELECT r.target_id FROM {way} c JOIN cmdb_cirelation r ON r.source_id = c.id
    WHERE {valid} AND {carries}
)""",
}
CLOSURE = "WITH RECURSIVE {walks}, reached(id) AS ({union})"
# One row a relation, or one row alone for a CI that needs nothing.
EDGES = """
SELECT c.id, s.state, r.target_id, r.effect_override, r.type_id, r.redundancy_group_id
FROM reached c
JOIN cmdb_ci s ON s.id = c.id
LEFT JOIN cmdb_cirelation r ON r.source_id = c.id AND {valid} AND {carries}
"""


def load(start, direction="up", *, at=None):
    """The Graph around the CIs with these ids, as far as failures travel.

    direction: "up" all that depends on them, "down" all that they need, "both" the two together
    (not the needs of their dependants). Redundancy groups on the way bring all their members, so
    that the engine can count them. Nothing is left out for what a reader may not see: the answer
    must be true; whoever shows it hides the rest. `at`: an instant, for the relations as they
    were then; states and sizes of groups are those of today.
    """
    types = _types()
    parts = {"valid": "r.valid @> %(at)s" if at else "upper_inf(r.valid)", "carries": CARRIES}
    params = {
        "start": list(start),
        "carrying": [pk for pk, effect in types.items() if effect],
        **({"at": at} if at else {}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_closure(direction, parts) + EDGES.format(**parts), params)
        rows = cursor.fetchall()
    return _graph(rows, types)


def _closure(direction, parts):
    ways = ("up", "down") if direction == "both" else (direction,)
    walks = ",".join(WALKS[way].format(way=way, **parts) for way in ways)
    return CLOSURE.format(walks=walks, union=" UNION ".join(f"SELECT id FROM {w}" for w in ways))  # noqa: S608 – constants


def _graph(rows, types):
    """The engine's graph from the rows of EDGES. `presence` names only what is not live."""
    needs, presence, groups, outside = {row[0]: [] for row in rows}, {}, {}, set()
    for source, state, target, override, type_id, group in rows:
        if state not in LIVE:
            presence[source] = presence_of(state)
        if target is None:
            continue
        if group is not None:
            groups[group] = source
            if target not in needs:
                outside.add(target)
        elif target not in needs:
            continue  # outside of the closure, hence up: only members of groups are counted
        effect = EFFECTS[override] if override else types[type_id]
        needs[source].append(Need(target, effect, group))
    if outside:
        presence |= _presence(list(outside))
    return Graph(needs, _groups(groups), presence)


def presence_of(state):
    """Gone, live, or still to come: what is ordered, in stock or being built carries nothing yet."""
    if state in GONE:
        return Presence.GONE
    return Presence.LIVE if state in LIVE else Presence.PLANNED


def reaches(start, goal):
    """Whether a failure of `goal` would reach `start`: start depends on it, at any distance."""
    carrying = [pk for pk, effect in _types().items() if effect]
    parts = {"valid": "upper_inf(r.valid)", "carries": CARRIES}
    with connection.cursor() as cursor:
        cursor.execute(
            _closure("down", parts) + "SELECT EXISTS (SELECT FROM reached WHERE id = %(goal)s)",  # noqa: S608 – constants
            {"carrying": carrying, "start": [start], "goal": goal},
        )
        return cursor.fetchone()[0]


def _types():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, impact FROM cmdb_cirelationtype")
        return {pk: EFFECTS[impact] for pk, impact in cursor.fetchall()}


def _groups(sources):
    if not sources:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, required_k, failover = 'immediate' FROM cmdb_redundancygroup"
            " WHERE id = ANY(%s)",
            [list(sources)],
        )
        return {pk: Group(sources[pk], k, quick) for pk, k, quick in cursor.fetchall()}


def _presence(ids):
    """Presence of those that are not live."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state FROM cmdb_ci WHERE id = ANY(%s) AND state <> ALL(%s)",
            [ids, list(LIVE)],
        )
        return {pk: presence_of(state) for pk, state in cursor.fetchall()}

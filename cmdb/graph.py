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
(r.redundancy_group_id IS NOT NULL OR r.effect_override IN ('degraded', 'down')
 OR (r.effect_override = '' AND r.type_id = ANY(%(carrying)s)))
"""
# UNION drops what was seen already, so cycles end; there is no depth limit.
STEPS = {
    "up": "SELECT r.source_id FROM reached c JOIN cmdb_cirelation r ON r.target_id = c.id",
    "down": "SELECT r.target_id FROM reached c JOIN cmdb_cirelation r ON r.source_id = c.id",
}
CLOSURE = """
WITH RECURSIVE reached(id) AS (
    SELECT unnest(%(start)s::bigint[])
    UNION
    {step} WHERE {valid} AND {carries}
)
SELECT id FROM reached
"""
EDGES = """
SELECT r.source_id, r.target_id, r.effect_override, r.type_id, r.redundancy_group_id,
       s.state, t.state
FROM cmdb_cirelation r
JOIN cmdb_ci s ON s.id = r.source_id
JOIN cmdb_ci t ON t.id = r.target_id
WHERE r.source_id = ANY(%(sources)s::bigint[]) AND {valid} AND {carries}
ORDER BY r.id
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
    moment = {"at": at} if at else {}
    valid = "r.valid @> %(at)s" if at else "upper_inf(r.valid)"
    carrying = [pk for pk, effect in types.items() if effect]
    params = {"carrying": carrying, **moment}
    with connection.cursor() as cursor:
        reached = set(start)
        for way in ("up", "down") if direction == "both" else (direction,):
            sql = CLOSURE.format(step=STEPS[way], valid=valid, carries=CARRIES)
            cursor.execute(sql, {**params, "start": list(start)})
            reached |= {pk for (pk,) in cursor.fetchall()}
        cursor.execute(
            EDGES.format(valid=valid, carries=CARRIES), {**params, "sources": list(reached)}
        )
        edges = cursor.fetchall()
    return _graph(start, reached, edges, types)


def _graph(start, reached, edges, types):
    needs = {pk: [] for pk in reached}
    presence, group_ids = {}, {}
    for source, target, override, type_id, group, source_state, target_state in edges:
        # Outside the closure only members of redundancy groups matter: the rest is up anyway.
        if target not in needs and group is None:
            continue
        effect = EFFECTS[override] if override else types[type_id]
        needs[source].append(Need(target, effect, group))
        presence[source] = presence_of(source_state)
        presence[target] = presence_of(target_state)
        if group is not None:
            group_ids[group] = source
    if lonely := [pk for pk in start if pk not in presence]:
        presence |= _presence(lonely)
    return Graph({pk: tuple(found) for pk, found in needs.items()}, _groups(group_ids), presence)


def presence_of(state):
    """Gone, live, or still to come: what is ordered, in stock or being built carries nothing yet."""
    if state in GONE:
        return Presence.GONE
    return Presence.LIVE if state in LIVE else Presence.PLANNED


def reaches(start, goal):
    """Whether a failure of `goal` would reach `start`: start depends on it, at any distance."""
    carrying = [pk for pk, effect in _types().items() if effect]
    sql = CLOSURE.format(step=STEPS["down"], valid="upper_inf(r.valid)", carries=CARRIES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM ({sql}) found WHERE id = %(goal)s)",  # noqa: S608 – constants
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state FROM cmdb_ci WHERE id = ANY(%s)", [ids])
        return {pk: presence_of(state) for pk, state in cursor.fetchall()}

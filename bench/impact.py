"""What the failure of one CI costs to work out, in a database of 100,000 CIs and 500,000 relations.

`bin/bench impact [cis]` fills a database of its own by COPY (20 sites whose CIs depend on
each other in many layers, with circles and redundancy groups), then loads and evaluates closures
of about 5,000, a whole site each, and one chain as deep as the limit of recursion is not.
"""

from random import Random
from statistics import median
from time import perf_counter

CIS, SITES, EACH_NEEDS = 100_000, 20, 5
CHAIN = 20_000
LIMIT_MS = 250
REPEATS = 9
NAME = "itsm_bench_impact"

CI = [
    "id",
    "number",
    "name",
    "alias",
    "ci_class_id",
    "state",
    "operational_status",
    "organization_id",
    "owner_id",
    "managed_by_id",
    "environment",
    "criticality",
    "sec_c",
    "sec_i",
    "sec_a",
    "serial_no",
    "asset_tag",
    "model",
    "version",
    "procurement_ref",
    "wipe_evidence",
    "capacity_attrs",
    "attributes",
    "version_no",
    "external_ref",
    "source",
    "search",
]
RELATION = [
    "source_id",
    "type_id",
    "target_id",
    "redundancy_group_id",
    "effect_override",
    "source_of_truth",
    "valid",
    "opened_ref",
    "closed_ref",
]
GROUP = ["id", "ci_id", "name", "required_k", "failover", "failover_seconds"]


def main(arguments=()):
    import django

    django.setup()
    from bench import data

    cis = int(arguments[0]) if arguments else CIS
    data.drop(NAME)
    data.create(NAME)
    data.use(NAME)
    fill(data, cis)
    try:
        ok = report(cis)
    finally:
        from django.db import connections

        connections.close_all()
        data.drop(NAME)
    return 0 if ok else 1


def fill(data, cis):
    """CIs, relations and redundancy groups; the same at each run."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    data.make_company(Random(1), agents=10, requesters=10, groups=3, services=1)
    with connection.cursor() as outer:
        cursor = outer.cursor
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        ids = [
            one(cursor, f"SELECT id FROM {table} LIMIT 1")
            for table in ("people_organization", "people_person", "people_supportgroup")
        ]
        kind = one(cursor, "SELECT id FROM cmdb_ciclass WHERE code = 'server_virtual'")
        down = one(cursor, "SELECT id FROM cmdb_cirelationtype WHERE code = 'depends_on'")
        weak = one(cursor, "SELECT id FROM cmdb_cirelationtype WHERE code = 'uses'")
        total = cis + CHAIN + 1
        data.copy(cursor, "cmdb_ci", CI, (ci(data, pk, kind, *ids) for pk in keys(total)))
        edges, groups = relations(cis, down, weak)
        data.copy(cursor, "cmdb_redundancygroup", GROUP, (data.line(row) for row in groups))
        data.copy(cursor, "cmdb_cirelation", RELATION, (relation(data, row) for row in edges))
        cursor.execute("VACUUM ANALYZE cmdb_ci, cmdb_cirelation, cmdb_redundancygroup")


def one(cursor, sql):
    cursor.execute(sql)
    return cursor.fetchone()[0]


def keys(count):
    return range(1_000, 1_000 + count)


def ci(data, pk, kind, organization, owner, group):
    number = f"CI-{pk:06d}"
    return data.line((
        pk, number, f"host {pk}", "", kind, "live", "up", organization, owner, group,
        "production", 3, 1, 1, 1, "", "", "", "", "", "", "{}", "{}", 1, "", "", number.lower(),
    ))  # fmt: skip


def relations(cis, down, weak):
    """(source, type, target, group) of every relation, and the groups."""
    random, edges, groups = Random(2), [], []
    per_site, first = cis // SITES, keys(1)[0]
    for site in range(SITES):
        base = first + site * per_site
        for n in range(1, per_site):
            source = base + n
            targets = {base + random.randrange(n) for _ in range(min(n, EACH_NEEDS))}
            while len(targets) < min(n, EACH_NEEDS):
                targets.add(base + random.randrange(n))
            if n > 100 and random.random() < 0.01:  # a circle
                targets.pop()
                targets.add(base + n + random.randrange(1, 50) if n + 50 < per_site else base)
            group = None
            if n > 10 and n % 7 == 0:
                group = len(groups) + 1
                groups.append((group, source, "Pair", 1, "immediate", 0))
            for at, target in enumerate(sorted(targets)):
                kind = weak if random.random() < 0.2 else down
                edges.append((source, kind, target, group if at < 2 else None))
    start = first + cis
    edges += [(start + n, down, start + n + 1, None) for n in range(CHAIN)]
    return edges, groups


def relation(data, row):
    return data.line((*row, "", "manual", "[2026-01-01 00:00:00+00,)", "", ""))


def report(cis):
    from django.db import connection

    from cmdb import graph
    from cmdb.impact import Level, evaluate

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cmdb_cirelation")
        print(f"{cis + CHAIN + 1:,} CIs, {cursor.fetchone()[0]:,} relations\n")
    print(f"{'start':28}{'closure':>9}{'relations':>11}{'affected':>10}{'load':>9}{'evaluate':>10}")
    first, per_site = keys(1)[0], cis // SITES
    starts = [(f"root of site {n}", first + n * per_site) for n in (0, 7, 19)]
    starts += [("middle of site 3", first + 3 * per_site + per_site // 2)]
    starts += [(f"end of a chain of {CHAIN:,}", first + cis + CHAIN)]
    totals = {}
    for label, pk in starts:
        loads, evaluations = [], []
        for _ in range(REPEATS):
            begun = perf_counter()
            loaded = graph.load([pk], "up")
            between = perf_counter()
            impact = evaluate(loaded, {pk: Level.DOWN})
            evaluations.append(perf_counter() - between)
            loads.append(between - begun)
        load, evaluation = median(loads) * 1000, median(evaluations) * 1000
        size = sum(map(len, loaded.needs.values()))
        totals[label] = load + evaluation
        print(
            f"{label:28}{len(loaded.needs):9,}{size:11,}{len(impact.affected):10,}"
            f"{load:6.0f} ms{evaluation:7.0f} ms"
        )
    worst = max(total for label, total in totals.items() if label.startswith("root"))
    print(f"\nworst closure of a site: {worst:.0f} ms (limit {LIMIT_MS} ms)")
    return worst <= LIMIT_MS

"""What clocks cost: the arithmetic of calendars, and the proof of 100,000 stored clocks.

`bin/bench clocks [clocks]` makes a database of its own, fills it by COPY, runs the proof in this
process on one core, prints the table and drops the database again.
"""

import os
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter, process_time

import django

DATABASE = "itsm_bench_clocks"
CLOCKS = 100_000
DISTINCT = 3_000  # histories; each is stored many times
LIMIT_SECONDS, LIMIT_MICROSECONDS = 60, 20


def main(arguments=()):
    clocks = int(arguments[0]) if arguments else CLOCKS
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    from bench import data

    data.drop(DATABASE)
    data.create(DATABASE)
    try:
        data.use(DATABASE)
        rows = measure(clocks)
    finally:
        from django.db import connections

        connections.close_all()
        data.drop(DATABASE)
    width = max(len(name) for name, _figure, _limit in rows)
    for name, figure, limit in rows:
        print(f"{name:{width}}  {figure:>12}  {limit}")
    return 0


def measure(clocks):
    from django.core.management import call_command

    from slm.proving import Proof

    call_command("migrate", interactive=False, verbosity=0)
    known = company()
    rows = arithmetic(known["timetable"])
    begun = perf_counter()
    records = fill(known, clocks)
    rows.append(
        (f"COPY of {clocks:,} clocks of {records:,} records", f"{perf_counter() - begun:.1f} s", "")
    )
    begun, work = perf_counter(), process_time()
    proof = Proof()
    wrong = [str(difference) for difference in proof.run()]
    seconds, own = perf_counter() - begun, process_time() - work
    assert proof.clocks == clocks, proof
    assert not wrong, wrong[:5]
    return [
        *rows,
        (f"prove {clocks:,} clocks", f"{seconds:.1f} s", f"≤ {LIMIT_SECONDS} s"),
        ("  of it this process's own", f"{own:.1f} s", ""),
        ("  clocks a second", f"{clocks / seconds:,.0f}", ""),
        ("  differences", f"{len(wrong)}", "0"),
    ]


def arithmetic(timetable):
    """add and between of a calendar with split days and the official holidays."""
    random, begin = Random(1), datetime(2026, 1, 5, tzinfo=UTC)
    starts = [begin + timedelta(seconds=random.randrange(300 * 86_400)) for _ in range(2_000)]
    timetable.add(starts[0], 8 * 3600)
    calls = {
        "calendar: add, eight hours": lambda at: timetable.add(at, 8 * 3600),
        "calendar: between, over ten days": lambda at: timetable.between(
            at, at + timedelta(days=10)
        ),
    }
    return [
        (name, f"{microseconds(call, starts):.1f} µs", f"≤ {LIMIT_MICROSECONDS} µs")
        for name, call in calls.items()
    ]


def microseconds(call, starts, rounds=5):
    """Processor time a call, the best of some rounds over all starts."""
    best = float("inf")
    for _ in range(rounds):
        begun = process_time()
        for at in starts:
            call(at)
        best = min(best, process_time() - begun)
    return best / len(starts) * 1e6


def company():
    """One agreement with three promises, in a calendar with holidays and one that never closes."""
    from django.contrib.postgres.fields.ranges import DateRange

    from calendars import actions as calendars
    from calendars.timetables import current_version, timetable
    from people import actions as people
    from slm.actions import agreements

    since = datetime(2025, 1, 1, tzinfo=UTC)
    split = [["09:00", "12:00"], ["13:30", "18:00"]]
    calendar = calendars.create_calendar(
        by=None, code="CN", name_en="China", time_zone="Asia/Shanghai", at=since,
        uses_cn_holidays=True, hours={"support": {str(day): split for day in range(5)}},
    )  # fmt: skip
    always = calendars.create_calendar(
        by=None, code="ALWAYS", name_en="Always", time_zone="UTC", is_24x7=True, at=since
    )
    top = people.create_organization(by=None, code="TOP", name_en="Lanting")
    agreement = agreements.create(
        by=None, agreement_kind="sla", title="Standard", organization=top, calendar=calendar,
        valid=DateRange(since.date(), None), at=since,
        targets=[
            {"metric": metric, "value": hours * 3600}
            for metric, hours in (("response", 1), ("update", 4), ("resolution", 8))
        ],
    )  # fmt: skip
    agreement = agreements.put_in_force(agreement, by=None, at=since)
    version = current_version(calendar.pk)
    return {
        "top": top, "targets": list(agreement.targets.order_by("metric")),
        "keys": [(current_version(one.pk).pk, "support", "") for one in (calendar, always)],
        "timetable": timetable(version.pk),
    }  # fmt: skip


# --- the clocks -----------------------------------------------------------------------------------
def fill(known, clocks):
    """So many clocks, three a record, each stored as the replay of its events. How many records."""
    from django.db import connection

    from bench.data import copy

    lives = [life(Random(number), known) for number in range(DISTINCT)]
    first = 1_000
    records = range(first, first + (clocks + 2) // 3)
    tables = {"record": [], "clock": [], "event": [], "threshold": []}
    left, clock_id = clocks, 1_000
    for pk in records:
        hands = lives[pk % DISTINCT][: min(3, left)]
        left -= len(hands)
        clock_id = store(tables, pk, clock_id, hands, known)
    with connection.cursor() as outer:
        cursor = outer.cursor
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for name, (table, columns) in TABLES.items():
            copy(cursor, table, columns.split(), iter(tables[name]))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return len(records)


TABLES = {
    "record": (
        "records_record",
        (
            "id number kind is_queued version title description state phase organization_id"
            " priority_override_reason chases confidentiality is_on_portal is_major channel source"
            " external_ref due_at sla_status sla opened_at state_changed_at updated_at reopen_count"
            " reassign_count child_count"
        ),
    ),
    "clock": (
        "slm_clock",
        (
            "id record_id metric clock_kind agreement_id target_id referral cycle state target_seconds"
            " calendar_version_id calendar_kind zone started_at stopped_at elapsed_seconds elapsed_at"
            " due_at breached_at warn_percents is_imported is_excluded"
        ),
    ),
    "event": (
        "slm_clockevent",
        (
            "clock_id seq at kind target_seconds calendar_version_id calendar_kind zone lift"
            " reopen_rule elapsed_seconds rule data"
        ),
    ),
    "threshold": ("slm_threshold", "record_id clock_id cycle code fires_at"),
}


def life(random, known):
    """Three clocks of one ticket, by three to eight events each: pauses, new targets, stops."""
    from slm.clockwork import Hand
    from slm.engine.terms import Kind
    from slm.models import Clock

    begin = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=random.randrange(300 * 86_400))
    key, found = random.choice(known["keys"]), []
    for target in known["targets"]:
        at, hand = begin, Hand(
            Clock(
                metric=target.metric, clock_kind="sla", agreement_id=target.agreement_id,
                target=target, warn_percents=target.warn_percents,
            )
        )  # fmt: skip
        hand.note(
            Kind.START, at=at, rule="opened", key=key, target_seconds=int(target.value),
            data={"target": target.pk},
        )  # fmt: skip
        for kind in (Kind.PAUSE, Kind.RESUME) * random.choice((1, 2)):
            at += timedelta(seconds=random.randrange(60, 40_000))
            hand.note(kind, at=at, rule="pending:wait_customer")
        if random.random() < 0.3:
            at += timedelta(seconds=random.randrange(60, 40_000))
            hand.note(
                Kind.RETARGET, at=at, rule="retargeted", target_seconds=int(target.value) // 2
            )
        if random.random() < 0.8:
            at += timedelta(seconds=random.randrange(60, 40_000))
            hand.note(Kind.STOP, at=at, rule="resolved")
        hand.refresh(at)
        found.append(hand)
    return found


def store(tables, pk, clock_id, hands, known):
    """The lines of one record with its clocks. Returns the next free id of a clock."""
    import json

    from bench.data import line
    from slm.face import face_of

    last = max(hand.last_at for hand in hands)
    for hand in hands:
        hand.clock.pk = clock_id
        tables["clock"].append(line(clock_cells(hand.clock, pk)))
        for event in hand.new:
            data = json.dumps(event.data)
            tables["event"].append(
                line([
                    clock_id, event.seq, event.at, str(event.kind), event.target_seconds,
                    event.calendar_version_id, event.calendar_kind, event.zone, event.lift,
                    event.reopen_rule, event.elapsed_seconds, event.rule, data,
                ])
            )  # fmt: skip
        for code, fires_at in hand.fires(hand.last_at):
            tables["threshold"].append(line([pk, clock_id, 0, code, fires_at]))
        clock_id += 1
    face = face_of(hands, last)
    cache = json.dumps(face.cache) if face.cache else None
    tables["record"].append(
        line([
            pk, f"INC-{pk:06d}", "incident", True, 1, "x", "", "in_progress", "open",
            known["top"].pk, "", 0, "normal", True, False, "portal", "", "", face.due_at,
            str(face.status), cache, last, last, last, 0, 0, 0,
        ])
    )  # fmt: skip
    return clock_id


def clock_cells(clock, record_id):
    warn = "{" + ",".join(map(str, clock.warn_percents)) + "}"
    return [
        clock.pk, record_id, str(clock.metric), "sla", clock.agreement_id, clock.target_id, "", 0,
        str(clock.state), clock.target_seconds, clock.calendar_version_id, clock.calendar_kind,
        clock.zone, clock.started_at, clock.stopped_at, clock.elapsed_seconds, clock.elapsed_at,
        clock.due_at, clock.breached_at, warn, False, False,
    ]  # fmt: skip

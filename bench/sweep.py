"""20,000 thresholds that fall due at once, two workers, one killed in the middle, Valkey emptied.

`bin/bench sweep [thresholds]` makes a database and a Valkey of its own. One worker is the sweeper
process, the other Celery with its beat; the sweeper is killed with -9 in the middle and started
again, and Valkey is emptied once. What is missing, double, early or late is counted afterwards.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import django

DATABASE = "itsm_bench_sweep"
THRESHOLDS = 20_000
LATEST = 60  # seconds that an escalation may be late
BASE_DIR = Path(__file__).resolve().parent.parent


def main(arguments=()):
    thresholds = int(arguments[0]) if arguments else THRESHOLDS
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    from bench import data

    data.drop(DATABASE)
    data.create(DATABASE)
    try:
        data.use(DATABASE)
        with tempfile.TemporaryDirectory(prefix="itsm-bench-") as folder:
            rows, is_good = measure(thresholds, Path(folder))
    finally:
        from django.db import connections

        connections.close_all()
        data.drop(DATABASE)
    width = max(len(name) for name, _figure, _limit in rows)
    for name, figure, limit in rows:
        print(f"{name:{width}}  {figure:>12}  {limit}")
    return 0 if is_good else 1


def measure(thresholds, folder):
    from django.core.management import call_command

    from itsm.local.folder import free_port
    from itsm.local.valkey import LocalValkey

    call_command("migrate", interactive=False, verbosity=0)
    begun = time.perf_counter()
    fill(thresholds)
    filled = time.perf_counter() - begun
    valkey = LocalValkey(folder / "valkey", free_port(), "bench")
    valkey.start()
    processes = []
    try:
        run(processes, valkey, thresholds, folder)
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        valkey.stop()
    return table(thresholds, filled)


def run(processes, valkey, thresholds, folder):
    """Start both workers, let all fall due, kill and empty in the middle, wait for the end."""
    import redis

    environment = {
        **os.environ, "DATABASE_URL": address(), "REDIS_URL": valkey.url(), "SWEEP_SECONDS": "1",
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "DEBUG": "0",
    }  # fmt: skip

    def start(*command):
        log = (folder / f"{len(processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, *command], cwd=BASE_DIR, env=environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        processes.append(process)
        return process

    first = start("manage.py", "run_sweeper", "--only", "clocks")
    start(
        "-m", "celery", "-A", "itsm", "worker", "--beat", "--schedule", str(folder / "beat"),
        "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
    )  # fmt: skip
    wait(lambda: beats() >= 1, 120)
    time.sleep(5)
    fall_due()
    wait(lambda: escalated() >= thresholds * 0.3, 300)
    os.killpg(first.pid, signal.SIGKILL)
    redis.Redis.from_url(valkey.url()).flushall()
    print(f"killed the sweeper and emptied Valkey at {escalated():,} of {thresholds:,}")
    start("manage.py", "run_sweeper", "--only", "clocks")
    wait(lambda: escalated() >= thresholds, 300)
    time.sleep(3)


def wait(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.25)


def address():
    from django.db import connection

    from itsm.local.borrowed import database_url

    return database_url(connection.settings_dict, DATABASE)


# --- the data ---------------------------------------------------------------------------------------
def fill(thresholds):
    """A company, one ticket by the action, and its copies: each with one threshold ahead."""
    from random import Random

    from django.db import connection

    from bench.data import make_company
    from people.models import Person
    from records.models import Record

    make_company(Random(1), agents=30, requesters=200, groups=6, services=6)
    promise()
    from incidents.actions import opening

    person = Person.objects.filter(code__startswith="P").first()
    agent = Person.objects.filter(memberships__group__kind="desk").first()
    first = opening.open_incident(
        by=None, requester=person, title="Bench", assignee=agent,
        group=agent.memberships.first().group, service=None,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        clone(cursor, "records_record", {
            "id": "n + 1000000", "number": "'INC-B' || n",
            "requester_id": "NULL", "reported_by_id": "NULL",
        }, first.pk, thresholds)  # fmt: skip
        clone(cursor, "incidents_incident", {"record_ptr_id": "n + 1000000"}, first.pk, thresholds,
              key="record_ptr_id")  # fmt: skip
        clock = first.clocks.get()
        clone(cursor, "slm_clock", {"id": "n + 1000000", "record_id": "n + 1000000"}, clock.pk,
              thresholds)  # fmt: skip
        event = clock.events.get()
        clone(cursor, "slm_clockevent", {"id": "n + 1000000", "clock_id": "n + 1000000"},
              event.pk, thresholds)  # fmt: skip
        cursor.execute("""
            INSERT INTO slm_threshold (record_id, clock_id, cycle, code, fires_at)
            SELECT r.id, r.id, 0, code, now() + interval '1 day'
            FROM records_record r, unnest(ARRAY['50', '75', '90', '100']) code
            WHERE r.id > 1000000
        """)
        cursor.execute("DELETE FROM slm_threshold WHERE record_id = %s", [first.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    assert Record.objects.filter(pk__gt=1_000_000).count() == thresholds


def promise():
    from datetime import date

    from django.contrib.postgres.fields.ranges import DateRange

    from calendars.models import Calendar
    from people.models import Organization
    from slm.actions import agreements

    made = agreements.create(
        by=None, agreement_kind="sla", title="Standard", valid=DateRange(date(2020, 1, 1), None),
        organization=Organization.objects.first(), calendar=Calendar.objects.get(code="24X7"),
        targets=[{"metric": "resolution", "value": 10 * 3600}],
    )  # fmt: skip
    agreements.put_in_force(made, by=None)


def clone(cursor, table, changes, pk, count, key="id"):
    """Copies of a row with other keys."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    values = [changes.get(name, f'"{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
        f" FROM {table}, generate_series(1, {count}) n WHERE {key} = {pk}"
    )


def fall_due():
    """Half of every target is used up at this moment. The clocks began five hours ago."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica;"
            " UPDATE slm_clockevent SET at = date_trunc('second', now()) - interval '5 h'"
            " WHERE clock_id > 1000000;"
            " UPDATE slm_clock SET started_at = date_trunc('second', now()) - interval '5 h',"
            " due_at = date_trunc('second', now()) + interval '5 h' WHERE id > 1000000;"
            " UPDATE slm_threshold SET fires_at = date_trunc('second', now())"
            " WHERE clock_id > 1000000 AND code = '50';"
            " SET session_replication_role = DEFAULT"
        )


# --- what came of it ----------------------------------------------------------------------------
def one(query):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def escalated():
    return one("SELECT count(*) FROM slm_escalation")


def beats():
    return one("SELECT count(*) FROM core_heartbeat WHERE process = 'sweeper:messages'")


MISSING = """
    SELECT count(*) FROM reporting.threshold t
    LEFT JOIN reporting.escalation e USING (clock_id, cycle, threshold)
    WHERE e.id IS NULL AND t.fires_at <= now()
"""
DOUBLE = """
    SELECT count(*) FROM (SELECT 1 FROM reporting.escalation
    GROUP BY clock_id, cycle, threshold HAVING count(*) > 1) found
"""
EARLY = """
    SELECT count(*) FROM reporting.escalation e
    JOIN reporting.threshold t USING (clock_id, cycle, threshold) WHERE e.fired_at < t.fires_at
"""
LATENESS = """
    SELECT COALESCE(extract(epoch FROM max(fired_at - due_at)), 0)::float FROM slm_escalation
"""
LATE = f"SELECT count(*) FROM slm_escalation WHERE fired_at > due_at + interval '{LATEST} s'"
UNTOLD = """
    SELECT count(*) FROM slm_escalation e WHERE NOT EXISTS (
        SELECT FROM records_notification n WHERE n.dedup_key LIKE
        'esc:' || e.clock_id || ':' || e.cycle || ':' || e.threshold || ':%' AND n.record_id = e.record_id)
"""
STORIES = """
    SELECT count(*) FROM (SELECT record_id FROM records_timelineentry
    WHERE verb = 'clock.escalated' GROUP BY record_id, data->>'threshold' HAVING count(*) > 1) f
"""


def table(thresholds, filled):
    counts = {
        "escalated": (escalated(), thresholds), "missing": (one(MISSING), 0),
        "double": (one(DOUBLE), 0), "told twice in a story": (one(STORIES), 0),
        "early": (one(EARLY), 0), f"later than {LATEST} s": (one(LATE), 0),
        "without a message": (one(UNTOLD), 0),
    }  # fmt: skip
    latest = one(LATENESS)
    rows = [
        ("tickets, clocks and thresholds made in", f"{filled:.0f} s", ""),
        *[(name, f"{found:,}", f"{wanted:,}") for name, (found, wanted) in counts.items()],
        ("the last one came after", f"{latest:.1f} s", f"≤ {LATEST} s"),
        ("escalations a second", f"{thresholds / max(latest, 0.1):,.0f}", ""),
    ]
    return rows, all(found == wanted for found, wanted in counts.values())

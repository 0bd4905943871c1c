"""A server to measure: gunicorn on loopback with a bench database, people signed in, and watches.

The empty page is the agent's shell with its navigation and nothing in main, through the same
middleware; it is an address of the bench's own and of nothing else (`bench.urls`).
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from threading import Thread

from itsm.local.borrowed import database_url
from itsm.local.folder import free_port

PATIENCE = 60  # seconds until a server must answer


def set_up():
    """Django for the measuring process itself: as in production, with the bench's addresses."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ["DEBUG"] = "0"
    os.environ.setdefault("STATIC_ROOT", tempfile.mkdtemp(prefix="itsm-bench-static-"))
    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def running(database, workers=1, threads=8):
    """(port, pids of the workers) of a server on this database; gone afterwards."""
    from django.db import connection

    port = free_port()
    address = database_url(connection.settings_dict, database)
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "bench.wsgi:application", "--bind", f"127.0.0.1:{port}",
         "--worker-class", "itsm.worker.Worker", "--workers", str(workers), "--threads", str(threads),
         "--keep-alive", "30", "--log-level", "error"],
        env=os.environ | {"DATABASE_URL": address, "ITSM_PROCESS": "web"},
    )  # fmt: skip
    try:
        wait_for(port, process)
        yield port, children(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(port, process):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit("The server to measure did not start.")
        try:
            get(HTTPConnection("127.0.0.1", port, timeout=5), "/healthz/live", "")
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server to measure does not answer.")


def children(pid):
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def cpu_seconds(pids):
    """Processor time of these processes with all their threads, to the nanosecond."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:  # a thread that ended meanwhile
                continue
    return total / 1e9


def get(connection, address, cookie):
    """(status, body as it came) of one request; the connection stays open."""
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Host": "localhost"}
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def sign_in(codes):
    """{code: cookie} of people, in the database that Django speaks to now."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from people.models import Person

    cookies = {}
    for person in Person.objects.filter(code__in=codes).order_by("code"):
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "people.backends.PersonBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        cookies[person.code] = f"session={session.session_key}"
    return cookies


def hammer(port, address, cookies, seconds, *, keeps_open=True):
    """Latencies in ms of one client a cookie, each asking again as soon as it is answered.

    Where several processes serve, connections that stay open share them out unevenly; a proxy in
    front asks anew each time, and so does a client here without `keeps_open`.
    """
    found, failed = [], []
    until = time.monotonic() + seconds

    def client(cookie):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            begun = time.perf_counter()
            status, _ = get(connection, address, cookie)
            if not keeps_open:
                connection.close()
            found.append((time.perf_counter() - begun) * 1000)
            if status != 200:
                failed.append(status)

    threads = [Thread(target=client, args=(cookie,)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(f"The server answered {failed[0]} instead of a page.")
    return found


def share(values, percent):
    """The value below which so many per cent of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


# --- what is measured ---------------------------------------------------------------------------
def statements_of(code, address):
    """Statements of a page for a person, with nothing kept: as the first to come after a pause."""
    from django.core.cache import cache

    client = client_of(code)
    client.get(address)
    cache.clear()
    return count(lambda: client.get(address))


def client_of(code):
    from django.test import Client

    from people.models import Person

    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(code=code), backend="people.backends.PersonBackend")
    return client


def count(ask):
    """Statements of one request; beginning and ending transactions are not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    if answer.status_code not in (200, 201):
        raise SystemExit(f"The page answered {answer.status_code}: {answer.text[:300]}")
    idle = ("BEGIN", "SAVEPOINT", "RELEASE", "SET", "COMMIT")
    return sum(not query["sql"].startswith(idle) for query in captured.captured_queries)


def asking(address, cookie):
    """A request as `cpu_of` sends it."""
    return lambda connection: get(connection, address, cookie)


def cpu_of(port, pids, asks, times=60):
    """Median processor time of the server in ms for each of the requests, asked in turns."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    spent = [[] for _ask in asks]
    for _ in range(times):
        for ask, found in zip(asks, spent, strict=True):
            before = cpu_seconds(pids)
            status, _body = ask(connection)
            found.append((cpu_seconds(pids) - before) * 1000)
            if status not in (200, 201):
                raise SystemExit(f"The server answered {status} instead of a page.")
    return [median(found) for found in spent]


def latency(where, times, clients):
    """Two lines of a table."""
    return [
        (f"p{percent} with {len(clients)} clients{where}", f"{share(times, percent):.0f} ms", "",
         None) for percent in (50, 95)
    ]  # fmt: skip


def report(title, checks):
    """Print (name, figure, limit, does it hold) as a table; whether all of it holds."""
    width = max(len(check[0]) for check in checks)
    print(f"\n{title}")
    for name, figure, limit, holds in checks:
        verdict = {None: "", True: "holds", False: "DOES NOT HOLD"}[holds]
        print(f"{name:{width}}  {figure:>12}  {limit:>8}  {verdict}".rstrip())
    return all(holds is not False for *_, holds in checks)

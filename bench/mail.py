"""10,000 mails in one burst through the POST door, two workers, one killed in the middle.

`bin/bench mail [mails]` makes a database of its own. Two web processes take the mails
from eight clients, two sweepers decide them; in the middle one of each is killed with -9. A client
that hears nothing posts again, as mail servers do, and each twentieth mail is posted twice in any
case. What is lost, double or undecided is counted afterwards, by Message-ID.
"""

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench import server
from bench.sweep import one, wait

DATABASE = "itsm_bench_mail"
MAILS = 10_000
CLIENTS = 8
TWICE = 20  # each so-many-th mail is posted twice
ANSWERS = 10  # each so-many-th mail answers to one of the first
NASTY = 100  # each so-many-th mail is broken
CALLERS = 200  # who write; the first ticket of each is the one that they answer to
LONGEST = 3600
CAPS = (
    "mail_tickets_an_hour", "mail_answers_an_hour", "mail_replies_an_hour",
    "mail_new_callers_an_hour",
)  # fmt: skip
BASE_DIR = Path(__file__).resolve().parent.parent


def main(arguments=()):
    mails = int(arguments[0]) if arguments else MAILS
    server.set_up()
    from bench import data

    data.drop(DATABASE)
    data.create(DATABASE)
    try:
        data.use(DATABASE)
        with tempfile.TemporaryDirectory(prefix="itsm-bench-") as folder:
            checks = measure(mails, Path(folder))
    finally:
        from django.db import connections

        connections.close_all()
        data.drop(DATABASE)
    return 0 if server.report(f"{mails:,} mails", checks) else 1


def measure(mails, folder):
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    key, senders = make_desk()
    os.environ["SWEEP_SECONDS"] = "1"
    os.environ["EMAIL_BACKEND"] = "django.core.mail.backends.dummy.EmailBackend"
    processes = []
    try:
        with server.running(DATABASE, workers=2) as (port, workers):
            found = burst(mails, key, senders, port, workers, processes, folder)
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return table(mails, *found)


def make_desk():
    """A company, tickets to answer to, a mailbox with its key, caps that let a burst through.
    Returns (key, addresses of people)."""
    from random import Random

    from bench.data import make_company
    from core import preferences
    from people import actions as people
    from people.models import Organization, Person
    from servicedesk.models import Mailbox

    make_company(Random(1), agents=30, requesters=CALLERS, groups=6, services=6)
    callers = Person.objects.filter(code__startswith="P").order_by("pk")
    organization = Organization.objects.order_by("pk").first()
    deliverer = people.create_person(
        by=None, code="MTA", name="Mail server", organization=organization, kind="service",
        can_sign_in=False,
    )  # fmt: skip
    Mailbox.objects.create(
        code="desk", name="Desk", address="it@bench.example", protocol="push",
        organization=organization, deliverer=deliverer,
    )  # fmt: skip
    for name in CAPS:
        preferences.put(name, 1_000_000, by=None)
    _token, secret = people.issue_token(deliverer, by=deliverer, name="bench", scope="write")
    return secret, list(callers.values_list("email", flat=True)[:CALLERS])


# --- the burst ------------------------------------------------------------------------------------
def burst(mails, key, senders, port, workers, processes, folder):
    """(the Poster, seconds of posting, seconds until all but one was decided, until all was)."""

    def start():
        log = (folder / f"{len(processes)}.log").open("wb")
        processes.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "run_sweeper", "--only", "mail"], cwd=BASE_DIR,
                env=os.environ | {"DATABASE_URL": address_of()}, stdout=log, stderr=log,
                start_new_session=True,
            )
        )  # fmt: skip
        return processes[-1]

    first, _second = start(), start()
    work = queue.SimpleQueue()
    for number in range(mails):
        for _time in range(2 if number % TWICE == 0 else 1):
            work.put(number)
    poster = Poster(work, key, senders, port)
    begun = time.monotonic()
    poster.start()
    wait(lambda: stored() >= mails * 0.3, LONGEST)
    with suppress(ProcessLookupError):
        os.kill(workers[0], signal.SIGKILL)
    print(f"killed a web process at {stored():,} of {mails:,} stored", flush=True)
    wait(lambda: decided() >= mails * 0.3, LONGEST)
    os.killpg(first.pid, signal.SIGKILL)
    print(f"killed a sweeper at {decided():,} of {mails:,} decided", flush=True)
    posted = poster.join() - begun
    wait(lambda: waiting() <= 1, LONGEST)
    most = time.monotonic() - begun
    wait(lambda: waiting() == 0, LONGEST)
    return poster, posted, most, time.monotonic() - begun


def address_of():
    from django.db import connection

    from itsm.local.borrowed import database_url

    return database_url(connection.settings_dict, DATABASE)


class Poster:
    """Clients that post what is in the queue until it is empty, and again where nothing was heard."""

    def __init__(self, work, key, senders, port):
        self.work, self.senders, self.port = work, senders, port
        self.headers = {
            "Authorization": f"Bearer {key}", "Content-Type": "message/rfc822", "Host": "localhost",
        }  # fmt: skip
        self.accepted, self.times, self.repeated, self.refused = {}, [], 0, []
        self.threads = [threading.Thread(target=self.run) for _number in range(CLIENTS)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()
        return time.monotonic()

    def run(self):
        while True:
            try:
                number = self.work.get_nowait()
            except queue.Empty:
                return
            self.deliver(number, mail(number, self.senders))

    def deliver(self, number, raw):
        for _try in range(60):
            begun = time.perf_counter()
            try:
                status, body = self.post(raw)
            except (OSError, HTTPException):
                self.repeated += 1
                time.sleep(0.5)
                continue
            self.times.append((time.perf_counter() - begun) * 1000)
            if status == 202:
                self.accepted.setdefault(number, set()).add(body)
            else:
                self.refused.append((number, status))
            return
        self.refused.append((number, "nothing heard"))

    def post(self, raw):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", "/api/v1/mail/?mailbox=desk", body=raw, headers=self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def message_id(number):
    return f"<{number:06d}@bench.example>"


def mail(number, senders):
    """The bytes of mail `number`: mostly a report, some answers to what the same person wrote before,
    some that no program should write."""
    sender = senders[number % len(senders)]
    head = [
        f"From: {sender}", "To: it@bench.example", f"Message-ID: {message_id(number)}",
        "Date: Mon, 05 Oct 2026 09:00:00 +0800", f"Subject: Report {number:06d}",
    ]  # fmt: skip
    if number % NASTY == 7:
        return "\r\n".join(head).encode() + b"\r\nContent-Type: multipart/mixed\r\n\r\n\xff\xfe\x00"
    if number >= len(senders) and number % ANSWERS == 3:
        head.append(f"In-Reply-To: {message_id(number % len(senders))}")
    return (
        "\r\n".join(head) + f"\r\n\r\nThe words of mail {number:06d}. 打印机卡纸。\r\n"
    ).encode()


# --- what came of it ------------------------------------------------------------------------------
def stored():
    return one("SELECT count(*) FROM servicedesk_inboundmessage")


def decided():
    return one("SELECT count(*) FROM servicedesk_inboundmessage WHERE state <> 'received'")


def waiting():
    return one("SELECT count(*) FROM servicedesk_inboundmessage WHERE state = 'received'")


DECISIONS = "SELECT count(*) FROM (SELECT 1 FROM servicedesk_inbounddecision GROUP BY message_id HAVING count(*) > 1) f"
IDS = "SELECT count(DISTINCT message_id) FROM servicedesk_inboundmessage"
TWO_ROWS = "SELECT count(*) FROM (SELECT 1 FROM servicedesk_inboundmessage GROUP BY message_id HAVING count(*) > 1) f"
TICKETS = (
    "SELECT count(*) FROM servicedesk_inboundmessage WHERE decision IN ('new_ticket', 'follow_up')"
)
WITHOUT_MAIL = """
    SELECT count(*) FROM records_record r WHERE channel = 'email' AND NOT EXISTS (
        SELECT FROM servicedesk_inboundmessage m WHERE m.record_id = r.id
        AND m.decision IN ('new_ticket', 'follow_up'))
"""
SHARED = """
    SELECT count(*) FROM (SELECT 1 FROM servicedesk_inboundmessage
    WHERE decision IN ('new_ticket', 'follow_up') GROUP BY record_id HAVING count(*) > 1) f
"""
REPLIES = (
    "SELECT count(*) FROM servicedesk_inboundmessage WHERE decision IN ('reply', 'joined_as_cc')"
)
ENTRIES = "SELECT count(*) FROM records_timelineentry WHERE kind = 'email_in'"
HELD = "SELECT count(*) FROM servicedesk_inboundmessage WHERE state = 'quarantined'"
BY_DECISION = (
    "SELECT decision, count(*) FROM servicedesk_inboundmessage GROUP BY decision ORDER BY 2 DESC"
)


def table(mails, poster, posted, most, ended):
    from django.db import connection

    def exactly(name, found, wanted):
        return name, f"{found:,}", f"{wanted:,}", found == wanted

    lost = sum(number not in poster.accepted for number in range(mails))
    two_ids = sum(len(ids) > 1 for ids in poster.accepted.values())
    with connection.cursor() as cursor:
        cursor.execute(BY_DECISION)
        decisions = [
            (f"decided as {code or 'nothing'}", f"{count:,}", "", None)
            for code, count in cursor.fetchall()
        ]
    return [
        exactly("accepted by the door", mails - lost, mails),
        exactly("refused by the door", len(poster.refused), 0),
        ("posts that were heard by nobody and repeated", f"{poster.repeated:,}", "", None),
        exactly("the same bytes under two ids", two_ids, 0),
        exactly("stored, by Message-ID", one(IDS), mails),
        exactly("stored twice", one(TWO_ROWS), 0),
        exactly("without a decision", waiting(), 0),
        exactly("decided twice", one(DECISIONS), 0),
        *decisions,
        exactly("tickets of two mails", one(SHARED), 0),
        exactly("tickets without their mail", one(WITHOUT_MAIL), 0),
        exactly("entries of mails in stories", one(ENTRIES), one(REPLIES)),
        ("posted within", f"{posted:.0f} s", "", None),
        ("the door, p95", f"{server.share(poster.times, 95):.0f} ms", "", None),
        ("all but one decided after", f"{most:.0f} s", "", None),
        ("all, with what the killed one held", f"{ended:.0f} s", "", None),
        ("decided a second", f"{mails / max(most, 0.1):,.1f}", "", None),
    ]  # fmt: skip

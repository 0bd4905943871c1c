"""Mail servers that are down, slow, break off, trickle, refuse or cannot be trusted, on real sockets:
nothing is lost, nothing comes or goes twice without being the same, and nobody is held up."""

from datetime import timedelta
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import pytest
from django.db import transaction
from django.db.models import F

from records import notify
from records.models import Watch
from servicedesk.mail import boxes, fetching
from servicedesk.models import InboundMessage
from servicedesk.notices import delivery, sending
from tests.servicedesk.imap_server import Server
from tests.servicedesk.mail_corpus import plain
from tests.servicedesk.mail_world import mailbox
from tests.servicedesk.notices_world import forget, mails, make_due, report
from tests.servicedesk.smtp_server import Post, self_made, serving, use

pytestmark = pytest.mark.django_db
ONE, TWO, AGENT = "r1@lanting.example", "r2@lanting.example", "a1@lanting.example"


@pytest.fixture
def queued(world):
    """Mails to three people wait."""
    incident = report(world)
    Watch.objects.create(record=incident, person=world.colleague)
    forget()
    with transaction.atomic():
        notify.tell(
            [world.requester, world.colleague, world.agent], "resolved", key="once", record=incident
        )
    return mails()


def sweep():
    make_due()
    return sending.sweep_due()


def later(**time):
    """Let time pass: what is due in a while is due sooner."""
    mails().update(locked_until=F("locked_until") - timedelta(**time))


# --- mail that goes out ---------------------------------------------------------------------------
@pytest.mark.feature("CN-12")
def test_an_hour_without_a_mail_server_loses_no_mail_and_sends_each_once(world, queued, settings):
    port = use(settings)
    for _minute in range(60):
        sending.sweep_due()
        later(minutes=1)
    during = set(queued.values_list("status", "attempts"))

    with serving(settings, Post(), port) as post:
        for _minute in range(6):
            sending.sweep_due()
            later(minutes=1)

    assert during == {("pending", 0)}
    assert set(mails().values_list("status", flat=True)) == {"sent"}
    assert sorted(post.ids) == sorted(mails().values_list("message_id", flat=True))


def test_a_slow_recipient_holds_up_no_other(world, queued, settings):
    with serving(settings, Post()) as post:
        settings.EMAIL_TIMEOUT = 0.5
        post.seconds[ONE] = 3

        sweep()

    assert sorted(to for to, _mail in post.received) == [AGENT, TWO]
    slow = queued.get(person=world.requester)
    assert (slow.status, slow.attempts) == ("pending", 1)


@pytest.mark.parametrize("trouble", ["drop", "take_and_drop"])
def test_a_mail_whose_server_breaks_off_goes_again_as_the_same(world, queued, settings, trouble):
    with serving(settings, Post()) as post:
        post.at_data = [trouble] * 2
        sweep()
        sweep()

    assert set(mails().values_list("status", flat=True)) == {"sent"}
    assert set(post.ids) == set(mails().values_list("message_id", flat=True))
    assert len(post.ids) == (3 if trouble == "drop" else 5)


@pytest.mark.parametrize(("answer", "outcome"), [
    ("452 full", ("pending", 1)), ("554 refused", ("dead", 1)), ("421 closing", ("pending", 0)),
])  # fmt: skip
def test_what_the_server_answers_to_a_mail_decides_about_that_mail_alone(
    world, queued, settings, answer, outcome
):
    with serving(settings, Post()) as post:
        post.at_data = [answer]
        sweep()
        first = queued.first()
        after = (first.status, first.attempts, first.reason)
        mails().exclude(pk=first.pk).update(locked_until="2020-01-01T00:00Z")
        sending.sweep_due()

    assert after == (*outcome, answer)
    rest = mails().exclude(pk=first.pk)
    assert set(rest.values_list("status", flat=True)) == {"sent"}


def test_a_sender_that_the_server_does_not_like_costs_no_mail(world, queued, settings):
    with serving(settings, Post()) as post:
        post.at_mail = ["550 who are you"] * 3
        sweep()
        after = set(queued.values_list("status", flat=True))
        sweep()

    assert after == {"pending"}
    assert len(post.received) == 3


class Trickling(StreamRequestHandler):
    """Greets, and then says a little for ever."""

    over = Event()

    def handle(self):
        self.wfile.write(b"220 hello\r\n")
        self.rfile.readline()
        self.wfile.write(b"250 hello\r\n")
        while not self.over.wait(0.05):
            self.wfile.write(b"2")


def test_a_server_that_only_trickles_is_hung_up_on(world, queued, settings, monkeypatch):
    monkeypatch.setattr(delivery, "LONGEST_TALK", 0.3)
    monkeypatch.setattr(sending, "LONGEST_SWEEP", 1)
    Trickling.over = Event()
    with ThreadingTCPServer(("127.0.0.1", 0), Trickling) as server:
        server.daemon_threads, server.handle_error = True, lambda *_: None
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        use(settings, server.server_address[1])
        sweep()
        Trickling.over.set()
        server.shutdown()

    assert "sent" not in set(queued.values_list("status", flat=True))
    assert queued.filter(status="pending").exists()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_made(tmp_path_factory.mktemp("tls"))


def test_mail_goes_encrypted_to_a_server_whose_certificate_is_known(
    world, queued, settings, certificate, monkeypatch
):
    path, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", path)
    settings.EMAIL_USE_TLS = True

    with serving(settings, Post(), tls_context=context, require_starttls=True) as post:
        sweep()

    assert post.were_encrypted == [True, True, True]


def test_mail_goes_to_a_server_that_is_encrypted_from_the_first_byte(
    world, queued, settings, certificate, monkeypatch
):
    path, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", path)
    settings.EMAIL_USE_SSL = True

    with serving(settings, Post(), ssl_context=context) as post:
        sweep()

    assert len(post.received) == 3


@pytest.mark.parametrize("offers_tls", [True, False])
def test_nothing_goes_to_a_server_that_cannot_be_trusted(
    world, queued, settings, certificate, offers_tls
):
    settings.EMAIL_USE_TLS = True
    options = {"tls_context": certificate[1]} if offers_tls else {}

    with serving(settings, Post(), **options) as post:
        sweep()

    assert post.received == []
    tried = queued.exclude(reason="").get()
    assert (tried.status, tried.attempts) == ("pending", 0)
    assert ("certificate" if offers_tls else "STARTTLS") in tried.reason


def test_a_server_that_wants_encryption_gets_no_plain_mail(world, queued, settings, certificate):
    with serving(settings, Post(), tls_context=certificate[1], require_starttls=True) as post:
        sweep()

    assert post.received == []
    assert "sent" not in set(queued.values_list("status", flat=True))


# --- mail that comes in ---------------------------------------------------------------------------
@pytest.fixture
def imap(world, monkeypatch):
    monkeypatch.setenv("DESK_SECRET", "secret")
    with Server([plain(f"Report {number}", "Words") for number in range(5)]) as server:
        yield server


def box_at(world, server, **fields):
    fields = {
        "protocol": "imap", "host": "127.0.0.1", "port": server.port, "security": "none",
        "username": "desk", "secret_env": "DESK_SECRET",
    } | fields  # fmt: skip
    return mailbox(world, **fields)


def fetch(box):
    fetching.fetch(box)
    box.refresh_from_db()
    return InboundMessage.objects.count()


@pytest.mark.feature("CN-04")
@pytest.mark.parametrize("after", ["keep", "delete"])
@pytest.mark.parametrize("trouble", ["drop", "done_drop"])
def test_a_line_that_breaks_while_a_mail_is_marked_loses_and_doubles_nothing(
    world, imap, after, trouble
):
    box = box_at(world, imap, after=after)
    imap.trouble = {"STORE": ["", "", trouble]}

    broken = fetch(box)
    failing = box.failing_since
    whole = fetch(box)

    assert (broken, bool(failing), whole, box.last_error) == (3, True, 5, "")
    assert not imap.mails if after == "delete" else len(imap.flags) == 5


@pytest.mark.feature("CN-04")
@pytest.mark.parametrize("trouble", ["hang", "trickle", "drop"])
@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"])
def test_a_server_that_hangs_stops_nobody_for_long(world, imap, monkeypatch, command, trouble):
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    monkeypatch.setattr(fetching, "LONGEST_TALK", 0.6)
    box = box_at(world, imap)
    imap.trouble = {command: [trouble]}

    fetch(box)
    told = box.last_error
    monkeypatch.setattr(fetching, "LONGEST_TALK", 60)
    whole = fetch(box)

    assert told
    assert (whole, box.last_error, box.failing_since) == (5, "", None)


@pytest.mark.feature("CN-03")
def test_a_mail_that_the_server_cannot_hand_out_is_left_and_told_of(world, imap):
    box = box_at(world, imap, after="delete")
    imap.broken = {2}

    counts = [fetch(box) for _try in range(fetching.TRIES + 1)]
    left = box.left_uids
    imap.broken = set()
    boxes.ask_for_check(box, by=world.admin)
    healed = fetch(box)

    assert counts == [1, 1, 1, 4]
    assert left == [2]
    assert (healed, box.left_uids, imap.mails) == (5, [], {})


def test_a_mailbox_is_fetched_encrypted_from_a_server_whose_certificate_is_known(
    world, monkeypatch, certificate
):
    path, context = certificate
    monkeypatch.setenv("DESK_SECRET", "secret")
    with Server([plain("Report", "Words")], tls=context) as server:
        box = box_at(world, server, security="tls")
        stranger = (fetch(box), "certificate" in box.last_error.casefold())
        monkeypatch.setenv("SSL_CERT_FILE", path)

        assert stranger == (0, True)
        assert fetch(box) == 1

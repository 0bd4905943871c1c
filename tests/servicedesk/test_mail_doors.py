"""How mail comes in: by the API, by a pipe, by IMAP from a server on a real socket."""

import io
import json
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.urls import reverse
from django.utils import timezone

from people import actions as people
from people.models import ApiToken
from servicedesk.mail import boxes, fetching, intake
from servicedesk.models import InboundMessage, Mailbox
from servicedesk.models.mail import TAKEN
from tests.servicedesk.imap_server import Server
from tests.servicedesk.mail_corpus import plain
from tests.servicedesk.mail_world import mailbox
from tests.world import person

pytestmark = pytest.mark.django_db


# --- API ------------------------------------------------------------------------------------------
@pytest.fixture
def deliverer(world):
    return person(world, "MTA", "Mail server", kind="service", can_sign_in=False)


def key_of(someone, scope=ApiToken.Scope.WRITE):
    _token, secret = people.issue_token(someone, by=someone, name="mail", scope=scope)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def post(client, raw, key, query=""):
    return client.post(reverse("api:mail") + query, data=raw, content_type="message/rfc822", **key)


def test_a_posted_mail_is_stored_once_for_its_bytes(client, world, deliverer):
    box, key, raw = mailbox(world, deliverer=deliverer), key_of(deliverer), plain("Hi", "Words")

    first, second = post(client, raw, key), post(client, raw, key, f"?mailbox={box.code}")

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json() == {"id": InboundMessage.objects.get().pk}


def test_only_the_integration_of_the_mailbox_delivers(client, world, deliverer):
    mailbox(world, deliverer=deliverer)
    other = person(world, "MTA2", "Another", kind="service", can_sign_in=False)

    answers = [
        post(client, plain("a", "b"), key).status_code
        for key in (key_of(other), key_of(world.admin), key_of(deliverer, ApiToken.Scope.READ), {})
    ]

    assert answers == [403, 403, 403, 401]
    assert not InboundMessage.objects.exists()


def test_the_door_says_what_is_wrong(client, world, deliverer, settings):
    mailbox(world, deliverer=deliverer)
    settings.MAIL_IN_MOST_BYTES = 1000
    key = key_of(deliverer)

    empty, large = post(client, b" ", key), post(client, b"x" * 2001, key)

    assert (empty.status_code, large.status_code) == (400, 413)
    assert post(client, b"x", key, "?mailbox=nothing").status_code == 404


def test_what_is_too_large_to_read_is_stored_and_held(world, settings):
    settings.MAIL_IN_MOST_BYTES = 1000
    pk = intake.receive(plain("Large", "x" * 1500), mailbox(world))

    assert intake.decide(pk) == "quarantined"


# --- pipe -----------------------------------------------------------------------------------------
def piped(monkeypatch, raw, box="desk"):
    class In:
        buffer = io.BytesIO(raw)

    monkeypatch.setattr("sys.stdin", In)
    call_command("receive_mail", mailbox=box, stdout=io.StringIO(), stderr=io.StringIO())


def test_a_piped_mail_is_stored(world, monkeypatch):
    mailbox(world)

    piped(monkeypatch, plain("Pipe", "Words"))

    assert InboundMessage.objects.get().source == "pipe"


def test_the_pipe_tells_the_mail_server_what_happened(world, monkeypatch):
    mailbox(world)

    def away(*_args, **_kwargs):
        raise OperationalError("no database")

    codes = []
    for raw, box, patched in ((b"x", "nothing", None), (b"", "desk", None), (b"x", "desk", away)):
        if patched:
            monkeypatch.setattr(intake, "receive", patched)
        with pytest.raises(SystemExit) as stopped:
            piped(monkeypatch, raw, box)
        codes.append(stopped.value.code)

    assert codes == [64, 66, 75]


# --- IMAP -----------------------------------------------------------------------------------------
def fetched(world, server, monkeypatch, **fields):
    monkeypatch.setenv("DESK_SECRET", "secret")
    fields = {
        "protocol": "imap", "host": "127.0.0.1", "port": server.port, "security": "none",
        "username": "desk", "secret_env": "DESK_SECRET",
    } | fields  # fmt: skip
    return mailbox(world, **fields)


def mails(count, subject="Report"):
    return [plain(f"{subject} {number}", "Words") for number in range(count)]


@pytest.mark.feature("CN-04")
def test_what_is_new_is_taken_once(world, monkeypatch):
    with Server(mails(3)) as server:
        box = fetched(world, server, monkeypatch)
        fetching.fetch(box)
        server.add(plain("Later", "Words"))

        fetching.fetch(box)

        assert InboundMessage.objects.count() == 4
        assert server.flags[4] == {"(\\Seen)"}
        assert sum("BODY.PEEK[]" in command for command in server.commands) == 4


def test_a_connection_that_breaks_in_a_mail_goes_on_from_there(world, monkeypatch):
    with Server(mails(5)) as server:
        box = fetched(world, server, monkeypatch, after="delete")
        server.drop_in = 3
        fetching.fetch(box)
        box.refresh_from_db()
        broken = (InboundMessage.objects.count(), box.last_uid, bool(box.failing_since))

        fetching.fetch(box)

        box.refresh_from_db()
        assert broken == (2, 2, True)
        assert (InboundMessage.objects.count(), box.failing_since, box.last_error) == (5, None, "")
        assert server.mails == {}


def test_nothing_leaves_the_server_before_its_row_stands(world, monkeypatch):
    with Server(mails(2)) as server:
        box = fetched(world, server, monkeypatch, after="delete")
        monkeypatch.setattr(
            intake, "receive", lambda *a, **k: (_ for _ in ()).throw(OSError("full"))
        )

        fetching.fetch(box)

        assert len(server.mails) == 2
        assert Mailbox.objects.get().last_error == "full"


def test_a_folder_made_anew_is_read_anew_and_nothing_comes_twice(world, monkeypatch):
    with Server(mails(3)) as server:
        box = fetched(world, server, monkeypatch)
        fetching.fetch(box)
        server.validity = 8

        fetching.fetch(box)

        box.refresh_from_db()
        assert (InboundMessage.objects.count(), box.uid_validity, box.last_uid) == (3, 8, 3)


def test_taken_mails_are_moved(world, monkeypatch):
    with Server(mails(1)) as server:
        fetching.fetch(fetched(world, server, monkeypatch, after="move", moved_to="已处理"))

        assert server.copied == {1: '"&XfJZBHQG-"'}
        assert server.mails == {}


@pytest.mark.parametrize("fields", [{"secret_env": "NOT_SET"}, {"folder": "Nowhere"}, {"port": 1}])
def test_trouble_is_told_and_tried_again(world, monkeypatch, fields):
    with Server() as server:
        box = fetched(world, server, monkeypatch, **fields)

        fetching.fetch(box)

        box.refresh_from_db()
        assert box.last_error
        assert box.failing_since is not None
        assert box.next_fetch_at > timezone.now()


def test_a_wrong_password_is_told(world, monkeypatch):
    with Server(password="another") as server:
        box = fetched(world, server, monkeypatch)

        fetching.fetch(box)

        box.refresh_from_db()
        assert "wrong password" in box.last_error


def test_a_mailbox_that_is_off_is_tried_out_and_not_fetched(world, monkeypatch):
    with Server(mails(1)) as server:
        box = fetched(world, server, monkeypatch, is_active=False)
        boxes.ask_for_check(box, by=world.admin)

        fetching.sweep_due()

        box.refresh_from_db()
        assert box.checked_at is not None
        assert box.check_asked_at is None
        assert not InboundMessage.objects.exists()


class TokenServer(BaseHTTPRequestHandler):
    asked, answer = [], {"access_token": "fresh", "expires_in": 3600}

    def do_POST(self):
        TokenServer.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        refused = "error" in self.answer
        self.send_response(400 if refused else 200)
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, *_args):
        pass


@pytest.fixture
def token_url():
    server = HTTPServer(("127.0.0.1", 0), TokenServer)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    TokenServer.asked, TokenServer.answer = [], {"access_token": "fresh", "expires_in": 3600}
    yield f"http://127.0.0.1:{server.server_address[1]}/token"
    server.shutdown()
    server.server_close()


@pytest.mark.feature("CN-08")
@pytest.mark.parametrize("sign_in", ["refresh_token", "client_credentials"])
def test_oauth2_signs_in_with_a_token_of_the_token_server(world, monkeypatch, token_url, sign_in):
    with Server(mails(2), token="fresh") as server:
        box = fetched(
            world, server, monkeypatch, sign_in=sign_in, token_url=token_url, client_id="app"
        )
        fetching.fetch(box)
        fetching.fetch(box)

        box.refresh_from_db()
        assert (InboundMessage.objects.count(), box.last_error) == (2, "")
        assert len(TokenServer.asked) == 1
        assert f"grant_type={sign_in}" in TokenServer.asked[0]


@pytest.mark.feature("CN-08")
def test_a_refused_token_is_told_in_the_servers_words(world, monkeypatch, token_url):
    TokenServer.answer = {"error": "invalid_grant", "error_description": "expired long ago"}
    with Server() as server:
        box = fetched(
            world, server, monkeypatch, sign_in="refresh_token", token_url=token_url, client_id="b"
        )
        fetching.fetch(box)

        box.refresh_from_db()
        assert "expired long ago" in box.last_error


@pytest.mark.feature("CN-08")
@pytest.mark.parametrize(("days", "warns"), [(22, False), (21, True), (0, True), (-1, True)])
def test_a_secret_that_runs_out_is_warned_about(world, days, warns):
    today = date(2026, 10, 1)
    box = mailbox(world, secret_expires_on=today + timedelta(days=days))

    assert bool(boxes.warning_of(box, today)) == warns


# --- many at once ---------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("CN-04")
def test_the_same_mail_by_five_doors_at_once_is_one_row_and_one_ticket(world):
    box, raw = mailbox(world), plain("Once", "Words")
    found = in_threads(5, lambda: intake.receive(raw, box))

    in_threads(4, intake.sweep_due)

    assert len(set(found)) == 1
    assert InboundMessage.objects.get().decision == "new_ticket"


@pytest.mark.django_db(transaction=True)
def test_two_deciders_make_one_record_of_each_mail(world):
    box = mailbox(world)
    for raw in mails(12, "Many"):
        intake.receive(raw, box)

    in_threads(3, intake.sweep_due)

    rows = InboundMessage.objects.all()
    assert rows.filter(decision__in=TAKEN).count() == 12
    assert rows.values("record").distinct().count() == 12
    assert all(row.decisions.count() == 1 for row in rows)


def in_threads(count, work):
    found = []

    def run():
        try:
            found.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connection is not None
    return found

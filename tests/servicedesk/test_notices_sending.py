"""Sending: leases and fences, what a mail server's answers mean, digests, and rights asked again."""

import asyncio
import socket
from contextlib import contextmanager
from email import message_from_bytes, policy
from io import StringIO

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from core import preferences
from incidents.actions import lifecycle, messages
from people.models import Person
from records import actions as records
from records import notify
from records.models import Notification, Record, Watch
from servicedesk.notices import delivery, sending
from tests.servicedesk.notices_world import (
    MAIL,
    closure,
    deliver,
    forget,
    mails,
    make_due,
    report,
    send,
)  # fmt: skip
from tests.world import sh

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def back_off(settings):
    settings.MAIL_BACK_OFF = [600]


@pytest.fixture
def incident(world):
    found = report(world)
    forget()
    return found


def tell(people, template="reply", **fields):
    with transaction.atomic():
        return notify.tell(people, template, **fields)


def escalations(person, record, count):
    for number in range(count):
        tell([person], "escalation", key=f"esc:{number}:0:75", record=record,
             metric="resolution", percent=75, why="escalation")  # fmt: skip


# --- a mail server that misbehaves ---------------------------------------------------------------
class Sink:
    """Takes mails, or answers as the test wants: {recipient: answer}."""

    def __init__(self):
        self.received, self.answers, self.delay = [], {}, 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        await asyncio.sleep(self.delay)
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        found = message_from_bytes(envelope.content, policy=policy.default)
        self.received.append((envelope.rcpt_tos, found))
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(settings, sink):
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = SMTP, 5
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def recipients(sink):
    return sorted(one for to, _ in sink.received for one in to)


@pytest.mark.feature("CN-12")
def test_each_reader_gets_an_envelope_of_their_own(world, incident, settings):
    Watch.objects.create(record=incident, person=world.colleague)
    messages.reply(incident, by=world.agent, body="请重启电脑")

    with serving(settings, Sink()) as sink:
        send()

    assert recipients(sink) == ["r1@lanting.example", "r2@lanting.example"]
    assert all(len(to) == 1 for to, _ in sink.received)
    assert {row.status for row in mails()} == {"sent"}
    assert {found["Message-ID"] for _, found in sink.received} == {r.message_id for r in mails()}


def test_one_bad_recipient_is_given_up_and_the_others_get_theirs(world, incident, settings):
    people = [world.requester, world.colleague, world.agent]
    for person in people[1:]:
        Watch.objects.create(record=incident, person=person)
    messages.reply(incident, by=world.agent2, body="请重启电脑")
    sink = Sink()
    sink.answers["r2@lanting.example"] = "550 no such person"

    with serving(settings, sink):
        send()

    assert recipients(sink) == ["a1@lanting.example", "r1@lanting.example"]
    bad = mails().get(person=world.colleague)
    assert (bad.status, bad.reason, bad.attempts) == ("dead", "550 no such person", 1)


def test_a_greylisted_mail_is_tried_again_and_in_the_end_given_up(world, incident, settings):
    messages.reply(incident, by=world.agent, body="请重启电脑")
    sink = Sink()
    sink.answers["r1@lanting.example"] = "450 try later"

    with serving(settings, sink):
        send()
        row = mails().get()
        assert (row.status, row.reason, row.attempts) == ("pending", "450 try later", 1)
        assert sending.sweep_due() == 0  # not due for some minutes
        for _ in range(sending.ATTEMPTS - 1):
            send()

    row.refresh_from_db()
    assert (row.status, row.attempts) == ("dead", sending.ATTEMPTS)


def test_a_repeat_after_greylisting_has_the_same_id(world, incident, settings):
    messages.reply(incident, by=world.agent, body="请重启电脑")
    sink = Sink()
    sink.answers["r1@lanting.example"] = "450 try later"

    with serving(settings, sink):
        send()
        fixed = mails().get().message_id
        sink.answers.clear()
        send()

    assert [found["Message-ID"] for _, found in sink.received] == [fixed]


def test_a_server_that_refuses_costs_no_mail_a_try(world, incident, settings):
    Watch.objects.create(record=incident, person=world.colleague)
    messages.reply(incident, by=world.agent, body="请重启电脑")
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    for _ in range(sending.ATTEMPTS + 2):
        send()

    assert {(row.status, row.attempts) for row in mails()} == {("pending", 0)}
    assert any("Refused" in row.reason for row in mails())
    with serving(settings, Sink()) as sink:
        send()
    assert len(sink.received) == 2


def test_a_tarpit_ends_the_sweep_and_loses_nothing(world, incident, settings):
    messages.reply(incident, by=world.agent, body="请重启电脑")
    sink = Sink()
    sink.delay = 2

    with serving(settings, sink):
        settings.EMAIL_TIMEOUT = 0.2
        send()

    row = mails().get()
    assert (row.status, row.attempts) == ("pending", 0)
    assert "time" in row.reason.lower()


def test_one_connection_serves_a_batch(world, incident, monkeypatch):
    opened = []
    monkeypatch.setattr(
        delivery, "get_connection", lambda: opened.append(mail.get_connection()) or opened[-1]
    )
    for person in (world.requester, world.agent, world.lead):
        tell([person], key=f"k:{person.pk}", record=incident, side="agent")

    send()

    assert len(opened) == 1
    assert len(mail.outbox) == 3


# --- leases --------------------------------------------------------------------------------------
def test_two_senders_never_hold_the_same_mail(world, incident):
    tell([world.requester], key="k", record=incident, side="portal")

    first, second = sending.claim_next(), sending.claim_next()

    assert first is not None
    assert second is None


def test_a_claim_counts_before_it_sends(world, incident):
    tell([world.requester], key="k", record=incident, side="portal")

    parcel = sending.claim_next()

    row = mails().get()
    assert (row.status, row.attempts, row.fence) == ("claimed", 1, 1)
    assert parcel.carrier.fence == 1


def test_a_sender_that_lost_its_lease_may_not_mark(world, incident):
    tell([world.requester], key="k", record=incident, side="portal")
    stale = sending.claim_next()
    make_due()  # its lease has run out
    fresh = sending.claim_next()

    assert sending.mark(stale.rows, status="dead", reason="late") == 0
    assert sending.mark(fresh.rows, status="sent") == 1
    assert sending.mark(stale.rows, status="dead", reason="late") == 0

    assert mails().get().status == "sent"


def test_a_mail_whose_sender_died_goes_again_with_the_same_id(world, incident, monkeypatch):
    tell([world.requester], key="k", record=incident, side="portal")

    class Killed(BaseException):
        pass

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sending, "mark", die)
        with pytest.raises(Killed):
            sending.sweep_due()
    assert mails().get().status == "claimed"
    send()

    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [
        mails().get().message_id
    ] * 2
    assert mails().get().status == "sent"


@pytest.mark.django_db(transaction=True)
def test_no_row_is_locked_while_the_server_is_spoken_to(world, monkeypatch):
    tell([world.requester], key="k", record=report(world), side="portal")
    seen = []

    def look(self, message):
        seen.append(transaction.get_connection().in_atomic_block)

    monkeypatch.setattr(delivery.Server, "send", look)
    make_due()
    sending.sweep_due()

    assert set(seen) == {False}


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(
    world, incident, monkeypatch, caplog
):
    tell([world.requester], "broken", key="k", record=incident, side="portal")
    tell([world.agent], key="l", record=incident, side="agent")
    monkeypatch.setitem(sending.rendering.LETTERS, "broken", lambda _: 1 / 0)

    send()

    assert [one.to for one in mail.outbox] == [["a1@lanting.example"]]
    bad = mails().get(template="broken")
    assert bad.status == "pending"
    assert bad.reason.startswith("ZeroDivisionError")


# --- holding -------------------------------------------------------------------------------------
def test_held_mail_waits_until_it_is_let_go(world, incident, settings):
    tell([world.requester], key="k", record=incident, side="portal")
    settings.MAIL_HELD = True

    assert sending.sweep_due() == 0
    assert mails().get().status == "pending"

    settings.MAIL_HELD = False
    assert sending.sweep_due() == 1


def test_an_administrator_may_hold_mail(world, incident):
    tell([world.requester], key="k", record=incident, side="portal")
    preferences.put("mail_held", True, by=world.admin)
    sending.holding.preferences.cache.delete("preferences")

    assert sending.sweep_due() == 0

    preferences.put("mail_held", False, by=world.admin)
    sending.holding.preferences.cache.delete("preferences")


# --- asked again ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda w, i: Record.objects.filter(pk=i.pk).update(is_on_portal=False), "not_visible"),
        (lambda w, i: Person.objects.filter(pk=w.requester.pk).update(is_active=False), "inactive"),
        (lambda w, i: Person.objects.filter(pk=w.requester.pk).update(email=None), "no_address"),
        (
            lambda w, i: Person.objects.filter(pk=w.requester.pk).update(
                email="a@lanting.example, b@lanting.example"
            ),
            "no_address",
        ),
        (
            lambda w, i: Person.objects.filter(pk=w.requester.pk).update(
                notify_prefs={"mail": {"requests": "off"}}
            ),
            "unwanted",
        ),
    ],
)
@pytest.mark.feature("CN-12")
def test_what_changed_meanwhile_keeps_the_mail_back(world, incident, change, reason):
    messages.reply(incident, by=world.agent, body="请重启电脑")
    deliver()
    change(world, incident)

    send()

    row = mails().get()
    assert (row.status, row.reason) == ("suppressed", reason)
    assert mail.outbox == []


def test_a_note_is_not_sent_to_who_may_not_read_notes_any_more(world, incident):
    with transaction.atomic():
        entry = records.say(
            incident, by=world.lead, at=sh(10, 8, 9), body="secret", is_public=False
        )
    tell([world.requester], "noted", key="k", record=incident, entry=entry, side="agent")

    send()

    assert mails().get().reason == "internal"
    assert mail.outbox == []


def test_preferences_of_other_topics_do_not_matter(world, incident):
    Person.objects.filter(pk=world.requester.pk).update(
        notify_prefs={"mail": {"requests": "off", "questions": "now"}}
    )
    incident = lifecycle.start(incident, by=world.specialist)
    lifecycle.resolve(incident, by=world.specialist, resolution="x", closure_code=closure())

    send()

    assert [one.to for one in mail.outbox] == [["r1@lanting.example"]]


# --- digests -------------------------------------------------------------------------------------
def test_a_few_escalations_are_mails_of_their_own(world, incident):
    escalations(world.lead, incident, 3)

    send()

    assert len(mail.outbox) == 3


def test_many_escalations_become_one_mail(world, incident):
    escalations(world.lead, incident, 25)
    escalations(world.manager, incident, 1)

    send()

    assert sorted(one.to[0] for one in mail.outbox) == [
        "l1@lanting.example", "m1@lanting.example",
    ]  # fmt: skip
    rows = mails().filter(person=world.lead)
    assert {(row.status, row.reason, row.recipient) for row in rows} == {
        ("sent", "digest", "l1@lanting.example")
    }
    sent = {one.extra_headers["Message-ID"] for one in mail.outbox}
    assert sent == {row.message_id for row in mails()}


def test_a_digest_whose_sender_died_stays_one_mail(world, incident):
    escalations(world.lead, incident, 25)
    make_due()
    lost = sending.claim_next()
    assert len(lost.rows) == 25

    send()

    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == lost.carrier.message_id


def test_what_comes_right_after_a_digest_gathers(world, incident):
    escalations(world.lead, incident, 25)
    send()
    tell([world.lead], "escalation", key="esc:99:0:75", record=incident, percent=75)

    send()

    assert len(mail.outbox) == 1
    assert mails().get(dedup_key__startswith="esc:99").status == "pending"


def test_rights_are_asked_for_each_line_of_a_digest(world, incident):
    hidden = report(world, title="HIDDEN", confidentiality="security")
    forget()
    escalations(world.lead, incident, 15)
    tell([world.lead], "escalation", key="esc:77:0:75", record=hidden, percent=75)

    send()

    assert mails().get(dedup_key__startswith="esc:77").reason == "not_visible"
    assert "HIDDEN" not in mail.outbox[0].body


@pytest.mark.feature("CN-12")
def test_who_wants_one_mail_a_day_gets_one(world, incident):
    Person.objects.filter(pk=world.requester.pk).update(
        notify_prefs={"mail": {"requests": "daily"}}
    )
    messages.reply(incident, by=world.agent, body="first")
    messages.reply(incident, by=world.agent, body="second")

    send()
    assert mail.outbox == []
    assert {row.reason for row in mails()} == {"daily"}
    send()

    assert len(mail.outbox) == 1
    assert "first" in mail.outbox[0].body
    assert "second" in mail.outbox[0].body
    assert Notification.objects.filter(channel=MAIL, status="sent").count() == 2


# --- on the command line --------------------------------------------------------------------------
def test_the_command_tells_what_waits_and_sends_it(world, incident):
    tell([world.requester], key="k", record=incident, side="portal")
    out = StringIO()

    call_command("outgoing_mail", stdout=out)
    call_command("outgoing_mail", "--send", stdout=out)

    assert out.getvalue().splitlines() == [
        "pending: 1", "not held", "dealt with: 1", "sent: 1", "not held",
    ]  # fmt: skip

"""What becomes of mails beyond the corpus: floods, failures, bounces, notes, decided once more."""

import pytest

from core import preferences
from core.errors import Refused
from people.models import Person
from records.models import Notification, TimelineEntry
from servicedesk.mail import acting, intake, reading
from servicedesk.mail.parse import Parsed
from servicedesk.models import InboundMessage, UndeliverableAddress
from servicedesk.notices import addresses
from tests.servicedesk import mail_corpus as corpus
from tests.servicedesk.mail_world import mailbox, place, take
from tests.servicedesk.notices_world import deliver, mails, report, send

pytestmark = pytest.mark.django_db


def test_a_reply_is_public_and_comes_from_the_requester(world):
    here = place(world)

    row = take(here.mailbox, corpus.mail(In_Reply_To=here.mail_to_requester, body="It works."))

    entry = row.entry
    assert (entry.author, entry.body, entry.kind) == (world.requester, "It works.", "email_in")
    assert entry.visibility == TimelineEntry.Visibility.PUBLIC


@pytest.mark.feature("CN-01")
def test_an_agents_mail_with_the_mark_is_a_note_and_without_it_a_reply(world):
    here = place(world)
    token = addresses.make(here.open, world.agent)
    written = {"From": "a1@lanting.example", "To": token}

    note = take(here.mailbox, corpus.mail(body="[internal] careful", **written))
    reply = take(here.mailbox, corpus.mail(body="It is done", **written))

    assert note.entry.visibility == TimelineEntry.Visibility.INTERNAL
    assert reply.entry.visibility == TimelineEntry.Visibility.PUBLIC
    assert reply.entry.author == world.agent


def test_a_late_mail_opens_a_ticket_that_follows_and_came_by_mail(world):
    here = place(world)

    row = take(here.mailbox, corpus.mail(In_Reply_To=here.mail_of_closed))

    assert row.record.channel == "email"
    assert row.record.links_out.get().target.number == here.closed.number


@pytest.mark.feature("CN-05")
def test_who_was_in_copy_takes_part_before_the_first_answer(world):
    here = place(world)

    row = take(
        here.mailbox, corpus.mail(From="friend@out.example", In_Reply_To="<first@client.example>")
    )

    friend = Person.objects.get(email="friend@out.example")
    assert (row.decision, row.entry.author) == ("joined_as_cc", friend)
    assert row.record.watches.get(person=friend).takes_part
    assert not friend.can_sign_in


def test_a_dmarc_word_counts_only_under_the_name_of_our_own_server(world, settings):
    here = place(world)
    settings.MAIL_AUTHSERV_ID = "mx.lanting.example"
    named = {"From": "a1@lanting.example", "Subject": here.open.number}

    ends = [
        take(here.mailbox, corpus.mail(Authentication_Results=value, **named)).decision
        for value in (
            "mx.lanting.example; dmarc=pass header.from=lanting.example",
            "mx.lanting.example; dmarc=fail",
            "mx.evil.example; dmarc=pass",
            ["mx.evil.example; dmarc=none", "mx.lanting.example; dmarc=pass"],
        )
    ]

    assert ends == ["reply", "quarantined", "new_ticket", "new_ticket"]


# --- floods (CN-02) -------------------------------------------------------------------------------
@pytest.mark.feature("CN-02")
def test_a_flood_is_held_and_the_desk_is_told_once(world):
    box = mailbox(world)
    preferences.put("mail_tickets_an_hour", 3, by=None)

    ends = [take(box, corpus.mail(body=f"Words {number}")).decision for number in range(6)]

    assert ends == ["new_ticket"] * 3 + ["held_flood"] * 3
    told = Notification.objects.filter(template="mail_held", channel="in_app")
    assert set(told.values_list("person__code", flat=True)) == {"ADM", "M2"}
    assert told.count() == 2


@pytest.mark.feature("CN-02")
def test_a_robot_that_answers_each_answer_gets_five_an_hour(world):
    box = mailbox(world)
    preferences.put("mail_tickets_an_hour", 1000, by=None)

    for number in range(12):
        take(box, corpus.mail(From="robot@out.example", body=f"Thanks, your number is {number}"))
        deliver()

    assert mails().filter(template="acknowledgement").count() == 5


@pytest.mark.feature("CN-02")
def test_too_many_mails_to_one_ticket_are_held(world):
    preferences.put("mail_replies_an_hour", 2, by=None)
    here = place(world)

    ends = [
        take(here.mailbox, corpus.mail(In_Reply_To=here.mail_to_requester, body=str(n))).decision
        for n in range(4)
    ]

    assert ends == ["reply", "reply", "held_flood", "held_flood"]


# --- bounces (CN-09) ------------------------------------------------------------------------------
@pytest.mark.feature("CN-09")
def test_a_lasting_failure_marks_the_address_and_nothing_more_goes_there(world):
    here = place(world)
    send()

    take(here.mailbox, corpus.report(here))
    report(world, title="Another")
    send()

    assert UndeliverableAddress.objects.get().address == "r1@lanting.example"
    last = mails().filter(person=world.requester).last()
    assert (last.status, last.reason) == ("suppressed", "undeliverable")


@pytest.mark.feature("CN-09")
@pytest.mark.parametrize("more", [
    {"status": "4.2.2", "action": "delayed"}, {"original": "<forged@id>"}, {"to": "x@y.example"},
])  # fmt: skip
def test_a_passing_or_forged_report_marks_no_address(world, more):
    here = place(world)

    take(here.mailbox, corpus.report(here, **more))

    assert not UndeliverableAddress.objects.exists()


# --- failures (CN-03) -----------------------------------------------------------------------------
@pytest.mark.feature("CN-03")
def test_a_mail_that_breaks_is_held_with_its_error_and_the_next_ones_go_on(world, monkeypatch):
    box, usual = mailbox(world), acting.carry_out

    def breaking(plan, parsed, message):
        if "poison" in parsed.subject:
            raise ZeroDivisionError("nobody foresaw this")
        return usual(plan, parsed, message)

    monkeypatch.setattr(acting, "carry_out", breaking)
    for subject in ("poison", "one", "two"):
        intake.receive(corpus.mail(Subject=subject), box)

    intake.sweep_due()

    ends = dict(InboundMessage.objects.values_list("subject", "decision"))
    assert ends == {"poison": "quarantined", "one": "new_ticket", "two": "new_ticket"}
    assert "nobody foresaw this" in InboundMessage.objects.get(subject="poison").error


@pytest.mark.feature("CN-03")
def test_a_mail_that_kills_whoever_decides_it_is_held_after_three_tries(world, monkeypatch):
    pk = intake.receive(corpus.mail(), mailbox(world))
    monkeypatch.setattr(reading, "read", lambda _raw: (_ for _ in ()).throw(SystemExit))
    for _try in range(3):
        with pytest.raises(SystemExit):
            intake.decide(pk)
        InboundMessage.objects.filter(pk=pk).update(locked_until="2020-01-01T00:00Z")

    assert intake.decide(pk) == "quarantined"


@pytest.mark.feature("CN-03")
def test_the_process_that_reads_may_die_or_hang(monkeypatch):
    reader = reading.Reader()
    reader.read(b"From: a@b.example\n\nx")
    reader._process.kill()
    reader._process.wait()
    after = reader.read(b"From: a@b.example\n\nagain")
    monkeypatch.setattr(reading, "SECONDS", 0.0)
    late = reader.read(b"From: a@b.example\n\nx" * 1000)
    reader.close()

    assert (after.text, after.fatal) == ("again", [])
    assert late.fatal[0] == "took_too_long"


def test_an_answer_waits_for_the_mail_that_it_answers(world):
    box = mailbox(world)
    first = intake.receive(corpus.mail(Message_ID="<a@b>", Cc="r2@lanting.example"), box)
    answer = intake.receive(corpus.mail(From="r2@lanting.example", In_Reply_To="<a@b>"), box)

    early = intake.decide(answer)
    intake.decide(first)
    InboundMessage.objects.update(locked_until="2020-01-01T00:00Z")

    assert early == ""
    assert intake.decide(answer) == "joined_as_cc"


# --- once more (D14) ------------------------------------------------------------------------------
@pytest.mark.feature("D14")
def test_a_decision_once_more_is_added_and_the_former_stays(world):
    box = mailbox(world)
    row = take(box, corpus.mail(Precedence="bulk"))

    same = intake.decide_again(row.pk, by=world.admin)
    other = intake.decide_again(row.pk, by=world.admin, insists=True)

    assert (row.decision, same, other) == ("ignored_auto", "ignored_auto", "new_ticket")
    assert [one.by for one in row.decisions.all()] == [None, world.admin, world.admin]
    with pytest.raises(Refused):
        intake.decide_again(row.pk, by=world.admin)


def test_unknown_senders_are_held_where_the_mailbox_says_so(world):
    box = mailbox(world, strangers="quarantine")
    row = take(box, corpus.mail(From="guest@out.example"))

    again = intake.decide_again(row.pk, by=world.admin, insists=True)

    assert (row.decision, row.state, again) == ("rejected_stranger", "quarantined", "new_ticket")


def test_who_has_left_is_held(world):
    Person.objects.filter(pk=world.requester.pk).update(is_active=False)

    assert take(mailbox(world), corpus.mail()).decision == "rejected_stranger"


def test_mail_of_lists_is_taken_where_the_address_is_one(world):
    ends = [
        take(mailbox(world, code=code, address=f"{code}@lanting.example", takes_lists=takes),
             corpus.mail(List_Id="<x>")).decision
        for code, takes in (("a", False), ("b", True))
    ]  # fmt: skip

    assert ends == ["ignored_auto", "new_ticket"]


def test_what_was_read_can_be_packed_and_unpacked():
    parsed = reading.read(
        corpus.multipart("mixed", corpus.part("x"), corpus.part("y", "image/png"))
    )

    assert Parsed.of(parsed.__dict__ | {"attachments": []}).text == "x"

"""A mail program's way, over real sockets: sent by SMTP, fetched by IMAP, answered by SMTP, and the
answer to that on the same ticket."""

import smtplib
from email.message import EmailMessage

import pytest

from incidents.actions import messages
from people.models import Person
from servicedesk.mail import fetching, intake
from servicedesk.models import InboundMessage
from tests.servicedesk.imap_server import Server
from tests.servicedesk.mail_world import mailbox, newest, numbers
from tests.servicedesk.notices_world import report, send
from tests.servicedesk.smtp_server import Post, serving

pytestmark = pytest.mark.django_db
CUSTOMER, DESK = "r1@lanting.example", "desk@lanting.example"
WORDS = {
    "en": ("We have received your request", "Please write your answer above this line"),
    "zh-hans": ("我们已收到您的请求", "请在此行上方填写您的答复"),
}


@pytest.fixture
def box(world, monkeypatch, settings):
    """(the mailbox at an IMAP server, the mail server that delivers there)."""
    monkeypatch.setenv("DESK_SECRET", "secret")
    with Server() as imap, serving(settings, Post({DESK: imap})) as post:
        yield mailbox(
            world, address=DESK, protocol="imap", host="127.0.0.1", port=imap.port,
            security="none", username="desk", secret_env="DESK_SECRET",
        ), post  # fmt: skip


def write(settings, **fields):
    """What the customer's program does: hand a mail to the mail server."""
    message = EmailMessage()
    message.set_content(fields.pop("body"))
    for name, value in {"From": CUSTOMER, "To": DESK, **fields}.items():
        message[name.replace("_", "-")] = value
    with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as server:
        server.send_message(message)


def come_in(box):
    fetching.fetch(box)
    intake.sweep_due()
    return InboundMessage.objects.order_by("-pk").first()


def answer_to(mail, number):
    """The headers that a mail program gives an answer, and what it quotes below."""
    sent = mail.get_body(("plain",)).get_content()
    quoted = "\n".join(f"> {line}" for line in sent.splitlines())
    return {
        "To": mail["Reply-To"], "Subject": f"Re: {mail['Subject']}",
        "In_Reply_To": mail["Message-ID"],
        "References": f"{mail['References']} {mail['Message-ID']}",
        "Message_ID": f"<answer{number}@client.example>",
        "body": f"It works again, thank you.\n\nOn Mon, 5 Oct 2026 the desk wrote:\n{quoted}\n",
    }  # fmt: skip


@pytest.mark.feature("CN-01", "CN-04", "CN-07")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_mail_is_answered_in_its_thread_and_the_answer_lands_on_the_same_ticket(
    world, box, settings, language
):
    box, post = box
    world.requester.locale = language
    world.requester.save()

    write(settings, Subject="投影仪坏了", Message_ID="<first@client.example>", body="It is dark.")
    first = come_in(box)
    ticket = newest()
    send()
    messages.reply(ticket, by=world.agent, body="请重启投影仪")
    send()
    received, reply = post.mails_to(CUSTOMER)
    before = numbers()
    write(settings, **answer_to(reply, 1))
    second = come_in(box)
    messages.reply(newest(), by=world.agent, body="Good.")
    send()
    last = post.mails_to(CUSTOMER)[-1]

    assert (first.decision, ticket.requester, ticket.channel) == (
        "new_ticket", world.requester, "email",
    )  # fmt: skip
    assert "It is dark." in ticket.description
    for mail in (received, reply):
        assert mail["In-Reply-To"] == "<first@client.example>"
        assert mail["References"].split()[-1] == "<first@client.example>"
    assert WORDS[language][0] in received.get_body(("plain",)).get_content()
    assert WORDS[language][1] in reply.get_body(("plain",)).get_content()
    assert "请重启投影仪" in reply.get_body(("plain",)).get_content()
    assert (second.decision, second.record.number) == ("reply", ticket.number)
    assert numbers() == before
    assert (second.entry.body, second.entry.visibility) == ("It works again, thank you.", "public")
    assert "请重启投影仪" in second.quoted
    assert last["In-Reply-To"] == "<answer1@client.example>"
    assert len(set(post.ids)) == len(post.ids)


def test_nobody_learns_the_id_of_another_ones_mail(world, box, settings):
    box, post = box
    write(
        settings, Subject="Projector", Message_ID="<mine@client.example>", body="Dark.",
        Cc="r2@lanting.example",
    )  # fmt: skip
    come_in(box)
    write(
        settings, From="r2@lanting.example", Subject="Re: Projector", body="Here, too.",
        In_Reply_To="<mine@client.example>", Message_ID="<theirs@client.example>",
    )  # fmt: skip
    come_in(box)

    messages.reply(newest(), by=world.agent, body="We look at it.")
    send()

    to_first = post.mails_to(CUSTOMER)[-1]["References"]
    to_second = post.mails_to("r2@lanting.example")[-1]["References"]
    assert "<mine@client.example>" in to_first
    assert "theirs" not in to_first
    assert "<theirs@client.example>" in to_second
    assert "mine" not in to_second


def test_an_answer_to_a_mail_that_stood_for_many_lands_on_none_of_them(world, box, settings):
    box, post = box
    Person.objects.filter(pk=world.requester.pk).update(
        notify_prefs={"mail": {"requests": "daily"}}
    )
    for ticket in (report(world), report(world, title="Another")):
        messages.reply(ticket, by=world.agent, body="We look at it.")
    send()
    send()
    digest = post.mails_to(CUSTOMER)[-1]

    write(
        settings, Subject=f"Re: {digest['Subject']}", In_Reply_To=digest["Message-ID"],
        Message_ID="<late@client.example>", body="Thanks, but the screen is dark.",
    )  # fmt: skip
    row = come_in(box)

    assert digest["Reply-To"] is None
    assert row.decision == "new_ticket"

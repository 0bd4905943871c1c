"""What the tests of incoming mail share: a mailbox, tickets to answer to, and their mails."""

from types import SimpleNamespace

from incidents.actions import lifecycle, merging
from incidents.models import Incident
from records.models import Notification, Record
from servicedesk.mail import intake
from servicedesk.models import InboundMessage, Mailbox
from tests.servicedesk.notices_world import closure, deliver, report


def mailbox(world, **fields):
    fields = {
        "code": "desk", "name": "Service desk", "address": "it@lanting.example", "protocol": "push",
        "organization": world.other,
    } | fields  # fmt: skip
    return Mailbox.objects.create(**fields)


def place(world, **fields):
    """An open, a closed, a merged, a foreign and a mailed ticket, with the mails about them."""
    made = SimpleNamespace(world=world, mailbox=mailbox(world, **fields))
    made.open = report(world, assignee=world.agent)
    made.closed = report(world, title="Old printer")
    lifecycle.resolve(
        made.closed, by=world.agent, resolution="Done", closure_code=closure(), service=world.mail
    )
    lifecycle.confirm(made.closed, by=world.requester)
    made.merged = report(world, title="VPN again")
    merging.merge(made.merged, by=world.agent, target=made.open)
    made.foreign = report(world, by=world.stranger, requester=world.stranger, title="Theirs")
    deliver()
    made.mail_to_requester = mail_id(made.open, world.requester)
    made.mail_to_agent = mail_id(made.open, world.agent)
    made.mail_of_closed = mail_id(made.closed, world.requester)
    first = (
        b"From: r1@lanting.example\r\nTo: desk@lanting.example, r2@lanting.example\r\n"
        b"Cc: friend@out.example\r\nSubject: Projector\r\nMessage-ID: <first@client.example>\r\n\r\n"
        b"The projector is dark.\r\n"
    )
    take(made.mailbox, first)
    made.mailed = InboundMessage.objects.get(message_id="<first@client.example>").record
    return made


def mail_id(record, person):
    rows = Notification.objects.filter(record=record, person=person, channel="email")
    return rows.order_by("pk").first().message_id


def take(box, raw):
    """Store a mail and decide it. Returns its row."""
    pk = intake.receive(raw, box)
    intake.decide(pk)
    return InboundMessage.objects.get(pk=pk)


def newest():
    return Incident.objects.order_by("-pk").first()


def numbers():
    return set(Record.objects.values_list("pk", flat=True))

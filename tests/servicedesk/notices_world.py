"""What the tests of notices share: a report, the delivery of messages, and what was told."""

from core import outbox
from core.models import Message
from incidents.actions import opening
from records.models import ClosureCode, Notification, PendingReason
from servicedesk.notices import sending

PAGE, MAIL = Notification.Channel.IN_APP, Notification.Channel.EMAIL


def report(world, **fields):
    fields.setdefault("by", world.requester)
    fields.setdefault("requester", world.requester)
    fields.setdefault("title", "无法连接 VPN")
    fields.setdefault("category", world.vpn)
    return opening.open_incident(**fields)


def reason(code="wait_customer"):
    return PendingReason.objects.get(code=code)


def closure():
    return ClosureCode.objects.get(code="solved_permanently")


def deliver():
    """Let every announcement reach its reactions."""
    Message.objects.update(next_attempt_at="2020-01-01T00:00Z")
    return outbox.sweep_due(limit=1000)


def forget():
    """Deliver what was announced so far, and start counting from here."""
    deliver()
    Notification.objects.all().delete()


def told(channel=None):
    """{(staff number, template)} of what has been queued."""
    deliver()
    rows = Notification.objects.all()
    rows = rows.filter(channel=channel) if channel else rows
    return set(rows.values_list("person__code", "template"))


def make_due():
    Notification.objects.exclude(status="sent").update(locked_until="2020-01-01T00:00Z")


def send(limit=100):
    """Deliver, then send all that waits, due or not."""
    deliver()
    make_due()
    return sending.sweep_due(limit)


def mails():
    return Notification.objects.filter(channel=MAIL).order_by("pk")

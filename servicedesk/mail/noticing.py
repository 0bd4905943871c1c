"""Tells the desk that mails of a sender are held: one notice an hour, not one a mail."""

from django.utils.translation import gettext as _

from core import time
from people.models import Person, RoleAssignment
from people.roles import Role
from records.notify import tell
from servicedesk.models.mail import Decision
from servicedesk.notices.addresses import site_url
from servicedesk.notices.letters import Letter, letter


def tell_if_flooded(message, decision):
    if decision != Decision.HELD_FLOOD:
        return
    now = time.now()
    today = RoleAssignment.objects.filter(
        role__in=[Role.ADM, Role.SDM], valid__contains=now.date()
    ).values("person_id")
    people = Person.objects.filter(pk__in=today, is_active=True).order_by("pk")
    key = f"mail_flood:{message.sender[:80]}:{now:%Y%m%d%H}"
    tell(people, "mail_held", key=key, sender=message.sender[:254], mail=message.pk)


@letter("mail_held")
def mail_held(subject):
    """To who looks after the mailboxes. The mail itself is not quoted."""
    line = _("Many mails of %(sender)s came in a short time and are held.") % {
        "sender": subject.data.get("sender", "")
    }
    return Letter(
        line=line, subject=_("Mails are held"), lead=[line],
        button=(_("Look at the mails"), site_url("servicedesk:mail_in", query="?decision=held")),
    )  # fmt: skip

"""Tells the desk what happened to mails: those of a sender are held (one notice an hour, not one a
mail), and one of ours did not arrive."""

from django.utils.translation import gettext as _

from core import time
from people.models import Person, RoleAssignment
from people.roles import Role
from records.notify import tell
from servicedesk.models.mail import Decision
from servicedesk.notices import audience
from servicedesk.notices.addresses import site_url
from servicedesk.notices.letters import Letter, letter, one_line
from servicedesk.notices.letters_agents import ticket


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


def tell_of_bounce(row, *, address, said):
    """To who works on the ticket, once a mail: the requester's side was not reached. A mail that
    came back from somebody who works here is seen on the page of outgoing mail alone."""
    if row.record_id is None or row.data.get("side") != audience.PORTAL:
        return
    people = [
        person for person, _record in audience.assignee_or_group(row.record, None)
        if person.pk != row.person_id
    ]  # fmt: skip
    tell(
        people, "mail_bounced", key=f"bounce:{row.pk}", record=row.record, side=audience.AGENT,
        why="assignee", name=row.person.name, address=address[:254], said=said, about=row.subject,
    )  # fmt: skip


@letter("mail_bounced")
def mail_bounced(subject):
    """To who works on the ticket. What the server said is quoted, as text."""
    data = subject.data
    line = _("A mail to %(name)s (%(address)s) did not arrive.") % {
        "name": one_line(data.get("name", ""), 80), "address": one_line(data.get("address", ""), 120),
    }  # fmt: skip
    facts = [
        (_("Mail"), one_line(data.get("about", ""))), (_("What the server said"), data.get("said", "")),
    ]  # fmt: skip
    return ticket(subject, line, _("Mail came back"), facts=[one for one in facts if one[1]])

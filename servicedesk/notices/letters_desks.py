"""Letters to both desks when a ticket changes the responsible one."""

from django.utils.translation import gettext as _

from people.models import SupportGroup
from servicedesk.notices.letters import letter
from servicedesk.notices.letters_agents import ticket


def _desk(subject, name):
    key = subject.entry.data.get(name) if subject.entry else None
    found = SupportGroup.objects.filter(pk=key).first() if key else None
    return found.name if found else ""


@letter("handed_up")
def handed_up(subject):
    words = {
        "name": subject.actor, "desk": _desk(subject, "to_group_id"),
        "own": _desk(subject, "from_group_id"),
    }  # fmt: skip
    line = _("%(name)s handed this ticket up from %(own)s to %(desk)s.") % words
    return ticket(subject, line, _("Handed up"), quote=subject.words)


@letter("took_over")
def took_over(subject):
    words = {
        "name": subject.actor, "desk": _desk(subject, "to_group_id"),
        "own": _desk(subject, "from_group_id"),
    }  # fmt: skip
    line = _("%(name)s took this ticket over from %(own)s for %(desk)s.") % words
    return ticket(subject, line, _("Taken over"), quote=subject.words)

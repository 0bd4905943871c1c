"""What every page asks about its reader, in one statement: the notices that are unread, and whether
any announcement is shown or any major incident runs. Kept like the counts of the menu."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import TextField, Value

from core.context import Extra
from incidents.models import Incident
from servicedesk.models import Announcement
from servicedesk.notices import inbox
from servicedesk.queue import counts


@dataclass(frozen=True)
class Glance:
    unread: str  # as the bell shows it; empty for none
    has_announcements: bool
    has_majors: bool


def of(person):
    return counts.kept(person, "glance", lambda: _ask(person))


def _ask(person):
    rows = _called("unread", inbox.unread(person)).union(
        _called("told", Announcement.objects.running()[:1]),
        _called("major", running_majors()[:1]),
        all=True,
    )
    found = Counter(what for (what,) in rows)
    return Glance(inbox.count_text(found["unread"]), bool(found["told"]), bool(found["major"]))


def _called(what, rows):
    return rows.values_list(Value(what, output_field=TextField()))


def running_majors():
    """Large disruptions that everybody who is concerned may hear of."""
    return Incident.objects.active().filter(
        is_major=True, confidentiality="normal", major__ended_at=None
    )


def on_the_bell(request):
    """For the shell: the number on the bell (itsm.navigation)."""
    if not request.user.is_authenticated:
        return {}
    return {"notifications": Extra(count=of(request.user).unread)}

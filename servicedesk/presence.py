"""Who has a record open besides the reader, and who writes. Kept for half a minute, lost without harm."""

from dataclasses import dataclass

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.formats import initials
from servicedesk.models import Presence


@dataclass(frozen=True)
class Others:
    """Who else is here: all names, and the sentence about those who write."""

    names: list
    people: list
    writing: str

    def __bool__(self):
        return bool(self.names)


def seen(record, person, *, is_writing):
    """Note that `person` has the record open; who else has is returned."""
    Presence.objects.update_or_create(
        record_id=record.pk, person=person, defaults={"seen_at": Now(), "is_writing": is_writing}
    )
    return others(record, person)


def others(record, person):
    rows = list(Presence.objects.others(record, person)[:12])
    names = [row.person.name for row in rows]
    writers = [row.person.name for row in rows if row.is_writing]
    return Others(
        names, [(row.person, initials(row.person.name)) for row in rows], _writing(writers)
    )


def _writing(names):
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s is writing here.") % {"name": names[0]}
    return _("%(names)s are writing here.") % {"names": ", ".join(names)}


def left(record, person):
    """The page was closed."""
    Presence.objects.filter(record_id=record.pk, person=person).delete()

"""What may go wrong on purpose. Anything else that is raised is a bug and should crash."""

from django.utils.translation import gettext as _


class Refused(Exception):
    """A step that cannot be taken now, with the reasons in the reader's words. Answered by 409."""

    def __init__(self, *reasons):
        self.reasons = [str(reason) for reason in reasons]
        super().__init__("; ".join(self.reasons))


class Stale(Refused):
    """Somebody else was faster: the version that the writer saw is no longer the present one."""

    def __init__(self, *, seen, present, by=None, changes=()):
        self.seen, self.present, self.changes = seen, present, list(changes)
        if by:
            text = _("%(who)s changed this meanwhile. Nothing was overwritten.") % {"who": by}
        else:
            text = _("This was changed meanwhile. Nothing was overwritten.")
        super().__init__(text, *self.changes)

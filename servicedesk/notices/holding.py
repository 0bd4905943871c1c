"""The switch that keeps every mail back: after a restore nothing goes out before somebody looked."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core import preferences

preferences.register(
    "mail_held",
    _("Hold all outgoing mail"),
    default=False,
    help=_("Mails are queued but not sent until this is switched off."),
)


def is_held():
    """By the environment (MAIL_HELD), or by an administrator; seen everywhere within ten seconds."""
    return settings.MAIL_HELD or bool(preferences.get("mail_held"))

"""What an administrator sets for mail that comes in."""

from django.utils.translation import gettext_lazy as _

from core import preferences

preferences.register(
    "mail_tickets_an_hour", _("New tickets a sender may open by mail in an hour"), 20
)
preferences.register(
    "mail_answers_an_hour", _("Automatic answers that a sender gets in an hour"), 5
)
preferences.register("mail_replies_an_hour", _("Mails of one sender to one ticket in an hour"), 30)
preferences.register(
    "mail_new_callers_an_hour", _("New callers a mailbox may bring in an hour"), 50
)
preferences.register(
    "mail_bare_number",
    _("A ticket number in the subject is enough for who takes part"),
    default=True,
)
preferences.register(
    "mail_copied_may_answer", _("Who was in copy of a mail may answer to its ticket"), default=True
)
preferences.register(
    "mail_note_mark", _("An agent's mail that begins with this becomes an internal note"),
    "[internal]",
)  # fmt: skip


def of(key):
    return preferences.get(key)

"""What an administrator does to a mailbox, and what there is to warn about. Each act is audited."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils import formats
from django.utils.translation import gettext as _

from core import audit
from servicedesk.mail import fetching
from servicedesk.models import Mailbox

WARNED_DAYS = 21


@transaction.atomic
def save(form, *, by):
    audit.acting(by)
    mailbox = form.save()
    # a change is tried at once, and from the beginning where it is another folder
    changes = {"next_fetch_at": Now()}
    if {"host", "username", "folder"} & set(form.changed_data):
        changes |= {"uid_validity": 0, "last_uid": 0, "failing_since": None, "last_error": ""}
        changes |= {"stuck_uid": 0, "stuck_tries": 0, "left_uids": []}
    Mailbox.objects.filter(pk=mailbox.pk).update(**changes)
    return mailbox


@transaction.atomic
def ask_for_check(mailbox, *, by):
    """The next fetcher signs in and notes how it went, though the mailbox be switched off. It tries
    the mails again that were left on the server."""
    Mailbox.objects.filter(pk=mailbox.pk).update(check_asked_at=Now())
    fetching.take_left_ones(mailbox)
    audit.record(
        "mailbox.tested", by=by, subject="servicedesk_mailbox", object_id=mailbox.pk
    )  # fmt: skip


def warning_of(mailbox, today):
    """A sentence where the secret runs out soon or did so already (CN-08), else nothing."""
    ends = mailbox.secret_expires_on
    if ends is None or not mailbox.is_active or (ends - today).days > WARNED_DAYS:
        return ""
    if ends < today:
        return _("The secret ran out on %(day)s. Put a new one into the environment.") % {
            "day": formats.date_format(ends, "Y-m-d")
        }
    return _("The secret runs out on %(day)s. Put a new one into the environment before.") % {
        "day": formats.date_format(ends, "Y-m-d")
    }

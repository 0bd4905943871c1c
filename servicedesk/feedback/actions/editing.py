"""Putting the facts of feedback right. Whom it is about, and how secret it is, is not edited."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from records import actions as records
from servicedesk.feedback import policies
from servicedesk.feedback.actions.filing import central_desk
from servicedesk.models import Feedback
from slm import effects

EDITABLE = ("title", "service", "severity")


@transaction.atomic
def edit(feedback, *, by, at=None, seen_version=None, **changes):
    """Change plain facts; a complaint that turns out to be serious goes to the central desk."""
    feedback = Feedback.objects.lock(feedback)
    records.check_version(feedback, seen_version)
    if by is not None and not policies.can_work(feedback, by):
        raise PermissionDenied
    if set(changes) - set(EDITABLE) or ("severity" in changes and not feedback.is_complaint):
        raise Refused(_("This cannot be changed."))
    if feedback.is_final:
        raise Refused(_("The record is closed."))
    at = at or time.now()
    if "severity" in changes:
        feedback.priority = changes["severity"] + 1
        if changes["severity"] == Feedback.Severity.SERIOUS:
            feedback.owner_group = central_desk() or feedback.owner_group
    changed = records.edit_fields(feedback, changes, by=by, at=at)
    if changed and {"service", "severity"} & set(changes):
        effects.retargeted(feedback, at=at, by=by)
    return feedback

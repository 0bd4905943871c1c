"""What must hold before a step of feedback: (feedback) -> why not, or None."""

from django.utils.translation import gettext as _

from servicedesk.feedback import confidence

HIGHEST = 2


def has_an_owner(feedback):
    return None if feedback.owner_id else _("Nobody owns the answer yet.")


def owner_is_not_complained_of(feedback):
    if feedback.owner_id and not confidence.may_own(feedback, feedback.owner):
        return _("Its owner is involved in it: hand it over first.")
    return None


def service_has_an_owner(feedback):
    """Whom the wish goes to."""
    if not feedback.service_id:
        return _("Say first which service it is about.")
    owner = feedback.service.owner
    if owner is None or not owner.is_active:
        return _("The service has no owner who could be asked.")
    if confidence.is_against(feedback, owner):
        return _("The owner of the service is complained of.")
    return None


def somebody_stands_above(feedback):
    if feedback.level >= HIGHEST:
        return _("It was answered at the highest level already.")
    return None

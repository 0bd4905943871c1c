"""How feedback comes to be: filed, routed to a desk that is not the one complained of, promised an
answer."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import outbox, preferences
from people.models import SupportGroup
from records import actions as records
from records import files, numbers, timeline
from records.deadlines import desk_calendar, working_days_after
from records.models import Record
from records.routing import route
from servicedesk.events import FeedbackVerb as Verb
from servicedesk.feedback import policies
from servicedesk.models import Feedback
from slm import effects, promises, work
from slm.terms import Metric

Kind = Feedback.Kind
# An announced fact: somebody sees a chance for the business (nobody sweeps it, reports read it).
OPPORTUNITY = "feedback.opportunity"


@transaction.atomic
def give(
    *, by, feedback_kind, title, description="", requester=None, service=None, about_record=None,
    about_group=None, about_person=None, severity=None, uploads=(), channel="portal", at=None,
):  # fmt: skip
    """File feedback of `requester`, by default one's own.

    Raises ValidationError at its fields, PermissionDenied where `by` may not.
    """
    if by is not None and not policies.can_give(None, by):
        raise PermissionDenied
    requester = requester or by
    _refuse_unsound(feedback_kind, title, severity)
    _refuse_unseen(about_record, requester, by)
    work.check_uploads(uploads)
    is_complaint = feedback_kind == Kind.COMPLAINT
    feedback = Feedback(
        kind="feedback", state=Feedback.State.RECEIVED, feedback_kind=feedback_kind,
        title=title.strip(), description=description, requester=requester,
        reported_by=by if by is not None and by.pk != requester.pk else None,
        organization=requester.organization, site=requester.site, channel=channel,
        service=service or (about_record.service if about_record else None),
        about_record=about_record, about_group=about_group, about_person=about_person,
        severity=severity if is_complaint else None,
        priority=severity + 1 if is_complaint else 4,
    )  # fmt: skip
    if is_complaint and (about_group or about_person):
        feedback.confidentiality = Record.Confidentiality.RESTRICTED
    feedback.number, now = numbers.take("FBK")
    at = at or now
    _place(feedback, at)
    feedback.opened_at = at
    records.file_record(feedback, at=at)
    effects.opened(feedback, at=at, by=by, defaults=own_promises(feedback, at))
    entry = timeline.record(
        feedback, Verb.OPENED, by=by, at=at, channel=channel, kind_code=feedback_kind,
        severity=feedback.severity, group_id=feedback.assigned_group_id,
    )  # fmt: skip
    for upload in uploads:
        files.keep(upload, record=feedback, entry=entry, by=by, is_internal=False)
    if feedback_kind == Kind.OPPORTUNITY:
        outbox.publish(OPPORTUNITY, record_id=feedback.pk, entry_id=entry.pk)
    return feedback


def _refuse_unsound(feedback_kind, title, severity):
    if feedback_kind not in Kind.values:
        raise ValidationError({"feedback_kind": _("Choose what it is.")})
    if not title.strip():
        raise ValidationError({"title": _("Say in one sentence what it is about.")})
    if feedback_kind == Kind.COMPLAINT and severity not in Feedback.Severity.values:
        raise ValidationError({"severity": _("Say how serious it is.")})


def _refuse_unseen(about, requester, by):
    """It may be about what both the one who asks and the one who writes may see, nothing else."""
    if about is None:
        return
    for person in {requester, by} - {None}:
        if not Record.objects.visible_to(person).filter(pk=about.pk).exists():
            raise ValidationError({"about_record": _("There is no such record.")})


def _place(feedback, at):
    """To the desk that serves the person; to the central one what is serious, and what is about a
    group or a person, so that nobody judges themselves (domain 4.1)."""
    found = route(
        requester=feedback.requester, site=feedback.site, organization=feedback.organization,
        category=None, ci=None, channel=feedback.channel, at=at,
    )  # fmt: skip
    desk = found.desk
    if (
        feedback.severity == Feedback.Severity.SERIOUS
        or feedback.about_person_id
        or feedback.about_group_id
    ):
        desk = central_desk() or desk
    feedback.owner_group = feedback.assigned_group = desk


def central_desk():
    desks = SupportGroup.objects.active().filter(kind=SupportGroup.Kind.DESK, is_central=True)
    return desks.order_by("pk").first()


def own_promises(feedback, at):
    """The desk's own promise of an answer, where no agreement makes one: N working days."""
    calendar_id = desk_calendar(feedback)
    if calendar_id is None:
        return ()
    days = int(preferences.get("feedback_answer_working_days"))
    until = working_days_after(feedback, at, days)
    return (promises.own_promise(Metric.FEEDBACK_RESPONSE, calendar_id, until=until, at=at),)

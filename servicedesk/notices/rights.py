"""Who may learn what from a notice: asked when it is queued, again when it is sent, and when it is
shown in the page."""

from datetime import timedelta

from django.db.models.functions import Now

from incidents.events import Verb as Incident
from people.notice_choices import Topic
from records.models import Notification, Record, TimelineEntry
from records.policies import can_read_notes
from servicedesk.events import RequestVerb as Request
from servicedesk.mail import limits

# That it happened is told to all who are affected, even where the entry's words are internal.
FACTS = {Incident.MAJOR_DECLARED, Incident.MAJOR_ENDED, Request.APPROVED}
PORTAL_QUESTIONS = {
    "waiting", "chased", "resolved", "order_done", "order_rejected", "feedback_answered", "survey",
    "survey_reminder",
}  # fmt: skip


def may_learn(person, record, entry):
    """An internal entry is for those who may read notes; the bare fact may be for everybody."""
    if entry is None or entry.visibility == TimelineEntry.Visibility.PUBLIC:
        return True
    return entry.verb in FACTS or can_read_notes(record, person)


def may_read_words(person, record, entry):
    """May the text of the entry be shown to this person?"""
    if entry.redacted_at is not None:
        return False
    public = entry.visibility == TimelineEntry.Visibility.PUBLIC
    return public or can_read_notes(record, person)


def sees(person, notification):
    """May the person still learn of this at all?"""
    if notification.record_id is None:
        return True
    if not Record.objects.visible_to(person).filter(pk=notification.record_id).exists():
        return False
    entry = notification.entry
    return entry is None or may_learn(person, spoken_of(notification), entry)


def spoken_of(notification):
    """The record whose story the entry is part of: with a child's notice, the parent."""
    entry = notification.entry
    if entry is None or entry.record_id == notification.record_id:
        return notification.record
    return entry.record


def had_answers_enough(person, record):
    """Whether a mail would be answered automatically once too often within an hour: the other side
    may be a program that answers each answer."""
    if record.channel != Record.Channel.EMAIL:
        return False
    rows = Notification.objects.filter(
        person=person, channel=Notification.Channel.EMAIL, template="acknowledgement",
        created_at__gt=Now() - timedelta(hours=1),
    )  # fmt: skip
    return rows.count() >= limits.of("mail_answers_an_hour")


def topic_of(notification):
    """The choice of people.notice_choices that this notice falls under."""
    template, data = notification.template, notification.data
    if template == "escalation":
        return Topic.ESCALATIONS
    if template in ("approval_asked", "approval_reminded"):
        return Topic.QUESTIONS
    for beginning, topic in (("major_", Topic.MAJOR), ("announcement", Topic.NEWS)):
        if template.startswith(beginning):
            return topic
    if data.get("why") == "watcher":
        return Topic.WATCHED
    if data.get("side") == "portal":
        return Topic.QUESTIONS if template in PORTAL_QUESTIONS else Topic.REQUESTS
    return Topic.WORK

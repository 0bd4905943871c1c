"""The verbs that the desk's own records announce. Stored words: never rename, retire."""

from django.db import models


class RequestVerb(models.TextChoices):
    OPENED = "request.opened"
    SUBMITTED = "request.submitted"
    APPROVAL_REQUESTED = "request.approval_requested"
    APPROVED = "request.approved"
    REJECTED = "request.rejected"
    REVISED = "request.revised"
    ASSIGNED = "request.assigned"
    TAKEN = "request.taken"
    STARTED = "request.started"
    WAITING = "request.waiting"
    RESUMED = "request.resumed"
    CHASED = "request.chased"
    FULFILLED = "request.fulfilled"
    CONFIRMED = "request.confirmed"
    AUTO_CLOSED = "request.auto_closed"
    DISPUTED = "request.disputed"
    CANCELLED = "request.cancelled"


class FeedbackVerb(models.TextChoices):
    OPENED = "feedback.opened"
    REVIEWED = "feedback.reviewed"
    HANDED_OVER = "feedback.handed_over"
    ANSWERED = "feedback.answered"
    ESCALATED = "feedback.escalated"
    CLOSED = "feedback.closed"
    AUTO_CLOSED = "feedback.auto_closed"
    WITHDRAWN = "feedback.withdrawn"
    IMPROVEMENT_ASKED = "feedback.improvement_asked"


class SurveyVerb(models.TextChoices):
    ANSWERED = "survey.answered"
    LOW_SCORE = "survey.low_score"


class AnnouncementVerb(models.TextChoices):
    WRITTEN = "announcement.written"
    EDITED = "announcement.edited"
    SCHEDULED = "announcement.scheduled"
    PUBLISHED = "announcement.published"
    ENDED = "announcement.ended"
    WITHDRAWN = "announcement.withdrawn"


# Announced between processes only: the readers of an announcement, in lots.
SPREAD = "announcements.spread"

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

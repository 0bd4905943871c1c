"""The verbs that the incident process announces. Stored words: never rename, retire."""

from django.db import models


class Verb(models.TextChoices):
    OPENED = "incident.opened"
    CLASSIFIED = "incident.classified"
    ASSIGNED = "incident.assigned"
    STARTED = "incident.started"
    WAITING = "incident.waiting"
    RESUMED = "incident.resumed"
    ESCALATED = "incident.escalated"
    MAJOR_DECLARED = "incident.major_declared"
    MAJOR_UPDATED = "incident.major_updated"
    MAJOR_ENDED = "incident.major_ended"
    RESTORED = "incident.restored"
    RESOLVED = "incident.resolved"
    CONFIRMED = "incident.confirmed"
    AUTO_CLOSED = "incident.auto_closed"
    REJECTED = "incident.resolution_rejected"
    CANCELLED = "incident.cancelled"
    CHASED = "incident.chased"
    ALERTED = "incident.alerted"
    ALERT_CLEARED = "incident.alert_cleared"

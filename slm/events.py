"""The verbs of service level management. Stored words: never rename, retire."""

from django.db import models


class Verb(models.TextChoices):
    AGREEMENT_CREATED = "agreement.created"
    AGREEMENT_EDITED = "agreement.edited"
    AGREEMENT_MOVED = "agreement.moved"
    AGREEMENT_SIGNED = "agreement.signed"
    AGREEMENT_ACTIVATED = "agreement.activated"
    AGREEMENT_REVISED = "agreement.revised"
    ESCALATED = "clock.escalated"
    ACKNOWLEDGED = "clock.acknowledged"
    REFERRAL_SENT = "referral.sent"
    REFERRAL_ACKNOWLEDGED = "referral.acknowledged"
    REFERRAL_ANSWERED = "referral.answered"
    REFERRAL_REJECTED = "referral.rejected"
    REFERRAL_CLOSED = "referral.closed"
    REFERRAL_RECALLED = "referral.recalled"
    VARIATION_DRAFTED = "variation.drafted"
    VARIATION_AGREED = "variation.agreed"
    VARIATION_ACTIVATED = "variation.activated"
    VARIATION_ENDED = "variation.ended"
    VARIATION_CANCELLED = "variation.cancelled"


# Announced between processes only: no entry of a timeline.
STALE = "clocks.stale"
VARIED = "clocks.varied"

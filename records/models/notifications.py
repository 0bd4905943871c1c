"""What is to be told to whom. A row is written with the change; a sender claims it by lease."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.triggers import wakes


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(channel=Notification.Channel.IN_APP, read_at=None)

    def to_send(self):
        """Due mails: waiting, or claimed by a sender whose lease has run out."""
        now = models.functions.Now()
        return self.filter(
            channel=Notification.Channel.EMAIL,
            status__in=[Notification.Status.PENDING, Notification.Status.CLAIMED],
            locked_until__lte=now,
        )


class Notification(models.Model):
    class Channel(models.TextChoices):
        IN_APP = "in_app", _("In the page")
        EMAIL = "email", _("E-mail")

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        SUPPRESSED = "suppressed", _("Not sent")
        DEAD = "dead", _("Given up")
        BOUNCED = "bounced", _("Came back")

    record = models.ForeignKey(
        "records.Record", models.CASCADE, null=True, related_name="notifications"
    )
    entry = models.ForeignKey("records.TimelineEntry", models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="notifications")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    template = models.CharField(max_length=48)
    data = models.JSONField(default=dict)
    dedup_key = models.CharField(max_length=160, unique=True)
    message_id = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(db_default=models.functions.Now())
    created_at = models.DateTimeField(db_default=models.functions.Now())
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    recipient = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["locked_until", "id"], name="notification_due",
                condition=models.Q(channel="email", status__in=["pending", "claimed"]),
            ),
            # what goes out as one mail with another, and whether that happened just now
            models.Index(
                fields=["person", "id"], name="notification_waiting",
                condition=models.Q(channel="email", status__in=["pending", "claimed"]),
            ),
            models.Index(
                fields=["person", "-sent_at"], name="notification_digest",
                condition=models.Q(template="escalation", reason="digest", status="sent"),
            ),
            # the bell, and the list: unread first, then the newest
            models.Index(
                fields=["person", "id"], name="notification_unread",
                condition=models.Q(channel="in_app", read_at__isnull=True),
            ),
            models.Index(
                models.F("person"),
                models.ExpressionWrapper(
                    models.Q(read_at__isnull=False), output_field=models.BooleanField()
                ),
                models.F("created_at").desc(), models.F("id").desc(),
                name="notification_in_page", condition=models.Q(channel="in_app"),
            ),
            # outgoing mail: what waits and what was given up, newest first
            models.Index(
                fields=["status", "-id"], name="notification_open_mail",
                condition=models.Q(
                    channel="email", status__in=["pending", "claimed", "dead", "bounced"]
                ),
            ),
            # an answer or a delivery report names the mail that it is about
            models.Index(
                fields=["message_id"], name="notification_message_id",
                condition=models.Q(channel="email"),
            ),
        ]  # fmt: skip
        triggers = [wakes("notification")]

    def __str__(self):
        return self.dedup_key

"""Satisfaction: one question a closed ticket and round of reopening, and how often it is asked.

Rows are written by servicedesk.surveys.actions only; figures are drawn from them by
servicedesk.surveys.figures.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.querysets import LockingQuerySet
from records.models import Record

LOW = 2  # scores up to this one need somebody's attention
GOOD = 4  # scores from this one on count as content


class SurveyQuerySet(LockingQuerySet):
    def visible_to(self, person):
        """Answers on the records that the person may see."""
        return self.filter(record_id__in=Record.objects.visible_to(person).values("pk"))

    def answered(self):
        return self.filter(answered_at__isnull=False)

    def low(self):
        return self.filter(score__lte=LOW)


class SurveyResponse(models.Model):
    class Score(models.IntegerChoices):
        VERY_CONTENT = 5, _("Very content")
        CONTENT = 4, pgettext_lazy("satisfaction", "Content")
        SO_SO = 3, _("So-so")
        UNHAPPY = 2, _("Not content")
        VERY_UNHAPPY = 1, _("Not content at all")

    record = models.ForeignKey(
        "records.Record", models.PROTECT, related_name="surveys", verbose_name=_("Ticket")
    )
    # How often it was reopened when it was asked: a new round is a new question.
    round = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="surveys")
    # Who had a part in it, as it was when the ticket closed: later moves change no figure.
    service = models.ForeignKey("cmdb.Service", models.PROTECT, null=True, related_name="+")
    desk = models.ForeignKey("people.SupportGroup", models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey("people.SupportGroup", models.PROTECT, null=True, related_name="+")
    token = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(
        _("Score"), choices=Score.choices, null=True, blank=True
    )
    comment = models.TextField(_("Comment"), blank=True)
    # The task that a low score led to; a second low score leads to no second one.
    task = models.ForeignKey("records.Task", models.PROTECT, null=True, related_name="+")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "round"], name="one_survey_a_round"),
            models.CheckConstraint(
                name="score_from_1_to_5",
                condition=Q(score=None, answered_at=None)
                | Q(score__range=(1, 5), answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"], name="survey_to_remind",
                condition=Q(remind_at__isnull=False, answered_at=None),
            ),
            models.Index(fields=["person", "-sent_at"], name="survey_person"),
            models.Index(fields=["-sent_at", "id"], name="survey_sent"),
            models.Index(fields=["service", "-sent_at"], name="survey_service"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.record_id}/{self.round}"

    @property
    def is_low(self):
        return self.score is not None and self.score <= LOW


class SurveyRate(models.Model):
    """How many of a hundred closed tickets of one service are asked about, where it differs."""

    service = models.OneToOneField(
        "cmdb.Service", models.CASCADE, related_name="survey_rate", verbose_name=_("Service")
    )
    percent = models.PositiveSmallIntegerField(_("Asked, of a hundred"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="survey_rate_percent", condition=Q(percent__range=(0, 100))
            ),
        ]

    def __str__(self):
        return f"{self.service}: {self.percent} %"

"""What the desk tells many people: outages, maintenance, changed service levels, releases.

A step checks and sets fields in memory. All that follows from it is in
servicedesk.announcements.actions.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.lifecycle import step
from core.querysets import LockingQuerySet
from records.kinds import Phase, record_kind, visibility_of
from records.models import Record, RecordQuerySet
from servicedesk.announcements import audience, policies

TEXTS = ("title_en", "body_en", "title_zh", "body_zh")


class AnnouncementQuerySet(RecordQuerySet):
    def running(self):
        """Published, and not over by the database's clock: what banners show."""
        now = Now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), state="published")

    def meant_for(self, person):
        return self.filter(audience.meant_for(person))

    def to_publish(self):
        return self.filter(state=Announcement.State.SCHEDULED, starts_at__lte=Now())

    def to_end(self):
        return self.filter(state=Announcement.State.PUBLISHED, ends_at__lte=Now())

    def most_urgent_first(self):
        return self.order_by("-severity", "-starts_at", "-pk")


# --- guards -------------------------------------------------------------------------------------
def has_all_texts(announcement):
    """Nobody reads a notice in a language that they do not know."""
    if all(getattr(announcement, name).strip() for name in TEXTS):
        return None
    return _g("Write title and text in every language of the portal.")


def has_an_audience(announcement):
    named = ("organizations", "sites", "services")
    if announcement.is_for_all or any(getattr(announcement, name).exists() for name in named):
        return None
    return _g("Say for whom it is.")


def has_a_start(announcement):
    return None if announcement.starts_at else _g("Say when it begins to be shown.")


@record_kind(
    "announcement", prefix="ANN", label=_("Announcement"), namespace="announcements",
    icon="megaphone",
)  # fmt: skip
class Announcement(Record):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHED = "published", _("Published")
        ENDED = "ended", _("Ended")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Kind(models.TextChoices):
        OUTAGE = "outage", _("Outage")
        MAINTENANCE = "maintenance", _("Maintenance")
        LEVEL_CHANGE = "service_level_change", _("Changed service level")
        RELEASE = "release", _("New release")
        TRAINING = "training", _("Training")
        GENERAL = "general", _("General news")

    class Severity(models.IntegerChoices):
        INFO = 1, _("For information")
        WARNING = 2, _("Work is disturbed")
        CRITICAL = 3, _("Work is impossible")

    PHASES = {
        State.SCHEDULED: Phase.WAITING,
        State.ENDED: Phase.CLOSED,
        State.WITHDRAWN: Phase.CLOSED,
    }

    announcement_kind = models.CharField(
        _("Kind"), max_length=24, choices=Kind.choices, default=Kind.GENERAL
    )
    severity = models.PositiveSmallIntegerField(
        _("Severity"), choices=Severity.choices, default=Severity.INFO
    )
    title_en = models.CharField(_("Title in English"), max_length=200, blank=True)
    title_zh = models.CharField(_("Title in Chinese"), max_length=200, blank=True)
    body_en = models.TextField(_("Text in English"), blank=True)
    body_zh = models.TextField(_("Text in Chinese"), blank=True)

    is_for_all = models.BooleanField(_("For everybody"), default=False)
    organizations = models.ManyToManyField(
        "people.Organization", blank=True, related_name="+", verbose_name=_("Organisations")
    )
    sites = models.ManyToManyField(
        "people.Site", blank=True, related_name="+", verbose_name=_("Sites")
    )
    services = models.ManyToManyField(
        "cmdb.Service", blank=True, related_name="announcements",
        verbose_name=_("Who uses these services"),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("Shown from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Shown until"), null=True, blank=True)
    is_banner = models.BooleanField(_("Banner on the pages of the portal"), default=True)
    is_in_page = models.BooleanField(_("Notice in the page"), default=True)
    is_by_mail = models.BooleanField(_("Mail"), default=False)
    requires_ack = models.BooleanField(_("Readers acknowledge it"), default=False)
    # what it is about, if it is about one thing: a major incident, a change …
    about = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="announcements",
        verbose_name=_("About"),
    )  # fmt: skip
    variation = models.ForeignKey(
        "slm.TargetVariation", models.PROTECT, null=True, blank=True,
        related_name="announcements", verbose_name=_("Short-term change"),
    )  # fmt: skip
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    withdrawal = models.CharField(max_length=300, blank=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="announcement_ends_after_its_start",
                condition=Q(ends_at=None)
                | Q(starts_at=None)
                | Q(ends_at__gt=models.F("starts_at")),
            )
        ]
        indexes = [models.Index(fields=["starts_at"], name="announcement_start")]

    def save(self, **kwargs):
        """The face of the record; who it is meant for decides who sees it, not this column."""
        self.title = (self.title_en or self.title_zh or self.title)[:200]
        super().save(**kwargs)

    # --- the lifecycle: ITSM domain rules 4.1, 4.16 ---------------------------------------------
    @step(_("Schedule"), source=State.DRAFT, to=State.SCHEDULED, by=policies.can_publish,
          guards=[has_all_texts, has_an_audience, has_a_start], icon="calendar-clock")  # fmt: skip
    def schedule(self):
        """It is published by itself when its time comes."""

    @step(_("Publish now"), source=[State.DRAFT, State.SCHEDULED], to=State.PUBLISHED,
          by=policies.can_publish, guards=[has_all_texts, has_an_audience],
          icon="megaphone")  # fmt: skip
    def publish(self, *, at, publisher):
        self.published_at, self.published_by = at, publisher
        if self.starts_at is None or self.starts_at > at:
            self.starts_at = at

    @step(_("End"), source=State.PUBLISHED, to=State.ENDED, by=policies.can_publish,
          icon="circle-check")  # fmt: skip
    def end(self, *, at):
        self.ended_at = at

    @step(_("Withdraw"), source=[State.SCHEDULED, State.PUBLISHED], to=State.WITHDRAWN,
          by=policies.can_publish, icon="circle-x")  # fmt: skip
    def withdraw(self, *, at, reason):
        self.ended_at, self.withdrawal = at, reason

    # --- what it knows --------------------------------------------------------------------------
    @property
    def name(self):
        return self._in_own_language("title")

    @property
    def body(self):
        return self._in_own_language("body")

    def _in_own_language(self, part):
        first, second = getattr(self, f"{part}_en"), getattr(self, f"{part}_zh")
        if (get_language() or "").startswith("zh"):
            first, second = second, first
        return first or second

    @property
    def is_outage(self):
        return self.announcement_kind == self.Kind.OUTAGE

    @property
    def may_be_dismissed(self):
        """An outage stays in sight while it lasts."""
        return not self.is_outage


@visibility_of("announcement")
def announcements_for(person):
    return policies.announcements_for(person)


class AnnouncementReading(models.Model):
    """That a person read an announcement, or does not want to see its banner any more."""

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="readings")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "person"], name="one_reading_a_person")
        ]

    def __str__(self):
        return f"{self.announcement_id} by {self.person_id}"

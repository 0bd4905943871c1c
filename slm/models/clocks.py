"""Clocks, their events and thresholds. A clock's row is a cache: the events are the truth."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.querysets import LockingQuerySet
from core.triggers import append_only, no_delete, wakes
from slm.engine.terms import Kind as EventKind
from slm.terms import LIVE_STATES, CalendarRule, ClockKind, ClockState, Metric, ReopenRule


class ClockQuerySet(LockingQuerySet):
    def live(self):
        return self.filter(state__in=LIVE_STATES)

    def visible_to(self, person):
        from records.models import Record

        return self.filter(record__in=Record.objects.visible_to(person))


class Clock(models.Model):
    """One promise on one record: respond, update or resolve by a moment in business time."""

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="clocks")
    metric = models.CharField(max_length=20, choices=Metric.choices)
    clock_kind = models.CharField(max_length=4, choices=ClockKind.choices)
    agreement = models.ForeignKey(
        "slm.Agreement", models.PROTECT, null=True, related_name="governed_clocks"
    )
    target = models.ForeignKey(
        "slm.ServiceLevelTarget", models.PROTECT, null=True, related_name="clocks"
    )
    group = models.ForeignKey("people.SupportGroup", models.PROTECT, null=True, related_name="+")
    referral = models.CharField(max_length=20, blank=True)
    cycle = models.PositiveIntegerField(default=0)

    # Cache of the replay of the events; slm.clockwork writes it, prove_clocks proves it.
    state = models.CharField(max_length=10, choices=ClockState.choices)
    target_seconds = models.PositiveIntegerField()
    calendar_version = models.ForeignKey(
        "calendars.CalendarVersion", models.PROTECT, related_name="+"
    )
    calendar_kind = models.CharField(max_length=8, default="support")
    zone = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    elapsed_seconds = models.PositiveIntegerField(default=0)
    elapsed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    warn_percents = ArrayField(models.PositiveSmallIntegerField(), default=list)
    is_imported = models.BooleanField(default=False)
    is_excluded = models.BooleanField(default=False)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "record", "metric", "clock_kind", "agreement", "group", "referral", "cycle",
                ],
                nulls_distinct=False, name="one_clock_a_promise",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["due_at"], name="clock_due", condition=Q(state="running")
            ),
            models.Index(
                fields=["metric", "stopped_at"], name="clock_stopped",
                condition=Q(state__in=["met", "missed"]),
            ),
            models.Index(fields=["breached_at"], name="clock_breached",
                         condition=Q(breached_at__isnull=False)),
        ]  # fmt: skip
        triggers = [no_delete()]

    def __str__(self):
        return f"{self.clock_kind} {self.metric} of {self.record_id}"

    @property
    def is_live(self):
        return self.state in LIVE_STATES

    # A clock need not come from a row of an agreement: all that replay needs stands in its log, and
    # where a row would choose, the rules of the domain (5.4) hold.

    @property
    def follows_the_group(self):
        return self.target_id is not None and self.target.calendar_rule == CalendarRule.GROUP

    @property
    def reopen_rule(self):
        rule = self.target.reopen_rule if self.target_id is not None else ""
        return rule or ReopenRule.WITHOUT_CLOSED_TIME


class ClockEvent(models.Model):
    """One line of a clock's log, with all that replay needs. Append-only by the database."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in EventKind])
    target_seconds = models.PositiveIntegerField(null=True)
    calendar_version = models.ForeignKey(
        "calendars.CalendarVersion", models.PROTECT, null=True, related_name="+"
    )
    calendar_kind = models.CharField(max_length=8, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    lift = models.BooleanField(default=False)
    reopen_rule = models.CharField(max_length=20, blank=True)
    elapsed_seconds = models.PositiveIntegerField(null=True)
    actor = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["clock", "seq"], name="one_event_a_seq")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.kind} {self.clock_id}#{self.seq}"


class ThresholdQuerySet(LockingQuerySet):
    def due(self):
        """Not fired, and due by the database's clock."""
        return self.filter(fired_at=None, fires_at__lte=Now())


class Threshold(models.Model):
    """An instant at which something must happen unless the record moves before it.

    Unfired rows are rewritten at each clock event; a fired one is frozen and never fires again.
    `code` is the per cent of a clock's target ("75"), or names a step without a clock.
    """

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="thresholds")
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="thresholds")
    cycle = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32)
    fires_at = models.DateTimeField(null=True)
    fired_at = models.DateTimeField(null=True)

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "clock", "cycle", "code"], nulls_distinct=False,
                name="one_threshold_a_code",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["fires_at"], name="threshold_due",
                condition=Q(fired_at=None, fires_at__isnull=False),
            )
        ]  # fmt: skip
        triggers = [wakes("threshold")]

    def __str__(self):
        return f"{self.code} of {self.clock_id}"

    @property
    def percent(self):
        return int(self.code) if self.code.isdigit() else None


class _Labels:
    """Words of the event kinds for people."""

    start = _("Started")
    pause = _("Paused")
    resume = _("Resumed")
    retarget = _("New target")
    responsible = _("Another group's calendar")
    stop = _("Stopped")
    reopen = _("Reopened")
    cancel = _("Cancelled")
    recompute = _("Calendar changed")


def event_label(kind):
    return getattr(_Labels, kind)

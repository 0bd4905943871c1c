"""Working hours: weekly windows, holidays and make-up days, and their frozen versions.

Windows and exceptions are what administrators edit; arithmetic reads only a CalendarVersion, which
never changes. The edge of a day is a minute 0…1440, so that 24:00 needs no special case.
"""

from datetime import date
from itertools import pairwise
from zoneinfo import available_timezones

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calendars import policies
from calendars.engine import MINUTES_A_DAY, clock_of, minute_of
from core.models import Bilingual
from core.querysets import LockingQuerySet
from core.triggers import append_only, audited


class Kind(models.TextChoices):
    """What a set of windows is for: clocks count support hours, availability the agreed hours."""

    SUPPORT = "support", _("Support hours")
    SERVICE = "service", _("Agreed service hours")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class CalendarQuerySet(LockingQuerySet):
    def visible_to(self, person):
        return self if policies.can_read(None, person) else self.none()

    def active(self):
        return self.filter(is_active=True)

    def by_code(self):
        return self.order_by("code")

    def with_current_version(self):
        """Adds `current_version_id`, `current_number` and `current_since` of the version in force."""
        current = CalendarVersion.objects.filter(
            calendar=OuterRef("pk"), effective_from__lte=Now()
        ).order_by("-number")
        return self.annotate(
            current_version_id=Subquery(current.values("pk")[:1]),
            current_number=Subquery(current.values("number")[:1]),
            current_since=Subquery(current.values("effective_from")[:1]),
        )

    def following_cn_holidays(self):
        return self.filter(uses_cn_holidays=True, is_24x7=False)

    def lacking_holidays(self, year):
        """Those that follow the official calendar and hold no official day of that year."""
        loaded = CalendarException.objects.official().filter(
            calendar=OuterRef("pk"), date__year=year
        )
        return self.following_cn_holidays().exclude(models.Exists(loaded))


class Calendar(Bilingual):
    """A set of working hours in one time zone. The code is its natural key and never changes."""

    code = models.CharField(
        _("Code"),
        max_length=32,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9][A-Z0-9_-]*\Z",
                _("Use capital letters, digits, hyphens and underscores."),
            )
        ],
    )
    time_zone = models.CharField(_("Time zone"), max_length=64)
    is_24x7 = models.BooleanField(_("Open around the clock"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    uses_cn_holidays = models.BooleanField(
        _("Follows the official calendar of mainland China"), default=False
    )

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh=""), name="calendar_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(is_24x7=False) | Q(uses_cn_holidays=False),
                name="calendar_24x7_has_no_holidays",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="code_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__code__df=pgtrigger.F("new__code")),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            audited(),
        ]

    def get_absolute_url(self):
        return reverse("calendars:detail", args=[self.code])

    def clean(self):
        super().clean()
        if self.time_zone not in available_timezones():
            raise ValidationError({"time_zone": _("There is no such time zone.")})
        if self.is_24x7 and self.uses_cn_holidays:
            raise ValidationError(
                {"uses_cn_holidays": _("A calendar that is always open has no holidays.")}
            )


class CalendarWindow(models.Model):
    """Open from one minute of a weekday to another, [start, end). A night shift is two windows."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="windows")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["kind", "weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="window_weekday"),
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=MINUTES_A_DAY),
                name="window_ends_after_its_start",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="window_kind"),
            ExclusionConstraint(
                name="windows_do_not_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (
                        Func(F("start_minute"), F("end_minute"), function="int4range"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [audited()]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.start}–{self.end}"

    @property
    def start(self):
        return clock_of(self.start_minute)

    @property
    def end(self):
        return clock_of(self.end_minute)


class CalendarExceptionQuerySet(models.QuerySet):
    def official(self):
        return self.filter(is_official=True)

    def own(self):
        return self.filter(is_official=False)

    def in_months_from(self, day, months=12):
        """From a day to the same day so many months later, in order."""
        years, month = divmod(day.month - 1 + months, 12)
        until = date(day.year + years, month + 1, min(day.day, 28))
        return self.filter(date__gte=day, date__lt=until).order_by("date")


class CalendarException(Bilingual):
    """One local date on which the weekly windows do not hold.

    `windows` of special hours are [["HH:MM", "HH:MM"], …]. On a date that has an official and an
    own exception the own one rules.
    """

    class Type(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        MAKEUP_WORKDAY = "makeup_workday", _("Make-up working day")
        SPECIAL = "special", _("Special hours")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="exceptions")
    date = models.DateField(_("Date"))
    kind = models.CharField(_("Kind"), max_length=16, choices=Type.choices)
    as_weekday = models.PositiveSmallIntegerField(
        _("Worked like a"), choices=Weekday.choices, null=True, blank=True
    )
    windows = models.JSONField(_("Opening hours"), null=True, blank=True)
    is_official = models.BooleanField(default=False)

    objects = CalendarExceptionQuerySet.as_manager()

    class Meta:
        ordering = ["date"]
        constraints = [
            # An own decision lies over the official one; without it the official day is back.
            models.UniqueConstraint(
                fields=["calendar", "date", "is_official"], name="one_exception_a_date"
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh=""), name="exception_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(kind="holiday", as_weekday=None, windows__isnull=True)
                # named although the range follows: a check that comes to NULL lets the row in
                | Q(
                    kind="makeup_workday",
                    as_weekday__isnull=False,
                    as_weekday__range=(0, 6),
                    windows__isnull=True,
                )
                | Q(kind="special", as_weekday=None, windows__isnull=False),
                name="exception_says_its_hours",
            ),
        ]
        triggers = [audited()]

    def __str__(self):
        return f"{self.date} {self.name}"

    @property
    def is_makeup_workday(self):
        return self.kind == self.Type.MAKEUP_WORKDAY

    def clean(self):
        super().clean()
        if self.is_makeup_workday != (self.as_weekday is not None):
            raise ValidationError({"as_weekday": _("A make-up day is worked like one weekday.")})
        if (self.kind == self.Type.SPECIAL) != (self.windows is not None):
            raise ValidationError({"windows": _("Special hours say their hours.")})
        if self.windows is not None:
            check_windows(self.windows)


def check_windows(windows):
    """[["HH:MM", "HH:MM"], …] in which each ends after its start and none overlap."""
    try:
        minutes = sorted((minute_of(start), minute_of(end)) for start, end in windows)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValidationError({"windows": _("Write hours like 09:00–12:00.")}) from error
    if not minutes:
        raise ValidationError({"windows": _("Give hours, or make the day a holiday.")})
    if any(end <= start for start, end in minutes):
        raise ValidationError({"windows": _("A window must end after its start.")})
    if any(after[0] < before[1] for before, after in pairwise(minutes)):
        raise ValidationError({"windows": _("The hours overlap.")})


class CalendarVersionQuerySet(LockingQuerySet):
    def at(self, calendar, at):
        """The version in force at an instant. Before the first there is no other knowledge than
        the first, so that holds there. None for a calendar without versions."""
        of_it = self.filter(calendar=calendar)
        return (
            of_it.filter(effective_from__lte=at).order_by("-number").first()
            or of_it.order_by("number").first()
        )


class CalendarVersion(models.Model):
    """A calendar as it was frozen at one edit: {"support": …, "service": …} for the engine."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    frozen = models.JSONField()
    made_by = models.CharField(max_length=200, blank=True)

    objects = CalendarVersionQuerySet.as_manager()

    class Meta:
        ordering = ["calendar", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="one_version_a_number")
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.calendar_id} v{self.number}"

"""What can be done to a calendar. Pages, commands and seeds all come through here.

Whatever changes the hours makes a new frozen version and announces it; a change that leaves the
hours as they are (a name, an edit that edits nothing) makes none.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from calendars import official, policies
from calendars.engine import clock_of, compile_timetable, minute_of
from calendars.events import CalendarVerb
from calendars.freezing import freeze
from calendars.models import Calendar, CalendarException, CalendarVersion, CalendarWindow, Kind
from core import audit, time
from core.errors import Refused, Stale
from core.outbox import publish

EDITABLE = {"name_en", "name_zh", "time_zone", "is_24x7", "is_active", "uses_cn_holidays"}


@transaction.atomic
def create_calendar(*, by, code, hours=None, exceptions=(), at=None, **fields):
    """Make a calendar and its first version.

    `hours` is {"support": {"0": [["09:00", "18:00"]], …}, "service": {…}}; a kind left out has
    the hours of the other. `exceptions` are the company's own days: dicts with the fields of
    CalendarException. One that follows the official calendar starts with the years around now.
    """
    _authorise(None, by)
    _known(fields)
    at = at or time.now()
    calendar = Calendar(code=code, **fields)
    calendar.full_clean()
    calendar.save()
    _set_hours(calendar, hours or {})
    _set_own_exceptions(calendar, exceptions)
    if calendar.uses_cn_holidays:
        _load_years_around(calendar, at)
    _freeze(calendar, by=by, at=at)
    return calendar


@transaction.atomic
def edit(calendar, *, by, hours=None, exceptions=None, seen=None, at=None, **fields):
    """Change fields, hours and own exceptions in one go; what is None stays as it is.

    `seen` is the revision that the writer saw; another one raises Stale.
    """
    _authorise(calendar, by)
    _known(fields)
    calendar = Calendar.objects.lock(calendar)
    at = at or time.now()
    if seen is not None and seen != calendar.revision:
        raise Stale(seen=seen, present=calendar.revision)
    begins_to_follow = fields.get("uses_cn_holidays") and not calendar.uses_cn_holidays
    for name, value in fields.items():
        setattr(calendar, name, value)
    calendar.revision += 1
    calendar.full_clean()
    calendar.save()
    if calendar.is_24x7:
        hours, exceptions = {}, []
    if hours is not None:
        _set_hours(calendar, hours)
    if exceptions is not None:
        _set_own_exceptions(calendar, exceptions)
    if begins_to_follow:
        _load_years_around(calendar, at)
    if not calendar.uses_cn_holidays:
        calendar.exceptions.official().delete()
    _freeze(calendar, by=by, at=at)
    return calendar


@transaction.atomic
def load_cn_holidays(calendar, year, by, *, days=None, at=None):
    """Replace the official days of a year by what the package knows, or by `days` from a file.

    Own exceptions stay and rule on their dates. Refused for a year without data. Returns how many
    days the year has.
    """
    _authorise(calendar, by)
    calendar = Calendar.objects.lock(calendar)
    if calendar.is_24x7:
        raise Refused(_("A calendar that is always open has no holidays."))
    if days is None:
        try:
            days = official.days_of(year)
        except official.UnknownYear as error:
            raise Refused(
                _(
                    "The official days of %(year)s are not known yet: the built-in data ends"
                    " with %(last)s. Load them from a file."
                )
                % {"year": str(year), "last": str(official.known_years()[-1])}
            ) from error
    if not days or any(day.date.year != year for day in days):
        raise Refused(_("The days to load do not all lie in %(year)s.") % {"year": str(year)})
    if not calendar.uses_cn_holidays:
        calendar.uses_cn_holidays = True
        calendar.save(update_fields=["uses_cn_holidays"])
    _set_official_year(calendar, year, days)
    _bump(calendar)
    _freeze(calendar, by=by, at=at or time.now())
    return len(days)


@transaction.atomic
def load_years(calendar, days_by_year, by, *, at=None):
    """Load several years, as a file holds them: all or none. Returns {year: days}."""
    return {
        year: load_cn_holidays(calendar, year, by, days=days, at=at)
        for year, days in sorted(days_by_year.items())
    }


@transaction.atomic
def remove_year(calendar, year, by, *, at=None):
    """Take the official days of a year out again; own exceptions stay."""
    _authorise(calendar, by)
    calendar = Calendar.objects.lock(calendar)
    removed, _rows = calendar.exceptions.official().filter(date__year=year).delete()
    if not removed:
        raise Refused(_("No official days of %(year)s are loaded.") % {"year": str(year)})
    _bump(calendar)
    _freeze(calendar, by=by, at=at or time.now())
    return removed


def _authorise(calendar, by):
    if by is not None and not policies.can_edit(calendar, by):
        raise PermissionDenied
    audit.acting(by)


def _known(fields):
    if unknown := set(fields) - EDITABLE:
        raise TypeError(f"not a field of a calendar: {sorted(unknown)}")


def _bump(calendar):
    calendar.revision += 1
    calendar.save(update_fields=["revision"])


def _set_hours(calendar, hours):
    """Make the windows equal to `hours`; rows that already say so are left alone."""
    wanted = {
        (kind, int(weekday), minute_of(start), minute_of(end))
        for kind, weekly in hours.items()
        for weekday, windows in weekly.items()
        for start, end in windows
    }
    present = {
        (row.kind, row.weekday, row.start_minute, row.end_minute): row
        for row in calendar.windows.all()
    }
    if not calendar.is_24x7 and not wanted:
        raise ValidationError({"hours": _("Give at least one time at which the calendar is open.")})
    if unknown := {kind for kind, *_rest in wanted} - set(Kind.values):
        raise ValidationError({"hours": f"unknown kind of hours: {sorted(unknown)}"})
    stale = [row.pk for key, row in present.items() if key not in wanted]
    calendar.windows.filter(pk__in=stale).delete()
    windows = [
        CalendarWindow(
            calendar=calendar, kind=kind, weekday=weekday, start_minute=start, end_minute=end
        )
        for kind, weekday, start, end in sorted(wanted - set(present))
    ]
    for window in windows:
        window.clean_fields()
        _check_window(window, wanted)
    CalendarWindow.objects.bulk_create(windows)


def _check_window(window, wanted):
    """In words what the database would refuse in its own."""
    if window.end_minute <= window.start_minute:
        raise ValidationError({"hours": _("A window must end after its start.")})
    for kind, weekday, start, end in wanted:
        if (
            (kind, weekday) == (window.kind, window.weekday)
            and (start, end) != (window.start_minute, window.end_minute)
            and start < window.end_minute
            and window.start_minute < end
        ):
            raise ValidationError(
                {
                    "hours": _("%(day)s: %(first)s and %(second)s overlap.")
                    % {
                        "day": window.get_weekday_display(),
                        "first": f"{window.start}–{window.end}",
                        "second": f"{clock_of(start)}–{clock_of(end)}",
                    }
                }
            )


def _set_own_exceptions(calendar, exceptions):
    """Make the company's own days equal to `exceptions`; equal rows are left alone."""
    if exceptions and calendar.is_24x7:
        raise ValidationError(
            {"exceptions": _("A calendar that is always open has no exceptions.")}
        )
    wanted = {}
    for given in exceptions:
        exception = CalendarException(calendar=calendar, is_official=False, **given)
        exception.clean_fields(exclude=["calendar"])
        exception.clean()
        if exception.date in wanted:
            raise ValidationError(
                {"exceptions": _("%(date)s comes twice.") % {"date": exception.date}}
            )
        wanted[exception.date] = exception
    _replace(calendar.exceptions.own(), wanted)


def _set_official_year(calendar, year, days):
    wanted = {
        day.date: CalendarException(
            calendar=calendar,
            date=day.date,
            kind=day.kind,
            name_en=day.name_en,
            name_zh=day.name_zh,
            as_weekday=0 if day.kind == official.MAKEUP_WORKDAY else None,
            is_official=True,
        )
        for day in days
    }
    _replace(calendar.exceptions.official().filter(date__year=year), wanted)


def _replace(present, wanted):
    """Make the rows equal to those wanted, by date, touching only what differs."""
    kept = {row.date: row for row in present}
    gone = [row.pk for row in kept.values() if not _same(row, wanted.get(row.date))]
    new = [row for row in wanted.values() if not _same(kept.get(row.date), row)]
    present.model.objects.filter(pk__in=gone).delete()
    present.model.objects.bulk_create(new)


def _same(one, other):
    names = ("kind", "name_en", "name_zh", "as_weekday", "windows")
    return (
        one is not None
        and other is not None
        and all(getattr(one, name) == getattr(other, name) for name in names)
    )


def _load_years_around(calendar, at):
    """Last year, this year and the next, where they are known and not loaded already."""
    loaded = {d.year for d in calendar.exceptions.official().values_list("date", flat=True)}
    for year in range(at.year - 1, at.year + 2):
        if year in official.known_years() and year not in loaded:
            _set_official_year(calendar, year, official.days_of(year))


def _freeze(calendar, *, by, at):
    """A new version where the hours differ from the last one, announced; else None."""
    frozen = freeze(calendar)
    for kind, description in frozen.items():
        try:
            compile_timetable(description)
        except ValueError as error:
            raise ValidationError({"hours": f"{kind}: {error}"}) from error
    last = calendar.versions.order_by("-number").first()
    if last and last.frozen == frozen:
        return None
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=last.number + 1 if last else 1,
        # Two edits at once may carry instants in the other order; versions never go back in time.
        effective_from=max(at, last.effective_from) if last else at,
        frozen=frozen,
        made_by=str(by) if by else "",
    )
    publish(CalendarVerb.CHANGED, calendar_id=calendar.pk, version_id=version.pk)
    return version

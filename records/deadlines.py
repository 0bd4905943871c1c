"""Deadlines in working days and business time, in the calendar of the desk that owns a record."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from calendars.models import Calendar
from calendars.timetables import current_version, timetable


def desk_calendar(record):
    """The owner desk's calendar id; that of the group, or any ancestor organisation's, else None."""
    for group in (record.owner_group, record.assigned_group):
        if group is not None:
            return group.calendar_id
    return record.organization.default_calendar_id


def business_seconds_after(record, at, seconds):
    """The instant at which so many seconds of the desk's time have passed; wall time without one."""
    calendar_id = desk_calendar(record)
    if calendar_id is None:
        return at + timedelta(seconds=seconds)
    return timetable(current_version(calendar_id, at).pk).add(at, seconds)


def opening_from(record, at):
    """The first instant from `at` on at which the desk is open: `at` itself while it is, or where
    there is no calendar."""
    calendar_id = desk_calendar(record)
    if calendar_id is None:
        return at
    hours = timetable(current_version(calendar_id, at).pk)
    return at if hours.is_open(at) else hours.next_opening(at)


def working_days_after(record, at, days):
    """The same local time, so many days later that the desk works on.

    A day counts when the desk is open on it at all; make-up days count, holidays do not.
    """
    calendar_id = desk_calendar(record)
    if calendar_id is None:
        return at + timedelta(days=days)
    zone = ZoneInfo(Calendar.objects.values_list("time_zone", flat=True).get(pk=calendar_id))
    hours = timetable(current_version(calendar_id, at).pk)
    local = at.astimezone(zone)
    for _day in range(days * 10 + 60):
        if days <= 0:
            break
        local = local + timedelta(days=1)
        begin = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if hours.between(begin, begin + timedelta(days=1)):
            days -= 1
    return local.astimezone(at.tzinfo)


def terms_of_wait(record, reason, until, at):
    """(until, chase_at) of a wait for this reason that begins at `at`: work goes on when the desk
    opens next after `until`; without a date, the requester is reminded where the reason says so.

    Raises ValidationError where the reason needs a date, or where it has passed.
    """
    if reason.needs_date and until is None:
        raise ValidationError({"until": _("Say until when.")})
    if until is not None and until <= at:
        raise ValidationError({"until": _("This moment has passed.")})
    if until is not None:
        return opening_from(record, until), None
    if reason.chase_after:
        return None, business_seconds_after(record, at, reason.chase_after)
    return None, None

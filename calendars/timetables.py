"""Compiled timetables of stored versions. Versions never change, so what is compiled stays true."""

from functools import lru_cache

from calendars.engine import Timetable, compile_timetable
from calendars.models import CalendarVersion, Kind
from core import time


@lru_cache(maxsize=256)
def timetable(
    version_id: int, kind: str = Kind.SUPPORT.value, zone: str | None = None
) -> Timetable:
    """The timetable of a version's hours of one kind, kept by this process once compiled.

    `zone` reads the same wall-clock windows in another time zone (the requester's site).
    Raises CalendarVersion.DoesNotExist, KeyError for an unknown kind, ValueError for a bad zone.
    """
    frozen = CalendarVersion.objects.values_list("frozen", flat=True).get(pk=version_id)[kind]
    return compile_timetable(frozen | {"zone": zone} if zone else frozen)


def current_version(calendar, at=None) -> CalendarVersion:
    """The version in force at an instant (now by the database's clock).

    Raises CalendarVersion.DoesNotExist for a calendar that has none.
    """
    version = CalendarVersion.objects.at(calendar, at or time.now())
    if version is None:
        raise CalendarVersion.DoesNotExist(f"calendar {calendar} has no version")
    return version

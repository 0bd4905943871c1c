"""The calendars of the worked examples, and short words to write clocks with."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from calendars.engine import compile_timetable
from slm.engine.clock import Event, Kind

HOUR = 3600
SHANGHAI = ZoneInfo("Asia/Shanghai")
SPLIT_DAY = [["09:00", "12:00"], ["13:30", "18:00"]]
NINE_TO_FIVE = [["09:00", "17:00"]]


def working_week(zone, windows, exceptions=None):
    return {
        "zone": zone,
        "weekly": {str(day): windows for day in range(5)},
        "exceptions": exceptions or {},
    }


FROZEN = {
    "CN": working_week(
        "Asia/Shanghai",
        SPLIT_DAY,
        {f"2026-10-0{day}": [] for day in range(1, 8)}
        | {"2026-09-20": SPLIT_DAY, "2026-10-10": SPLIT_DAY, "2026-09-25": []},
    ),
    "24x7": {"zone": "UTC", "is_24x7": True},
    "warsaw": working_week("Europe/Warsaw", NINE_TO_FIVE),
    "toronto": working_week("America/Toronto", NINE_TO_FIVE),
    "singapore": working_week("Asia/Singapore", NINE_TO_FIVE),
    "long": {
        "zone": "Asia/Shanghai",
        "weekly": {str(day): [["09:00", "17:30"], ["18:00", "24:00"]] for day in range(7)},
    },
    "never": {"zone": "UTC", "weekly": {}},
    "one day": {"zone": "UTC", "weekly": {}, "exceptions": {"2026-10-08": [["00:00", "24:00"]]}},
}


@cache
def timetable_of(key):
    return compile_timetable(FROZEN[key])


def sh(day, hour, minute=0, second=0, month=10):
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


def start(at, hours=8, calendar="CN", **more):
    return Event(at, Kind.START, target_seconds=int(hours * HOUR), calendar_key=calendar, **more)


def pause(at, **more):
    return Event(at, Kind.PAUSE, **more)


def resume(at, **more):
    return Event(at, Kind.RESUME, **more)


def retarget(at, hours=None, **more):
    target = None if hours is None else int(hours * HOUR)
    return Event(at, Kind.RETARGET, target_seconds=target, **more)


def stop(at, **more):
    return Event(at, Kind.STOP, **more)


def reopen(at, **more):
    return Event(at, Kind.REOPEN, **more)

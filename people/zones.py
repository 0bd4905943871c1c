"""The time zones that a form offers."""

from functools import lru_cache
from zoneinfo import available_timezones


@lru_cache(maxsize=1)
def zone_choices():
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    return [(name, name) for name in names if not name.startswith(("Etc/", "SystemV/", "posix"))]

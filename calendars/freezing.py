"""How an editable calendar becomes the frozen description that the engine reads."""

from calendars.models import CalendarException, Kind


def freeze(calendar):
    """{"support": description, "service": description} of the calendar as its rows stand now.

    A calendar with windows of one kind uses them for both (ITSM domain rules 2.2).
    """
    windows = {kind: [] for kind in Kind.values}
    for window in calendar.windows.order_by("weekday", "start_minute"):
        windows[window.kind].append(window)
    exceptions = list(calendar.exceptions.order_by("date", "-is_official"))  # the own one last
    filled = [kind for kind in Kind.values if windows[kind]]
    frozen = {}
    for kind in Kind.values:
        used = windows[kind] or (windows[filled[0]] if filled else [])
        frozen[kind] = _describe(calendar, used, exceptions)
    return frozen


def _describe(calendar, windows, exceptions):
    if calendar.is_24x7:
        return {"zone": calendar.time_zone, "is_24x7": True, "weekly": {}, "exceptions": {}}
    weekly = {str(weekday): [] for weekday in range(7)}
    for window in windows:
        weekly[str(window.weekday)].append([window.start, window.end])
    return {
        "zone": calendar.time_zone,
        "is_24x7": False,
        "weekly": weekly,
        "exceptions": {e.date.isoformat(): _hours_of(e, weekly) for e in exceptions},
    }


def _hours_of(exception, weekly):
    match exception.kind:
        case CalendarException.Type.MAKEUP_WORKDAY:
            return weekly[str(exception.as_weekday)]
        case CalendarException.Type.SPECIAL:
            return exception.windows
        case _:
            return []

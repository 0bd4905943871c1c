"""What calendars announce (stored words)."""


class CalendarVerb:
    CHANGED = "calendar.changed"

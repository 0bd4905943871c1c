"""Working hours, holidays, make-up working days, and the arithmetic of business time."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"

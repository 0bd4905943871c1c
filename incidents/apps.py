"""Unplanned interruptions of a service, from report to closure."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Register the words of mixed channels."""
        from incidents import verbs  # noqa: F401 - models must be loaded first

"""The single point of contact: queue, portal, calls, search, dashboards."""

from django.apps import AppConfig


class ServiceDeskConfig(AppConfig):
    name = "servicedesk"
    label = "servicedesk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Register the words of mixed channels."""
        from servicedesk.feedback import verbs as feedback_verbs  # noqa: F401
        from servicedesk.mail import origins
        from servicedesk.requests import verbs  # noqa: F401 - models must be loaded first
        from slm import workspace_mails

        workspace_mails.SOURCES.append(origins.of_entries)

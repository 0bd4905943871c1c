"""The single point of contact: queue, portal, calls, search, dashboards."""

from django.apps import AppConfig


class ServiceDeskConfig(AppConfig):
    name = "servicedesk"
    label = "servicedesk"
    default_auto_field = "django.db.models.BigAutoField"

"""What every numbered record shares: story, tasks, approvals, documents, links."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

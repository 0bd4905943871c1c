"""No domain here: outbox, locking, lifecycle, audit, and helpers of pages."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

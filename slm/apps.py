"""Agreements, targets and the clocks that run on records."""

from django.apps import AppConfig


class ServiceLevelsConfig(AppConfig):
    name = "slm"
    label = "slm"
    default_auto_field = "django.db.models.BigAutoField"

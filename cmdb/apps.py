"""Configuration items, services and their relations; the impact of a failure."""

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    name = "cmdb"
    label = "cmdb"
    default_auto_field = "django.db.models.BigAutoField"

"""The composition root as an app, so that it may hold commands and templates tags of its own."""

from django.apps import AppConfig


class ItsmConfig(AppConfig):
    name = "itsm"
    label = "itsm"

"""Tested answers, for everybody who asks and for the desk."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"

"""Addresses of the settings: the start page, the desk's own settings, audit, health, and all
reference data. The apps' registrations are imported here, in the order of the start page."""

from django.urls import path

import people.reference  # noqa: F401
import records.reference  # noqa: F401
import servicedesk.reference  # noqa: F401
import slm.reference  # noqa: F401
from core.reference.pages import urlpatterns as reference_patterns
from itsm import views

app_name = "settings"
urlpatterns = [
    path("", views.index, name="index"),
    path("preferences/", views.preferences, name="preferences"),
    path("audit/", views.audit_log, name="audit"),
    path("health/", views.health, name="health"),
    path("health/messages/<int:pk>/retry/", views.retry_message, name="retry_message"),
    *reference_patterns(),
]

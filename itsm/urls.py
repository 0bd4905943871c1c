"""All addresses. Namespaces are the plural of the kind, so that a record finds its own page."""

from django.urls import include, path

from core import views as core_views

urlpatterns = [
    path("healthz/live", core_views.live, name="healthz_live"),
    path("healthz/ready", core_views.ready, name="healthz_ready"),
    path("account/", include("people.urls")),
]

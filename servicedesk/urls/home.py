"""The address of an agent's own work."""

from django.urls import path

from servicedesk.views import home

urlpatterns = [path("home/", home.index, name="home")]

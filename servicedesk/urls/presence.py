"""The address of who else looks at a record."""

from django.urls import path

from servicedesk.views import presence

urlpatterns = [path("presence/<str:number>/", presence.here, name="presence")]

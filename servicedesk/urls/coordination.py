"""Address of the coordination board."""

from django.urls import path

from servicedesk.views import coordination

urlpatterns = [path("coordination/", coordination.index, name="coordination")]

"""Address of the desks."""

from django.urls import path

from servicedesk.views import desks

urlpatterns = [path("coordination/desks/", desks.index, name="desks")]

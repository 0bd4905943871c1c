"""The address of a person's tickets, which the person's page shows."""

from django.urls import path

from servicedesk.views import person

urlpatterns = [path("people/<int:pk>/tickets/", person.tickets, name="person_tickets")]

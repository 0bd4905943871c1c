"""Addresses of the calendars, under /settings/calendars/."""

from django.urls import path

from calendars import views

app_name = "calendars"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/edit/", views.edit, name="edit"),
    path("<str:code>/holidays/", views.holidays, name="holidays"),
    path("<str:code>/holidays/<int:year>/remove/", views.remove_year, name="remove_year"),
]

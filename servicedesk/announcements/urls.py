"""Addresses of announcements for those who work here. Mounted at /announcements/."""

from django.urls import path

from servicedesk.announcements import views

app_name = "announcements"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("of/<str:ticket>/", views.of_record, name="of_record"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/edit/", views.edit, name="edit"),
    path("<str:number>/<slug:name>/", views.step, name="step"),
]

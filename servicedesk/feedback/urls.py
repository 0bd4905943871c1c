"""Addresses of feedback. A step's address ends with the step's name. Mounted at /feedback/."""

from django.urls import path

from servicedesk.feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/edit/<slug:name>/", views.edit, name="edit"),
    path("<str:number>/<slug:step>/", views.step, name="step"),
]

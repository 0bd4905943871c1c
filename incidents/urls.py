"""Addresses of incidents. A step's address ends with the step's name. Mounted at /incidents/."""

from django.urls import path

from incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/groups/", views.groups, name="groups"),
    path("<str:number>/edit/<slug:name>/", views.edit, name="edit"),
    path("<str:number>/<slug:step>/", views.step, name="step"),
]

"""Addresses of configuration management. A step's address ends with the step's name."""

from django.urls import path

from cmdb.views import items, pickers, relations, services

app_name = "cmdb"
urlpatterns = [
    path("", items.index, name="index"),
    path("new/", items.new, name="new"),
    path("pick/", pickers.pick, name="pick"),
    path("services/", services.index, name="services"),
    path("services/new/", services.new, name="service_new"),
    path("services/pick/", pickers.pick_service, name="pick_service"),
    path("services/<str:code>/", services.detail, name="service"),
    path("services/<str:code>/edit/", services.edit, name="service_edit"),
    path("services/<str:code>/<slug:name>/", services.step, name="service_step"),
    path("<str:number>/", items.detail, name="detail"),
    path("<str:number>/edit/", items.edit, name="edit"),
    path("<str:number>/users/", items.users, name="users"),
    path("<str:number>/relate/", relations.relate, name="relate"),
    path("<str:number>/relations/<int:pk>/end/", relations.end, name="end_relation"),
    path("<str:number>/redundancy/", relations.redundancy, name="redundancy"),
    path("<str:number>/redundancy/<int:pk>/", relations.redundancy, name="redundancy_edit"),
    path("<str:number>/redundancy/<int:pk>/dissolve/", relations.dissolve, name="dissolve"),
    path("<str:number>/<slug:name>/", items.step, name="step"),
]

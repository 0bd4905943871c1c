"""Addresses of search."""

from django.urls import path

from servicedesk.views import search

urlpatterns = [
    path("palette/", search.palette, name="palette"),
    path("search/", search.search, name="search"),
]

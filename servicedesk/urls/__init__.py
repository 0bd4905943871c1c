"""Addresses of the service desk, one module a place in the product."""

from servicedesk.urls import home, notices, presence, queue, search

app_name = "servicedesk"
urlpatterns = [
    *home.urlpatterns,
    *queue.urlpatterns,
    *search.urlpatterns,
    *notices.urlpatterns,
    *presence.urlpatterns,
]

"""Addresses of the service desk, one module a place in the product."""

from servicedesk.urls import approvals, calls, coordination, home, notices, person, presence, queue, search

app_name = "servicedesk"
urlpatterns = [
    *home.urlpatterns,
    *queue.urlpatterns,
    *search.urlpatterns,
    *notices.urlpatterns,
    *calls.urlpatterns,
    *presence.urlpatterns,
    *person.urlpatterns,
    *approvals.urlpatterns,
    *coordination.urlpatterns,
]

"""Addresses of the service desk, one module a place in the product."""

from servicedesk.urls import (
    approvals,
    calls,
    coordination,
    desks,
    home,
    mail,
    notices,
    person,
    presence,
    queue,
    search,
    surveys,
)

app_name = "servicedesk"
urlpatterns = [
    *home.urlpatterns,
    *queue.urlpatterns,
    *search.urlpatterns,
    *notices.urlpatterns,
    *mail.urlpatterns,
    *calls.urlpatterns,
    *presence.urlpatterns,
    *person.urlpatterns,
    *approvals.urlpatterns,
    *coordination.urlpatterns,
    *desks.urlpatterns,
    *surveys.urlpatterns,
]

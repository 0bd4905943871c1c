"""Addresses of approvals."""

from django.urls import path

from servicedesk.views import approvals

urlpatterns = [
    path("approvals/", approvals.index, name="approvals"),
    path("approvals/<int:pk>/", approvals.detail, name="approval"),
    path("approvals/of/<str:number>/", approvals.of_record, name="approvals_of"),
    path("a/<str:token>/", approvals.by_link, name="approval_link"),
]

"""Addresses of approvals."""

from django.urls import path

from servicedesk.views import approvals

urlpatterns = [
    path("approvals/", approvals.index, name="approvals"),
    path("approvals/<int:pk>/", approvals.detail, name="approval"),
    path("a/<str:token>/", approvals.by_link, name="approval_link"),
]

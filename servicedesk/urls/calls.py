"""Addresses of calls."""

from django.urls import path

from servicedesk.views import calls

urlpatterns = [
    path("new/", calls.new, name="new"),
    path("new/caller/", calls.caller, name="new_caller"),
    path("new/preview/", calls.preview, name="new_preview"),
    path("new/link/", calls.link, name="new_link"),
    path("new/end/", calls.end, name="new_end"),
    path("calls/", calls.index, name="calls"),
    path("calls/<str:number>/", calls.call, name="call"),
    path("calls/<str:number>/reopen/", calls.reopen, name="call_reopen"),
    path("calls/<str:number>/match/", calls.match, name="call_match"),
]

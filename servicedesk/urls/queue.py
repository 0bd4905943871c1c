"""Addresses of the queue."""

from django.urls import path

from servicedesk.views import queue

urlpatterns = [
    path("queue/", queue.index, name="queue"),
    path("queue/filter/", queue.edit_filters, name="queue_filter"),
    path("queue/export/", queue.export, name="queue_export"),
    path("queue/columns/", queue.look, name="queue_look"),
    path("queue/pick/<slug:what>/", queue.pick, name="pick"),
    path("queue/bulk/<slug:act>/", queue.bulk, name="queue_bulk"),
    path("queue/views/new/", queue.new_view, name="view_new"),
    path("queue/views/<int:pk>/edit/", queue.edit_view, name="view_edit"),
    path("queue/views/<int:pk>/delete/", queue.delete_view, name="view_delete"),
]

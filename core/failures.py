"""What a reader sees when a request fails. The plain pages need neither database nor person."""

import logging

from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from core.access import Gate

log = logging.getLogger(__name__)


def bad_request(request, exception):
    return HttpResponse(_plain(request, "errors/400.html"), status=400)


def not_permitted(request, exception):
    return render(request, "errors/403.html", {"exception": str(exception)}, status=403)


def not_found(request, exception):
    """The unseen and the absent look the same, whatever the exception says."""
    return render(request, "errors/404.html", status=404)


def server_error(request):
    try:
        body = _plain(request, "errors/500.html")
    except Exception:
        # even the page of failures fails, as when the static files were never collected
        log.exception("the page for errors could not be rendered")
        return HttpResponseServerError("Error 500", content_type="text/plain; charset=utf-8")
    return HttpResponseServerError(body)


def _plain(request, template):
    return render_to_string(template, {"request_id": getattr(request, "request_id", "")[:8]})


for handler in (bad_request, not_permitted, not_found, server_error):
    handler.gate = Gate.ANYONE

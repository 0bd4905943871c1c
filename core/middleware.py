"""What every request passes: an id, a refusal made readable, a database that may be away."""

import logging
import re
import uuid

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.errors import Refused
from core.logs import set_request_id

log = logging.getLogger(__name__)
SAFE_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")


class RequestId:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if SAFE_ID.match(given) else uuid.uuid4().hex
        set_request_id(request.request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


class DatabaseUnavailable:
    """The database is away, or too slow: 503 with a page that needs no database."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            response = self.get_response(request)
        except (OperationalError, InterfaceError):
            return self.answer(request)
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, OperationalError | InterfaceError):
            return self.answer(request)
        return None

    def answer(self, request):
        log.error("database unavailable")
        body = render_to_string("errors/503.html")
        return HttpResponse(body, status=503, headers={"Retry-After": "10"})


class NoStore:
    """Answers to signed-in readers are theirs alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class Refusals:
    """A refused step says why: 409 on the page, with the reasons in the reader's language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refused):
            context = {"reasons": exception.reasons, "back": request.headers.get("Referer", "/")}
            return render(request, "errors/409.html", context, status=409)
        return None

"""One id a request, in logs, audit entries and timeline entries."""

import logging
from contextvars import ContextVar

_request_id = ContextVar("request_id", default="")


def current_request_id():
    return _request_id.get()


def set_request_id(value):
    return _request_id.set(value)


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.request_id = current_request_id() or "-"
        return True

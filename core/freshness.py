"""What a process keeps for some seconds is shown late to everybody but the one who changed it.

A write through a page leaves its instant in a cookie of the writer's browser. Whoever keeps something
for a reader asks `is_behind` first: what was made before the reader's own last write is made anew, in
whichever process the next page is answered. Only the reader's own pages cost more for it.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import time

from django.conf import settings

COOKIE = "wrote"
REMEMBERED_SECONDS = 120  # longer than anything that is kept for a present figure
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
_wrote_at = ContextVar("wrote_at", default=0.0)


def instant():
    """Now, for whoever keeps something: the wall clock of this machine, in seconds."""
    return time()


def is_behind(made_at, *, while_writing=True):
    """Whether the present reader has written since `made_at` (of `instant`). A write that is on its
    way makes all behind, unless the caller says that it does not count."""
    wrote_at = _wrote_at.get()
    return made_at <= wrote_at and (while_writing or wrote_at != inf)


@contextmanager
def reader_wrote(at):
    """Within it, the present reader wrote last at this instant (of `instant`)."""
    token = _wrote_at.set(at)
    try:
        yield
    finally:
        _wrote_at.reset(token)


class OwnWrites:
    """Middleware: carries the instant of a reader's last write from one request to the next."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_writing = request.method not in SAFE_METHODS
        # what a write itself answers with shows what it did
        with reader_wrote(inf if is_writing else _read(request.COOKIES.get(COOKIE, ""))):
            response = self.get_response(request)
        has_written = is_writing and response.status_code < 400
        if has_written and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.set_cookie(
                COOKIE, f"{instant():.6f}", max_age=REMEMBERED_SECONDS, httponly=True,
                secure=settings.SESSION_COOKIE_SECURE, samesite=settings.SESSION_COOKIE_SAMESITE,
            )  # fmt: skip
        return response


def _read(text):
    """The instant in a cookie; none where it is no number, is old, or lies far ahead."""
    try:
        wrote_at = float(text)
    except ValueError:
        return 0.0
    return wrote_at if abs(instant() - wrote_at) <= REMEMBERED_SECONDS else 0.0

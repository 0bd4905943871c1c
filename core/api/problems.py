"""Every error of the API, as problem details (RFC 9457), in the reader's words."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import Refused, Stale


def problem_details(exc, context):
    """RFC 9457. Bad input 400, refused or stale 409, unseen 404, never a 5xx for what was sent."""
    if isinstance(exc, Refused):
        kind = "stale" if isinstance(exc, Stale) else "refused"
        return problem(
            409,
            kind,
            _("This step is not possible now."),
            detail="; ".join(exc.reasons),
            reasons=exc.reasons,
        )
    if isinstance(exc, ValidationError):
        errors = exc.message_dict if hasattr(exc, "error_dict") else {"": exc.messages}
        return problem(400, "invalid", _("The input is not valid."), errors=errors)
    if isinstance(exc, DataError):
        return problem(400, "invalid", _("The input is not valid."))
    if isinstance(exc, IntegrityError):
        return problem(409, "conflict", _("This contradicts what is stored."))
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        answer = problem(400, "invalid", _("The input is not valid."), errors=response.data)
    else:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        answer = problem(response.status_code, getattr(exc, "default_code", "error"), str(detail))
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response:
            answer[header] = response[header]
    return answer


def problem(code, kind, title, **more):
    body = {"type": f"urn:itsm:problem:{kind}", "title": str(title), "status": code, **more}
    return Response(body, status=code, content_type="application/problem+json")

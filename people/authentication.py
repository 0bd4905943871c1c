"""API keys: `Authorization: Bearer …`. A key opens no more than its person may, and can expire."""

import hashlib
from datetime import UTC, datetime, timedelta

from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from people.models import ApiToken

USE_NOTED_EVERY = timedelta(minutes=5)
READING = {"GET", "HEAD", "OPTIONS"}


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        parts = get_authorization_header(request).split()
        if len(parts) != 2 or parts[0].lower() != b"bearer":
            return None
        digest = hashlib.sha256(parts[1]).hexdigest()
        token = (
            ApiToken.objects.select_related("person__site", "person__organization")
            .filter(sha256=digest, revoked_at=None, expires_at__gt=Now())
            .first()
        )
        if token is None or not token.person.is_active:
            raise AuthenticationFailed(_("The key is not valid, or not any more."))
        if token.scope == ApiToken.Scope.READ and not is_reading(request):
            raise PermissionDenied(_("This key may only read."))
        if token.last_used_at is None or datetime.now(UTC) - token.last_used_at > USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=Now())
        if "Accept-Language" not in request.headers:
            translation.activate(token.person.locale)
        return token.person, token

    def authenticate_header(self, request):
        return "Bearer"


def is_reading(request):
    """Asks without changing: by its method, or a POST that the view says only computes."""
    if request.method in READING:
        return True
    view = (request.parser_context or {}).get("view")
    return getattr(view, "action", None) in getattr(view, "reading_actions", ())


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's description names the keys."""

    target_class = TokenAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}

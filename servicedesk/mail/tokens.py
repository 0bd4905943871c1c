"""Access tokens of OAuth2 for mailboxes: by a refresh token, or by the application itself.

Kept in this process until shortly before they run out; refresh tokens and secrets stand in the
environment only.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from time import monotonic
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from servicedesk.models import Mailbox

SECONDS = 10
LONGEST_ANSWER = 64 * 1024
EARLY = 120  # seconds before its end that a token is renewed
LOCAL = {"localhost", "127.0.0.1", "::1"}
_known = {}  # {(mailbox, what it is made of): (token, when it ends)}


class Refused(Exception):
    """No token: in words for the administrator."""


def access_token(mailbox, secret, client_secret=""):
    """The token to sign in with. Raises Refused with what the token server said."""
    key = (mailbox.pk, mailbox.token_url, mailbox.client_id, mailbox.scope, secret)
    token, ends = _known.get(key, ("", 0.0))
    if ends > monotonic():
        return token
    answer = _ask(mailbox.token_url, _question(mailbox, secret, client_secret))
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise Refused(_("The token server gave no token."))
    lasts = answer.get("expires_in")
    lasts = float(lasts) if str(lasts).isdigit() else 600.0
    _known[key] = (token, monotonic() + max(lasts - EARLY, 0))
    return token


def _question(mailbox, secret, client_secret):
    fields = {"client_id": mailbox.client_id}
    if mailbox.scope:
        fields["scope"] = mailbox.scope
    if mailbox.sign_in == Mailbox.SignIn.CLIENT:
        return fields | {"grant_type": "client_credentials", "client_secret": secret}
    fields |= {"grant_type": "refresh_token", "refresh_token": secret}
    return fields | ({"client_secret": client_secret} if client_secret else {})


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def _ask(address, fields):
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        raise Refused(_("The token address must begin with https."))
    request = urllib.request.Request(  # noqa: S310 - the scheme is looked at above
        address,
        data=urllib.parse.urlencode(fields).encode(),
        headers={"Accept": "application/json"},
    )
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return _json(answer.read(LONGEST_ANSWER))
    except urllib.error.HTTPError as error:
        said = _json(error.read(LONGEST_ANSWER))
        what = str(said.get("error_description") or said.get("error") or error.code)[:300]
        raise Refused(_("The token server refused: %(what)s") % {"what": what}) from error
    except (OSError, ValueError) as error:
        raise Refused(
            _("The token server cannot be reached: %(what)s") % {"what": error}
        ) from error


def _json(content):
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

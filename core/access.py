"""Who may open an address at all. Every view says it; a view that does not fails the build.

The gate is the coarse answer (404 and row visibility are the fine one, by `visible_to`).
"""

import enum
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse


class Gate(enum.Enum):
    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    AGENT = "agent"
    MANAGER = "manager"
    SETTINGS = "settings"  # administrators, and auditors, who read all and change nothing
    ADMIN = "admin"

    def admits(self, person):
        if self is Gate.ANYONE:
            return True
        if not person.is_authenticated:
            return False
        access = person.access
        return {
            Gate.SIGNED_IN: True,
            Gate.AGENT: access.is_agent,
            Gate.MANAGER: access.is_manager,
            Gate.SETTINGS: access.is_admin or access.has_role("AUD"),
            Gate.ADMIN: access.is_admin,
        }[self]


def access(gate):
    """Decorate a view with its gate. Strangers are asked to sign in; others are told 403."""

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not gate.admits(request.user):
                if not request.user.is_authenticated:
                    return ask_to_sign_in(request)
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked.gate = gate
        return checked

    return decorate


def ask_to_sign_in(request):
    """A partial cannot show a sign-in page in a corner: the whole page goes there."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL", "/")).url
        return response
    return redirect_to_login(request.get_full_path())

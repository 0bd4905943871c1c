"""Helpers that every view uses, so that a view can be read from top to bottom."""

from django.core.exceptions import PermissionDenied


def wants_partial(request):
    """htmx asks for a piece; a history restore or a boosted link wants the whole page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Boosted") != "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def check(policy, obj, person):
    """Ask the policy at the edge; the step asks it again."""
    if not policy(obj, person):
        raise PermissionDenied

"""What the pages of the portal share: where to go after a step, and links that may not exist yet."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from core.pages import wants_partial


def go(request, url, *, draft=""):
    """On to `url`, by script or without; a draft that was sent is forgotten by the browser."""
    if not wants_partial(request):
        return redirect(url)
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    # a browser that is there already would only scroll to the anchor, and show what was before
    there, _hash, _anchor = url.partition("#")
    response = HttpResponseClientRedirect(there if there == here else url)
    if draft:
        trigger_client_event(response, "draft-saved", {"value": draft})
    return response


def link_if_any(name):
    """The address, or nothing where no app serves it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def nothing():
    return HttpResponse(status=204)


def blame(form, error):
    """Put what an action refused at the fields of the form; what has no field, above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        known = name if name in form.fields else None
        form.add_error(known, [message for one in problems for message in one.messages])

"""What the pages of knowledge share: finding, forms that are sent once, answers under htmx."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.access import Gate, access
from core.errors import Refused
from core.forms import once
from core.pages import wants_partial
from knowledge.models import Article

RELATED = ("service", "category", "owner", "ci_class", "published_by", "organization")


def find(request, number):
    """The article, or 404 to those who must not learn that it exists."""
    rows = Article.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, number=number.upper())


def agent_page(view):
    """A page for those who work here; others are led to the portal's page of the same article."""
    inner = access(Gate.AGENT)(view)

    @wraps(view)
    def checked(request, number, **kwargs):
        person = request.user
        if person.is_authenticated and not Gate.AGENT.admits(person):
            return redirect("portal:article", article=find(request, number).number)
        return inner(request, number=number, **kwargs)

    checked.gate = Gate.AGENT
    return checked


def explain(form, error):
    """Put the action's objections where they belong: at their fields, else above the form."""
    named = hasattr(error, "error_dict")
    found = error.message_dict if named else {NON_FIELD_ERRORS: error.messages}
    for name, words in found.items():
        form.add_error(name if name in form.fields else None, words)


def try_once(request, form, act):
    """Do the work of a valid form once. (address or "", what was refused)."""
    try:
        return once(request.user, form.cleaned_data.get("submit_token"), act), []
    except ValidationError as error:
        explain(form, error)
        return "", []
    except Refused as refusal:
        return "", refusal.reasons


def gone_to(request, url, said=""):
    if said:
        messages.success(request, said)
    if wants_partial(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def dialog(request, form, *, title, submit, cancel, conflict=(), **more):
    """A small form as a dialog under htmx, as a page without."""
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    context = {
        "form": form, "title": title, "submit": submit, "cancel": cancel, "conflict": conflict,
        "is_dialog": wants_partial(request), **more,
    }  # fmt: skip
    return render(request, "records/dialog.html", context, status=status)

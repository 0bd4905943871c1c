"""How a step on a record's page is asked for and answered: dialog or page, 200, 409 or 422.

Under htmx a form stands in the page's dialog; without it, it is a page of its own. What was typed
is shown again whatever happens.
"""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.errors import Refused, Stale
from core.forms import once
from core.models import SubmitToken
from core.pages import wants_partial


def answer(
    request, form, act, *, back, done, title, submit, template="records/dialog.html", **more
):
    """Show the form; on POST call `act(cleaned_data)` once, then go `back` with the words `done`.

    `act` may return another address to go to. `done` is a text, or a function of the cleaned data.
    """
    status, conflict = 200, []
    if request.method == "POST":
        if url := sent_already(request):
            return gone_to(request, url)
        status = 422
        if form.is_valid():
            try:
                url = once(
                    request.user, form.cleaned_data.get("submit_token"),
                    lambda: act(form.cleaned_data) or back,
                )  # fmt: skip
            except ValidationError as error:
                explain(form, error)
            except Refused as refusal:
                status, conflict = 409, refusal.reasons
                if isinstance(refusal, Stale):
                    conflict = conflict + more.get("changes", list)()
                    rebind(form, version=refusal.present)
            else:
                messages.success(request, done(form.cleaned_data) if callable(done) else done)
                return gone_to(request, url)
    more.pop("changes", None)
    context = {
        "form": form, "title": title, "submit": submit, "cancel": back, "conflict": conflict,
        "is_dialog": wants_partial(request), **more,
    }  # fmt: skip
    return render(request, template, context, status=status)


def sent_already(request):
    """Where the first sending of this very form led, if there was one: it may fit no longer."""
    token = request.POST.get("submit_token", "")[:64]
    if not token:
        return ""
    sent = SubmitToken.objects.filter(person=request.user, token=token)
    return sent.values_list("location", flat=True).first() or ""


def explain(form, error):
    """Put the action's objections where they belong: at their fields, else above the form."""
    found = (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )
    for name, words in found.items():
        form.add_error(name if name in form.fields else None, words)


def rebind(form, **values):
    """The same input with the present version: whoever sends it again has seen what happened."""
    form.data = form.data.copy()
    for name, value in values.items():
        form.data[name] = value


def gone_to(request, url):
    if wants_partial(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def at_once(request, act, *, back, done):
    """A step without a form: POST does it once, refusals are told by the page of refusals."""
    url = once(request.user, request.POST.get("submit_token", "")[:64], lambda: act() or back)
    messages.success(request, done)
    return gone_to(request, url)


def seen_version(request):
    """The version that the sender's page showed; None where it says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

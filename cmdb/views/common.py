"""What the views of this app share: finding what the reader may see, and answering a form."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cmdb.forms import explain
from cmdb.models import CI, Service
from core.forms import once
from core.pages import wants_partial


def find(request, number):
    """The CI, or 404 to those who must not learn that it exists."""
    return get_object_or_404(CI.objects.visible_to(request.user).for_page(), number=number)


def find_service(request, code):
    return get_object_or_404(Service.objects.visible_to(request.user).for_page(), code=code)


def posted(request):
    """What a form is bound to: also an empty form is sent."""
    return request.POST if request.method == "POST" else None


def answer(request, form, make, template, context):
    """Show the form, or do its work once and go to the address that `make()` returns.

    Under htmx the form is a dialog; without it a page of its own. Errors come back as 422.
    """
    if request.method == "POST" and form.is_valid():
        try:
            url = once(request.user, form.cleaned_data.get("submit_token"), make)
        except ValidationError as error:
            explain(form, error)
        else:
            return gone_to(request, url)
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, **context, "is_dialog": wants_partial(request)}
    return render(request, template, context, status=status)


def gone_to(request, url):
    if wants_partial(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)

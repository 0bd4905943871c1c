"""Complaining and praising in the portal: one form, prefilled where it is about a request."""

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core import preferences
from core.access import Gate, access
from core.forms import once
from core.pages import check
from records.files import safe_name
from servicedesk.feedback import policies
from servicedesk.feedback.actions import filing
from servicedesk.forms.feedback import FeedbackForm
from servicedesk.models import Feedback
from servicedesk.portal import finding
from servicedesk.views.portal.common import blame, go

DRAFT = "portal-feedback"


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.SIGNED_IN)
def give_feedback(request):
    """?about= a number of one's own requests; ?kind= what it is."""
    check(policies.can_give, None, request.user)
    if request.method != "POST":
        about = _about(request)
        kind = request.GET.get("kind", "")
        form = FeedbackForm(
            person=request.user, about=about,
            initial={
                "feedback_kind": kind if kind in Feedback.Kind.values else None,
                "about_record": about, "severity": None,
                "service": about.service_id if about else None,
            },
        )  # fmt: skip
        return render(request, "portal/give_feedback.html", _page(request, form))
    form = FeedbackForm(request.POST, request.FILES, person=request.user)
    if form.is_valid():
        try:
            url = once(
                request.user, form.cleaned_data["submit_token"], lambda: _make(request, form)
            )
        except ValidationError as error:
            blame(form, error)
        else:
            return go(request, url, draft=DRAFT)
    return render(request, "portal/give_feedback.html", _page(request, form), status=422)


def _make(request, form):
    made = filing.give(by=request.user, **form.inputs())
    return reverse("portal:sent", args=[made.number])


def _about(request):
    number = request.GET.get("about", "").strip().upper()[:20]
    rows = finding.shown_to(request.user).exclude(kind="feedback")
    return rows.filter(number=number).first() if number else None


def _page(request, form):
    lost = [safe_name(one.name) for one in request.FILES.getlist("files")] if form.is_bound else []
    return {
        "form": form, "megabytes": preferences.get("upload_megabytes"), "lost_files": lost,
    }  # fmt: skip

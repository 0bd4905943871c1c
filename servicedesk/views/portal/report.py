"""Reporting that something is wrong: the form, what may be the same, and the page after it."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import preferences, time
from core.access import Gate, access
from core.forms import once
from core.pages import check
from core.text import without_nul
from incidents.models import Incident
from knowledge import reporting
from records.files import safe_name
from servicedesk.forms.portal import ReportForm
from servicedesk.portal import actions, finding, policies, progress, promised, services
from servicedesk.views.portal.common import blame, go
from servicedesk.views.portal.home import suggestions

DRAFT = "portal-report"


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.SIGNED_IN)
def report(request):
    check(policies.can_report, None, request.user)
    if request.method != "POST":
        subject = without_nul(request.GET.get("subject", "")).strip()[:200]
        form = ReportForm(
            person=request.user,
            initial={"subject": subject, "others": "me", "service": _wanted_service(request)},
        )
        return render(request, "portal/report.html", page_of(request, form, subject))
    form = ReportForm(request.POST, request.FILES, person=request.user)
    if form.is_valid():
        try:
            url = once(
                request.user, form.cleaned_data["submit_token"], lambda: _make(request, form)
            )
        except ValidationError as error:
            blame(form, error)
        else:
            return go(request, url, draft=DRAFT)
    context = page_of(request, form, request.POST.get("subject", ""))
    return render(request, "portal/report.html", context, status=422)


def _make(request, form):
    made = actions.report(by=request.user, **form.inputs())
    reporting.reported(
        made, by=request.user, words=form.cleaned_data["subject"],
        service=form.cleaned_data["service"], number=request.POST.get("article", "")[:20],
    )  # fmt: skip
    return reverse("portal:sent", args=[made.number])


def _wanted_service(request):
    """?service= a code: a page about a service leads here."""
    code = request.GET.get("service", "")[:32]
    found = services.used_by(request.user).filter(code=code).first() if code else None
    return found.pk if found else None


def page_of(request, form, subject):
    service = form.cleaned_data.get("service") if form.is_bound else None
    lost = [safe_name(one.name) for one in request.FILES.getlist("files")] if form.is_bound else []
    return {
        "form": form, "megabytes": preferences.get("upload_megabytes"), "lost_files": lost,
        "came_from": without_nul((request.POST or request.GET).get("article", ""))[:20],
        **suggestions(request, without_nul(subject).strip()[:200], service),
    }  # fmt: skip


@require_safe
@access(Gate.SIGNED_IN)
def sent(request, number):
    """What was received, under which number, and what happens next."""
    found = finding.find(request.user, number)
    if not policies.takes_part(found, request.user):
        raise Http404
    promises, why = promised.of_page(found, time.now())
    context = {
        "record": found, "promises": promises, "why": why,
        "progress": progress.progress_of(found),
        "files": found.documents.filter(is_internal=False),
    }  # fmt: skip
    return render(request, "portal/sent.html", context)


@require_POST
@access(Gate.SIGNED_IN)
def me_too(request, number):
    """“I have this too” on a large disruption: a request of one's own that it leads."""
    major = get_object_or_404(services.joinable(request.user), number=number.upper())
    made = actions.join_disruption(Incident(pk=major.pk), by=request.user)
    return go(request, reverse("portal:request", args=[made.number]))

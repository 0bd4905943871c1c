"""Satisfaction: the answer by the link of a mail, the figures for managers, how often is asked."""

import zoneinfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import preferences, time
from core.access import Gate, access
from core.errors import Refused
from core.forms import once
from core.pages import check, wants_partial
from core.paging import paginate
from servicedesk.forms.surveys import RateForm, SurveyForm
from servicedesk.models import SurveyRate
from servicedesk.surveys import actions, figures, links, page, policies, rates

COMMENTS = 8


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.ANYONE)
def by_link(request, token, score):
    """See servicedesk.surveys.links: opening writes nothing, the page sends the score itself."""
    survey = links.read(token)
    if survey is None or survey.closes_at < time.now():
        context = {"survey": None, "is_known": survey is not None}
        return render(request, "servicedesk/surveys/link.html", context, status=410)
    person = survey.person
    zone = zoneinfo.ZoneInfo(person.zone_name)
    with translation.override(person.locale), timezone.override(zone):
        request.LANGUAGE_CODE = person.locale
        return _answer(request, survey, token, score)


def _answer(request, survey, token, score):
    if request.method != "POST":
        form = SurveyForm(initial={"score": score, "comment": survey.comment})
        is_noted = survey.score == score
        return _shown(request, survey, form, token, score, is_noted=is_noted)
    form = SurveyForm(request.POST)
    if not form.is_valid():
        return _shown(request, survey, form, token, score, status=422)
    given = form.cleaned_data
    said = given["comment"] if "comment" in request.POST else None
    try:
        survey = actions.answer(survey, score=given["score"], comment=said)
    except Refused:
        return render(
            request, "servicedesk/surveys/link.html", {"survey": None, "is_known": True}, status=410
        )
    if not wants_partial(request):
        return redirect("servicedesk:survey_link", token=token, score=survey.score)
    form = SurveyForm(initial={"score": survey.score, "comment": survey.comment})
    return _shown(request, survey, form, token, survey.score, is_noted=True)


def _shown(request, survey, form, token, score, *, is_noted=False, status=200):
    context = {
        "survey": survey, "form": form, "is_noted": is_noted, "record": survey.record,
        "url": reverse("servicedesk:survey_link", args=[token, score if 1 <= score <= 5 else 5]),
        "sends_itself": not is_noted and not form.is_bound and 1 <= score <= 5,
    }  # fmt: skip
    return render(request, "servicedesk/surveys/link.html", context, status=status)


@require_safe
@access(Gate.MANAGER)
def index(request):
    """The figures of what the reader may see; each leads to its rows."""
    person = request.user
    asked = page.wanted(request.GET, time.now())
    rows = asked.rows(person)
    context = {
        "asked": asked, "stats": page.stats(figures.figures_of(rows), asked),
        "spans": [
            (weeks, asked.href("servicedesk:satisfaction", p=weeks, show=None, week=None),
             weeks == asked.weeks)
            for weeks in page.SPANS
        ],
        "weeks": page.weeks(rows, asked),
        "tables": [
            (_("By service"), _("Service"), page.lines(rows, "service", asked)),
            (_("By desk"), _("Desk"), page.lines(rows, "desk", asked)),
            (_("By group"), _("Group"), page.lines(rows, "group", asked)),
        ],
        "comments": list(figures.answers(rows.exclude(comment=""))[:COMMENTS]),
        "all_comments": asked.href(show="comment"),
        "may_set": policies.can_set_rates(None, person),
        "is_on": preferences.get("survey_on"),
    }  # fmt: skip
    return render(request, "servicedesk/surveys/index.html", context)


@require_safe
@access(Gate.MANAGER)
def answers(request):
    """The rows behind a figure."""
    asked = page.wanted(request.GET, time.now())
    rows = asked.shown(request.user).select_related(
        "record", "person", "service", "desk", "group"
    )  # fmt: skip
    found = paginate(
        rows, order=("-sent_at", "id"), size=50, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    shows = [
        ("sent", _("Sent")), ("answered", _("Answered")), ("content", pgettext("satisfaction", "Content")),
        ("low", _("Low scores")), ("comment", _("With a comment")),
    ]  # fmt: skip
    context = {
        "page": found, "asked": asked, "narrowed": page.narrowed(asked),
        "shows": [(label, asked.href(show=key), key == asked.show) for key, label in shows],
        "back": asked.href("servicedesk:satisfaction", show=None, week=None),
        "here": asked.href(),
    }  # fmt: skip
    return render(request, "servicedesk/surveys/answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.MANAGER)
def survey_rates(request):
    """Services that are asked about more or less often than the others."""
    may_set = policies.can_set_rates(None, request.user)
    if not may_set and not request.user.access.has_role("AUD"):
        raise PermissionDenied
    form, status = RateForm(request.POST or None, person=request.user), 200
    if request.method == "POST":
        check(policies.can_set_rates, None, request.user)
        if form.is_valid():
            return redirect(
                once(request.user, form.cleaned_data["submit_token"], lambda: _set(request, form))
            )
        status = 422
    context = {
        "form": form, "may_set": may_set, "percent": preferences.get("survey_percent"),
        "is_on": preferences.get("survey_on"),
        "rows": SurveyRate.objects.select_related("service").order_by("service__code"),
    }  # fmt: skip
    return render(request, "servicedesk/surveys/rates.html", context, status=status)


def _set(request, form):
    given = form.cleaned_data
    rates.set_rate(given["service"], given["percent"], by=request.user)
    messages.success(request, _("%(name)s is changed.") % {"name": given["service"].name})
    return reverse("servicedesk:survey_rates")


@require_POST
@access(Gate.MANAGER)
def survey_rate_remove(request, pk):
    """Ask about this service as about all others again."""
    check(policies.can_set_rates, None, request.user)
    row = get_object_or_404(SurveyRate.objects.select_related("service"), pk=pk)
    rates.set_rate(row.service, None, by=request.user)
    messages.success(request, _("%(name)s is asked about as all others.") % {
        "name": row.service.name
    })  # fmt: skip
    return redirect("servicedesk:survey_rates")

"""Taking a call on one screen, what it shows while somebody speaks, and the list of calls."""

import secrets

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from core import time
from core.access import Gate, access
from core.pages import check, wants_partial
from core.text import without_nul
from knowledge import finding as knowledge
from people.models import Person
from people.pickers import matching_person
from servicedesk import policies_calls as policies
from servicedesk.calls import actions, deciding, listing
from servicedesk.calls import caller as callers
from servicedesk.forms.calls import CallFilterForm, CallForm, MatchForm
from servicedesk.models import Interaction
from servicedesk.queue.rows import address

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.AGENT)
def new(request):
    """The call's one screen. POST makes a ticket of it."""
    check(policies.can_take_calls, None, request.user)
    if request.method != "POST":
        form, shown = _fresh(request)
        return render(request, "servicedesk/calls/new.html", page_of(request, form, shown))
    form = CallForm(request.POST, agent=request.user)
    if form.is_valid():
        try:
            incident, call = _convert(request, form)
        except ValidationError as error:
            blame(form, error)
        else:
            words = {"number": incident.number, "call": call.number}
            said = _("%(number)s is made of call %(call)s.") % words
            if incident.phase == "resolved":
                said = _("%(number)s is made of call %(call)s and solved.") % words
            messages.success(request, said)
            return redirect(address(incident.kind, incident.number))
    return _refused(request, form)


def _fresh(request):
    """An empty form, or that of an own call that is still open (?call=)."""
    number = request.GET.get("call", "").upper()
    mine = Interaction.objects.filter(agent=request.user).unfinished()
    call = mine.select_related("person").filter(number=number).first() if number else None
    if call is not None:
        draft = dict(call.draft)
        initial = draft | {"submit_token": call.token}
        if call.person_id is None and call.caller_text:
            initial["caller"] = "?" + call.caller_text
        return CallForm(agent=request.user, initial=initial), call.person
    initial = {"channel": "phone", "title": without_nul(request.GET.get("title", ""))[:200]}
    person = None
    if (key := request.GET.get("person", "")).isdecimal() and len(key) < 19:
        person = Person.objects.visible_to(request.user).filter(pk=int(key)).first()
        initial["caller"] = person.pk if person else ""
    return CallForm(agent=request.user, initial=initial), person


def page_of(request, form, person):
    now = time.now()
    context = {
        "form": form, "person": person,
        "open_calls": Interaction.objects.filter(agent=request.user).unfinished()
        .select_related("person").order_by("-started_at")[:6],
        "majors": callers.majors(request.user),
    }  # fmt: skip
    if person is not None:
        context["card"] = callers.card_of(person, request.user, now)
    return context | _decided(request, form, now)


def _decided(request, form, now):
    """What would be decided now, and what may be the same: of a form as it stands, valid or not."""
    if not form.is_bound:
        decision = deciding.decide(agent=request.user, at=now)
        return {"decision": decision, "duplicates": [], "articles": [], "is_named": False}
    form.is_valid()
    data = form.cleaned_data
    decision = deciding.decide(
        agent=request.user, at=now, requester=form.person, category=data.get("category"),
        service=data.get("service"), ci=data.get("ci"), impact=data.get("impact"),
        urgency=data.get("urgency"), channel=data.get("channel") or "phone",
        title=(form.data.get("title") or "")[:200],
        description=(form.data.get("description") or "")[:50_000],
    )  # fmt: skip
    found = callers.duplicates(
        request.user, text=form.data.get("title") or "", at=now, service=decision.service,
        ci=data.get("ci"),
    )  # fmt: skip
    articles = knowledge.suggestions(
        request.user, (form.data.get("title") or "")[:200], decision.service
    )
    return {"decision": decision, "duplicates": found, "articles": articles, "is_named": True}


def _token(form):
    return form.data.get("submit_token") or secrets.token_urlsafe(16)


def _convert(request, form):
    data = form.cleaned_data
    service, _rule = deciding.service_of(
        service=data["service"], category=data["category"], ci=data["ci"]
    )
    report = {
        "title": data["title"], "description": data["description"], "requester": form.person,
        "category": data["category"], "service": service, "ci": data["ci"],
        "impact": data["impact"], "urgency": data["urgency"],
    }  # fmt: skip
    solution = None
    if data["solve_now"]:
        solution = {"resolution": data["resolution"], "closure_code": data["closure_code"]}
        report["group"] = actions.desk_that_solves(request.user, report, data["channel"])
    return actions.convert(
        by=request.user, token=_token(form), report=report, solution=solution, **form.kept()
    )


def blame(form, error):
    """Put what an action refused at the fields of the form; what has no field, above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        known = name if name in form.fields else None
        form.add_error(known, [message for one in problems for message in one.messages])


def _refused(request, form):
    context = page_of(request, form, form.person)
    return render(request, "servicedesk/calls/new.html", context, status=422)


@require_GET
@access(Gate.AGENT)
def caller(request):
    """The card of who was chosen; of words that name nobody, that they name nobody."""
    check(policies.can_take_calls, None, request.user)
    form = CallForm(request.GET, agent=request.user)
    form.is_valid()
    context = {"person": form.person, "caller_text": form.caller_text}
    if form.person is not None:
        context["card"] = callers.card_of(form.person, request.user, time.now())
    elif form.caller_text:
        people = Person.objects.visible_to(request.user).active().humans()
        found = matching_person(people, form.caller_text).select_related("organization")
        context["people"] = found.order_by("name", "pk")[:6]
    return render(request, "servicedesk/calls/_card.html", context)


@require_POST
@access(Gate.AGENT)
def preview(request):
    """While typing: what would be decided, what may be the same; and the call is kept as it stands."""
    check(policies.can_take_calls, None, request.user)
    form = CallForm(request.POST, agent=request.user)
    context = _decided(request, form, time.now())
    if form.is_begun and form.data.get("submit_token"):
        context["call"] = actions.keep(by=request.user, token=_token(form), **form.kept())
    return render(request, "servicedesk/calls/_decision.html", context)


@require_POST
@access(Gate.AGENT)
def link(request):
    """The call is about a ticket that exists already."""
    form = CallForm(request.POST, agent=request.user)
    number, _colon, outcome = request.POST.get("about", "").partition(":")
    if not number:
        number, outcome = request.POST.get("number", ""), request.POST.get("outcome", "")
    return _end_call(
        request, form,
        lambda: actions.link(
            by=request.user, token=_token(form), number=number[:20],
            outcome=outcome or Interaction.Outcome.STATUS_ENQUIRY, **form.kept(),
        ),
    )  # fmt: skip


@require_POST
@access(Gate.AGENT)
def end(request):
    """The call ends without a ticket."""
    form = CallForm(request.POST, agent=request.user)
    outcome = request.POST.get("outcome", "")
    return _end_call(
        request, form,
        lambda: actions.discard(
            by=request.user, token=_token(form), outcome=outcome, **form.kept()
        ),
    )  # fmt: skip


def _end_call(request, form, work):
    check(policies.can_take_calls, None, request.user)
    try:
        call = work()
    except ValidationError as error:
        form.errors.clear()
        blame(form, error)
        return _refused(request, form)
    said = _("%(call)s is kept: %(outcome)s.") % {
        "call": call.number, "outcome": call.get_outcome_display(),
    }  # fmt: skip
    messages.success(request, said)
    url = reverse("servicedesk:new")
    if call.record_id and call.outcome == Interaction.Outcome.LINKED:
        url = address(call.record.kind, call.record.number)
    return HttpResponseClientRedirect(url) if wants_partial(request) else redirect(url)


@require_GET
@access(Gate.AGENT)
def index(request):
    """All calls that this agent may see, by outcome, channel, agent and day."""
    form = CallFilterForm(request.GET)
    form.is_valid()
    page = listing.page_of(
        request.user, form.cleaned_data, size=PER_PAGE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    context = {
        "page": page, "form": form, "is_filtered": any(form.cleaned_data.values()),
        "figures": listing.figures(request.user), "problems": form.errors,
    }  # fmt: skip
    partial = wants_partial(request)
    name = "_list" if partial else "index"
    response = render(request, f"servicedesk/calls/{name}.html", context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def find(request, number):
    rows = Interaction.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, number=number.upper())


@require_GET
@access(Gate.AGENT)
def call(request, number):
    return _page(request, find(request, number), MatchForm())


def _page(request, found, form, status=200):
    now = time.now()
    seen = listing.seen_record(found, request.user)
    context = {
        "call": found, "form": form, "record": seen,
        "record_href": address(found.record.kind, found.record.number) if seen else "",
        "may_reopen": not found.is_open and policies.can_reopen(found, request.user)
        and listing.is_same_day(found, now) and found.outcome != "new_record",
        "may_match": found.person_id is None and bool(found.caller_text)
        and policies.can_edit_call(found, request.user),
    }  # fmt: skip
    return render(request, "servicedesk/calls/call.html", context, status=status)


@require_POST
@access(Gate.AGENT)
def reopen(request, number):
    found = find(request, number)
    check(policies.can_reopen, found, request.user)
    actions.reopen(found, by=request.user)
    return redirect(f"{reverse('servicedesk:new')}?call={found.number}")


@require_POST
@access(Gate.AGENT)
def match(request, number):
    """Say who an unknown caller was."""
    found = find(request, number)
    check(policies.can_edit_call, found, request.user)
    form = MatchForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    actions.match(found, form.cleaned_data["person"], by=request.user)
    messages.success(request, _("The caller is known now."))
    return redirect("servicedesk:call", found.number)

"""Pages of short-term changes: the list, one with the tickets it touches, its form, its steps."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import formats
from core.access import Gate, access
from core.errors import Refused
from core.forms import once
from core.lifecycle import open_steps
from core.pages import check, wants_partial
from core.paging import paginate
from core.templatetags import ui
from records.models import Record
from slm import policies
from slm.actions import variations as actions
from slm.forms_variations import AgreeForm, CancelForm, EndForm, VariationForm, words_of
from slm.models import Clock, ClockEvent, TargetVariation
from slm.terms import LIVE_STATES
from slm.variation_words import decorate
from slm.views.agreements import find as find_agreement
from slm.workspace_words import address, state_look

State = TargetVariation.State
STEPS = {
    "agree": (AgreeForm, actions.agree, gettext_lazy("Note the agreement"), gettext_lazy("Agree"),
              gettext_lazy("Agreed. It begins and ends by itself.")),
    "end": (EndForm, actions.end, gettext_lazy("End it now"), gettext_lazy("End now"),
            gettext_lazy("Ended. The usual times hold again.")),
    "cancel": (CancelForm, actions.cancel, gettext_lazy("Cancel the short-term change"),
               gettext_lazy("Cancel it"), gettext_lazy("Cancelled.")),
}  # fmt: skip


def find(request, number):
    rows = TargetVariation.objects.visible_to(request.user)
    rows = rows.select_related("agreement__customer", "agreed_with", "created_by")
    return get_object_or_404(rows, number=number.upper())


@require_GET
@access(Gate.AGENT)
def index(request):
    """All, or those of one agreement (?agreement=)."""
    rows, agreement = TargetVariation.objects.visible_to(request.user), None
    if number := request.GET.get("agreement", ""):
        agreement = find_agreement(request, number[:20].upper())
        rows = rows.filter(agreement=agreement)
    state = request.GET.get("state", "")
    if state in State.values:
        rows = rows.filter(state=state)
    else:
        state = ""
    page = paginate(
        rows.select_related("agreement"), order=("-id",),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for row in page:
        decorate(row)
    context = {
        "page": page, "agreement": agreement, "state": state, "states": State.choices,
        "total": rows.count(), "may_manage": may_manage(request.user),
    }  # fmt: skip
    return render(request, "slm/variations.html", context)


def may_manage(person):
    return policies.can_manage_variations(None, person)


@require_GET
@access(Gate.AGENT)
def detail(request, variation):
    found, person = decorate(find(request, variation)), request.user
    page = paginate(
        touched(found, person), order=("-opened_at", "-id"), size=25,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for row in page:
        row.look = state_look(row)
    announce = address("announcements:new")
    context = {
        "variation": found, "agreement": found.agreement, "values": values_of(found),
        "page": page, "count": touched(found, person).count(),
        "steps": [(step, reverse("slm:variation_step", args=[found.number, step.name]))
                  for step in open_steps(found, person)],
        "may_manage": may_manage(person),
        "announce": f"{announce}?variation={found.number}" if announce else "",
        "announcements": announcements_of(found, person),
    }  # fmt: skip
    return render(request, "slm/variation.html", context)


def touched(variation, person):
    """Records with a clock that took its time from the change, or will when it begins."""
    varied = ClockEvent.objects.filter(
        clock__target__in=list(variation.seconds), data__variation=variation.number
    )
    clocks = varied.values("clock__record_id")
    if variation.state in (State.DRAFT, State.AGREED):
        clocks = Clock.objects.filter(
            state__in=LIVE_STATES, agreement=variation.agreement_id,
            target__in=list(variation.seconds),
        ).values("record_id")  # fmt: skip
    rows = Record.objects.visible_to(person).filter(pk__in=clocks)
    return rows.select_related("service", "assignee", "pending_reason")


def values_of(variation):
    """[(promise, usual time, changed time)]."""
    usual = variation.agreement.targets.select_related("category").in_bulk(list(variation.seconds))
    lang = ui.language()
    return [
        (words_of(usual[pk]), formats.duration_text(int(usual[pk].value), lang),
         formats.duration_text(seconds, lang))
        for pk, seconds in variation.seconds.items() if pk in usual
    ]  # fmt: skip


def announcements_of(variation, person):
    """What tells customers of it: records of a higher floor, by the relation that they made."""
    rows = getattr(variation, "announcements", None)
    return list(rows.visible_to(person).order_by("pk")) if rows is not None else []


# --- writing ------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def new(request, number):
    agreement = find_agreement(request, number)
    check(policies.can_manage_variations, None, request.user)
    form = VariationForm(request.POST if request.method == "POST" else None, agreement=agreement)

    def make():
        made = actions.draft(agreement, by=request.user, **form.answers())
        return reverse("slm:variation", args=[made.number])

    return form_page(request, form, make, agreement=agreement)


@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def edit(request, variation):
    found = find(request, variation)
    check(policies.can_manage_variations, found, request.user)
    initial = {"starts_at": found.starts_at, "ends_at": found.ends_at, "reason": found.reason}
    form = VariationForm(
        request.POST if request.method == "POST" else None, initial=initial,
        agreement=found.agreement, values=found.seconds,
    )  # fmt: skip

    def make():
        actions.edit(found, by=request.user, **form.answers())
        return reverse("slm:variation", args=[found.number])

    return form_page(request, form, make, agreement=found.agreement, variation=found)


def form_page(request, form, make, *, agreement, variation=None):
    conflict = []
    if form.is_valid():
        try:
            url = once(request.user, form.cleaned_data["submit_token"], make)
            messages.success(request, _("The short-term change is saved."))
            return redirect(url)
        except ValidationError as error:
            blame(form, error)
        except Refused as refusal:
            conflict = refusal.reasons
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    context = {
        "form": form, "agreement": agreement, "variation": variation, "conflict": conflict
    }  # fmt: skip
    return render(request, "slm/variation_form.html", context, status=status)


def blame(form, error):
    named = hasattr(error, "error_dict")
    for name, words in (
        error.message_dict if named else {NON_FIELD_ERRORS: error.messages}
    ).items():
        form.add_error(name if name in form.fields else None, words)


# --- steps --------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def step(request, variation, name):
    if name not in STEPS:
        raise Http404
    form_class, act, title, submit, done = STEPS[name]
    found = find(request, variation)
    check(policies.can_manage_variations, found, request.user)
    home = reverse("slm:variation", args=[found.number])
    form = form_class(request.POST if request.method == "POST" else None)
    known = {one.name: one.reasons for one in open_steps(found, request.user)}
    conflict = known.get(name, [_("This step is not possible now.")])
    status = 200
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "submit_token"}

        def run():
            act(found, by=request.user, **given)
            return home

        try:
            url = once(request.user, form.cleaned_data["submit_token"], run)
            messages.success(request, done)
            if wants_partial(request):
                return HttpResponse(headers={"HX-Redirect": url})
            return redirect(url)
        except ValidationError as error:
            blame(form, error)
        except Refused as refusal:
            conflict, status = refusal.reasons, 409
    if form.is_bound and form.errors:
        status = 422
    context = {
        "form": form, "title": f"{found.number}: {title}", "submit": submit, "cancel": home,
        "is_dialog": wants_partial(request), "conflict": conflict, "is_danger": name == "cancel",
    }  # fmt: skip
    return render(request, "records/dialog.html", context, status=status)

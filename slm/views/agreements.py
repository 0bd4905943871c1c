"""Pages of agreements: the list, one agreement, its form, and the steps of its life."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from cmdb.models import Service
from core import time
from core.access import Gate, access
from core.errors import Refused
from core.forms import once
from core.lifecycle import open_steps
from core.pages import check, wants_partial
from core.paging import paginate
from core.text import without_nul
from people.pickers import named, organization_field
from slm import agreement_words, chains, policies, variation_words
from slm.actions import agreements as actions
from slm.actions import underpinning
from slm.forms_agreements import (
    AgreementForm,
    ReviseForm,
    SendBackForm,
    StepForm,
    SubmitForm,
    TerminateForm,
)
from slm.forms_targets import TargetForm, TargetFormSet
from slm.forms_work import KeyedPicker
from slm.models import Agreement
from slm.terms import ClockKind
from slm.workspace_feed import feed_of

STEP_FORMS = {
    "submit_signature": SubmitForm, "send_back": SendBackForm, "terminate": TerminateForm,
    "revise": ReviseForm,
}  # fmt: skip
VALIDITY = [
    ("", gettext_lazy("any")), ("now", gettext_lazy("in force today")),
    ("ahead", gettext_lazy("not yet in force")), ("over", gettext_lazy("over")),
]  # fmt: skip


class FilterForm(forms.Form):
    q = forms.CharField(required=False, max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("any")), *ClockKind.choices],
        required=False,
    )  # fmt: skip
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=[("", gettext_lazy("any")), *Agreement.State.choices],
    )  # fmt: skip
    valid = forms.ChoiceField(label=gettext_lazy("Valid"), choices=VALIDITY, required=False)
    customer = organization_field(label=gettext_lazy("Customer"), required=False)
    service = KeyedPicker(
        Service.objects.all(), url_name="cmdb:pick_service", match=named, to_field_name="code",
        label=gettext_lazy("Service"), required=False,
    )  # fmt: skip

    def asked(self):
        """What was understood; a word that is none is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@require_GET
@access(Gate.AGENT)
def index(request):
    if drop := request.GET.get("drop"):
        params = request.GET.copy()
        for name in (drop, f"{drop}_text", "drop", "after", "before"):
            params.pop(name, None)
        return redirect(f"{reverse('slm:agreements')}?{params.urlencode()}")
    form = FilterForm(request.GET)
    asked = form.asked()
    found = filtered(Agreement.objects.visible_to(request.user), asked, time.now().date())
    page = paginate(
        found.select_related(
            "customer", "agreed_service", "provider_group", "consumer_group", "supplier"
        ),
        order=("title", "id"),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for agreement in page:
        agreement_words.decorate(agreement)
    context = {
        "form": form, "page": page, "total": found.count(), "q": asked.get("q", ""),
        "tokens": tokens_of(form, asked), "may_manage": may_manage(request.user),
        "kinds": ClockKind.choices,
    }  # fmt: skip
    return render(request, "slm/agreements.html", context)


def filtered(found, asked, today):
    if words := asked.get("q"):
        for word in without_nul(words).split()[:6]:
            found = found.filter(Q(title__icontains=word) | Q(number__icontains=word))
    if kind := asked.get("kind"):
        found = found.filter(agreement_kind=kind)
    if state := asked.get("state"):
        found = found.filter(state=state)
    if customer := asked.get("customer"):
        found = found.filter(customer=customer)
    if service := asked.get("service"):
        found = found.filter(agreed_service=service)
    validity = asked.get("valid")
    if validity == "now":
        found = found.in_force(today)
    elif validity == "ahead":
        found = found.filter(Q(in_force=None) | Q(in_force__startswith__gt=today))
    elif validity == "over":
        found = found.filter(in_force__endswith__lte=today)
    return found


def tokens_of(form, asked):
    """[(name, label, words)] of the filters in force."""
    tokens = []
    for name, value in asked.items():
        if name != "q":
            choices = dict(getattr(form.fields[name], "choices", ()) or ()) if name in (
                "kind", "state", "valid",
            ) else {}  # fmt: skip
            words = str(choices[value]) if choices else value.name
            tokens.append((name, form.fields[name].label, words))
    return tokens


def may_manage(person):
    return policies.can_manage_agreements(None, person)


def find(request, number):
    """The agreement, or 404 to those who must not learn that it exists."""
    found = Agreement.objects.visible_to(request.user).select_related(
        "customer", "agreed_service", "provider_group", "consumer_group", "supplier", "calendar",
        "service_hours", "previous", "owner",
    )  # fmt: skip
    return get_object_or_404(found, number=number)


@require_GET
@access(Gate.AGENT)
def detail(request, number):
    agreement = find(request, number)
    now = time.now()
    related = Agreement.objects.visible_to(request.user)
    context = {
        "agreement": agreement_words.decorate(agreement),
        "targets": agreement_words.target_rows(agreement),
        "facts": agreement_words.facts_of(agreement),
        "verdict": agreement_words.verdict_words(chains.verdict_on(agreement, now), related),
        "below": [agreement_words.decorate(row) for row in
                  related.filter(underpins=agreement).order_by("number")],
        "above": [agreement_words.decorate(row) for row in
                  related.filter(underpinned_by=agreement).order_by("number")],
        "versions": agreement_words.versions_of(agreement, related),
        "feed": feed_of(agreement, request.user, can_read_notes=True),
        "steps": steps_of(agreement, request.user),
        "may_manage": may_manage(request.user),
        **variation_words.of_agreement(agreement, request.user),
    }  # fmt: skip
    return render(request, "slm/agreement.html", context)


def steps_of(agreement, person):
    """[(name, label, address, reasons)] in the order of the lifecycle, the revision among them."""
    steps = [(step.name, step.label, step.reasons) for step in open_steps(agreement, person)]
    if agreement.state in Agreement.APPLYING and may_manage(person):
        steps.insert(1, ("revise", _("Revise"), []))
    return [
        (name, label, reverse("slm:agreement_step", args=[agreement.number, name]), reasons)
        for name, label, reasons in steps
    ]


# --- writing ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def new(request):
    check(policies.can_manage_agreements, None, request.user)
    kind = request.GET.get("kind", ClockKind.SLA)
    if kind not in ClockKind.values:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = AgreementForm(posted, kind=kind, person=request.user)
    targets = TargetFormSet(posted, prefix="targets")
    if posted is not None and all([form.is_valid(), targets.is_valid()]):

        def make():
            given = form.answers()
            customer = given.get("customer")
            agreement = underpinning.create(
                by=request.user, agreement_kind=kind, targets=targets.answers(),
                organization=customer or request.user.organization, **given,
            )  # fmt: skip
            return agreement.get_absolute_url()

        try:
            return redirect(once(request.user, form.cleaned_data["submit_token"], make))
        except ValidationError as error:
            blame(form, error)
    return render_form(request, form, targets, kind)


@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def edit(request, number):
    agreement = find(request, number)
    check(policies.can_manage_agreements, agreement, request.user)
    posted = request.POST if request.method == "POST" else None
    refusal = _("A signed agreement is frozen. Revise it: that makes a new version.")
    if posted is None and not agreement.is_editable:
        messages.error(request, refusal)
        return redirect(agreement)
    kind = agreement.agreement_kind
    form = AgreementForm(posted, kind=kind, person=request.user, agreement=agreement)
    rows = [TargetForm.initial_of(target) for target in agreement.targets.all()]
    targets = TargetFormSet(posted, prefix="targets", initial=rows)
    if not agreement.is_editable:  # signed while the form was open: what was typed stays in it
        return render_form(request, form, targets, kind, agreement, conflict=[refusal])
    if posted is not None and all([form.is_valid(), targets.is_valid()]):
        try:
            underpinning.edit(
                agreement, by=request.user, seen_version=form.cleaned_data["seen"],
                targets=targets.answers(), **form.answers(),
            )  # fmt: skip
            messages.success(request, _("The agreement is saved."))
            return redirect(agreement)
        except ValidationError as error:
            blame(form, error)
        except Refused as refusal:
            return render_form(request, form, targets, kind, agreement, conflict=refusal.reasons)
    return render_form(request, form, targets, kind, agreement)


def blame(form, error):
    """What an action found wrong, at its field where the form has it."""
    names = {"valid": "valid_from"}
    for name, reasons in getattr(error, "message_dict", {None: error.messages}).items():
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, reasons)


class Everything:
    """The form and all its rows, for the one box that lists what is wrong."""

    def __init__(self, form, targets):
        self.forms = [form, *targets.forms]
        self.general = [*form.non_field_errors(), *targets.non_form_errors()]
        self.errors = self.general or any(part.is_bound and part.errors for part in self.forms)

    def non_field_errors(self):
        return self.general

    def __iter__(self):
        for part in self.forms:
            yield from part


def render_form(request, form, targets, kind, agreement=None, conflict=()):
    everything = Everything(form, targets)
    status = 409 if conflict else 422 if everything.errors else 200
    context = {
        "form": form, "targets": targets, "everything": everything, "agreement": agreement,
        "kind": ClockKind(kind).label, "conflict": conflict,
        "scope": [form[name] for name in form.fields if name in agreement_words.SCOPE],
    }  # fmt: skip
    return render(request, "slm/agreement_form.html", context, status=status)


# --- steps ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def step(request, number, name):
    agreement = find(request, number)
    check(policies.can_manage_agreements, agreement, request.user)
    known = {step.name: step for step in open_steps(agreement, None)}
    if name != "revise" and name not in agreement_words.STEPS:
        raise Http404
    today = time.now().date()
    initial = {"seen": agreement.version, "day": today, "valid_from": today}
    form_class = STEP_FORMS.get(name, StepForm)
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    conflict, status = [], 200
    if request.method == "POST" and form.is_valid():
        try:
            url = once(
                request.user, form.cleaned_data["submit_token"],
                lambda: take(agreement, name, form, request.user),
            )  # fmt: skip
            return gone_to(request, url)
        except ValidationError as error:
            blame(form, error)
        except Refused as refusal:
            conflict, status = refusal.reasons, 409
    if form.is_bound and form.errors:
        status = 422
    if name in known and not conflict:
        conflict = known[name].reasons
    context = {
        "form": form, "agreement": agreement, "is_dialog": wants_partial(request),
        "title": agreement_words.STEPS[name].title, "submit": agreement_words.STEPS[name].label,
        "lead": agreement_words.STEPS[name].lead, "conflict": conflict,
        "cancel": agreement.get_absolute_url(), "is_danger": name == "terminate",
    }  # fmt: skip
    if name == "submit_signature":
        related = Agreement.objects.visible_to(request.user)
        verdict = chains.verdict_on(agreement, time.now())
        context["verdict"] = agreement_words.verdict_words(verdict, related)
        context["extra"] = "slm/_chain.html"
        if verdict.is_ok:
            form.fields["reason"].widget = forms.HiddenInput()
    return render(request, "records/dialog.html", context, status=status)


def take(agreement, name, form, person):
    """One step by its own action; the address to go on to."""
    given = form.cleaned_data
    if name == "submit_signature":
        underpinning.submit(
            agreement, by=person, reason=given["reason"], seen_version=given["seen"]
        )
    elif name == "activate":
        actions.activate(agreement, by=person, seen_version=given["seen"])
    elif name == "terminate":
        actions.terminate(
            agreement, by=person, day=given["day"], reason=given["reason"],
            seen_version=given["seen"],
        )  # fmt: skip
    elif name == "revise":
        return underpinning.revise(agreement, by=person, valid=form.valid).get_absolute_url()
    else:
        actions.move(
            agreement, name, by=person, seen_version=given["seen"], comment=given["comment"]
        )
    return agreement.get_absolute_url()


def gone_to(request, url):
    if wants_partial(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)

"""The catalogue in the portal: what may be ordered, the form of an offering, and the order."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import preferences, time
from core.access import Gate, access
from core.errors import Refused, Stale
from core.forms import once
from core.pages import check, wants_partial
from core.text import without_nul
from people.models import Person
from people.views_pickers import answer, option, words_of
from servicedesk.catalogue import finding as catalogue_finding
from servicedesk.catalogue.asking import OrderForm
from servicedesk.models import RequestOffering
from servicedesk.portal import finding, foreseeing, policies
from servicedesk.requests import face
from servicedesk.requests import policies as requests
from servicedesk.requests.actions import ordering
from servicedesk.views.portal.common import blame, go


@require_safe
@access(Gate.SIGNED_IN)
def catalogue(request):
    """Everything that this person may order, by category; or what fits the words."""
    words = without_nul(request.GET.get("q", "")).strip()[:120]
    offerings = RequestOffering.objects.visible_to(request.user)
    found = catalogue_finding.matching(offerings, words)
    context = {
        "words": words, "count": len(found),
        "groups": [(None, found)] if words else catalogue_finding.grouped(found),
    }  # fmt: skip
    for offering in found:
        offering.price_text = face.money(offering.current.price, offering.current.currency)
    partial = wants_partial(request)
    template = "portal/services/_tiles.html" if partial else "portal/services/index.html"
    response = render(request, template, context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def find_offering(request, code):
    rows = RequestOffering.objects.visible_to(request.user)
    rows = rows.select_related("service", "category", "current", "default_group")
    return get_object_or_404(rows, code=code)


def _requester(request):
    """For whom it is: ?for= somebody whom the reader may name."""
    key = (request.POST.get("for") or request.GET.get("for") or "").strip()
    if not key.isascii() or not key.isdigit() or len(key) > 18 or int(key) == request.user.pk:
        return request.user
    rows = policies.who_may_be_named(request.user).select_related("organization", "site")
    return get_object_or_404(rows, pk=int(key))


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.SIGNED_IN)
def offering(request, code):
    """The form of an offering; a POST orders."""
    found = find_offering(request, code)
    requester = _requester(request)
    if request.method != "POST":
        form = _form(request, found, requester)
        return render(request, "portal/services/offering.html", _page(request, found, form))
    check(requests.can_order, None, request.user)

    def make(form):
        answers, uploads = form.answers()
        made = ordering.order(
            by=request.user, requester=requester, offering=found, answers=answers,
            uploads=uploads, **_inputs(form),
        )  # fmt: skip
        return reverse("portal:sent", args=[made.number])

    form = _form(request, found, requester, request.POST, request.FILES)
    return _sent(request, found, form, make, "portal/services/offering.html")


def _form(request, offering, requester, *data, stored=None, **more):
    return OrderForm(
        *data, offering=offering, version=offering.current, by=request.user, requester=requester,
        stored=stored, **more,
    )  # fmt: skip


def _inputs(form):
    given = form.cleaned_data
    return {
        "quantity": given.get("quantity") or 1, "cost_centre": given.get("cost_centre", ""),
        "note": given["note"], "seen": given["seen"],
    }  # fmt: skip


def _sent(request, found, form, make, template, **more):
    """Order once, or show the form again with what is wrong with it."""
    refused, status = [], 422
    if "again" in request.POST:
        # without a script: show the questions that belong to the answers so far
        form.is_asked_again = True
        return render(request, template, _page(request, found, form, **more))
    if form.is_valid():
        try:
            url = once(request.user, form.cleaned_data["submit_token"], lambda: make(form))
        except ValidationError as error:
            blame(form, error)
        except Stale:
            words = _("The form was changed meanwhile. Please look it over and send it again.")
            refused, status = [words], 409 if not wants_partial(request) else 422
            form.data = form.data.copy()
            form.data["seen"] = found.current.number
        except Refused as refusal:
            refused = refusal.reasons
        else:
            return go(request, url, draft=f"order-{found.code}")
    context = _page(request, found, form, refused=refused, **more)
    return render(request, template, context, status=status)


def _page(request, found, form, refused=(), **more):
    requester = form.requester
    is_own = requester.pk == request.user.pk
    return {
        "offering": found, "form": form, "refused": list(refused), "requester": requester,
        "is_own": is_own, "may_order": requests.can_order(None, request.user),
        "may_have": RequestOffering.objects.offered_to(requester).filter(pk=found.pk).exists(),
        "foreseen": foreseeing.foresee(found, requester, by=request.user, at=time.now()),
        "megabytes": preferences.get("upload_megabytes"),
        **more,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.SIGNED_IN)
def revise(request, number):
    """A rejected order once more: what was answered stands there, and the reason above it."""
    found = finding.find(request.user, number)
    if found.kind != "service_request":
        raise Http404
    if not requests.can_revise(found, request.user):
        raise PermissionDenied
    if found.state not in {"rejected", "draft"}:
        return redirect(reverse("portal:request", args=[found.number]))
    rows = RequestOffering.objects.select_related("service", "category", "current")
    offered = rows.get(pk=found.offering_id)
    back = {"record": found}
    if request.method != "POST":
        first = {
            "quantity": found.quantity, "cost_centre": found.cost_centre,
            "note": found.description,
        }  # fmt: skip
        form = _form(request, offered, found.requester, stored=found.form_data, initial=first)
        return render(
            request, "portal/services/offering.html", _page(request, offered, form, **back)
        )

    @transaction.atomic
    def make(form):
        answers, uploads = form.answers()
        paper = found
        if found.state == "rejected":
            paper = ordering.revise(found, by=request.user)
        ordering.resubmit(paper, by=request.user, answers=answers, uploads=uploads, **_inputs(form))
        return reverse("portal:request", args=[found.number])

    form = _form(request, offered, found.requester, request.POST, request.FILES)
    return _sent(request, offered, form, make, "portal/services/offering.html", **back)


@require_safe
@access(Gate.SIGNED_IN)
def pick_colleague(request):
    """Whom one may order for, or name: oneself and colleagues; agents, everybody."""
    words = words_of(request)
    found = policies.who_may_be_named(request.user)
    if words:
        found = Person.objects.filter(pk__in=found.values("pk")).matching(words)
    found = found.select_related("organization").order_by("name", "pk")
    options = [option(row, row.name, row.organization, row.job_title) for row in found[:13]]
    reason = _("You may name yourself, and colleagues where your organisation shares its requests.")
    return answer(request, options, words, reason, reason)

"""The queue: one list of everything that is worked on, its filters, its views, many at once."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from core import time
from core.access import Gate, access
from core.errors import Refused
from core.exports import csv_response
from core.pages import check, wants_partial
from servicedesk import actions, policies
from servicedesk.forms.queue import BULK_FORMS, PICKED, FilterForm, LookForm, ViewForm
from servicedesk.models import SavedView
from servicedesk.queue import columns, exporting, picks, views
from servicedesk.queue import page as pages
from servicedesk.queue.fields import FIELDS
from servicedesk.queue.selection import Selection
from servicedesk.queue.tokens import names_of
from servicedesk.queue.urgency import ORDERS

ACTS = {"take", "assign", "hold", "resolve", "priority", "note", "watch"}


def asked(request, data=None):
    """The selection that the address asks for, and all views of the reader. The views are kept on
    the request: the side bar lists them too."""
    data = request.GET if data is None else data
    if not hasattr(request, "queue_views"):
        request.queue_views = views.views_of(request.user)
    known = request.queue_views
    key = data.get("view", "")
    view = known.get(key)
    if view is None:
        has_filters = "f" in data or any(name in data for name in FIELDS)
        view = known["all"] if has_filters else views.default_of(known, request.user)
    selection = Selection.read(data, view)
    if key and key not in known:
        selection = selection.with_problem(_("View"), key[:40])
    return selection


@require_GET
@access(Gate.AGENT)
def index(request):
    selection = asked(request)
    request.queue_now, look = columns.opening(request.user, selection.view)
    request.density = look.density
    page = pages.build(
        request.user, selection, look=look, now=request.queue_now,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    request.queue_selection = selection
    partial = wants_partial(request)
    context = {
        "page": page, "selection": selection, "view": selection.view, "is_partial": partial,
        "most_exported": f"{exporting.MOST:,}",
        "can_edit": selection.view.saved is not None
        and policies.can_edit_view(selection.view.saved, request.user),
    }  # fmt: skip
    template = "servicedesk/queue/_list.html" if partial else "servicedesk/queue/index.html"
    response = render(request, template, context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


@require_GET
@access(Gate.AGENT)
def edit_filters(request):
    """All filters as a form, in a dialog or as a page. It is sent to the queue as an address."""
    selection = asked(request)
    names = names_of(selection.values, request.user)
    form = FilterForm(selection, request.user, names)
    texts = {
        name: names.get((FIELDS[name].model, int(word)), "")
        for name in PICKED
        for word in selection.values.get(name, ())[:1]
        if word.isdigit()
    }
    fields = [
        (form[name], name in PICKED, reverse("servicedesk:pick", args=[name]), texts.get(name, ""))
        for name in form.fields
    ]
    context = {
        "form": form, "fields": fields, "selection": selection,
        "opened_at": request.GET.get("field", ""),
    }  # fmt: skip
    template = "_filters" if wants_partial(request) else "filters"
    return render(request, f"servicedesk/queue/{template}.html", context)


@require_GET
@access(Gate.AGENT)
def export(request):
    """The filtered list as a CSV file, in the reader's language: at most so many rows."""
    selection = asked(request)
    now = time.now()
    found = selection.ordered_rows(request.user, now).order_by(*ORDERS[selection.order])
    return csv_response("tickets.csv", exporting.lines_of(found))


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def look(request):
    """Which columns a view shows to me, and how high its rows are."""
    query = request.POST.get("query", "") or request.GET.urlencode()
    selection = asked(request, as_data(query))
    _now, present = columns.opening(request.user, selection.view)
    initial = {"columns": present.columns or columns.USUAL, "density": present.density}
    form = LookForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.choose_look(selection.view.key, by=request.user, **form.cleaned_data)
        return gone_to(request, selection.href(), _("The columns are saved for this view."))
    context = {"form": form, "query": query, "view": selection.view, "back": selection.href()}
    template = "_look" if wants_partial(request) else "look"
    status = 422 if form.is_bound else 200
    return render(request, f"servicedesk/queue/{template}.html", context, status=status)


@require_GET
@access(Gate.AGENT)
def pick(request, what):
    """Options of a picker: people, services, categories, organisations, sites."""
    finder = picks.FINDERS.get(what)
    if finder is None:
        raise Http404
    options = finder(request.user, request.GET)
    return render(request, "servicedesk/queue/_options.html", {"options": options})


# --- many tickets at once ---------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def bulk(request, act):
    """GET asks what a step needs to know; POST does it to each of the chosen tickets."""
    if act not in ACTS:
        raise Http404
    data = request.POST if request.method == "POST" else request.GET
    chosen = chosen_ids(data)
    if not chosen:
        return told(request, _("Choose tickets first."), "warn")
    if len(chosen) > actions.MOST_AT_ONCE:
        most = _("At most %(most)d tickets at once.") % {"most": actions.MOST_AT_ONCE}
        return told(request, most, "warn")
    form_class = BULK_FORMS.get(act)
    if form_class is None:
        return run(request, act, chosen, {}) if request.method == "POST" else ask_again(request)
    form = form_class(request.POST if "sent" in request.POST else None)
    if form.is_bound and form.is_valid():
        return run(request, act, chosen, form.inputs())
    context = {
        "form": form, "act": act, "chosen": chosen, "next": back_to(request),
        "token": request.POST.get("submit_token", "")[:64] or get_random_string(22),
        "person_text": str(form["person"].value() or "") and picks.name_of(form["person"].value())
        if act == "assign" else "",
    }  # fmt: skip
    template = "_bulk" if wants_partial(request) else "bulk"
    status = 422 if form.is_bound else 200
    return render(request, f"servicedesk/queue/{template}.html", context, status=status)


def chosen_ids(data):
    ids = [int(word) for word in data.getlist("sel") if word.isdigit() and len(word) < 19]
    return sorted(set(ids))


def run(request, act, chosen, inputs):
    token = request.POST.get("submit_token", "")[:64]
    try:
        outcome = actions.on_many(act, chosen, by=request.user, token=token, **inputs)
    except Refused as refusal:
        return told(request, " ".join(refusal.reasons), "warn")
    text, tone = outcome_text(outcome)
    if not outcome.refused:
        return told(request, text, tone)
    context = {"outcome": outcome, "text": text, "next": back_to(request)}
    if not wants_partial(request):
        return render(request, "servicedesk/queue/bulk_result.html", context, status=409)
    response = render(request, "servicedesk/queue/_bulk_result.html", context)
    response = reswap(retarget(response, "#dlg"), "innerHTML")
    return trigger_client_event(response, "refresh", {"target": "#list"})


def outcome_text(outcome):
    done, refused = len(outcome.done), len(outcome.refused)
    if not done and not refused:
        return _("These tickets are no longer here."), "warn"
    text = ngettext("%(count)d ticket done.", "%(count)d tickets done.", done) % {"count": done}
    if refused:
        text += " " + ngettext("%(count)d was refused.", "%(count)d were refused.", refused) % {
            "count": refused
        }
    return text, "warn" if refused else "ok"


def told(request, text, tone):
    """Back to the list with a sentence: a toast over the refreshed list, or a page with it."""
    if not wants_partial(request):
        level = messages.SUCCESS if tone == "ok" else messages.WARNING
        messages.add_message(request, level, text)
        return redirect(back_to(request))
    response = HttpResponse(status=204)
    response = trigger_client_event(response, "toast", {"text": text, "tone": tone})
    response = trigger_client_event(response, "dialog-close", {})
    return trigger_client_event(response, "refresh", {"target": "#list"})


def ask_again(request):
    return redirect(back_to(request))


def back_to(request):
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("servicedesk:queue")


# --- views that are kept ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def new_view(request):
    """Keep the filters of the page under a name."""
    query = request.POST.get("query", "") or request.GET.urlencode()
    selection = asked(request, as_data(query))
    form = ViewForm(request.POST or None, person=request.user, is_new=True)
    if form.is_valid():
        try:
            view = actions.save_view(
                by=request.user, filters=selection.filter_words(), sort=selection.order,
                **looks_of(request, selection), **form.cleaned_data,
            )  # fmt: skip
            return gone_to(request, f"{reverse('servicedesk:queue')}?view={view.pk}",
                           _("The view is saved."))  # fmt: skip
        except Refused as refusal:
            form.add_error("name", refusal.reasons)
    return view_form(request, form, query=query)


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def edit_view(request, pk):
    view = find_view(request, pk)
    check(policies.can_edit_view, view, request.user)
    query = request.POST.get("query", "") or request.GET.urlencode()
    initial = {
        "name": view.name, "sharing": view.sharing, "group": view.group_id,
        "is_default": view.is_default,
    }  # fmt: skip
    form = ViewForm(request.POST or None, initial=initial, person=request.user, is_new=False)
    if form.is_valid():
        changes = form.cleaned_data
        if changes.pop("takes_filters"):
            selection = asked(request, as_data(query))
            changes |= {"filters": selection.filter_words(), "sort": selection.order}
            changes |= looks_of(request, selection)
        try:
            actions.edit_view(view, by=request.user, **changes)
            return gone_to(request, f"{reverse('servicedesk:queue')}?view={view.pk}",
                           _("The view is saved."))  # fmt: skip
        except Refused as refusal:
            form.add_error("name", refusal.reasons)
    return view_form(request, form, query=query, view=view)


@require_POST
@access(Gate.AGENT)
def delete_view(request, pk):
    view = find_view(request, pk)
    check(policies.can_edit_view, view, request.user)
    actions.delete_view(view, by=request.user)
    return gone_to(request, reverse("servicedesk:queue"), _("The view is deleted."))


def looks_of(request, selection):
    """The columns and the density that the page shows now."""
    _now, look = columns.opening(request.user, selection.view)
    everywhere = request.COOKIES.get("density", "")
    usual = everywhere if everywhere in SavedView.Density.values else ""
    return {"columns": look.columns, "density": look.density or usual}


def find_view(request, pk):
    return get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)


def as_data(query):
    """The address that came along in a field, as one that was asked."""
    data = QueryDict(mutable=True)
    for name, word in parse_qsl(query[:4000]):
        data.appendlist(name, word)
    return data


def view_form(request, form, *, query, view=None):
    context = {"form": form, "query": query, "view": view}
    template = "_view" if wants_partial(request) else "view"
    status = 422 if form.is_bound else 200
    return render(request, f"servicedesk/queue/{template}.html", context, status=status)


def gone_to(request, href, text):
    messages.success(request, text)
    return HttpResponseClientRedirect(href) if wants_partial(request) else redirect(href)

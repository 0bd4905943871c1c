"""Services: the list, a service's page, making and editing, and the steps of its lifecycle."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import actions, faces, forms, graph, policies
from cmdb.impact import cfia
from cmdb.models import CI, Service
from cmdb.views.common import answer, find_service, posted
from cmdb.views.items import _text_of, history, panels
from core.access import Gate, access
from core.errors import Refused
from core.lifecycle import moved_on, open_steps
from core.pages import check
from core.paging import paginate
from core.text import fold

STEP_FORMS = {"design": forms.DesignForm, "start_retiring": forms.StartRetiringForm}
# Every letter of the failure analysis takes one evaluation of what lies below.
ANALYSED = 400
LETTERS = {"X": "danger", "B": "warn", "D": "warn", "A": "info"}


@require_GET
@access(Gate.AGENT)
def index(request):
    services = Service.objects.visible_to(request.user).for_list()
    for word in fold(request.GET.get("q", "")).split()[:6]:
        services = services.filter(ci__search__contains=word)
    state = request.GET.get("state", "")
    if state in Service.State.values:
        services = services.filter(state=state)
    page = paginate(
        services, order=("code",), after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    for service in page:
        service.state_face = faces.service_state(service)
        service.status_face = faces.ci_status(service.ci)
    context = {
        "page": page,
        "q": request.GET.get("q", ""),
        "state": state,
        "states": Service.State.choices,
        "may_create": policies.can_create_service(None, request.user),
        "area": "services",
    }
    return render(request, "cmdb/services.html", context)


@require_GET
@access(Gate.AGENT)
def detail(request, code):
    service = find_service(request, code)
    ci = service.ci
    loaded = graph.load([ci.pk], "down")
    below = loaded.below(ci.pk)
    letters = cfia(loaded, ci.pk) if len(below) <= ANALYSED else {}
    supporting = CI.objects.visible_to(request.user).filter(pk__in=below).for_list()
    rows = [
        {"ci": each, "letter": letters.get(each.pk, ""), "tone": LETTERS.get(letters.get(each.pk)),
         "words": letter_words().get(letters.get(each.pk), ""), "face": faces.ci_state(each)}
        for each in supporting
    ]  # fmt: skip
    rows.sort(key=lambda row: ("XBDA−".find(row["letter"] or "−"), row["ci"].name.casefold()))
    context = {
        "service": service,
        "ci": ci,
        "state_face": faces.service_state(service),
        "status_face": faces.ci_status(ci),
        "criticality": faces.criticality_word(ci.criticality),
        "offered_to": service.offered_to.all(),
        "children": service.children.for_list().by_code(),
        "rows": rows[:ANALYSED],
        "total": len(rows),
        "single_points": [row for row in rows if row["letter"] == "X"],
        "is_analysed": bool(letters) or not below,
        "steps": open_steps(service, request.user),
        "may_edit": policies.can_edit_service(service, request.user),
        "versions": history(ci, limit=10),
        "panels": panels(ci),
    }
    return render(request, "cmdb/service.html", context)


def letter_words():
    return {
        "X": _("its failure takes the service down"),
        "B": _("down until the standby is brought in"),
        "D": _("its failure degrades the service"),
        "A": _("redundant: the service is only at risk"),
        "−": _("no effect on the service"),
    }


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def new(request):
    check(policies.can_create_service, None, request.user)
    form = forms.ServiceForm(
        posted(request),
        initial={"owner": request.user.pk, "organization": request.user.organization_id},
    )

    def make():
        service = actions.create_service(by=request.user, **form.answers())
        messages.success(request, _("%(name)s is in the pipeline.") % {"name": service.name})
        return service.get_absolute_url()

    context = {"owner_text": _text_of(form, "owner", request.user)}
    return answer(request, form, make, "cmdb/service_form.html", context)


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def edit(request, code):
    service = find_service(request, code)
    check(policies.can_edit_service, service, request.user)
    form = forms.ServiceForm(posted(request), service=service)

    def make():
        seen = form.cleaned_data["seen"] or 0
        actions.edit_service(service, by=request.user, seen=seen, **form.answers())
        return service.get_absolute_url()

    context = {"service": service, "owner_text": _text_of(form, "owner")}
    return answer(request, form, make, "cmdb/service_form.html", context)


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def step(request, code, name):
    service = find_service(request, code)
    offered = next((each for each in open_steps(service, request.user) if each.name == name), None)
    if offered is None:
        if any(found.name == name for found in service.get_available_steps()):
            raise PermissionDenied
        raise Refused(moved_on(service))
    form = STEP_FORMS.get(name, forms.OnceForm)(posted(request))

    def make():
        inputs = {k: v for k, v in form.cleaned_data.items() if k != "submit_token"}
        actions.take_service_step(service, name, by=request.user, **inputs)
        return service.get_absolute_url()

    context = {"step": offered, "title": offered.label, "submit": offered.label,
               "cancel": service.get_absolute_url()}  # fmt: skip
    return answer(request, form, make, "cmdb/dialog_form.html", context)

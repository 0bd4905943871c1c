"""The CI list, a CI's page, registering, editing, and the steps of its lifecycle."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import actions, faces, forms, maps, policies, schemas
from cmdb.filters import CIFilter
from cmdb.models import CI, CIClass, CIVersion, Service
from cmdb.views.common import answer, find, posted
from core.access import Gate, access
from core.errors import Refused
from core.lifecycle import moved_on, open_steps
from core.pages import check, wants_partial
from core.paging import paginate

PAGE = 50
COUNTED = 1000
STEP_FORMS = {
    "order": forms.OrderForm, "dispose": forms.DisposeForm, "cancel": forms.CancelForm,
    "retire": forms.RetireForm,
}  # fmt: skip
TABS = ("relations", "history", "users")


@require_GET
@access(Gate.AGENT)
def index(request):
    if drop := request.GET.get("drop"):
        params = request.GET.copy()
        for name in (drop, "drop", "after", "before"):
            params.pop(name, None)
        return redirect(f"{reverse('cmdb:index')}?{params.urlencode()}")
    filters = CIFilter(request.GET, queryset=CI.objects.visible_to(request.user))
    found = filters.qs
    page = paginate(
        found.for_list(), order=("name", "pk"), size=PAGE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for ci in page:
        ci.state_face, ci.status_face = faces.ci_state(ci), faces.ci_status(ci)
    context = {
        "filters": filters,
        "tokens": filters.tokens(),
        "page": page,
        "count": len(found.order_by()[: COUNTED + 1].values_list("pk", flat=True)),
        "may_create": policies.can_create(None, request.user),
        "area": "index",
    }
    template = "cmdb/_list.html" if wants_partial(request) else "cmdb/index.html"
    return render(request, template, context)


@require_GET
@access(Gate.AGENT)
def detail(request, number):
    ci = find(request, number)
    among = CI.objects.visible_to(request.user)
    tab = request.GET.get("t") if request.GET.get("t") in TABS else "relations"
    steps = open_steps(ci, request.user)
    picture = _picture(request, ci, among)
    context = {
        "ci": ci,
        "service": getattr(ci, "service", None),
        "state_face": faces.ci_state(ci),
        "status_face": faces.ci_status(ci),
        "criticality": faces.criticality_word(ci.criticality),
        "attributes": attributes_of(ci),
        "map": picture,
        "view": "tree" if request.GET.get("v") == "tree" else "map",
        "direction": _direction(request),
        "steps": steps,
        "may_edit": policies.can_edit(ci, request.user),
        "tab": tab,
        "panels": panels(ci),
        "counts": _counts(ci, among),
        **_tab(tab, ci, among),
    }
    return render(request, "cmdb/detail.html", context)


def _direction(request):
    asked = request.GET.get("dir")
    return asked if asked in ("up", "down") else "both"


def _picture(request, ci, among):
    """The map, with the addresses that its links lead to."""
    is_what_if = "down" in request.GET
    down = maps.chosen(request.GET.get("down", ""), among) if is_what_if else []
    picture = maps.dependency_map(
        ci, among=among, down=down, is_what_if=is_what_if, direction=_direction(request),
        with_planned=request.GET.get("planned") == "1",
    )  # fmt: skip
    failed = [node.number for node in picture.failed] if is_what_if else []
    for node in {id(n): n for n in [*picture.nodes, *picture.rows]}.values():
        if is_what_if and not str(node.key).startswith("org-"):
            others = [number for number in failed if number != node.number]
            params = request.GET.copy()
            params["down"] = ",".join(others if node.number in failed else [*others, node.number])
            node.toggle = f"?{params.urlencode()}#dependencies"
    return picture


def _counts(ci, among):
    return {
        "relations": ci.needs.current().count() + ci.needed_by.current().count(),
        "history": ci.version_no,
        "users": ci.uses.count(),
    }


def _tab(tab, ci, among):
    if tab == "history":
        return {"versions": history(ci)}
    if tab == "users":
        return {"uses": ci.uses.select_related("person__organization").order_by("person__name")}
    rows = ("type", "redundancy_group", "source__ci_class", "target__ci_class",
            "source__service", "target__service")  # fmt: skip
    seen = among.values("pk")
    needs = ci.needs.current().filter(target__in=seen).select_related(*rows)
    needed = ci.needed_by.current().filter(source__in=seen).select_related(*rows)
    relations = [(r, r.target, r.type.forward) for r in needs.order_by("type", "target__name")]
    relations += [(r, r.source, r.type.reverse) for r in needed.order_by("type", "source__name")]
    groups = ci.redundancy_groups.filter(dissolved_at=None).order_by("name")
    return {
        "relations": [
            {"relation": relation, "other": other, "words": words,
             "effect": dict(forms.Impact.choices)[relation.effect],
             "state_face": faces.ci_state(other), "is_mine": relation.source_id == ci.pk}
            for relation, other, words in relations
        ],
        "groups": groups,
    }  # fmt: skip


def attributes_of(ci):
    """[(label, value with unit, type)] in the order of the class; empty ones are left out."""
    found = []
    for entry in ci.ci_class.full_schema():
        value = ci.attributes.get(entry["name"])
        if value is None:
            continue
        if entry["type"] == "boolean":
            value = _("Yes") if value else _("No")
        elif entry.get("unit"):
            value = f"{value} {entry['unit']}"
        found.append((schemas.label_of(entry), value, entry["type"]))
    return found


def history(ci, limit=50):
    """The last versions, newest first, each with its readable differences."""
    labels = {entry["name"]: schemas.label_of(entry) for entry in ci.ci_class.full_schema()}
    versions = list(ci.versions.select_related("actor").order_by("-version_no")[:limit])
    for version in versions:
        version.lines = [
            (_field_label(name, labels), _shown(name, old), _shown(name, new))
            for name, old, new in version.diff
            if old not in (None, "", [], {}) or new not in (None, "", [], {})
        ]
        version.is_corrected = version.source == CIVersion.Source.AUDIT_CORRECTION
    return versions


def _field_label(name, labels):
    head, _dot, tail = name.partition(".")
    if head == "attributes":
        return labels.get(tail, tail)
    if head == "service":
        return _label_in(Service, tail)
    return {
        "redundancy": _("Redundancy"), "users": _("Users"), "state": _("State"),
        "environment": _("Environment"), "criticality": _("Criticality"),
        "organization": _("Organisation"), "owner": _("Owner"), "managed_by": _("Managed by"),
        "ci_class": _("Class"), "site": _("Site"), "vendor": _("Vendor"), "model": _("Model"),
        "version": _("Version"), "serial_no": _("Serial number"), "asset_tag": _("Asset tag"),
        "sec_c": _("Confidentiality"), "sec_i": _("Integrity"), "sec_a": _("Availability class"),
        "acquired_on": _("Acquired on"), "warranty_until": _("Warranty until"),
        "procurement_ref": _("Procurement reference"), "wipe_evidence": _("How the data was wiped"),
        "source": _("Source"), "external_ref": _("Reference at the source"),
    }.get(head) or _label_in(CI, head)  # fmt: skip


def _label_in(model, name):
    names = {field.name: field.verbose_name for field in model._meta.get_fields()
             if hasattr(field, "verbose_name")}  # fmt: skip
    return str(names.get(name, name)).capitalize()


def _shown(name, value):
    """A stored value as people read it."""
    if name in ("state", "service.state"):
        states = CI.State if name == "state" else Service.State
        return str(states(value).label) if value else ""
    if name == "environment":
        return str(dict(forms.Environment.choices).get(value, value or ""))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "redundancy" and value:
        return "; ".join(f"{group} ({needed})" for group, needed, *_more in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value in (None, {}) else str(value)


def panels(ci):
    """[(label, address)] of what upper floors show on this page. Unknown addresses are left out."""
    found = []
    for label, name in import_string(settings.PANELS).get("cmdb.ci", ()):
        try:
            found.append((label, reverse(name, args=[ci.number])))
        except NoReverseMatch:
            continue
    return found


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def new(request):
    check(policies.can_create, None, request.user)
    code = request.GET.get("class", "")
    if not code:
        classes = CIClass.objects.filter(is_active=True).exclude(code="it_service")
        return render(request, "cmdb/choose_class.html", {"classes": _grouped(classes)})
    ci_class = get_object_or_404(CIClass.objects.usable(), code=code)
    if ci_class.code == "it_service":
        return redirect("cmdb:service_new")
    form = forms.CIForm(
        posted(request), ci_class=ci_class,
        initial={"owner": request.user.pk, "organization": request.user.organization_id},
    )  # fmt: skip

    def make():
        ci = actions.create_ci(by=request.user, ci_class=ci_class, **form.answers())
        messages.success(request, _("%(number)s is registered.") % {"number": ci.number})
        return ci.get_absolute_url()

    context = {"ci_class": ci_class, "owner_text": _text_of(form, "owner", request.user)}
    return answer(request, form, make, "cmdb/form.html", context)


def _grouped(classes):
    """[(heading, classes)]: each top class with what can be chosen in it."""
    rows = list(classes.order_by("path"))
    tops = {row.path: (row, []) for row in rows if row.parent_id is None}
    for row in rows:
        if not row.is_abstract:
            tops[f"/{row.path.split('/')[1]}/"][1].append(row)
    single = [row for top, members in tops.values() for row in members if members == [top]]
    many = [(top, members) for top, members in tops.values() if members and members != [top]]
    return {"many": many, "single": single}


def _text_of(form, name, fallback=None):
    """What the picker shows for the person that is chosen."""
    value = form[name].value()
    if not value:
        return ""
    found = form.fields[name].queryset.filter(pk=getattr(value, "pk", value)).first()
    return found.name if found else str(fallback or "")


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def edit(request, number):
    ci = find(request, number)
    check(policies.can_edit, ci, request.user)
    form = forms.CIForm(posted(request), ci_class=ci.ci_class, ci=ci)

    def make():
        actions.edit_ci(ci, by=request.user, seen=form.cleaned_data["seen"] or 0, **form.answers())
        return ci.get_absolute_url()

    owner = "" if ci.is_service else _text_of(form, "owner")
    context = {"ci": ci, "ci_class": ci.ci_class, "owner_text": owner}
    return answer(request, form, make, "cmdb/form.html", context)


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def step(request, number, name):
    """One step of the lifecycle: GET asks (a dialog under htmx), POST takes it."""
    ci = find(request, number)
    offered = next((each for each in open_steps(ci, request.user) if each.name == name), None)
    if offered is None:
        if any(found.name == name for found in ci.get_available_steps()):
            raise PermissionDenied
        raise Refused(moved_on(ci))
    form_class = STEP_FORMS.get(name, forms.OnceForm)
    extra = {"ci": ci} if form_class is forms.RetireForm else {}
    form = form_class(posted(request), **extra)

    def make():
        inputs = {k: v for k, v in form.cleaned_data.items() if k != "submit_token"}
        actions.take_step(ci, name, by=request.user, **inputs)
        return ci.get_absolute_url()

    context = {"ci": ci, "step": offered, "title": offered.label, "submit": offered.label,
               "cancel": ci.get_absolute_url()}  # fmt: skip
    return answer(request, form, make, "cmdb/dialog_form.html", context)


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def users(request, number):
    ci = find(request, number)
    check(policies.can_edit, ci, request.user)
    present = "\n".join(ci.users.order_by("code").values_list("code", flat=True))
    form = forms.UsersForm(posted(request), initial={"users": present})

    def make():
        actions.set_users(ci, form.cleaned_data["users"], by=request.user)
        return f"{ci.get_absolute_url()}?t=users"

    context = {"ci": ci, "title": _("Who uses this device"), "submit": _("Save users"),
               "cancel": ci.get_absolute_url()}  # fmt: skip
    return answer(request, form, make, "cmdb/dialog_form.html", context)

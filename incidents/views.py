"""Pages of the incident process. A view finds, checks, calls one action, and renders."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import time
from core.access import Gate, access
from core.pages import check, wants_partial
from incidents import escalating, facts, policies
from incidents.actions import lifecycle
from incidents.custody import custody_of
from incidents.forms import EDITABLE, EditForm
from incidents.models import Incident
from incidents.steps import STEPS
from slm.workspace import agent_page, build, find, find_for_notes, find_readable, to_portal
from slm.workspace_acts import send_as
from slm.workspace_answers import answer, seen_version
from slm.workspace_steps import happened, take_step
from slm.workspace_words import address


@require_GET
@access(Gate.AGENT)
def index(request):
    """The list of incidents is the queue, narrowed to them."""
    queue = address("servicedesk:queue")
    if not queue:
        raise Http404
    return redirect(f"{queue}?kind=incident")


@require_GET
@agent_page
def detail(request, number):
    incident = find(request, number, Incident)
    if incident is None:
        return to_portal(Incident.objects.get(number=number))
    base = incident.get_absolute_url()
    page = build(request, incident, base=base)
    acts = facts.acts_of(incident, request.user, page.reasons)
    page.send_as = send_as(page.reasons, acts)
    may_edit = page.can_work and incident.state in Incident.WORKED
    context = {
        "page": page, "incident": incident, "acts": acts,
        "facts": facts.facts_of(incident, base, may_edit),
        "plain": facts.plain_facts(incident),
        "room": facts.room_of(incident, request.user, page.now),
        "may_broadcast": page.can_work and incident.is_major,
        "unseen": unseen_of(incident, page),
    }  # fmt: skip
    return render(request, "incidents/detail.html", context)


def unseen_of(incident, page):
    """What the escalations say that nobody has acknowledged; nothing where nobody may or need."""
    may = page.can_read_notes and escalating.can_acknowledge(incident, page.person)
    if not (may and incident.is_open):
        return []
    return [escalating.words(row) for row in escalating.unseen(incident)]


@require_GET
@agent_page
def groups(request, number):
    """How long it stood with each group, and how often it bounced (IN-12)."""
    incident = find_for_notes(request, number, Incident)
    found = custody_of(incident, time.now())
    template = "incidents/_groups.html" if wants_partial(request) else "records/section.html"
    context = {
        "record": incident, "back": incident.get_absolute_url(), "title": _("Time in each group"),
        "part": "incidents/_groups.html", "custody": found, "sums": facts.sums_of(found),
        "stretches": facts.stretches_of(found), "total": facts.length(found.seconds),
    }  # fmt: skip
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@agent_page
def step(request, number, step):
    """One step of the lifecycle: a dialog or a page asks for what it needs, a POST takes it."""
    found = STEPS.get(step)
    if found is None:
        raise Http404
    return take_step(request, found, find_readable(request, number, Incident))


@require_http_methods(["GET", "POST"])
@agent_page
def edit(request, number, name):
    """One fact, changed in its place: a small form instead of the value."""
    incident = find_for_notes(request, number, Incident)
    if name not in EDITABLE:
        raise Http404
    check(policies.can_work, incident, request.user)
    if incident.state not in Incident.WORKED:
        raise PermissionDenied
    home = incident.get_absolute_url()
    form = EditForm(
        request.POST if request.method == "POST" else None, name=name, record=incident,
        person=request.user,
    )  # fmt: skip
    seen = seen_version(request) if request.method == "POST" else None

    def act(cleaned):
        lifecycle.classify(incident, by=request.user, seen_version=seen, **{name: cleaned["value"]})

    template = "incidents/_edit.html" if wants_partial(request) else "records/dialog.html"
    label = form.fields["value"].label
    return answer(
        request, form, act, back=home, title=_("Change: %(label)s") % {"label": label},
        submit=_("Save"), done=_("%(label)s is changed.") % {"label": label}, template=template,
        changes=lambda: happened(request, incident), name=name, incident=incident,
    )  # fmt: skip

"""What a request's page adds to the shared one: its steps, the order itself, its facts."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.lifecycle import open_steps
from core.templatetags import ui
from incidents.forms import category_path
from servicedesk.models import ServiceRequest
from servicedesk.requests import policies
from servicedesk.requests.actions.fulfilling import is_all_done
from slm import workspace_desks
from slm.workspace_acts import Act, Acts, Fact, hold_menu

State = ServiceRequest.State
# The page's own word for each step of the lifecycle, with its key.
SLUGS = {
    "assign": ("assign", "a"), "take": ("take", "t"), "fulfil_start": ("start", "t"),
    "wait": ("hold", "h"), "resume": ("resume", ""), "fulfil": ("fulfil", ""),
    "confirm": ("confirm", ""), "dispute": ("reject", ""), "reject": ("reject-order", ""),
    "cancel": ("cancel", ""),
}  # fmt: skip
LIKELY = ("confirm", "start", "resume", "fulfil", "take")
AT_ONCE = {"start", "resume", "take"}
ENDS = ("confirm", "reject-order", "cancel")
LABELS = {
    "confirm": lambda: _("Close: confirmed by telephone…"),
    "reject": lambda: _("Reopen…"),
    "reject-order": lambda: _("Reject the order…"),
    "cancel": lambda: _("Cancel…"),
    "fulfil": lambda: _("Fulfil…"),
}


def acts_of(request, person, reasons):
    """The steps by how likely they are now; what cannot be done stands there with its reason."""
    found = {}
    for step in open_steps(request, person):
        if step.name not in SLUGS or (step.name == "take" and request.assignee_id == person.pk):
            continue
        slug, key = SLUGS[step.name]
        label = LABELS[slug]() if slug in LABELS else step.label
        found[slug] = Act(slug, str(label), step.icon, key, step.reasons, slug in AT_ONCE)
    if "start" in found:
        found.pop("take", None)
    primary = next((found[slug] for slug in LIKELY if slug in found), None)
    if primary is not None:
        primary.key = "t" if primary.slug in {"start", "take"} else "e"
    rest = [act for slug, act in found.items()
            if act is not primary and slug not in {"assign", "hold", *ENDS}]  # fmt: skip
    rest += workspace_desks.acts_of(request, person)
    ends = [found[slug] for slug in ENDS if slug in found and found[slug] is not primary]
    return Acts(
        primary=primary, assign=found.get("assign"),
        hold=hold_menu(reasons) if "hold" in found else [], menu=rest, ends=ends,
    )  # fmt: skip


def facts_of(request, base, can_edit):
    """The rows of the details, those that may be changed with the address of their form."""

    def edit(name):
        return f"{base}edit/{name}/" if can_edit else ""

    assign = f"{base}assign/" if can_edit else ""
    group = request.assigned_group.name if request.assigned_group_id else ""
    rows = [
        Fact(_("Group"), group, assign, is_dialog=True),
        Fact(_("Assignee"), request.assignee.name if request.assignee_id else "", assign,
             is_dialog=True),
        Fact(_("Category"), category_path(request.category) if request.category_id else "",
             edit("category")),
        Fact(_("Service"), str(request.service) if request.service_id else "", edit("service")),
        Fact(_("Configuration item"), request.ci.name if request.ci_id else "", edit("ci")),
        Fact(_("Priority"), f"P{request.priority}" if request.priority else ""),
        Fact(_("Confidentiality"), request.get_confidentiality_display(), edit("confidentiality")),
    ]  # fmt: skip
    if request.total_price is not None or request.cost_centre:
        rows.append(Fact(_("Cost centre"), request.cost_centre, edit("cost_centre")))
    return rows


def plain_facts(request):
    """[(label, value)] of what nobody edits by hand: place, desk, counts, instants."""
    facts = [
        (_("Form"), _("version %(number)d") % {"number": request.offering_version.number}),
        (_("Organisation"), request.organization.name),
        (_("Site"), request.site.name if request.site_id else ""),
        (_("Responsible desk"), request.owner_group.name if request.owner_group_id else ""),
    ]
    if request.reopen_count:
        text = ngettext("%(count)d time", "%(count)d times", request.reopen_count)
        facts.append((_("Reopened"), text % {"count": request.reopen_count}))
    for label, at in (
        (_("Fulfilled"), request.fulfilled_at), (_("Closed"), request.closed_at),
        (_("Closes by itself"), request.rejection_deadline),
    ):  # fmt: skip
        if at is not None:
            facts.append((label, ui.when(at)))
    return facts


def hint_of(request, person):
    """What is to be done next, where the page can know it: everything is done but nobody said so."""
    may = policies.can_work(request, person)
    if may and request.state == State.FULFILMENT and is_all_done(request):
        return _("Every task that must be done is done: tell the requester.")
    return ""


def offering_href(request, person):
    if policies.can_read_offerings(None, person):
        return reverse("settings:offerings_edit", args=[request.offering_id])
    return ""

"""What an incident's page adds to the shared one: its steps, its facts, the room of a major one."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from core.lifecycle import open_steps
from core.templatetags import ui
from incidents import policies
from incidents.actions import major
from incidents.forms import category_path
from incidents.models import STAGES, Incident
from records.models import Record
from slm import workspace_desks
from slm.workspace_acts import Act, Acts, Fact, hold_menu
from slm.workspace_words import level_word

# The page's own word for each step of the lifecycle, with its key.
SLUGS = {
    "assign": ("assign", "a"), "start": ("start", "t"), "wait": ("hold", "h"),
    "resume": ("resume", ""), "escalate_functional": ("escalate", ""), "resolve": ("resolve", ""),
    "confirm": ("confirm", ""), "reject_resolution": ("reject", ""), "cancel": ("cancel", ""),
    "declare_major": ("declare-major", ""), "end_major": ("end-major", ""),
    "merge": ("merge", ""), "unmerge": ("unmerge", ""),
}  # fmt: skip
LIKELY = ("confirm", "resume", "start", "resolve")
AT_ONCE = {"start", "resume"}
ENDS = ("confirm", "cancel")


def acts_of(incident, person, reasons):
    """The steps by how likely they are now; what cannot be done stands there with its reason."""
    found = {}
    for step in open_steps(incident, person):
        if step.name in SLUGS and not _is_pointless(step.name, incident, person):
            slug, key = SLUGS[step.name]
            label = LABELS[slug]() if slug in LABELS else step.label
            found[slug] = Act(slug, str(label), step.icon, key, step.reasons, slug in AT_ONCE)
    primary = next((found[s] for s in _likely(incident, person) if s in found), None)
    if primary is not None:
        primary.key = "e" if primary.slug != "start" else "t"
    rest = [act for slug, act in found.items()
            if act is not primary and slug not in {"assign", "hold", *ENDS}]  # fmt: skip
    if policies.can_work(incident, person) and not incident.is_final:
        rest.append(Act("times", _("Note the times…"), "history"))
    if incident.is_open and policies.can_work(incident, person):
        at = next((n for n, act in enumerate(rest) if act.slug == "escalate"), -1) + 1
        rest.insert(at, Act("escalate-up", _("Escalate to a manager…"), "chevrons-up"))
    rest += workspace_desks.acts_of(incident, person)
    if incident.is_major and "end-major" in found and policies.can_work(incident, person):
        rest.insert(0, Act("broadcast", _("Send an update…"), "megaphone"))
    ends = [found[slug] for slug in ENDS if slug in found and found[slug] is not primary]
    return Acts(
        primary=primary, assign=found.get("assign"), hold=hold_menu(reasons) if "hold" in found
        else [], menu=rest, ends=ends + _not_now(incident, person, found),
    )  # fmt: skip


LABELS = {
    "confirm": lambda: _("Close: confirmed by telephone…"),
    "reject": lambda: _("Reopen…"),
    "cancel": lambda: _("Cancel…"),
    "escalate": lambda: _("Escalate to another group…"),
    "declare-major": lambda: _("Declare major incident…"),
    "end-major": lambda: _("End major incident…"),
    "merge": lambda: _("Merge into…"),
    "unmerge": lambda: _("Undo the merge…"),
}


def _is_pointless(name, incident, person):
    """Steps that the state allows and that make no sense: ending what is no major incident."""
    if name == "end_major":
        return not incident.is_major
    if name == "declare_major":
        return incident.is_major
    if name == "unmerge":
        return incident.merged_into_id is None
    return False


def _likely(incident, person):
    if incident.state in {Incident.State.NEW, Incident.State.ASSIGNED}:
        is_others = incident.assignee_id not in {None, person.pk}
        return ("resolve",) if is_others else ("start", "resolve")
    return LIKELY


def _not_now(incident, person, found):
    """What people look for and do not find: why not."""
    if not policies.can_work(incident, person):
        return []
    shown = []
    state = incident.state
    if "confirm" not in found and state != Incident.State.CLOSED and not incident.is_final:
        shown.append(Act("", _("Close"), "circle-check-big", reasons=[_("after the solution")]))
    if "cancel" not in found and not incident.is_final:
        shown.append(Act("", _("Cancel"), "circle-x", reasons=[_("only before work begins")]))
    if incident.is_open and not incident.is_major and "declare-major" not in found:
        reason = _("the central desk decides")
        shown.append(Act("", _("Declare major incident"), "siren", reasons=[reason]))
    return shown


# --- facts ------------------------------------------------------------------------------------


def facts_of(incident, base, can_edit):
    """The rows of the details, those that may be changed with the address of their form."""

    def edit(name):
        return f"{base}edit/{name}/" if can_edit else ""

    def step(slug):
        return f"{base}{slug}/" if can_edit else ""

    who = incident.assigned_group.name if incident.assigned_group_id else ""
    return [
        Fact(_("Group"), who, step("assign"), is_dialog=True),
        Fact(_("Assignee"), incident.assignee.name if incident.assignee_id else "",
             step("assign"), is_dialog=True),
        Fact(_("Category"), category_path(incident.category) if incident.category_id else "",
             edit("category")),
        Fact(_("Service"), str(incident.service) if incident.service_id else "", edit("service")),
        Fact(_("Configuration item"), incident.ci.name if incident.ci_id else "", edit("ci")),
        Fact(_("Impact"), level_word(incident.impact), step("priority"), is_dialog=True),
        Fact(_("Urgency"), level_word(incident.urgency), step("priority"), is_dialog=True),
        Fact(_("Priority"), f"P{incident.priority}" if incident.priority else "", step("priority"),
             _priority_hint(incident), is_dialog=True),
        Fact(_("Kind"), incident.get_incident_kind_display(), edit("incident_kind")),
        Fact(_("Affected users"),
             "" if incident.users_affected is None else str(incident.users_affected),
             edit("users_affected")),
        Fact(_("Confidentiality"), incident.get_confidentiality_display(), edit("confidentiality")),
    ]  # fmt: skip


def _priority_hint(incident):
    if incident.is_major:
        return _("major incident")
    if incident.priority_override_reason:
        return incident.priority_override_reason
    if incident.impact and incident.urgency:
        return _("impact %(impact)d × urgency %(urgency)d") % {
            "impact": incident.impact, "urgency": incident.urgency,
        }  # fmt: skip
    return ""


def plain_facts(incident):
    """[(label, value)] of what nobody edits by hand: place, desk, counts, instants."""
    facts = [
        (_("Organisation"), incident.organization.name),
        (_("Site"), incident.site.name if incident.site_id else ""),
        (_("Responsible desk"), incident.owner_group.name if incident.owner_group_id else ""),
    ]
    if incident.reassign_count:
        text = ngettext("%(count)d change of group", "%(count)d changes of group",
                        incident.reassign_count)  # fmt: skip
        facts.append((_("Bounces"), text % {"count": incident.reassign_count}))
    if incident.reopen_count:
        text = ngettext("%(count)d time", "%(count)d times", incident.reopen_count)
        facts.append((_("Reopened"), text % {"count": incident.reopen_count}))
    # first and latest solution apart, where there was more than one (IN-11)
    solved = ("first_resolved_at", "last_resolved_at")
    if incident.first_resolved_at == incident.last_resolved_at and not incident.reopen_count:
        solved = ("resolved_at",)
    if incident.child_count:
        count = len(major.affected_people(incident))
        text = ngettext("%(count)d person affected", "%(count)d people affected", count)
        facts.append((_("Affected"), text % {"count": count}))
    for name in (*STAGES, *solved, "closed_at", "rejection_deadline"):
        value = getattr(incident, name)
        if value is not None:
            facts.append((STAGE_WORDS.get(name, lambda: "")() or _label(name), ui.when(value)))
    return facts


STAGE_WORDS = {
    "resolved_at": lambda: _("Resolved"),
    "first_resolved_at": lambda: _("First resolved"),
    "last_resolved_at": lambda: _("Last resolved"),
    "closed_at": lambda: _("Closed"),
    "rejection_deadline": lambda: _("Closes by itself"),
}


def _label(name):
    return str(Incident._meta.get_field(name).verbose_name)


# --- time in each group -----------------------------------------------------------------------


def length(seconds):
    return formats.duration_text(seconds, ui.language())


def holder(group, is_over):
    """Who had it, in words. A solved incident waits for its requester, not for the group."""
    name = group.name if group is not None else _("No group")
    return _("%(group)s, solved") % {"group": name} if is_over else name


def sums_of(custody):
    """[(who, how many times, wall time, business time)]: one line a group."""
    return [
        (holder(group, is_over), count, length(seconds), length(business))
        for group, is_over, count, seconds, business in custody.by_group()
    ]


def stretches_of(custody):
    """[(who, from, to, wall time, business time)], one after the other."""
    return [
        (holder(custody.groups.get(part.group_id), part.is_over), ui.when(part.from_at),
         ui.when(part.to_at), length(part.seconds), length(part.business_seconds))
        for part in custody.stretches
    ]  # fmt: skip


# --- the room of a major incident -------------------------------------------------------------


@dataclass
class Room:
    major: object
    next_iso: str
    next_text: str
    is_late: bool
    ticks: bool
    children: list
    told: list
    more: int


def room_of(incident, person, now):
    """Manager, next update, children and broadcasts of a running or past major incident."""
    if not incident.is_major:
        return None
    major = incident.major
    visible = Record.objects.visible_to(person)
    children = visible.filter(links_in__source=incident, links_in__type="parent_of")
    rows = list(children.order_by("-opened_at")[:6])
    told = incident.timeline.filter(verb__in=["incident.major_declared", "incident.major_updated",
                                              "incident.major_ended"])  # fmt: skip
    lang, zone = ui.language(), timezone.get_current_timezone()
    at = major.next_update_at
    left = (at - now).total_seconds() if at else 0
    length = formats.duration_text(left, lang)
    return Room(
        major=major,
        next_iso=at.astimezone(zone).isoformat(timespec="seconds") if at else "",
        next_text=(_("%(time)s over") if left < 0 else _("%(time)s left")) % {"time": length}
        if at else "",
        is_late=bool(at) and left < 0,
        ticks=at is not None,
        children=[(reverse("work:find", args=[row.number]), row) for row in rows],
        told=[(ui.when(entry.at), entry.author, entry.body)
              for entry in told.select_related("author").order_by("-seq")[:5]],
        more=max(incident.child_count - len(rows), 0),
    )  # fmt: skip

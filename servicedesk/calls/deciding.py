"""What will be decided when the call is saved: service, desk, group, priority and promised times,
each with the rule that decides it. Read-only; saving goes the same way, so the preview is the result.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from calendars.models import CalendarVersion
from calendars.timetables import timetable
from core.errors import Refused
from incidents.actions.opening import DEFAULT_LEVEL, proposed_impact
from incidents.models import Incident
from incidents.placing import service_behind
from records import priority as priorities
from records import triage
from slm import promises
from slm.engine.selection import Level


@dataclass(frozen=True)
class Due:
    """One promise that will run: by when, from which agreement, in which hours, and why that one."""

    metric: str
    label: str
    at: Any
    agreement: str
    calendar: str
    why: str


@dataclass
class Decision:
    service: Any = None
    service_why: str = ""
    desk: Any = None
    desk_why: str = ""
    group: Any = None
    group_why: str = ""
    impact: int | None = None
    urgency: int | None = None
    priority: int | None = None
    priority_why: str = ""
    dues: list = field(default_factory=list)


def service_of(*, service, category, ci):
    """(service, why): the one that was chosen, else the category's, else the only one on the CI."""
    if service is not None:
        return service, _("chosen by you")
    if category is not None and category.default_service_id:
        words = {"category": category.name}
        return category.default_service, _("by the category “%(category)s”") % words
    if ci is not None and (found := service_behind(ci)) is not None:
        words = {"ci": ci.label}
        return found, _("the only service that needs “%(ci)s”") % words
    return None, ""


def decide(*, agent, at, requester=None, category=None, service=None, ci=None, impact=None,
           urgency=None, channel="phone", title="", description=""):  # fmt: skip
    """The Decision for a call with these facts."""
    found = Decision()
    found.service, found.service_why = service_of(service=service, category=category, ci=ci)
    organization = requester.organization if requester else agent.organization
    site = requester.site if requester else None
    is_security = bool(category and category.is_security)
    draft = Incident(
        kind="incident", title=title, description=description, state=Incident.State.NEW, requester=requester, site=site,
        organization=organization, category=category, service=found.service, ci=ci,
        opened_at=at, channel=channel,
    )  # fmt: skip
    by_hand = {"category": category, "impact": impact, "urgency": urgency}
    way = triage.decide(
        draft, at=at, is_security=is_security,
        chosen=[name for name, value in by_hand.items() if value],
    )  # fmt: skip
    if way.by_rule("category") and found.service is None:
        found.service, found.service_why = service_of(service=None, category=draft.category, ci=ci)
        draft.service = found.service
    category = draft.category
    draft.impact = (
        impact
        or draft.impact
        or proposed_impact(draft, category.default_impact if category else None)
    )
    draft.urgency = urgency or draft.urgency or DEFAULT_LEVEL
    proposal = priorities.propose(
        impact=draft.impact, urgency=draft.urgency, service=found.service,
        organization=organization,
    )  # fmt: skip
    draft.priority = found.priority = proposal.priority
    found.impact, found.urgency = draft.impact, draft.urgency
    found.priority_why = _priority_why(proposal)
    rules = {pair[0]: pair[1] for pair in way.why}
    found.desk, found.group = way.desk, way.group
    found.desk_why = desk_rule(rules.get("desk", ""), way)
    found.group_why = group_rule(rules.get("group", ""), category, way)
    draft.assigned_group = way.group
    found.dues = _dues(draft, at)
    return found


def _priority_why(proposal):
    words = {"matrix": proposal.matrix.name if proposal.matrix else ""}
    if proposal.through == "service":
        return _("by the service's matrix “%(matrix)s”") % words
    if proposal.through == "organization":
        return _("by the organisation's matrix “%(matrix)s”") % words
    if proposal.matrix is not None:
        return _("by the matrix “%(matrix)s”") % words
    return _("by the standard rule")


def desk_rule(code, way=None):
    return {
        "site": _("serves the caller's site"),
        "organization": _("serves the caller's organisation"),
        "central": _("serves everybody without a desk of their own"),
        "security": _("takes everything that concerns security"),
        "vip": _("takes what concerns VIPs"),
        "inactive": _("stands in: the caller's own desk is not active"),
        "closed": _("stands in: the caller's own desk is closed now"),
        "skill": _("stands in: the caller's own desk lacks the skill"),
        "overload": _("stands in: the caller's own desk is overloaded"),
        "rule": _by_rule(way, "desk"),
    }.get(code, "")


def group_rule(code, category, way=None):
    if code == "category":
        return _("by the category “%(category)s”") % {"category": category.name}
    if code == "ci":
        return _("manages the configuration item")
    if code == "rule":
        return _by_rule(way, "group")
    return _("the desk itself begins")


def _by_rule(way, name):
    """Which of the desk's own rules decided it."""
    if way is None or not way.by_rule(name):
        return ""
    return _("by the rule “%(rule)s”") % {"rule": triage.rule_name(way.rules, way.applied[name])}


def _dues(draft, at):
    """The promised times, as the clocks will compute them."""
    try:
        found = promises.promises_for(draft, at=at)
    except CalendarVersion.DoesNotExist as error:
        raise Refused(_("A calendar of the agreement is not in force at this time.")) from error
    dues = []
    for promise in found.values():
        version, kind, zone = promise.calendar_key
        calendar = CalendarVersion.objects.select_related("calendar").get(pk=version).calendar
        dues.append(
            Due(
                metric=promise.metric, label=str(promise.target.get_metric_display()),
                at=timetable(version, kind, zone or None).add(at, promise.seconds),
                agreement=promise.target.agreement.title, calendar=calendar.name,
                why=level_words(promise.why.level),
            )
        )  # fmt: skip
    return dues


def level_words(level):
    return {
        Level.SERVICE_CUSTOMER: _("agreed with this customer for this service"),
        Level.CUSTOMER: _("agreed with this customer"),
        Level.SERVICE: _("agreed for this service"),
        Level.CORPORATE: _("agreed for everybody"),
    }[level]

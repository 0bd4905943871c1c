"""How an incident comes to be: from a report, a call, an alarm, or a late word on a closed one."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import preferences
from core.errors import Refused
from core.lifecycle import take
from incidents.events import Verb
from incidents.models import Incident
from incidents.placing import service_behind
from records import actions as records
from records import files, numbers, priority, timeline, triage
from records.models import RecordLink
from slm import effects

DEFAULT_LEVEL = 3


@transaction.atomic
def open_incident(
    *, by, title, requester, at=None, reported_by=None, description="", service=None, ci=None,
    category=None, impact=None, urgency=None, organization=None, site=None, channel="portal",
    group=None, assignee=None, confidentiality="normal", uploads=(), follows=None, **fields,
):  # fmt: skip
    """Record a report, give it a number, a priority, a desk and its clocks.

    Category, then CI decide the service where none is named; site, organisation, category and opening
    hours decide the desk and the group, and the desk's own rules over them, except over what was
    chosen by hand (records.triage). Raises Refused for an inactive organisation.
    """
    organization = organization or requester.organization
    if not organization.is_active:
        raise Refused(_("The organisation is not active any more."))
    site = site or (requester.site if requester is not None else None)
    is_security = bool(category and category.is_security) or fields.get("is_security", False)
    service, service_rule = _service_of(service, category, ci)
    state = Incident.State.NEW if assignee is None else Incident.State.ASSIGNED
    incident = Incident(
        title=title, description=description, state=state, requester=requester,
        reported_by=reported_by, organization=organization, site=site, service=service, ci=ci,
        category=category, channel=channel, impact=impact, urgency=urgency,
        confidentiality="security" if is_security else confidentiality, **fields,
    )  # fmt: skip
    incident.is_security = is_security
    incident.number, now = numbers.take("INC")
    at = at or now
    by_hand = {"group": group, "assignee": assignee, "category": category, "impact": impact,
               "urgency": urgency}  # fmt: skip
    chosen = [name for name, value in by_hand.items() if value is not None]
    placed = triage.decide(incident, at=at, is_security=is_security, chosen=chosen)
    if placed.by_rule("category"):
        service_rule = _recategorise(incident) or service_rule
    _set_levels(incident)
    _place(incident, placed, group, assignee, at)
    triage.keep(incident, placed, at=at)
    if service_rule:
        incident.route_why.append(["service", service_rule])
    effects.opened(incident, at=at, by=by)
    if uploads:
        for upload in uploads:
            files.check(upload)
    entry = timeline.record(
        incident, Verb.OPENED, by=by, at=at, from_state="", body="",
        channel=channel, priority=incident.priority, why=incident.route_why,
        group_id=incident.assigned_group_id,
    )  # fmt: skip
    for upload in uploads:
        files.keep(upload, record=incident, entry=entry, by=by, is_internal=False)
    if follows is not None:
        records.link(incident, follows, RecordLink.Type.FOLLOWS, by=by, at=at)
    return incident


def _recategorise(incident):
    """What follows from a category that a rule has set. Returns the rule that found the service."""
    if incident.category.is_security:
        incident.is_security, incident.confidentiality = True, "security"
    if incident.service_id is not None:
        return ""
    incident.service, rule = _service_of(None, incident.category, incident.ci)
    return rule


def _service_of(service, category, ci):
    """(service, the rule that found it: "category", "ci" or "" where it was named or is unknown)"""
    if service is not None:
        return service, ""
    if category is not None and category.default_service_id:
        return category.default_service, "category"
    found = service_behind(ci) if ci is not None else None
    return found, "ci" if found is not None else ""


def _set_levels(incident):
    category = incident.category
    proposed = category.default_impact if category is not None else None
    incident.impact = incident.impact or proposed_impact(incident, proposed)
    incident.urgency = incident.urgency or DEFAULT_LEVEL
    incident.priority = priority.propose(
        impact=incident.impact, urgency=incident.urgency, service=incident.service,
        organization=incident.organization,
    ).priority  # fmt: skip


def proposed_impact(incident, from_category):
    """The gravest of the category's default and the band of affected users."""
    many, some = preferences.get("impact_users")
    users = incident.users_affected or 0
    from_users = 1 if users >= many else 2 if users >= some else DEFAULT_LEVEL
    return min(from_category or DEFAULT_LEVEL, from_users)


def _place(incident, placed, group, assignee, moment):
    incident.owner_group = placed.desk
    incident.route_why = placed.why
    if group is not None:
        kept = [pair for pair in placed.why if pair[0] not in {"group", "service"}]
        incident.route_why = [*kept, ["group", "chosen"]]
    if placed.assignee is not None:
        take(incident, "assign", by=None, group=placed.group, person=placed.assignee)
    incident.assigned_group = group or placed.group
    if assignee is not None:
        incident.assignee = assignee
    incident.opened_at = moment
    incident.occurred_at = min(incident.occurred_at or moment, moment)
    incident.detected_at = max(min(incident.detected_at or moment, moment), incident.occurred_at)
    records.file_record(incident, at=moment)


@transaction.atomic
def follow_up(closed, *, by, body, at=None, uploads=(), channel="portal"):
    """A word on a closed incident opens a new one that follows it; closed stays closed."""
    closed = Incident.objects.select_related("organization", "service", "category").get(
        pk=closed.pk
    )
    return open_incident(
        by=by, at=at, title=closed.title, description=body, requester=closed.requester or by,
        reported_by=by if by != closed.requester else None, service=closed.service,
        category=closed.category, ci=closed.ci, impact=closed.impact, urgency=closed.urgency,
        organization=closed.organization, confidentiality=closed.confidentiality,
        channel=channel, uploads=uploads, follows=closed,
    )  # fmt: skip

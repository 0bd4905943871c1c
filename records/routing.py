"""Who answers for a new record, and who works on it: the hybrid desk's rules (domain 4.1, 7.3).

The result says which rule decided, so that the screen can.
"""

from dataclasses import dataclass, field

from calendars.timetables import current_version, timetable
from core import preferences
from people import staffing
from people.models import SupportGroup


@dataclass
class Route:
    """The desk that owns the record, the group that works on it, and why: [(what, rule)].

    `central` is the desk over all others.
    """

    desk: SupportGroup | None
    group: SupportGroup | None
    why: list = field(default_factory=list)
    central: SupportGroup | None = None

    @property
    def must_be_central(self):
        """Security matters and VIPs: no rule takes them from the central desk."""
        return dict(self.why).get("desk") in {"security", "vip"}


def route(*, requester, site, organization, category, ci, channel, at, is_security=False):
    why = []
    desks = {
        desk.pk: desk for desk in SupportGroup.objects.active().filter(kind=SupportGroup.Kind.DESK)
    }
    central = next((desk for desk in desks.values() if desk.is_central), None)
    desk = _desk(desks, central, requester, site, organization, category, at, is_security, why)
    group = desk
    if category is not None and category.default_group_id:
        group = category.default_group
        why.append(("group", "category"))
    elif channel == "monitoring" and ci is not None:
        group = ci.managed_by
        why.append(("group", "ci"))
    else:
        why.append(("group", "desk"))
    return Route(desk, group, why, central)


def _desk(desks, central, requester, site, organization, category, at, is_security, why):
    if is_security or (requester is not None and requester.is_vip):
        why.append(("desk", "security" if is_security else "vip"))
        return central
    desk, rule = None, "central"
    if site is not None and site.desk_id:
        desk, rule = desks.get(site.desk_id), "site"
    elif organization is not None:
        desk = desks.get(_of_organization(organization))
        rule = "organization" if desk is not None else "central"
    while desk is not None and not desk.is_central:
        reason = _why_not(desk, category, at)
        if reason is None:
            break
        desk, rule = desks.get(desk.parent_id), reason
    why.append(("desk", rule))
    return desk or central


def _of_organization(organization):
    """The id of the desk that serves the organisation or the nearest one above it."""
    above = [int(part) for part in organization.path.strip("/").split("/") if part]
    desks = dict(
        SupportGroup.organizations.through.objects.filter(
            organization_id__in=above, supportgroup__is_active=True, supportgroup__kind="desk"
        ).values_list("organization_id", "supportgroup_id")
    )
    return next((desks[pk] for pk in reversed(above) if pk in desks), None)


def _why_not(desk, category, at):
    """Why a local desk cannot take it now: "closed", "skill" or "overload"; None where it can."""
    version = current_version(desk.calendar_id, at)
    if not timetable(version.pk, "support", None).is_open(at):
        return "closed"
    if category is not None:
        skilled = list(category.skilled_groups.values_list("pk", flat=True))
        if skilled and desk.pk not in skilled:
            return "skill"
    return "overload" if is_overloaded(desk, at) else None


def is_overloaded(desk, at):
    """More open tickets for each agent who is there than the setting allows; 0 turns it off. A desk
    that is open and has nobody there is overloaded by anything."""
    most = int(preferences.get("desk_most_open"))
    if not most:
        return False
    from records.models import Record

    open_tickets = Record.objects.queued().active().filter(assigned_group=desk).count()
    return open_tickets > most * staffing.present(desk.pk, at)

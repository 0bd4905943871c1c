"""Each desk as it stands now: open or when it opens next, whom it serves, what it can, who is there and
what is open. A fixed number of statements, and one a calendar; of tickets only those that the reader
may see."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from calendars.models import CalendarVersion
from calendars.timetables import current_version, timetable
from core import preferences
from people import staffing
from people.models import SupportGroup
from records.models import Category, Record

DESK = SupportGroup.Kind.DESK
MOST = 200


@dataclass
class DeskLine:
    group: SupportGroup
    parent: Any
    depth: range
    is_open: bool | None
    opens_at: Any
    sites: list
    organizations: list
    skills: list
    present: int
    members: int
    open: int
    unassigned: int
    owned: int
    href: str
    is_overloaded: bool = False


def lines(person, now):
    """[DeskLine] of the active desks, each below the one it hands up to."""
    desks = SupportGroup.objects.active().filter(kind=DESK).select_related("parent", "calendar")
    desks = list(desks.prefetch_related("organizations", "served_sites").order_by("path")[:MOST])
    desks = _in_tree(desks)
    pks = [desk.pk for desk in desks]
    there = staffing.present_in(pks, now)
    members = staffing.members_in(pks, now)
    counts, owned = _counts(person, pks)
    skills, restricted = _skills(pks)
    most = int(preferences.get("desk_most_open"))
    base = reverse("servicedesk:queue")
    hours = {pk: hours_of(pk, now) for pk in {desk.calendar_id for desk in desks}}
    found = []
    for desk in desks:
        is_open, opens_at = hours[desk.calendar_id]
        count = counts.get(desk.pk, {"open": 0, "unassigned": 0})
        found.append(
            DeskLine(
                group=desk, parent=desk.parent, depth=range(desk.path.count("/") - 2),
                is_open=is_open, opens_at=opens_at,
                sites=[site for site in desk.served_sites.all() if site.is_active],
                organizations=[one for one in desk.organizations.all() if one.is_active],
                skills=skills.get(desk.pk, []), present=there.get(desk.pk, 0),
                members=members.get(desk.pk, 0), owned=owned.get(desk.pk, 0),
                href=f"{base}?view=all&group={desk.pk}",
                is_overloaded=bool(most) and not desk.is_central
                and count["open"] > most * there.get(desk.pk, 0),
                **count,
            )
        )  # fmt: skip
    return found, restricted


def _in_tree(desks):
    """The central desk first, then each under its parent, siblings by code."""
    by_path = {desk.path: desk for desk in desks}

    def key(desk):
        parts, place = [part for part in desk.path.split("/") if part], []
        for end in range(1, len(parts) + 1):
            above = by_path.get("/" + "/".join(parts[:end]) + "/")
            place.append((not above.is_central, above.code) if above else (True, ""))
        return place

    return sorted(desks, key=key)


def hours_of(calendar_id, now):
    """Of desks with this calendar: (is it open, when it opens next while it is not); (None, None) where no hours are in force."""
    try:
        hours = timetable(current_version(calendar_id, now).pk, "support", None)
        if hours.is_open(now):
            return True, None
        return False, hours.next_opening(now)
    except (CalendarVersion.DoesNotExist, ValueError, OverflowError):
        return None, None


def _counts(person, pks):
    """({desk: open and unassigned tickets with it}, {desk: open tickets that it answers for})"""
    seen = Record.objects.queue_of(person).active().order_by()
    rows = seen.filter(assigned_group__in=pks).values("assigned_group").annotate(
        open=Count("pk", distinct=True),
        unassigned=Count("pk", filter=Q(assignee=None), distinct=True),
    )  # fmt: skip
    counts = {row.pop("assigned_group"): row for row in rows}
    owned = seen.filter(owner_group__in=pks).values_list("owner_group")
    return counts, dict(owned.annotate(count=Count("pk", distinct=True)))


def _skills(pks):
    """({desk: [category]}, whether any category names its desks at all)"""
    rows = Category.objects.active().filter(skilled_groups__in=pks).distinct()
    found = {}
    for category in rows.prefetch_related("skilled_groups").order_by("code"):
        for desk in category.skilled_groups.all():
            found.setdefault(desk.pk, []).append(category)
    return found, bool(found)

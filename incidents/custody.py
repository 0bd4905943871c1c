"""How long an incident stood with each group, from its own story (feature IN-12). Reads only.

The stretches follow each other without a gap from the opening to the closure (or to now), in whole
seconds, so that their sum is the life of the ticket.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Q

from calendars.models import CalendarVersion
from calendars.timetables import timetable
from incidents.events import Verb
from incidents.models import Incident
from people.models import SupportGroup
from records.deadlines import desk_calendar

MOVES = (Verb.OPENED, Verb.ASSIGNED, Verb.ESCALATED)
OVER = {Incident.State.RESOLVED, Incident.State.CLOSED, Incident.State.CANCELLED}
UNSAID = object()  # the entry says nothing about groups, or its words were removed


@dataclass(frozen=True)
class Mark:
    """One entry of the story: the group before and after it, and the state after it, if it says.

    `is_move`: it gave the work to somebody, although it may not say any more to whom.
    """

    at: datetime
    before: Any = UNSAID
    after: Any = UNSAID
    state: str = ""
    is_move: bool = False


@dataclass(frozen=True)
class Stretch:
    """Some time with one group (None: with nobody). `is_over`: solved, and not yet closed."""

    group_id: int | None
    is_over: bool
    from_at: datetime
    to_at: datetime
    seconds: int
    business_seconds: int


@dataclass(frozen=True)
class Custody:
    """`bounces`: how often the work changed from one group to another."""

    stretches: list
    groups: dict  # id -> SupportGroup
    from_at: datetime
    to_at: datetime
    bounces: int

    @property
    def seconds(self):
        return _length(self.from_at, self.to_at)

    def by_group(self):
        """[(group or None, is over, stretches, seconds, business seconds)], in order of arrival."""
        sums = {}
        for part in self.stretches:
            found = sums.setdefault((part.group_id, part.is_over), [0, 0, 0])
            found[0] += 1
            found[1] += part.seconds
            found[2] += part.business_seconds
        return [
            (self.groups.get(group_id), is_over, *figures)
            for (group_id, is_over), figures in sums.items()
        ]


def custody_of(incident, now):
    """The Custody of an incident, as it stands at `now`. Four statements, however long its story.

    Business time counts in the hours of the group that held it, by the calendar version that was in
    force when the stretch began; with no group, in those of the responsible desk.
    """
    end = incident.closed_at if incident.is_final and incident.closed_at else now
    marks = marks_of(incident)
    spans = spans_of(marks, incident.opened_at, end, last_group=incident.assigned_group_id)
    ids = {group_id for group_id, *_ in spans if group_id is not None}
    groups = SupportGroup.objects.in_bulk(ids)
    hours = hours_of(incident, groups)
    stretches = [
        Stretch(group_id, is_over, start, stop, _length(start, stop), hours(group_id, start, stop))
        for group_id, is_over, start, stop in spans
    ]
    start = _whole(incident.opened_at)
    return Custody(stretches, groups, start, max(_whole(end), start), bounces_of(spans))


def marks_of(incident):
    """What the story says of groups and states, in its order."""
    told = Q(data__has_key="group_id") | Q(verb__in=MOVES) | ~Q(to_state="")
    rows = incident.timeline.filter(told).order_by("seq")
    return [
        Mark(
            at, data.get("from_group_id", UNSAID), data.get("group_id", UNSAID), to_state,
            verb in MOVES or "group_id" in data or (verb == Verb.STARTED and gone is not None),
        )
        for at, verb, to_state, data, gone in rows.values_list(
            "at", "verb", "to_state", "data", "redacted_at"
        )
    ]  # fmt: skip


def spans_of(marks, start, end, *, last_group):
    """[(group id, is over, from, to)] without gaps between two instants, of whole seconds.

    A group that its own entry does not say (its words were removed) is the one that the next entry
    took it from, and at the end the present one; else the one before stays.
    """
    start, end = _whole(start), max(_whole(end), _whole(start))
    holders = _holders(marks, last_group)
    spans, group, is_over, at = [], holders[0] if holders else last_group, False, start
    for mark, holder in zip(marks, holders, strict=True):
        state_over = mark.state in OVER if mark.state else is_over
        if (holder, state_over) == (group, is_over):
            continue
        moment = min(max(_whole(mark.at), at), end)
        if moment > at:
            spans.append((group, is_over, at, moment))
        group, is_over, at = holder, state_over, moment
    if end > at or not spans:
        spans.append((group, is_over, at, end))
    return spans


def _holders(marks, last_group):
    """Who held the work after each mark."""
    following, next_before = [], last_group
    for mark in reversed(marks):
        following.append(next_before)
        if mark.is_move:
            next_before = mark.before
    holder, holders = None, []
    for mark, taken_from in zip(marks, reversed(following), strict=True):
        if mark.is_move and mark.after is not UNSAID:
            holder = mark.after
        elif mark.is_move and taken_from is not UNSAID:
            holder = taken_from
        holders.append(holder)
    return holders


def bounces_of(spans):
    """From one group to another; the first assignment is none."""
    held = [group_id for group_id, *_ in spans if group_id is not None]
    return sum(one != other for one, other in pairwise(held))


def hours_of(incident, groups) -> Callable:
    """(group id, from, to) -> business seconds; wall time where there is no calendar."""
    usual = desk_calendar(incident)
    calendars = {pk: group.calendar_id for pk, group in groups.items()}
    versions = {}
    rows = CalendarVersion.objects.filter(calendar__in={usual, *calendars.values()} - {None})
    for pk, calendar_id, since in rows.order_by("number").values_list(
        "pk", "calendar_id", "effective_from"
    ):
        versions.setdefault(calendar_id, []).append((since, pk))

    def seconds(group_id, start, stop):
        known = versions.get(calendars.get(group_id, usual))
        if not known:
            return _length(start, stop)
        in_force = [pk for since, pk in known if since <= start] or [known[0][1]]
        return timetable(in_force[-1]).between(start, stop)

    return seconds


def _whole(at):
    return at.replace(microsecond=0)


def _length(start, stop):
    return int((_whole(stop) - _whole(start)).total_seconds())

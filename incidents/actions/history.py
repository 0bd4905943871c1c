"""Incidents of another desk's log, written with their true times and authors.

The log breaks the lifecycle (waiting from new, solutions without text), so the steps' guards do
not apply here; what applies instead stands in this module. Nobody is told, nothing reacts, and
thresholds that lie in the past become escalations marked as imported.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from core import preferences, time
from incidents.events import Verb
from incidents.models import Incident
from records import actions as records
from records import timeline
from records.deadlines import working_days_after
from records.events import Verb as RecordVerb
from records.models import Record
from slm import past

State = Incident.State


@dataclass(frozen=True)
class Happening:
    """One line of the former log: the incident as it stood after it, and who wrote it when."""

    digest: str
    at: datetime
    by: Any
    state: str
    reason: Any = None  # a PendingReason while waiting
    group: Any = None
    assignee: Any = None
    impact: int | None = None
    urgency: int | None = None
    priority: int | None = None
    reopen_count: int = 0
    reassign_count: int = 0


@dataclass
class Past:
    """An incident of the former log: what is known of it at the end, and its happenings in order."""

    source: str
    number: str
    opened_at: datetime
    happenings: list
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    opened_by: Any = None
    resolved_by: Any = None
    closure_code: Any = None
    fields: dict = field(default_factory=dict)  # title, requester, organization, category, ci, …


@transaction.atomic
def write(story: Past, *, by, at=None):
    """Write an incident or go on with it. Returns "created", "updated" or "unchanged".

    A line that was written before is known by its digest; lines of an instant before what is
    already written are not squeezed in between, since the timeline is append-only.
    """
    at = at or time.now()
    found = Record.objects.filter(source=story.source, external_ref=story.number).first()
    if found is None:
        _create(story, at)
        return "created"
    incident = Incident.objects.lock(found)
    known = set(incident.timeline.filter(is_historic=True).values_list("data__row", flat=True))
    fresh = [line for line in story.happenings if line.digest not in known]
    if not fresh:
        return "unchanged"
    _continue(incident, story, fresh, at)
    return "updated"


def _create(story, at):
    first = story.happenings[0]
    incident = Incident(
        source=story.source, external_ref=story.number, opened_at=story.opened_at,
        occurred_at=story.opened_at, detected_at=story.opened_at,
        state=_first_state(first), owner_group=story.fields.pop("owner_group", None) or first.group,
        is_on_portal=True, **story.fields,
    )  # fmt: skip
    _take_over(incident, story, story.happenings[-1])
    records.file_record(incident, at=story.happenings[-1].at)
    entries = [_opening(incident, story, first)]
    entries += _entries(incident, story.happenings[1:], before=first, seq=2)
    timeline.history(entries)
    past.run(incident, story, story.happenings, now=at)


def _continue(incident, story, fresh, at):
    last_entry = incident.timeline.order_by("-seq").first()
    before = _as_it_stands(incident)
    _take_over(incident, story, fresh[-1])
    records.save(incident, at=fresh[-1].at)
    moment = max(fresh[0].at, last_entry.at)
    fresh = [line for line in fresh if line.at >= last_entry.at] or fresh
    timeline.history(_entries(incident, fresh, before=before, seq=last_entry.seq + 1))
    past.go_on(incident, story, fresh, before, now=max(at, moment))


def _as_it_stands(incident):
    return Happening(
        digest="", at=incident.updated_at, by=None, state=incident.state,
        reason=incident.pending_reason, group=incident.assigned_group,
        assignee=incident.assignee, impact=incident.impact, urgency=incident.urgency,
        priority=incident.priority, reopen_count=incident.reopen_count,
        reassign_count=incident.reassign_count,
    )  # fmt: skip


def _first_state(line):
    return line.state


def _take_over(incident, story, last):
    """The record as the last line and the log's own columns have it: they rule the figures."""
    incident.__dict__["state"] = last.state  # protected: history is no step
    incident.assigned_group, incident.assignee = last.group, last.assignee
    if last.assignee is not None and last.group is None:
        incident.assignee = None
    incident.impact, incident.urgency, incident.priority = (
        last.impact, last.urgency, last.priority,
    )  # fmt: skip
    incident.reopen_count, incident.reassign_count = last.reopen_count, last.reassign_count
    incident.pending_reason = last.reason if last.state == State.PENDING else None
    incident.pending_since = last.at if incident.pending_reason else None
    is_over = last.state in {State.RESOLVED, State.CLOSED}
    incident.resolved_at = story.resolved_at if is_over else None
    solved = [line.at for line in story.happenings if line.state == State.RESOLVED]
    first = min(solved) if solved and last.reopen_count else incident.resolved_at
    incident.first_resolved_at = incident.first_resolved_at or first
    incident.last_resolved_at = incident.resolved_at or max(solved, default=None)
    incident.closed_at = story.closed_at if last.state == State.CLOSED else None
    if last.state == State.CLOSED and incident.closed_at is None:
        incident.closed_at = last.at
    if last.state == State.CANCELLED:
        incident.closed_at = last.at
    incident.resolved_by_person = story.resolved_by if is_over else None
    incident.resolved_by_group = last.group if is_over else None
    incident.closure_code = story.closure_code if is_over else None
    first_work = next((line.at for line in story.happenings if line.state != State.NEW), None)
    incident.first_response_at = incident.first_response_at or first_work
    if last.state == State.RESOLVED:
        days = int(preferences.get("auto_close_working_days"))
        base = incident.resolved_at or last.at
        incident.rejection_deadline = working_days_after(incident, base, days)
    else:
        incident.rejection_deadline = None


def _opening(incident, story, first):
    return timeline.past(
        incident, Verb.OPENED, seq=1, at=story.opened_at, by=story.opened_by, was="",
        state=first.state, is_public=True, row=first.digest, channel=incident.channel,
        priority=first.priority, why=[], group_id=first.group.pk if first.group else None,
    )  # fmt: skip


VERBS = {
    State.NEW: Verb.CLASSIFIED,
    State.ASSIGNED: Verb.ASSIGNED,
    State.IN_PROGRESS: Verb.STARTED,
    State.PENDING: Verb.WAITING,
    State.RESOLVED: Verb.RESOLVED,
    State.CLOSED: Verb.CONFIRMED,
    State.CANCELLED: Verb.CANCELLED,
}


def _entries(incident, lines, *, before, seq):
    """One entry a line of the log, in order."""
    entries = []
    for number, line in enumerate(lines, seq):
        verb, data = _told(before, line)
        if line.group != before.group:
            data |= _moved(before, line)
        entries.append(
            timeline.past(
                incident, verb, seq=number, at=line.at, by=line.by, was=before.state,
                state=line.state, is_public=line.state != before.state, row=line.digest, **data,
            )
        )  # fmt: skip
        before = line
    return entries


def _moved(before, line):
    return {
        "group_id": line.group.pk if line.group else None,
        "from_group_id": before.group.pk if before.group else None,
    }


def _told(before, line):
    if line.state != before.state:
        reopened = before.state in {State.RESOLVED, State.CLOSED}
        if reopened and line.state not in {State.RESOLVED, State.CLOSED, State.CANCELLED}:
            return Verb.REJECTED, {"count": line.reopen_count}
        if before.state == State.PENDING and line.state == State.IN_PROGRESS:
            return Verb.RESUMED, {"rule": "resumed"}
        data = {"reason": line.reason.code, "until": None} if line.reason else {}
        if line.state == State.RESOLVED:
            data = {"closure_code": "", "deadline": None}
        if line.state == State.CLOSED:
            data = {"via": ""}
        return VERBS[line.state], data
    if line.group != before.group or line.assignee != before.assignee:
        return Verb.ASSIGNED, {
            "group": line.group.code if line.group else "",
            "person_id": line.assignee.pk if line.assignee else None, "note": "",
            **_moved(before, line),
        }  # fmt: skip
    fields = {
        name: [getattr(before, name), getattr(line, name)]
        for name in ("impact", "urgency", "priority")
        if getattr(before, name) != getattr(line, name)
    }
    if fields:
        return Verb.CLASSIFIED, {"fields": fields, "reason": ""}
    return RecordVerb.IMPORTED, {}

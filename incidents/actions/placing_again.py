"""Re-triage: category, service or CI of a new incident were changed, so the desk's rules are asked
once more. Once a change, over the facts as they are now; what rules set asks nobody again."""

from core.lifecycle import take
from incidents.events import Verb
from incidents.models import Incident
from records import actions as records
from records import timeline, triage
from records.models import TimelineEntry
from slm import effects

ASKED_BY = {"category", "service", "ci"}


def place(incident, *, at):
    """Let the rules place a locked, saved incident anew, while nobody has taken it and no person
    has said which group it goes to."""
    if incident.state != Incident.State.NEW or incident.assignee_id or incident.is_major:
        return
    if not triage.in_force() or triage.placed_by_hand(incident):
        return
    decision = triage.again(incident)
    triage.keep(incident, decision, at=at, occasion=triage.Occasion.CHANGED)
    if decision.group is None or not decision.applied:
        return
    old_group_id, before = incident.assigned_group_id, incident.state
    if decision.group.pk == old_group_id and decision.assignee is None:
        return
    if decision.assignee is not None:
        take(incident, "assign", by=None, group=decision.group, person=decision.assignee)
    else:
        incident.assigned_group = decision.group
    records.save(incident, at=at, from_state=before)
    effects.assigned(incident, at=at, by=None, old_group_id=old_group_id)
    timeline.record(
        incident, Verb.ASSIGNED, by=None, at=at, from_state=before, group=decision.group.code,
        group_id=decision.group.pk, from_group_id=old_group_id, why=decision.why,
        person_id=decision.assignee.pk if decision.assignee else None,
        visibility=TimelineEntry.Visibility.INTERNAL,
    )  # fmt: skip

"""Re-triage: category, service or CI of an order were changed before anybody began, so the desk's
rules are asked once more. Once a change; what rules set asks nobody again."""

from records import actions as records
from records import timeline, triage
from records.models import TimelineEntry
from servicedesk.events import RequestVerb as Verb
from slm import effects

ASKED_BY = {"category", "service", "ci"}


def place(request, *, at):
    """Let the rules place a locked, saved order anew, while nobody has taken it and no person has
    said which group it goes to."""
    if request.state not in request.BEFORE_WORK or request.assignee_id or not triage.in_force():
        return
    if triage.placed_by_hand(request, verbs=[Verb.ASSIGNED]):
        return
    decision = triage.again(request)
    triage.keep(request, decision, at=at, occasion=triage.Occasion.CHANGED)
    if decision.group is None or not decision.applied:
        return
    old_group_id = request.assigned_group_id
    if decision.group.pk == old_group_id and decision.assignee is None:
        return
    request.assigned_group, request.assignee = decision.group, decision.assignee
    records.save(request, at=at)
    effects.assigned(request, at=at, by=None, old_group_id=old_group_id)
    timeline.record(
        request, Verb.ASSIGNED, by=None, at=at, kind=TimelineEntry.Kind.FIELDS,
        group=decision.group.code, group_id=decision.group.pk, from_group_id=old_group_id,
        person_id=decision.assignee.pk if decision.assignee else None, why=decision.why,
        visibility=TimelineEntry.Visibility.INTERNAL,
    )  # fmt: skip

"""The steps of an incident as pages: which form asks, which action acts, what is said about it."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import preferences
from incidents import escalating, forms, policies
from incidents.actions import lifecycle, major, merging
from incidents.actions.priority import prioritise
from records import actions as records
from records import priority as priorities
from records.models import PendingReason, PriorityCell, Record
from slm import workspace_desks
from slm.actions import escalations
from slm.workspace_steps import StepPage
from slm.workspace_words import level_word


def _assign(incident, *, by, group, person, note, seen_version):
    return lifecycle.assign(
        incident, by=by, group=group, person=person, note=note, seen_version=seen_version
    )


def _hold(incident, *, by, reason, until, message, seen_version):
    return lifecycle.hold(
        incident, by=by, reason=reason, until=until, message=message, seen_version=seen_version
    )


@transaction.atomic
def _merge(incident, *, by, target, seen_version):
    _check(incident, seen_version)
    return merging.merge(incident, by=by, target=target)


@transaction.atomic
def _unmerge(incident, *, by, seen_version):
    _check(incident, seen_version)
    return merging.unmerge(incident, by=by)


def _check(incident, seen_version):
    """For actions that take no version: what the sender saw must be what is there now."""
    records.check_version(Record.objects.lock(incident), seen_version)


def _declare(incident, *, by, comms_minutes, seen_version, **inputs):
    return major.declare(
        incident, by=by, comms_interval=comms_minutes * 60, seen_version=seen_version, **inputs
    )


def _broadcast(incident, *, by, body, seen_version):
    return major.broadcast(incident, by=by, body=body)


def _end(incident, *, by, comment, seen_version):
    return major.end(incident, by=by, comment=comment)


@transaction.atomic
def _escalate_up(incident, *, by, to, who, reason, seen_version):
    _check(incident, seen_version)
    return escalations.escalate(
        incident, by=by, to=[who] if to == escalating.PERSON else to, reason=reason
    )


def _acknowledge(incident, *, by, escalations, comment, seen_version):
    """All that were chosen, or none: the first to see one is told to the second."""
    return escalating.acknowledge(incident, escalations, by=by, comment=comment)


@transaction.atomic
def _times(incident, *, by, service_interrupted, seen_version, **stages):
    """The instants, and whether the service is interrupted: two notes, one sending."""
    saved = lifecycle.restore(incident, by=by, seen_version=seen_version, **stages)
    if saved.service_interrupted != service_interrupted and saved.state in saved.WORKED:
        saved = lifecycle.classify(saved, by=by, service_interrupted=service_interrupted)
    return saved


def asked_reason(request, _incident):
    code = request.GET.get("reason", "")
    found = PendingReason.objects.active().filter(code=code).first()
    return {"reason": found} if found else {}


def _asked_target(request, _incident):
    number = request.GET.get("target", "")
    found = Record.objects.visible_to(request.user).filter(number=number).first()
    return {"target": found} if found else {}


def hold_words(request, incident, form):
    """Which reasons stop which clocks, said before the choice."""
    rows = [
        (reason.name, reason.pauses_sla, reason.pauses_ola, reason.starts_uc)
        for reason in PendingReason.objects.active().order_by("order", "code")
    ]
    return {"extra": "incidents/_hold.html", "rows": rows, "is_shown": "reason" not in request.GET}


def _merge_preview(request, incident, form):
    """Both incidents and what moves (SD-18)."""
    number = form["target"].value()
    number = getattr(number, "number", number)
    target = (
        Record.objects.visible_to(request.user)
        .select_related("requester")
        .filter(number=number or "")
        .first()
    )
    moving = [watch.person.name for watch in incident.watches.select_related("person")]
    if incident.requester_id:
        moving.insert(0, incident.requester.name)
    return {
        "days": int(preferences.get("unmerge_days")),
        "extra": "incidents/_merge.html",
        "incident": incident,
        "target": target,
        "moving": moving,
    }


def _matrix(request, incident, form):
    """The matrix in question as a table, and which rule chose it (IN-01)."""
    matrix, through = priorities.matrix_for(incident.service, incident.organization)
    cells = {
        (cell.impact, cell.urgency): cell.priority
        for cell in (PriorityCell.objects.filter(matrix=matrix) if matrix else ())
    }
    impacts, urgencies = priorities.levels(incident.service, incident.organization)
    words = {
        "service": _("the service's matrix"), "organization": _("the organisation's matrix"),
        "default": _("the usual matrix"),
    }  # fmt: skip
    rows = [
        (level_word(impact),
         [(cells.get((impact, urgency), priorities.default_priority(impact, urgency)),
           (impact, urgency) == (incident.impact, incident.urgency)) for urgency in urgencies])
        for impact in impacts
    ]  # fmt: skip
    return {
        "extra": "incidents/_matrix.html", "rows": rows, "matrix": matrix,
        "heads": [level_word(urgency) for urgency in urgencies], "through": words.get(through, ""),
    }  # fmt: skip


STEPS = {
    "assign": StepPage(
        _assign, lambda: _("Assign %(number)s"), lambda: _("Assign"),
        lambda: _("%(number)s is assigned."), forms.AssignForm,
    ),
    "start": StepPage(
        lifecycle.start, lambda: "", lambda: "", lambda: _("%(number)s is in your hands now."),
        policy=policies.can_take,
    ),
    "take": StepPage(
        lifecycle.start, lambda: "", lambda: "", lambda: _("%(number)s is in your hands now."),
        policy=policies.can_take,
    ),
    "hold": StepPage(
        _hold, lambda: _("Put %(number)s on hold"), lambda: _("Put on hold"),
        lambda: _("%(number)s is on hold."), forms.HoldForm, initial=asked_reason,
        context=hold_words,
    ),
    "resume": StepPage(
        lifecycle.resume, lambda: "", lambda: "", lambda: _("Work on %(number)s goes on."),
        policy=policies.can_comment,
    ),
    "escalate": StepPage(
        lifecycle.escalate, lambda: _("Escalate %(number)s to another group"),
        lambda: _("Escalate"), lambda: _("%(number)s is escalated."), forms.EscalateForm,
    ),
    "escalate-up": StepPage(
        _escalate_up, lambda: _("Escalate %(number)s to a manager"), lambda: _("Escalate"),
        lambda: _("%(number)s is escalated."), forms.EscalateUpForm,
        context=lambda *_args: {"lead": _("The work stays with its group; whoever you choose is told at once.")},
    ),
    "acknowledge": StepPage(
        _acknowledge, lambda: _("Acknowledge the escalation of %(number)s"),
        lambda: _("Acknowledge"), lambda: _("The escalation of %(number)s is acknowledged."),
        forms.AcknowledgeForm, policy=escalating.can_acknowledge,
        context=lambda *_args: {"lead": _("Reminders stop. The clock does not.")},
    ),
    "resolve": StepPage(
        lifecycle.resolve, lambda: _("Resolve %(number)s"), lambda: _("Resolve and tell the requester"),
        lambda: _("%(number)s is resolved."), forms.ResolveForm,
    ),
    "confirm": StepPage(
        lifecycle.confirm, lambda: _("Close %(number)s"), lambda: _("Close: the requester confirmed"),
        lambda: _("%(number)s is closed."), forms.ConfirmForm, policy=policies.can_confirm,
    ),
    "reject": StepPage(
        lifecycle.reject_resolution, lambda: _("Reopen %(number)s"), lambda: _("Reopen"),
        lambda: _("%(number)s is open again."), forms.RejectForm, policy=policies.can_confirm,
    ),
    "cancel": StepPage(
        lifecycle.cancel, lambda: _("Cancel %(number)s"), lambda: _("Cancel the incident"),
        lambda: _("%(number)s is cancelled."), forms.CancelForm, policy=policies.can_cancel,
        is_danger=True,
    ),
    "declare-major": StepPage(
        _declare, lambda: _("Declare %(number)s a major incident"),
        lambda: _("Declare major incident"), lambda: _("%(number)s is a major incident now."),
        forms.MajorForm, policy=policies.can_declare_major, is_danger=True,
        initial=lambda request, incident: {"manager": request.user},
    ),
    "broadcast": StepPage(
        _broadcast, lambda: _("Update on %(number)s"), lambda: _("Send to everybody affected"),
        lambda: _("The update on %(number)s was sent."), forms.BroadcastForm,
    ),
    "end-major": StepPage(
        _end, lambda: _("End the major incident %(number)s"), lambda: _("End major incident"),
        lambda: _("The major incident %(number)s is over."), forms.EndMajorForm,
        policy=policies.can_declare_major,
    ),
    "merge": StepPage(
        _merge, lambda: _("Merge %(number)s into another incident"), lambda: _("Merge"),
        lambda: _("%(number)s was merged."), forms.MergeForm, initial=_asked_target,
        context=_merge_preview,
    ),
    "unmerge": StepPage(
        _unmerge, lambda: _("Undo the merge of %(number)s"), lambda: _("Undo the merge"),
        lambda: _("%(number)s stands for itself again."), forms.PlainForm,
    ),
    "times": StepPage(
        _times, lambda: _("Times of %(number)s"), lambda: _("Save the times"),
        lambda: _("The times of %(number)s are noted."), forms.TimesForm,
    ),
    "priority": StepPage(
        prioritise, lambda: _("Priority of %(number)s"), lambda: _("Set the priority"),
        lambda: _("The priority of %(number)s is set."), forms.PriorityForm, context=_matrix,
    ),
}  # fmt: skip
STEPS |= workspace_desks.STEPS

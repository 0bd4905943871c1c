"""Incidents: unplanned interruptions of a service.

A step checks and sets fields in memory. All that follows from it (saving, the clocks, the
timeline, the other processes) is in actions.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.lifecycle import step
from core.querysets import LockingQuerySet
from incidents import policies
from records import guards
from records.kinds import Phase, record_kind
from records.models import Record, RecordQuerySet

STAGES = (
    "occurred_at", "detected_at", "diagnosed_at", "repaired_at", "recovered_at", "restored_at",
)  # fmt: skip


class IncidentQuerySet(RecordQuerySet):
    def for_list(self):
        return super().for_list()

    def open_on(self, *, service=None, ci=None):
        same = Q(pk__in=[])
        if service is not None:
            same |= Q(service=service)
        if ci is not None:
            same |= Q(ci=ci)
        return self.active().filter(same)


def has_a_service(incident):
    return None if incident.service_id else _g("Name the service first.")


def review_is_planned(incident):
    if incident.is_major and not incident.tasks.filter(kind="review").exists():
        return _g("A major incident needs its review task first.")
    return None


def no_major_running(incident):
    return _g("A major incident cannot be cancelled.") if incident.is_major else None


def not_major(incident):
    return _g("It is a major incident already.") if incident.is_major else None


def is_major(incident):
    return None if incident.is_major else _g("It is no major incident.")


@record_kind("incident", prefix="INC", label=_("Incident"), queued=True, icon="siren")
class Incident(Record):
    class State(models.TextChoices):
        NEW = "new", _("New")
        ASSIGNED = "assigned", _("Assigned")
        IN_PROGRESS = "in_progress", _("In progress")
        PENDING = "pending", _("Pending")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        FAILURE = "failure", _("Failure")
        DEGRADATION = "degradation", _("Degradation")
        HOW_TO = "how_to", _("How to")
        SECURITY = "security", _("Security")
        ALERT = "alert", _("Alert")

    class ClosureVia(models.TextChoices):
        CUSTOMER = "customer_confirmed", _("Confirmed by the requester")
        AUTO = "auto", _("Silence for the agreed time")
        PHONE = "agent_phone", _("Confirmed by telephone")
        MERGED = "merged", _("Merged")

    PHASES = {
        State.PENDING: Phase.WAITING,
        State.RESOLVED: Phase.RESOLVED,
        State.CLOSED: Phase.CLOSED,
        State.CANCELLED: Phase.CLOSED,
    }
    LIVE = [State.NEW, State.ASSIGNED, State.IN_PROGRESS, State.PENDING]
    WORKED = [State.NEW, State.ASSIGNED, State.IN_PROGRESS]

    incident_kind = models.CharField(
        _("Kind"), max_length=12, choices=Kind.choices, default=Kind.FAILURE
    )
    occurred_at = models.DateTimeField(_("Began"))
    detected_at = models.DateTimeField(_("Noticed"))
    first_response_at = models.DateTimeField(null=True, blank=True, editable=False)
    diagnosed_at = models.DateTimeField(_("Diagnosed"), null=True, blank=True)
    repaired_at = models.DateTimeField(_("Repaired"), null=True, blank=True)
    recovered_at = models.DateTimeField(_("Recovered"), null=True, blank=True)
    restored_at = models.DateTimeField(_("Service restored"), null=True, blank=True)
    service_interrupted = models.BooleanField(_("The service is interrupted"), default=False)
    users_affected = models.PositiveIntegerField(_("Affected users"), null=True, blank=True)
    is_security = models.BooleanField(_("Security incident"), default=False)
    workaround_used = models.BooleanField(_("Solved by a workaround"), default=False)
    resolution = models.TextField(_("Solution"), blank=True)
    closure_code = models.ForeignKey(
        "records.ClosureCode", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Closure code"),
    )  # fmt: skip
    # At most one each; keys to Record, limited by kind, because siblings do not know each other.
    known_error = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"kind": "known_error"},
    )  # fmt: skip
    caused_by_change = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"kind": "change"},
    )  # fmt: skip
    # The latest solution, kept also while a reopening has emptied resolved_at.
    last_resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_first_contact_resolution = models.BooleanField(null=True, editable=False)
    resolved_by_person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    resolved_by_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        editable=False,
    )  # fmt: skip
    closure_via = models.CharField(max_length=20, choices=ClosureVia.choices, blank=True)
    rejection_deadline = models.DateTimeField(null=True, blank=True, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incident_stages_in_order",
                condition=(
                    Q(detected_at__gte=F("occurred_at"))
                    & (Q(diagnosed_at=None) | Q(diagnosed_at__gte=F("detected_at")))
                    & (Q(repaired_at=None) | Q(diagnosed_at=None)
                       | Q(repaired_at__gte=F("diagnosed_at")))
                    & (Q(recovered_at=None) | Q(repaired_at=None)
                       | Q(recovered_at__gte=F("repaired_at")))
                    & (Q(restored_at=None) | Q(restored_at__gte=F("occurred_at")))
                    & (Q(restored_at=None) | Q(recovered_at=None)
                       | Q(restored_at__gte=F("recovered_at")))
                ),
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["rejection_deadline"], name="incident_to_close",
                condition=Q(rejection_deadline__isnull=False),
            )
        ]  # fmt: skip

    @step(_("Classify"), source=WORKED, to=None, by=policies.can_work, icon="tags")
    def classify(self, **fields):
        for name, value in fields.items():
            setattr(self, name, value)

    @step(_("Start"), source=[State.NEW, State.ASSIGNED], to=State.IN_PROGRESS,
          by=policies.can_take, icon="play")  # fmt: skip
    def start(self, *, person, at):
        if person is not None:
            self.assignee = person
        self.first_response_at = self.first_response_at or at

    @step(_("Assign"), source=LIVE, to=State.ASSIGNED, by=policies.can_work, icon="user-plus")
    def assign(self, *, group, person):
        if group.pk != self.assigned_group_id and self.assigned_group_id is not None:
            self.reassign_count += 1
        self.assigned_group, self.assignee = group, person
        self.stop_waiting()

    @step(_("Escalate"), source=[State.ASSIGNED, State.IN_PROGRESS, State.PENDING],
          to=State.ASSIGNED, by=policies.can_work, icon="arrow-up-right")  # fmt: skip
    def escalate_functional(self, *, group, person):
        if self.assigned_group_id is not None:
            self.reassign_count += 1
        self.assigned_group, self.assignee = group, person
        self.stop_waiting()

    @step(_("Hold"), source=[State.NEW, State.ASSIGNED, State.IN_PROGRESS], to=State.PENDING,
          by=policies.can_work, icon="circle-pause")  # fmt: skip
    def wait(self, *, reason, until, at, chase_at):
        self.begin_waiting(reason=reason, until=until, at=at, chase_at=chase_at)

    @step(_("Resume"), source=State.PENDING, to=State.IN_PROGRESS, by=policies.can_comment,
          icon="play")  # fmt: skip
    def resume(self):
        self.stop_waiting()

    @step(_("Declare major incident"), source=LIVE, to=None, by=policies.can_declare_major,
          guards=[not_major], icon="siren")  # fmt: skip
    def declare_major(self):
        self.is_major, self.impact, self.urgency, self.priority = True, 1, 1, 1
        self.priority_override_reason = ""

    @step(_("End major incident"), source=[*LIVE, State.RESOLVED], to=None,
          by=policies.can_declare_major, guards=[is_major], icon="circle-check")  # fmt: skip
    def end_major(self):
        pass

    @step(_("Resolve"), source=LIVE, to=State.RESOLVED, by=policies.can_work,
          guards=[guards.mandatory_tasks_done], icon="circle-check")  # fmt: skip
    def resolve(self, *, resolution, closure_code, at, solver, deadline, **stages):
        for name, value in stages.items():
            setattr(self, name, value)
        self.resolution, self.closure_code = resolution, closure_code
        self.resolved_at, self.resolved_by_person = at, solver
        self.first_resolved_at = self.first_resolved_at or at
        self.last_resolved_at = at
        self.resolved_by_group = self.assigned_group
        self.rejection_deadline = deadline
        self.stop_waiting()

    @step(_("Confirm"), source=State.RESOLVED, to=State.CLOSED, by=policies.can_confirm,
          guards=[review_is_planned], icon="circle-check-big")  # fmt: skip
    def confirm(self, *, at, via):
        self.closed_at, self.closure_via, self.rejection_deadline = at, via, None

    @step(_("Close"), source=State.RESOLVED, to=State.CLOSED, by=policies.nobody,
          guards=[review_is_planned], icon="circle-check-big")  # fmt: skip
    def auto_close(self, *, at):
        self.closed_at, self.closure_via = at, self.ClosureVia.AUTO
        self.rejection_deadline = None

    @step(_("Reopen"), source=State.RESOLVED, to=State.IN_PROGRESS, by=policies.can_confirm,
          icon="rotate-ccw")  # fmt: skip
    def reject_resolution(self):
        self.reopen_count += 1
        self.resolved_at, self.rejection_deadline = None, None
        self.is_first_contact_resolution = False

    @step(_("Cancel"), source=[State.NEW, State.ASSIGNED], to=State.CANCELLED,
          by=policies.can_cancel, guards=[no_major_running], icon="circle-x")  # fmt: skip
    def cancel(self, *, at):
        self.closed_at = at

    @step(_("Merge"), source=LIVE, to=State.CANCELLED, by=policies.can_work, icon="merge")
    def merge(self, *, target, at):
        self.merged_into, self.closed_at = target, at
        self.closure_via = self.ClosureVia.MERGED
        self.stop_waiting()

    @step(_("Undo the merge"), source=State.CANCELLED, to=State.ASSIGNED, by=policies.can_work,
          icon="undo-2")  # fmt: skip
    def unmerge(self):
        self.merged_into, self.closed_at, self.closure_via = None, None, ""


class MajorIncident(models.Model):
    """What a major incident has on top: a manager, timed broadcasts, an end."""

    incident = models.OneToOneField(
        Incident, models.PROTECT, primary_key=True, related_name="major"
    )
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=300)
    manager = models.ForeignKey("people.Person", models.PROTECT, related_name="+",
                                verbose_name=_("Manager"))  # fmt: skip
    bridge_info = models.CharField(_("Conference"), max_length=300, blank=True)
    severity = models.PositiveSmallIntegerField(_("Severity"), default=1)
    comms_interval = models.PositiveIntegerField(_("Update every (seconds)"), default=1800)
    next_update_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self):
        return str(self.incident_id)


class AlertEvent(models.Model):
    """One alarm of one source: repeats count here, the first one above the bar is an incident."""

    class Severity(models.IntegerChoices):
        CRITICAL = 1, _("Critical")
        MAJOR = 2, _("Major")
        MINOR = 3, _("Minor")
        WARNING = 4, _("Warning")
        INFO = 5, _("Information")

    source = models.CharField(max_length=64)
    dedup_key = models.CharField(max_length=200)
    ci = models.ForeignKey("cmdb.CI", models.PROTECT, null=True, related_name="+")
    metric = models.CharField(max_length=80, blank=True)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    summary = models.CharField(max_length=200)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=1)
    flaps = models.PositiveIntegerField(default=0)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="alerts")

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "dedup_key"], name="one_open_alert_a_key",
                condition=Q(cleared_at=None),
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.source} {self.dedup_key}"

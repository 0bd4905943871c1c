"""Work on a record: tasks, approvals with their votes, time spent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.lifecycle import HasSteps, StateField, step
from core.querysets import LockingQuerySet
from core.triggers import append_only
from records import policies


class TaskQuerySet(LockingQuerySet):
    def live(self):
        return self.filter(state__in=[Task.State.OPEN, Task.State.IN_PROGRESS])

    def of(self, person):
        """Tasks that this person, or a group of theirs, is to do."""
        mine = Q(assignee=person) | Q(assignee=None, group_id__in=person.access.group_ids)
        return self.filter(mine)


def after_its_predecessors(task):
    if task.pk and task.depends_on.exclude(state__in=["done", "skipped"]).exists():
        return _g("Another task must be finished first.")
    return None


def record_not_final(task):
    if task.record_id and task.record.is_final:
        return _g("The record is closed.")
    return None


class Task(HasSteps, models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("Open")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Skipped")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        WORK = "work", _("Work")
        BUILD = "build", _("Build")
        TEST = "test", _("Test")
        BACKOUT = "backout", _("Back-out")
        VERIFY = "verify", _("Verify")
        REVIEW = "review", _("Review")
        TRAIN = "train", _("Train")
        COMMUNICATE = "communicate", _("Communicate")

    number = models.CharField(max_length=20, unique=True, editable=False)
    record = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    title = models.CharField(_("Task"), max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.WORK)
    state = StateField(default=State.OPEN)
    seq = models.PositiveIntegerField(default=1)
    depends_on = models.ManyToManyField("self", symmetrical=False, blank=True)
    group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Group"),
    )  # fmt: skip
    assignee = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="tasks",
        verbose_name=_("Assignee"),
    )  # fmt: skip
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    planned_start = models.DateTimeField(null=True, blank=True)
    planned_end = models.DateTimeField(null=True, blank=True)
    actual_start = models.DateTimeField(null=True, editable=False)
    actual_end = models.DateTimeField(null=True, editable=False)
    result = models.TextField(_("Result"), blank=True)
    is_mandatory = models.BooleanField(_("Must be done"), default=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["seq", "pk"]
        indexes = [
            models.Index(fields=["assignee", "state"], name="task_assignee"),
            models.Index(fields=["group", "state"], name="task_group"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    OPEN_STATES = [State.OPEN, State.IN_PROGRESS]

    @step(
        _("Start"), source=State.OPEN, to=State.IN_PROGRESS, by=policies.can_work_on_task,
        guards=[after_its_predecessors, record_not_final],
    )  # fmt: skip
    def start(self, *, at):
        self.actual_start = at

    @step(
        _("Done"), source=OPEN_STATES, to=State.DONE, by=policies.can_work_on_task,
        guards=[after_its_predecessors],
    )  # fmt: skip
    def complete(self, *, at, result=""):
        self.result, self.actual_end = result, at

    @step(_("Failed"), source=State.IN_PROGRESS, to=State.FAILED, by=policies.can_work_on_task)
    def fail(self, *, at, result):
        self.result, self.actual_end = result, at

    @step(
        _("Reopen"), source=[State.DONE, State.FAILED], to=State.OPEN,
        by=policies.can_work_on_task, guards=[record_not_final],
    )  # fmt: skip
    def reopen(self):
        self.actual_end = None

    @step(_("Skip"), source=State.OPEN, to=State.SKIPPED, by=policies.can_work_on_task)
    def skip(self, *, at, result=""):
        self.result, self.actual_end = result, at

    @step(_("Cancel"), source=OPEN_STATES, to=State.CANCELLED, by=policies.can_work_on_task)
    def cancel(self, *, at, result=""):
        self.result, self.actual_end = result, at


class Approval(models.Model):
    """A question to approvers. The lifecycle's actions come with the first process that asks."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")
        STALE = "stale", _("Void")

    class Mode(models.TextChoices):
        ANY = "any", _("One of them")
        ALL = "all", _("All of them")
        QUORUM = "quorum", _("A quorum")

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=16)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.ANY)
    quorum_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    threshold_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    state = StateField(default=State.PENDING)
    round = models.PositiveSmallIntegerField(default=1)
    approvers = models.ManyToManyField("people.Person", related_name="approvals")
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    snapshot = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = LockingQuerySet.as_manager()

    def __str__(self):
        return f"{self.kind} of {self.record_id}"


class ApprovalVote(models.Model):
    class Vote(models.TextChoices):
        APPROVE = "approve", _("Approve")
        REJECT = "reject", _("Reject")
        ABSTAIN = "abstain", _("Abstain")

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="votes")
    round = models.PositiveSmallIntegerField(default=1)
    approver = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    vote = models.CharField(max_length=8, choices=Vote.choices)
    comment = models.TextField(blank=True)
    via = models.CharField(max_length=8, default="ui")
    recorded_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["approval", "round", "approver"], name="one_vote_a_round"
            )
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.vote} by {self.approver_id}"


class TimeEntry(models.Model):
    class Activity(models.TextChoices):
        DIAGNOSE = "diagnose", _("Diagnosis")
        FIX = "fix", _("Repair")
        BUILD = "build", _("Build")
        TEST = "test", _("Test")
        COMMUNICATE = "communicate", _("Communication")
        TRAVEL = "travel", _("Travel")
        REVIEW = "review", _("Review")

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="time_entries")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    work_date = models.DateField(_("Day"))
    seconds = models.PositiveIntegerField(_("Duration"))
    activity = models.CharField(
        _("Activity"), max_length=12, choices=Activity.choices, default=Activity.DIAGNOSE
    )
    note = models.CharField(_("Note"), max_length=300, blank=True)
    is_billable = models.BooleanField(_("Billable"), default=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["-work_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="time_is_spent", condition=Q(seconds__gt=0, seconds__lte=24 * 3600)
            )
        ]

    def __str__(self):
        return f"{self.seconds} s on {self.record_id}"

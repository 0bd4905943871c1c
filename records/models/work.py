"""Work on a record: tasks and time spent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.lifecycle import HasSteps, StateField, step
from core.querysets import LockingQuerySet
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

"""The tasks of a record as its page lists them, each with the steps that the reader may take."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.templatetags import ui
from records import policies
from records.models import Task
from slm.workspace_words import TASKS


@dataclass(frozen=True)
class TaskRow:
    pk: int
    number: str
    title: str
    icon: str
    state: str
    is_done: bool
    who: str
    due: str
    is_mandatory: bool
    steps: list
    result: str


def tasks_of(record, person):
    """The tasks with what the reader may do to each."""
    rows = record.tasks.select_related("assignee", "group").order_by("seq", "pk")
    return [task_row(record, task, person) for task in rows[:100]]


def task_row(record, task, person):
    task.record = record
    moves = TASK_MOVES.get(task.state, ()) if policies.can_work_on_task(task, person) else ()
    if record.is_final:
        moves = tuple(move for move in moves if move not in {"start", "reopen"})
    who = task.assignee or task.group
    return TaskRow(
        pk=task.pk, number=task.number, title=task.title, icon=TASKS[task.state],
        state=task.state_label, is_done=task.state in DONE, who=who.name if who else "",
        due=ui.when(task.due_at) if task.due_at else "", is_mandatory=task.is_mandatory,
        steps=[(move, str(TASK_WORDS[move]())) for move in moves], result=task.result,
    )  # fmt: skip


DONE = {Task.State.DONE, Task.State.SKIPPED, Task.State.CANCELLED}
TASK_MOVES = {
    Task.State.OPEN: ("start", "complete", "skip", "cancel"),
    Task.State.IN_PROGRESS: ("complete", "fail", "cancel"),
    Task.State.DONE: ("reopen",),
    Task.State.FAILED: ("reopen",),
}
TASK_WORDS = {
    "start": lambda: _("Start"),
    "complete": lambda: _("Done"),
    "fail": lambda: _("Failed"),
    "reopen": lambda: _("Reopen"),
    "skip": lambda: _("Skip"),
    "cancel": lambda: _("Cancel"),
}

"""Approval and fulfilment of an offering as data: stages that must say yes, tasks that must be done.

Pure: no database. Both are lists of JSON objects in an OfferingVersion.
"""

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from records.models import Approval, Task
from servicedesk.catalogue.schema import KEY
from servicedesk.catalogue.soundness import Problem

MOST_STAGES, MOST_TASKS = 10, 60


@dataclass(frozen=True)
class StagePlan:
    """Whom to ask, and what decides. Asked only from `from_amount` on, where that is given."""

    of: str = "line_manager"
    group: int | None = None
    people: tuple = ()
    mode: str = Approval.Mode.ANY
    quorum_percent: str = ""
    threshold_percent: str = ""
    patience_hours: int | None = None
    from_amount: str = ""

    @property
    def source(self):
        """As records.approvers reads it."""
        if self.of == "group":
            return {"of": "group", "group": self.group}
        if self.of == "people":
            return {"of": "people", "people": list(self.people)}
        return {"of": self.of}

    def is_asked(self, total):
        return not self.from_amount or (total or Decimal(0)) >= Decimal(self.from_amount)


@dataclass(frozen=True)
class TaskPlan:
    """A task to be done: by whom, within so many working hours of the start, after which others."""

    key: str = ""
    title_en: str = ""
    title_zh: str = ""
    kind: str = Task.Kind.WORK
    group: int | None = None
    hours: str = ""
    is_mandatory: bool = True
    after: tuple = ()

    def title(self, language):
        first, second = self.title_en, self.title_zh
        if language == "zh":
            first, second = second, first
        return first or second


def read_stages(stored):
    return [_known(StagePlan, row, "people") for row in stored or []]


def read_tasks(stored):
    return [_known(TaskPlan, row, "after") for row in stored or []]


def _known(cls, row, listed):
    found = {name: row[name] for name in cls.__dataclass_fields__ if name in row}
    return cls(**found | {listed: tuple(row.get(listed) or ())})


def write(plans):
    return [
        {name: list(value) if isinstance(value, tuple) else value for name, value in
         asdict(plan).items()}
        for plan in plans
    ]  # fmt: skip


def check_stages(stages):
    problems = []
    for place, stage in enumerate(stages):
        if stage.of == "group" and not stage.group:
            problems.append(Problem(place, "group", _("Choose a group.")))
        if stage.of == "people" and not stage.people:
            problems.append(Problem(place, "people", _("Choose at least one person.")))
        if stage.mode == Approval.Mode.QUORUM and not (
            stage.quorum_percent and stage.threshold_percent
        ):
            text = _("A quorum needs both shares.")
            problems.append(Problem(place, "quorum_percent", text))
    return problems


def check_tasks(tasks):
    """Every task has words; what it waits for stands before it, so that no circle can be."""
    problems, earlier = [], set()
    for place, task in enumerate(tasks):
        if not KEY.fullmatch(task.key) or task.key in earlier:
            problems.append(Problem(place, "title_en", _("Two tasks have the same name.")))
        if not (task.title_en.strip() or task.title_zh.strip()):
            text = _("Write the task in at least one language.")
            problems.append(Problem(place, "title_en", text))
        if set(task.after) - earlier:
            text = _("A task can only wait for tasks that stand before it.")
            problems.append(Problem(place, "after", text))
        earlier.add(task.key)
    return problems

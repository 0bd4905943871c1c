"""The verbs that every record shares. Stored words: never rename, retire."""

from django.db import models


class Verb(models.TextChoices):
    COMMENTED = "record.commented"
    NOTED = "record.noted"
    EDITED = "record.edited"
    IMPORTED = "record.imported"
    ATTACHED = "record.attached"
    LINKED = "record.linked"
    UNLINKED = "record.unlinked"
    CI_ADDED = "record.ci_added"
    CI_REMOVED = "record.ci_removed"
    WATCHED = "record.watched"
    UNWATCHED = "record.unwatched"
    MERGED = "record.merged"
    MERGED_IN = "record.merged_in"
    UNMERGED = "record.unmerged"
    TOOK_OVER = "record.took_over"
    HANDED_UP = "record.handed_up"
    TASK_ADDED = "task.added"
    TASK_STARTED = "task.started"
    TASK_DONE = "task.done"
    TASK_FAILED = "task.failed"
    TASK_REOPENED = "task.reopened"
    TASK_SKIPPED = "task.skipped"
    TASK_CANCELLED = "task.cancelled"

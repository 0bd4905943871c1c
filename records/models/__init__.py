"""What every numbered record shares. Models only know; records.actions and slm.work do."""

from records.models.approvals import Approval, ApprovalVote
from records.models.documents import Document
from records.models.links import RecordAccess, RecordCI, RecordLink, Watch
from records.models.notifications import Notification
from records.models.record import Record, RecordQuerySet, RecordText
from records.models.reference import (
    Category,
    ClosureCode,
    MatrixUse,
    PendingReason,
    PriorityCell,
    PriorityMatrix,
)
from records.models.routing import RoutingRule, RoutingTrace
from records.models.timeline import TimelineEntry
from records.models.work import Task, TimeEntry

__all__ = [
    "Approval",
    "ApprovalVote",
    "Category",
    "ClosureCode",
    "Document",
    "MatrixUse",
    "Notification",
    "PendingReason",
    "PriorityCell",
    "PriorityMatrix",
    "Record",
    "RecordAccess",
    "RecordCI",
    "RecordLink",
    "RecordQuerySet",
    "RecordText",
    "RoutingRule",
    "RoutingTrace",
    "Task",
    "TimeEntry",
    "TimelineEntry",
    "Watch",
]

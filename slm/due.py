"""What time does to tickets: wake at the agreed date, remind, close what nobody objects to.

Each sweep finds rows that are due by the database's clock, claims them one by one, and may run
twice, late, or on several workers. A process says which of its own actions are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from core import time
from records import actions as records
from records import timeline
from records.deadlines import business_seconds_after
from records.models import TimelineEntry


@dataclass(frozen=True)
class Due:
    """`resume(record, by=, at=, rule=)`, `close(pk)` and `give_up(record, at)` are the process's."""

    model: Any
    pending: str
    resolved: str
    chased: str
    resume: Callable
    close: Callable
    give_up: Callable

    def sweep(self, limit=100):
        """Do up to `limit` things that are due. Returns how many were done."""
        done = 0
        for find, act in (
            (self.to_wake, self.wake), (self.to_chase, self.chase), (self.to_close, self.close),
        ):  # fmt: skip
            for pk in find().values_list("pk", flat=True)[: limit - done]:
                done += act(pk) is not None
            if done >= limit:
                break
        return done

    def to_wake(self):
        return self.model.objects.filter(state=self.pending, pending_until__lte=Now())

    def to_chase(self):
        return self.model.objects.filter(state=self.pending, chase_at__lte=Now())

    def to_close(self):
        return self.model.objects.filter(state=self.resolved, rejection_deadline__lte=Now())

    @transaction.atomic
    def wake(self, pk):
        """The agreed date has come (IN-05)."""
        record = self.to_wake().claim(pk)
        if record is None:
            return None
        return self.resume(record, by=None, at=time.now(), rule="date")

    @transaction.atomic
    def chase(self, pk):
        """Remind the requester; after the last reminder, give up asking (IN-06)."""
        record = self.to_chase().claim(pk)
        if record is None:
            return None
        at, reason = time.now(), record.pending_reason
        if reason.close_after_chases and record.chases >= reason.close_after_chases:
            return self.give_up(record, at)
        record.chases += 1
        record.chase_at = business_seconds_after(record, at, reason.chase_after)
        records.save(record, at=at)
        timeline.record(
            record, self.chased, by=None, at=at, kind=TimelineEntry.Kind.SYSTEM,
            count=record.chases, most=reason.close_after_chases, reason=reason.code,
        )  # fmt: skip
        return record

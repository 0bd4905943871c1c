"""A calendar was edited: open clocks of it go on by its new version from the edit on.

What had counted before stands: it is frozen in a `recompute` event (ITSM domain rules 5.4).
"""

from django.db.models import Q

from calendars.models import CalendarVersion
from core import outbox, time
from records.kinds import Phase
from records.models import Record
from slm.clockwork import Clockwork
from slm.engine.terms import Kind
from slm.events import STALE
from slm.models import Clock
from slm.promises import FINAL_METRICS
from slm.terms import LIVE_STATES

RECORDS_AT_ONCE = 50


def calendar_changed(calendar_id, version_id):
    """The reaction to an edit: hand the records out in small lots, each a transaction of its own."""
    version = _version(calendar_id)
    if version is None:
        return
    ids = list(
        _behind(version).order_by("record_id").values_list("record_id", flat=True).distinct()
    )
    for first in range(0, len(ids), RECORDS_AT_ONCE):
        lot = ids[first : first + RECORDS_AT_ONCE]
        outbox.publish(STALE, calendar_id=calendar_id, record_ids=lot)


def recompute(calendar_id, record_ids):
    """Bring the clocks of these records to the calendar's present version. Harmless twice."""
    version = _version(calendar_id)
    for pk in sorted(record_ids):
        record = Record.objects.lock(pk)
        if not _behind(version).filter(record=record).exists():
            continue
        clocks = Clockwork(record, at=max(version.effective_from, record.opened_at))
        for hand in clocks.hands:
            if _is_behind(hand.clock, record, version):
                _freeze(clocks, hand, version)
        clocks.at = max(clocks.at, *(hand.last_at for hand in clocks.hands if hand.is_touched))
        clocks.save()


def _version(calendar_id):
    return CalendarVersion.objects.at(calendar_id, time.now())


def _behind(version):
    """Clocks that run, or may run again, in an older version of the calendar."""
    is_open = Q(state__in=LIVE_STATES) | Q(
        metric__in=FINAL_METRICS, record__phase=Phase.RESOLVED, state__in=["met", "missed"]
    )
    return Clock.objects.filter(
        is_open, calendar_version__calendar=version.calendar_id,
        calendar_version__number__lt=version.number,
    )  # fmt: skip


def _is_behind(clock, record, version):
    may_run = clock.is_live or (record.phase == Phase.RESOLVED and clock.metric in FINAL_METRICS)
    key = clock.calendar_version
    return may_run and key.calendar_id == version.calendar_id and key.number < version.number


def _freeze(clocks, hand, version):
    at = max(clocks.at, hand.last_at)
    elapsed = hand.replay(at).elapsed_seconds
    hand.note(
        Kind.RECOMPUTE, at=at, rule="calendar", elapsed_seconds=elapsed,
        key=(version.pk, hand.clock.calendar_kind, hand.clock.zone),
        data={"from": hand.clock.calendar_version_id, "to": version.pk},
    )  # fmt: skip

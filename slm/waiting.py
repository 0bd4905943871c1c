"""Steps of the ladder that have no clock: a ticket that nobody takes, or on which nothing is said.

They are rows of slm.Threshold without a clock, coded "unassigned:900"; each spell is a cycle of
its own. Called by slm.effects inside the transaction of the action, with the record locked.
"""

from datetime import timedelta

from django.db.models import Max, Q

from records.deadlines import business_seconds_after
from records.kinds import Phase
from slm import ladder
from slm.models import Threshold
from slm.terms import ClockKind

On = ladder.On
CODES = {On.UNASSIGNED_FOR: "unassigned", On.NO_UPDATE_FOR: "silent"}


def is_waiting(record, on):
    """Whether the state that the step is about holds: open, not on hold, and taken by nobody."""
    if record.phase != Phase.OPEN or not record.is_queued:
        return False
    return on != On.UNASSIGNED_FOR or record.assignee_id is None


def step_of(record, code, choice=None):
    """(on, steps) that a row without a clock stands for, as the ladder is today."""
    word, _, value = code.partition(":")
    on = next((on for on, name in CODES.items() if name == word), None)
    steps = ladder.waiting_steps(record, on, choice) if on else []
    return on, [step for step in steps if step.value == int(value or 0)]


def begin(work, *on):
    """With a new record: let the spells begin in the statement that writes its thresholds."""
    for one in on:
        work.waits += _rows(work, one, cycle=0)


def renew(work, *on):
    """After something happened: what has not fired is withdrawn, and a spell begins where the
    record still (or again) waits. The caller saves `work`, which writes the new rows."""
    for one in on:
        if not ladder.waiting_steps(work.record, one):
            continue  # rows of an earlier ladder find no step when they fall due
        withdraw(work.record, one)
        if is_waiting(work.record, one):
            last = _rows_of(work.record, one).aggregate(last=Max("cycle"))["last"]
            work.waits += _rows(work, one, cycle=0 if last is None else last + 1)


def adjust(work, *on):
    """The priority or the agreement changed: where other steps hold now, they count from now."""
    for one in on:
        present = set(
            _rows_of(work.record, one).filter(fired_at=None).values_list("code", flat=True)
        )
        steps = ladder.waiting_steps(work.record, one)
        if present and present != {_code(one, step) for step in steps}:
            withdraw(work.record, one)
            renew(work, one)


def withdraw(record, *on):
    """What has not fired shall not."""
    codes = Q()
    for one in on or CODES:
        codes |= Q(code__startswith=f"{CODES[one]}:")
    Threshold.objects.filter(codes, record=record, clock=None, fired_at=None).delete()


def _rows_of(record, on):
    return Threshold.objects.filter(record=record, clock=None, code__startswith=f"{CODES[on]}:")


def _code(on, step):
    return f"{CODES[on]}:{step.value}"


def _rows(work, on, cycle):
    if not is_waiting(work.record, on):
        return []
    return [
        (cycle, _code(on, step), _due(work, step)) for step in ladder.waiting_steps(work.record, on)
    ]


def _due(work, step):
    """So many seconds later: of the agreement's hours, else of the desk's; or of any hours."""
    if not step.respects_calendar:
        return work.at + timedelta(seconds=step.value)
    promises = work.live(ClockKind.SLA)
    if promises:
        timetable = promises[-1].timetable()
        return timetable.add(work.at, step.value)
    return business_seconds_after(work.record, work.at, step.value)

"""Whether the stored clocks are what their events say: every cached column, replayed anew.

Reads only and repairs nothing: a difference is a bug, or somebody's hand in the database.
Records go by in order of their ids, a few hundred at a time, each lot in one snapshot.
"""

import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from core import time
from core.models import KpiValue
from slm.clockwork import BREACH, timetable_of
from slm.engine import clock as engine
from slm.engine.terms import Event, Kind, ReopenRule, State
from slm.face import Face, face_of
from slm.terms import Metric

KPI = "slm.clock_drift"
RECORDS_AT_ONCE = 500
KINDS = {kind.value: kind for kind in Kind}
REOPEN_RULES = {rule.value: rule for rule in ReopenRule}
CLOCK_FIELDS = (
    "id", "record_id", "metric", "clock_kind", "state", "target_seconds", "calendar_version_id",
    "calendar_kind", "zone", "started_at", "stopped_at", "elapsed_seconds", "elapsed_at",
    "due_at", "breached_at", "warn_percents", "target_id",
)  # fmt: skip
# what is compared with the replay, and how the replay calls it
COMPARED = {
    "state": "state",
    "target_seconds": "target_seconds",
    "started_at": "started_at",
    "stopped_at": "stopped_at",
    "elapsed_seconds": "elapsed_seconds",
    "due_at": "due_at",
    "breached_at": "breached_at",
}
FACE = ("due_at", "sla_status", "sla")
LIVE = {State.RUNNING, State.PAUSED}
RECORDS = """
    SELECT DISTINCT c.record_id FROM slm_clock c {join}
    WHERE c.record_id > %s {where} ORDER BY c.record_id LIMIT %s
"""
CLOCKS = f"""
    SELECT {", ".join(CLOCK_FIELDS)} FROM slm_clock WHERE record_id = ANY(%s) ORDER BY id
"""  # noqa: S608 - names of columns
EVENTS = """
    SELECT e.clock_id, e.at, e.kind, e.seq, e.target_seconds, e.calendar_version_id,
           e.calendar_kind, e.zone, e.lift, e.reopen_rule, e.elapsed_seconds, e.rule,
           (e.data->>'target')::bigint
    FROM slm_clockevent e JOIN slm_clock c ON c.id = e.clock_id
    WHERE c.record_id = ANY(%s) ORDER BY e.clock_id, e.seq
"""
THRESHOLDS = """
    SELECT clock_id, code, fires_at, fired_at FROM slm_threshold
    WHERE record_id = ANY(%s) AND clock_id IS NOT NULL
"""
FACES = """
    SELECT id, number, due_at, sla_status, sla FROM records_record WHERE id = ANY(%s)
"""


@dataclass(frozen=True)
class Difference:
    """One stored value that the log does not give. `clock` is None for the record's own cache."""

    number: str
    clock: int | None
    column: str
    stored: object
    replayed: object

    def __str__(self):
        subject = f"{self.number} clock {self.clock}" if self.clock else self.number
        return f"{subject} {self.column}: stored {self.stored}, replayed {self.replayed}"

    def as_json(self):
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value):
    return value if value is None or isinstance(value, int) else str(value)


class Row:
    """A clock as it is stored, shaped like the model and like a hand, for the face."""

    __slots__ = (*CLOCK_FIELDS, "events", "thresholds")

    def __init__(self, values):
        for name, value in zip(CLOCK_FIELDS, values, strict=True):
            setattr(self, name, value)
        self.events, self.thresholds = [], {}

    @property
    def pk(self):
        return self.id

    @property
    def clock(self):
        return self

    @property
    def is_live(self):
        return self.state in LIVE

    def log(self):
        return [event for event, _target in self.events]


@dataclass
class Proof:
    """What a run found. Differences come while it runs: `for difference in proof.run()`."""

    since_days: int | None = None
    limit: int | None = None
    records: int = 0
    clocks: int = 0
    differing: int = 0
    differences: int = 0

    @property
    def is_whole(self):
        return self.since_days is None and self.limit is None

    def run(self):
        """Every difference of every clock, lot by lot."""
        last = 0
        while self.limit is None or self.clocks < self.limit:
            with _snapshot():
                ids = self._next_records(last)
                if not ids:
                    return
                lot = _load(ids)
            last = ids[-1]
            yield from self._prove(lot)

    def _next_records(self, last):
        join, where, values = "", "", [last]
        if self.since_days is not None:
            join = "JOIN records_record r ON r.id = c.record_id"
            where, values = "AND r.updated_at >= %s", [last, self._since()]
        with connection.cursor() as cursor:
            cursor.execute(RECORDS.format(join=join, where=where), [*values, RECORDS_AT_ONCE])
            return [row[0] for row in cursor.fetchall()]

    def _since(self):
        return time.now() - timedelta(days=self.since_days)

    def _prove(self, lot):
        numbers, clocks = lot
        self.records += len(numbers)
        for pk, (number, *face) in numbers.items():
            for row in clocks[pk]:
                found = list(differences_of(number, row))
                self.clocks += 1
                self.differing += bool(found)
                self.differences += len(found)
                yield from found
            found = list(_face_differences(number, face, clocks[pk]))
            self.differing += bool(found)
            self.differences += len(found)
            yield from found

    def store(self):
        """Keep the outcome for the health page: the clocks that differed, of how many."""
        if not self.is_whole:
            return None
        at = time.now()
        return KpiValue.objects.create(
            code=KPI, period_start=at, period_end=at, numerator=self.differing,
            denominator=self.clocks, value=self.differing, target=0, is_frozen=True,
        )  # fmt: skip


@contextmanager
def _snapshot():
    """Clocks, events and thresholds of one moment, although the desk goes on working."""
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        if not is_nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _load(ids):
    """({record id: (number, due_at, sla_status, sla)}, {record id: [Row]})."""
    with connection.cursor() as cursor:
        cursor.execute(FACES, [ids])
        numbers = {pk: tuple(rest) for pk, *rest in cursor.fetchall()}
        cursor.execute(CLOCKS, [ids])
        rows = {row[0]: Row(row) for row in cursor.fetchall()}
        cursor.execute(EVENTS, [ids])
        for values in cursor:
            rows[values[0]].events.append((_event(values), values[-1]))
        cursor.execute(THRESHOLDS, [ids])
        for clock_id, code, fires_at, fired_at in cursor:
            rows[clock_id].thresholds[code] = (fires_at, fired_at)
    clocks = defaultdict(list)
    for row in rows.values():
        clocks[row.record_id].append(row)
    return numbers, clocks


def _event(values):
    (_clock, at, kind, seq, target, version, calendar, zone, lift, reopen, elapsed, rule, _t) = (
        values
    )
    return Event(
        at, KINDS[kind], seq, target, (version, calendar, zone) if version else None, lift,
        REOPEN_RULES.get(reopen, ReopenRule.WITHOUT_CLOSED_TIME), elapsed, None, rule,
    )  # fmt: skip


# --- comparing ----------------------------------------------------------------------------------
def differences_of(number, row):
    """What is stored of one clock and is not what its events say, as of its own instant."""
    log = row.log()
    shown = engine.replay(log, timetable_of, row.elapsed_at)
    for column, name in COMPARED.items():
        stored, replayed = getattr(row, column), getattr(shown, name)
        if stored != replayed:
            yield Difference(number, row.id, column, stored, replayed)
    key = (row.calendar_version_id, row.calendar_kind, row.zone)
    if key != shown.calendar_key:
        yield Difference(number, row.id, "calendar", key, shown.calendar_key)
    targets = [target for _event, target in row.events if target is not None]
    if targets and targets[-1] != row.target_id:
        yield Difference(number, row.id, "target", row.target_id, targets[-1])
    yield from _threshold_differences(number, row, log)


def _threshold_differences(number, row, log):
    missing = {str(percent) for percent in {*row.warn_percents, BREACH}} - set(row.thresholds)
    for code in sorted(missing):
        yield Difference(number, row.id, f"threshold {code}", "no row", "a row")
    unfired = {code: at for code, (at, fired_at) in row.thresholds.items() if fired_at is None}
    if not unfired or (row.state not in LIVE and not any(unfired.values())):
        return
    expected = expected_instants(log, row, [int(code) for code in unfired])
    for code, stored in unfired.items():
        replayed = expected[int(code)]
        if stored != replayed:
            yield Difference(number, row.id, f"threshold {code}", stored, replayed)


def expected_instants(log, row, percents):
    """When each unfired share falls due. Of a clock at rest: only what had fallen due before."""
    if row.state == State.RUNNING:
        return engine.instants(log, timetable_of, percents, row.elapsed_at)
    if row.state == State.CANCELLED:
        return dict.fromkeys(percents)
    before, rest_at = _while_running(log)
    found = engine.instants(before, timetable_of, percents, rest_at)
    return {
        percent: at
        if at is not None and at <= rest_at and (percent < BREACH or row.breached_at is not None)
        else None
        for percent, at in found.items()
    }


def _while_running(log):
    """(the log up to the rest that lasts, the instant at which it began)."""
    for number in range(len(log) - 1, -1, -1):
        if log[number].kind in {Kind.PAUSE, Kind.STOP}:
            before = log[:number]
            state = engine.replay(before, timetable_of, log[number].at).state
            if state == State.RUNNING:
                return before, log[number].at
    return log, log[-1].at


def _face_differences(number, face, rows):
    """The record's own cache, made anew from its clocks as of the instant it names."""
    due_at, status, cache = face
    hands = [row for row in rows if row.is_live or row.metric != Metric.UPDATE]
    at = max((row.elapsed_at for row in hands), default=None)
    if cache is not None:
        cache = json.loads(cache)
        at = datetime.fromtimestamp(cache["at"], UTC)
    made = face_of(hands, at) if hands else Face(None, "none", None)
    expected = (made.due_at, made.status, made.cache)
    stored_face = (due_at, status, cache)
    for column, stored, replayed in zip(FACE, stored_face, expected, strict=True):
        if stored != replayed:
            yield Difference(number, None, column, stored, replayed)

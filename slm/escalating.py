"""The sweep of thresholds: what is due by the database's clock is escalated, once each.

It may run late, twice, on many workers at once, and be killed at any moment. A threshold and its
record are locked together, never waited for: whoever holds the record (an action that is about to
move its thresholds, another sweep) goes first, and the row is found again a moment later.
Escalation, story, messages and the next repetition are one transaction (ITSM domain rules 5.5).
"""

import json
import logging
import os
import signal
from dataclasses import dataclass, field
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Prefetch

from cmdb.models import Service
from core import bulk
from core.errors import Refused
from people.models import SupportGroup
from records import notify, timeline
from records.models import Record, TimelineEntry
from slm import ladder, waiting, work
from slm.clockwork import Hand, hands_of, timetable_of, write_thresholds
from slm.engine import clock as engine
from slm.events import Verb
from slm.face import face_of
from slm.models import Escalation, Threshold
from slm.terms import ClockState

log = logging.getLogger(__name__)
BATCH = 100
RESTING = {}  # threshold: until when (monotonic) this process leaves it alone
REST_SECONDS = 30
GRAVITY = (ladder.Type.NOTIFY, ladder.Type.HIERARCHIC, ladder.Type.FUNCTIONAL)
# What is asked of a record: by the ladder, by the steps without a clock, by whoever is told.
COLUMNS = (
    "number", "kind", "phase", "priority", "is_queued", "sla_status", "organization", "service",
    "assignee", "assigned_group", "owner_group",
)  # fmt: skip
# A promise is broken one second after its due: a stop on the very second still keeps it.
DUE = """
    SELECT t.*, now() AS found_at FROM slm_threshold t JOIN records_record r ON r.id = t.record_id
    WHERE t.fired_at IS NULL AND t.fires_at <= now()
      AND (t.code <> '100' OR t.fires_at <= now() - interval '1 second')
      AND t.id <> ALL(%s)
    ORDER BY t.fires_at, t.id
    LIMIT %s
    FOR NO KEY UPDATE OF t, r SKIP LOCKED
"""
INSERT = """
    INSERT INTO slm_escalation
        (record_id, clock_id, cycle, threshold, type, due_at, fired_at, to_group_id, told,
         reason, is_imported, comment)
    VALUES %s ON CONFLICT DO NOTHING RETURNING record_id, clock_id, cycle, threshold, id
"""
ESCALATION = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, '', false, '')"
CLOCKS = """
    UPDATE slm_clock c SET elapsed_seconds = v.elapsed, elapsed_at = v.at::timestamptz,
        breached_at = v.breached::timestamptz
    FROM (VALUES %s) v (id, elapsed, at, breached) WHERE c.id = v.id
"""
FACES = """
    UPDATE records_record r SET due_at = v.due::timestamptz, sla_status = v.status,
        sla = v.sla::jsonb
    FROM (VALUES %s) v (id, due, status, sla) WHERE r.id = v.id
"""


@dataclass
class Firing:
    """One threshold that is due: with its clock at work, the steps it means, and whom they mean."""

    row: Threshold
    record: Record
    hand: Hand | None
    ladder: list  # the steps of the clock's ladder, also those at other shares
    steps: list
    told: list = field(default_factory=list)
    id: int | None = None

    @property
    def key(self):
        return (self.row.record_id, self.row.clock_id, self.row.cycle, self.row.code)

    @property
    def dedup_key(self):
        """`esc:clock:cycle:threshold`; a step without a clock names its record instead."""
        subject = self.row.clock_id or f"record-{self.row.record_id}"
        return f"esc:{subject}:{self.row.cycle}:{self.row.code}"

    @property
    def type(self):
        return max((step.type for step in self.steps), key=GRAVITY.index, default=GRAVITY[0])

    @property
    def to_group_id(self):
        """The group that the work goes to by itself, where a step says so."""
        return next((s.group_id for s in self.steps if s.type == GRAVITY[-1] and s.group_id), None)


def sweep_due(limit=100):
    """Escalate up to `limit` thresholds that are due. Returns how many were dealt with.

    One that cannot be escalated is reported and left alone for a while; it holds up no other.
    """
    done = tried = 0
    while done < limit and tried < limit:
        size = min(BATCH, limit - done)
        try:
            found = tried_now = fire_due(size, without=_resting())
        except (OperationalError, InterfaceError):
            raise  # the database's trouble, not a threshold's
        except Exception:
            log.exception("a batch of thresholds failed; they are tried one by one")
            found, tried_now = _one_by_one(size)
        done, tried = done + found, tried + tried_now
        if not tried_now:
            break
    return done


def _one_by_one(size):
    """The same batch, a transaction each. (how many were dealt with, how many were tried)"""
    done = tried = 0
    for _ in range(size):
        picked = []
        try:
            found = fire_due(1, without=_resting(), picked=picked)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("threshold %s cannot be escalated", picked)
            if not picked:
                raise
            RESTING.update(dict.fromkeys(picked, monotonic() + REST_SECONDS))
            found = 0
        if not picked:
            break
        done, tried = done + found, tried + 1
    return done, tried


def _resting():
    """The thresholds that failed in this process a moment ago."""
    for pk in [pk for pk, until in RESTING.items() if until < monotonic()]:
        del RESTING[pk]
    return list(RESTING)


@transaction.atomic
def fire_due(size, *, without, picked=None):
    """Lock and escalate the oldest thresholds that are due, in one transaction. How many."""
    rows = list(Threshold.objects.raw(DUE, [without, size]))
    if picked is not None:
        picked += [row.pk for row in rows]
    if rows:
        _fire(rows, rows[0].found_at)
    return len(rows)


def _fire(rows, at):
    """Escalate locked thresholds: as many statements for all of them as for one, but for work
    that goes to another group."""
    records = _records({row.record_id for row in rows})
    hands = hands_of(list(records), [row.clock_id for row in rows if row.clock_id])
    by_clock = {hand.clock.pk: hand for found in hands.values() for hand in found}
    choice = ladder.Choice()
    firings = [
        _firing(row, records[row.record_id], by_clock.get(row.clock_id), choice) for row in rows
    ]
    idle = [one.row.pk for one in firings if not _still_holds(one)]
    if idle:
        firings = [one for one in firings if one.row.pk not in idle]
        Threshold.objects.filter(pk__in=idle).delete()
    _name_people(firings, at)
    _insert(firings, at)
    failpoint("after_escalation_insert")
    Threshold.objects.filter(pk__in=[one.row.pk for one in firings]).update(fired_at=at)
    _refresh(records, hands, at)
    _tell([firing for firing in firings if firing.id is not None], at)
    _repeat(firings, at)
    for firing in firings:
        if firing.id is not None and firing.to_group_id:
            _hand_over(firing)


def _records(ids):
    """{id: record} with what the ladder asks of it. What many share is read once for all."""
    groups = SupportGroup.objects.select_related("lead__manager")
    found = Record.objects.only(*COLUMNS).prefetch_related(
        "organization", "assignee",
        Prefetch("service", Service.objects.select_related("owner")),
        Prefetch("assigned_group", groups), Prefetch("owner_group", groups),
    )  # fmt: skip
    return found.in_bulk(ids)


def _firing(row, record, hand, choice):
    if row.clock_id is None:
        return Firing(row, record, hand, [], waiting.step_of(record, row.code, choice)[1])
    steps = ladder.clock_steps(record, hand.clock, choice)
    return Firing(row, record, hand, steps, [s for s in steps if s.falls_on(row.percent)])


def _still_holds(firing):
    """A share of a clock that was reached is a fact; a step without a clock asks the record."""
    if firing.row.clock_id is not None:
        return True
    return bool(firing.steps) and waiting.is_waiting(firing.record, firing.steps[0].on)


def _name_people(firings, at):
    groups = [(one.record.assigned_group_id, one.record.owner_group_id) for one in firings]
    ids = {pk for pair in groups for pk in pair if pk is not None}
    ids |= {step.group_id for one in firings for step in one.steps if step.group_id}
    directory = ladder.Directory(at.date(), ids)
    for firing in firings:
        firing.told = directory.told(firing.record, firing.steps)


def _insert(firings, at):
    """The escalations; one that is there already keeps its messages and gets no second ones."""
    if not firings:
        return
    rows = [
        (
            *firing.key, firing.type, firing.row.fires_at, at, firing.to_group_id,
            json.dumps([{"id": one.pk, "name": one.name} for one in firing.told]),
        )
        for firing in firings
    ]  # fmt: skip
    with connection.cursor() as cursor:
        bulk.execute(cursor, INSERT, rows, ESCALATION)
        made = cursor.fetchall()
    ids = {tuple(key): pk for *key, pk in made}
    for firing in firings:
        firing.id = ids.get(firing.key)


def _refresh(records, hands, at):
    """Clocks that live, and what their records show of them, as they stand now."""
    live = [hand.clock for found in hands.values() for hand in found if hand.clock.is_live]
    for hand in (hand for found in hands.values() for hand in found if hand.clock.is_live):
        hand.refresh(at)
    faces = {pk: face_of(hands[pk], at) for pk in records}
    for pk, face in faces.items():
        records[pk].sla_status = face.status
    with connection.cursor() as cursor:
        if live:
            rows = [(c.pk, c.elapsed_seconds, c.elapsed_at, c.breached_at) for c in live]
            bulk.execute(cursor, CLOCKS, rows)
        rows = [
            (pk, face.due_at, str(face.status), json.dumps(face.cache) if face.cache else None)
            for pk, face in faces.items()
        ]
        if rows:
            bulk.execute(cursor, FACES, rows)


def _tell(firings, at):
    """The story of each record, and the messages to those who must act."""
    if not firings:
        return
    told = [(firing.record, _words(firing, at)) for firing in firings]
    entries = timeline.record_many(Verb.ESCALATED, told, at=at, kind=TimelineEntry.Kind.ESCALATION)
    rows = []
    for firing, entry in zip(firings, entries, strict=True):
        rows += notify.letters(
            firing.told, "escalation", key=firing.dedup_key, record=firing.record, entry=entry,
            **entry.data,
        )  # fmt: skip
    notify.queue(rows)


def _words(firing, at):
    row, hand = firing.row, firing.hand
    data = {
        "escalation": firing.id, "threshold": row.code, "cycle": row.cycle, "type": firing.type,
        "due": row.fires_at.isoformat(), "told": [person.name for person in firing.told],
    }  # fmt: skip
    if hand is not None:
        clock = hand.clock
        data |= {
            "percent": row.percent, "metric": clock.metric, "clock_kind": clock.clock_kind,
            "elapsed_seconds": clock.elapsed_seconds, "target_seconds": clock.target_seconds,
            "due_at": _deadline(hand, at),
        }  # fmt: skip
    return data


def _deadline(hand, at):
    due_at = hand.clock.due_at or engine.deadline(hand.log(), timetable_of, at)
    return due_at.isoformat() if due_at else None


# --- repetitions --------------------------------------------------------------------------------
def _repeat(firings, at):
    """Of a step that repeats, only the next repetition is stored; seen by somebody, it ends."""
    following = [(one, percent) for one in firings if (percent := _next_of(one)) is not None]
    seen = _acknowledged({one.hand.clock.pk for one, _percent in following})
    rows = []
    for firing, percent in following:
        hand, first = firing.hand, ladder.repeats_from(firing.ladder)
        is_stored = str(percent) in hand.thresholds  # by another threshold of this batch, too
        if is_stored or seen.get((hand.clock.pk, hand.clock.cycle), -1) >= first:
            continue
        hand.thresholds[str(percent)] = (None, None)
        fires_at = engine.instants(hand.log(), timetable_of, [percent], at)[percent]
        rows.append((firing.record.pk, hand.clock.pk, hand.clock.cycle, str(percent), fires_at))
    if rows:
        write_thresholds(rows)


def _next_of(firing):
    hand = firing.hand
    if hand is None or hand.clock.state == ClockState.CANCELLED:
        return None
    return ladder.next_repeat(firing.ladder, firing.row.percent)


def _acknowledged(clock_ids):
    """{(clock, cycle): the highest share of which somebody said that it was seen}."""
    if not clock_ids:
        return {}
    seen = Escalation.objects.filter(clock__in=clock_ids, acknowledged_at__isnull=False)
    found = {}
    for clock_id, cycle, code in seen.values_list("clock_id", "cycle", "threshold"):
        if code.isdigit():
            found[clock_id, cycle] = max(int(code), found.get((clock_id, cycle), -1))
    return found


# --- functional steps ---------------------------------------------------------------------------
def _hand_over(firing):
    """The work goes to the group of the step, unless it is there, or cannot go."""
    record = Record.objects.get(pk=firing.record.pk)
    if record.assigned_group_id == firing.to_group_id or not record.is_open:
        return
    group = SupportGroup.objects.get(pk=firing.to_group_id)
    try:
        with transaction.atomic():
            work.do(record, "assign", by=None, group=group)
    except Refused as refusal:
        log.info("%s stays where it is: %s", record, refusal)


def failpoint(name):
    """Die here, as by kill -9, where a test asks for it. Never in production."""
    if settings.DEBUG and os.environ.get("FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)

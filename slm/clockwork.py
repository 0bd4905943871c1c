"""The clocks of one record: events are noted, everything else is replayed from them.

A `Clockwork` is made inside an action, on a locked record; `save` writes events, the cached state
of the clocks, their thresholds, and the record's own cache (due_at, sla_status, sla). Nothing is
ever added to a due date by hand. Formulas: ITSM domain rules 5.4 (slm.engine.clock).
"""

from datetime import datetime

from django.db import connection
from django.db.models import Q
from psycopg2.extras import execute_values

from calendars.timetables import timetable
from records.models import Record
from slm import ladder
from slm.engine import clock as engine
from slm.engine.terms import Event, Kind, State
from slm.face import face_of
from slm.models import Clock, ClockEvent, Threshold
from slm.terms import LIVE_STATES, ClockKind, Metric

BREACH = 100


def timetable_of(key):
    version_id, kind, zone = key
    return timetable(version_id, kind, zone or None)


def as_event(row):
    """A stored line of a clock's log, as the engine reads it."""
    key = None
    if row.calendar_version_id:
        key = (row.calendar_version_id, row.calendar_kind, row.zone)
    return Event(
        at=row.at,
        kind=Kind(row.kind),
        seq=row.seq,
        target_seconds=row.target_seconds,
        calendar_key=key,
        lift=row.lift,
        elapsed_seconds=row.elapsed_seconds,
        actor=row.actor_id,
        rule=row.rule,
        **({"reopen_rule": row.reopen_rule} if row.reopen_rule else {}),
    )


class Hand:
    """One clock at work: its row, its stored events and those of this action."""

    def __init__(self, clock, events=(), codes=()):
        self.clock, self.events, self.new = clock, list(events), []
        self.thresholds = dict(codes)  # code -> (fires_at, fired_at)

    @property
    def is_touched(self):
        return bool(self.new)

    @property
    def is_live(self):
        return self.state in LIVE_STATES

    @property
    def state(self):
        """The state as the noted events leave it; the stored one before anything was noted."""
        return self.replay(self.new[-1].at).state if self.new else self.clock.state

    @property
    def is_at_rest(self):
        return self.clock.state != State.RUNNING

    @property
    def last_at(self):
        """When the last line of the log happened; None before the first."""
        lines = self.new or self.events
        return lines[-1].at if lines else None

    @property
    def variation(self):
        """The short-term change that the present target comes from; "" for the row's own."""
        rows = [row for row in [*self.events, *self.new] if row.target_seconds is not None]
        return rows[-1].data.get("variation", "") if rows else ""

    @property
    def variations(self):
        """Every short-term change that this clock has known."""
        return {row.data.get("variation") for row in [*self.events, *self.new]} - {None}

    def expect(self, percents):
        """Shares of the target at which the ladder has a step: they are thresholds too."""
        for percent in percents:
            self.thresholds.setdefault(str(percent), (None, None))

    def note(self, kind, *, at, by=None, rule="", key=None, **fields):
        version_id, calendar_kind, zone = key or (None, "", "")
        # a database clock that was set back must not turn the order of the log round
        at = max(at, self.last_at or at)
        self.new.append(
            ClockEvent(
                seq=len(self.events) + len(self.new) + 1, at=at, kind=kind, actor=by, rule=rule,
                calendar_version_id=version_id, calendar_kind=calendar_kind, zone=zone, **fields,
            )
        )  # fmt: skip

    def log(self):
        return [as_event(row) for row in [*self.events, *self.new]]

    def timetable(self):
        """The hours that this clock counts in, as its last event says."""
        keys = [event.calendar_key for event in self.log() if event.calendar_key is not None]
        return timetable_of(keys[-1])

    def replay(self, now):
        return engine.replay(self.log(), timetable_of, now)

    def refresh(self, now):
        """Write the replayed state into the row."""
        now = max(now, self.last_at or now)
        shown = self.replay(now)
        clock = self.clock
        clock.state = shown.state
        clock.target_seconds = shown.target_seconds
        clock.calendar_version_id, clock.calendar_kind, clock.zone = shown.calendar_key
        clock.started_at, clock.stopped_at = shown.started_at, shown.stopped_at
        clock.elapsed_seconds, clock.elapsed_at = shown.elapsed_seconds, now
        clock.due_at, clock.breached_at = shown.due_at, shown.breached_at

    def fires(self, now):
        """[(code, fires_at)] of the thresholds that have not fired, as things stand now."""
        pending = {code for code, (_, fired_at) in self.thresholds.items() if fired_at is None}
        fired = set(self.thresholds) - pending
        percents = {*self.clock.warn_percents, BREACH}
        codes = {str(percent) for percent in percents} | pending
        found = engine.instants(self.log(), timetable_of, sorted(int(code) for code in codes), now)
        return [
            (str(percent), self._standing(percent, instant, now))
            for percent, instant in found.items()
            if str(percent) not in fired
        ]

    def _standing(self, percent, instant, now):
        """The instant that stands for an unfired share, given what the running clock says."""
        if self.clock.state == State.CANCELLED:
            return None
        if percent >= BREACH and self.is_at_rest and self.clock.breached_at is None:
            return None  # reached on the very second of the rest: kept
        before = self.thresholds.get(str(percent), (None, None))[0]
        if instant is None and before is not None and before <= now:
            return before  # it was due before the clock came to rest: it happened
        return instant


def hands_of(record_ids, clock_ids=()):
    """{record id: [Hand]} of locked records, in three queries: live clocks, the stopped ones that
    a reopening may set going again, and those that are named."""
    wanted = Q(state__in=LIVE_STATES) | ~Q(metric=Metric.UPDATE)
    if clock_ids:
        wanted |= Q(pk__in=clock_ids)
    clocks = list(Clock.objects.filter(wanted, record__in=record_ids).order_by("pk"))
    ids = [clock.pk for clock in clocks]
    events, codes, found = {}, {}, {pk: [] for pk in record_ids}
    for event in ClockEvent.objects.filter(clock__in=ids).order_by("clock_id", "seq"):
        events.setdefault(event.clock_id, []).append(event)
    rows = Threshold.objects.filter(clock__in=ids)
    for row in rows.values_list("clock_id", "code", "fires_at", "fired_at"):
        codes.setdefault(row[0], {})[row[1]] = row[2:]
    for clock in clocks:
        hand = Hand(clock, events.get(clock.pk, ()), codes.get(clock.pk, {}))
        found[clock.record_id].append(hand)
    return found


class Clockwork:
    COLUMNS = [
        "state", "target_seconds", "calendar_version", "calendar_kind", "zone", "started_at",
        "stopped_at", "elapsed_seconds", "elapsed_at", "due_at", "breached_at", "agreement",
        "target", "warn_percents",
    ]  # fmt: skip

    def __init__(self, record, *, at, by=None, is_new=False):
        self.record, self.at, self.by = record, at, by
        self.hands = [] if is_new else hands_of([record.pk])[record.pk]
        self.waits = []  # steps without a clock that begin with this action: [(cycle, code, at)]

    # --- finding ------------------------------------------------------------------------------

    def live(self, kind=None, metric=None):
        return [
            hand
            for hand in self.hands
            if hand.is_live
            and (kind is None or hand.clock.clock_kind == kind)
            and (metric is None or hand.clock.metric == metric)
        ]

    def latest(self, metric, kind=ClockKind.SLA):
        found = [
            hand
            for hand in self.hands
            if hand.clock.metric == metric and hand.clock.clock_kind == kind
        ]
        return found[-1] if found else None

    # --- noting -------------------------------------------------------------------------------

    def start(
        self, promise, *, kind=ClockKind.SLA, group=None, cycle=0, referral="", rule="opened",
        at=None,
    ):  # fmt: skip
        """A new clock under a promise, running from `at` on (the action's instant by default)."""
        target = promise.target
        agreement_id = target.agreement_id if target else None
        hand = Hand(
            Clock(
                record_id=self.record.pk, metric=promise.metric, clock_kind=kind,
                agreement_id=agreement_id, target=target, group=group, referral=referral,
                cycle=cycle,
                warn_percents=(target.warn_percents if target else None) or [50, 75, 90],
            )
        )  # fmt: skip
        self.hands.append(hand)
        hand.note(
            Kind.START, at=at or self.at, by=self.by, rule=rule, key=promise.calendar_key,
            target_seconds=promise.seconds,
            data={
                "target": target.pk if target else None, "agreement": agreement_id,
                **({"variation": promise.variation} if promise.variation else {}),
            },
        )  # fmt: skip
        return hand

    def note(self, hands, kind, rule="", **fields):
        for hand in hands:
            hand.note(kind, at=self.at, by=self.by, rule=rule, **fields)

    # --- saving -------------------------------------------------------------------------------

    def save(self):
        touched = [hand for hand in self.hands if hand.is_touched]
        for hand in touched:
            hand.refresh(self.at)
        created = [hand for hand in touched if hand.clock.pk is None]
        changed = [hand for hand in touched if hand.clock.pk is not None]
        if created:
            Clock.objects.bulk_create([hand.clock for hand in created])
        if changed:
            Clock.objects.bulk_update([hand.clock for hand in changed], self.COLUMNS)
        for hand in touched:
            for event in hand.new:
                event.clock = hand.clock
        if touched:
            ClockEvent.objects.bulk_create([event for hand in touched for event in hand.new])
        self._save_thresholds(touched)
        self._save_face()

    def _save_thresholds(self, touched):
        for hand in touched:
            hand.expect(ladder.percents(self.record, hand.clock))
        rows = [
            (self.record.pk, hand.clock.pk, hand.clock.cycle, code, fires_at)
            for hand in touched
            for code, fires_at in hand.fires(max(self.at, hand.last_at))
        ]
        rows += [(self.record.pk, None, *wait) for wait in self.waits]
        if rows:
            write_thresholds(rows)

    def _save_face(self):
        """The record's own cache of its clocks: what queues sort and colour by."""
        record = self.record
        face = face_of(self.hands, self.at)
        record.due_at, record.sla_status, record.sla = face.due_at, face.status, face.cache
        Record.objects.filter(pk=record.pk).update(
            due_at=face.due_at, sla_status=face.status, sla=face.cache
        )


def write_thresholds(rows):
    """Insert or move thresholds; what has fired stays as it is. Rows end with fires_at."""
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            """
            INSERT INTO slm_threshold (record_id, clock_id, cycle, code, fires_at) VALUES %s
            ON CONFLICT (record_id, clock_id, cycle, code)
            DO UPDATE SET fires_at = excluded.fires_at WHERE slm_threshold.fired_at IS NULL
            """,
            rows,
            template="(%s, %s, %s, %s, %s::timestamptz)",
        )


def epoch(instant: datetime | None):
    return int(instant.timestamp()) if instant else None

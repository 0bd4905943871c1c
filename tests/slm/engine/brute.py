"""The oracle: a counter that looks at every tick, and the random histories that it judges.

It shares nothing with the engine but the events: opening hours are read off the wall clock,
ticks are counted one by one, and what was counted when is kept in a plain list.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

from calendars.engine import compile_timetable
from slm.engine.clock import Event

MONDAY = datetime(
    2026, 1, 12, tzinfo=UTC
)  # and eight weeks in which no zone here changes its hours
ZONES = ("UTC", "Asia/Shanghai", "Europe/Warsaw", "America/Toronto", "Asia/Kolkata")
CALENDARS = range(30)
HORIZON_MINUTES = 50 * 1440


@cache
def frozen(key):
    """A random week: some days closed, some with one or two windows, some around midnight."""
    random = Random(key)
    weekly = {}
    for day in range(7):
        edges = sorted(random.sample(range(0, 1441, 30), random.choice((0, 2, 2, 4))))
        weekly[str(day)] = [
            [f"{a // 60:02}:{a % 60:02}", f"{b // 60:02}:{b % 60:02}"]
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
    weekly["2"] = weekly["2"] or [["00:00", "24:00"]]
    return {"zone": random.choice(ZONES), "is_24x7": key % 10 == 0, "weekly": weekly}


@cache
def timetable_of(key):
    return compile_timetable(frozen(key))


@cache
def open_minutes(key):
    """One byte a minute since MONDAY: is it open?"""
    week = frozen(key)
    if week["is_24x7"]:
        return bytes([1]) * HORIZON_MINUTES
    shift = int(MONDAY.astimezone(ZoneInfo(week["zone"])).utcoffset().total_seconds() // 60)
    local = bytearray(7 * 1440)
    for day, windows in week["weekly"].items():
        for window in windows:
            a, b = (int(text[:2]) * 60 + int(text[3:]) for text in window)
            for minute in range(a, b):
                local[int(day) * 1440 + minute] = 1
    return bytes(local[(minute + shift) % (7 * 1440)] for minute in range(HORIZON_MINUTES))


@dataclass
class History:
    """Random events at whole ticks since MONDAY; `unit` is the length of a tick in seconds."""

    unit: int
    events: list = field(default_factory=list)
    ticks: list = field(default_factory=list)
    now: int = 0

    def at(self, tick):
        return MONDAY + timedelta(seconds=tick * self.unit)


KINDS = (
    *("pause", "pause", "resume", "resume", "retarget", "responsible"),
    *("stop", "reopen", "reopen", "cancel", "recompute"),
)


def history(random, *, unit=60, span=2500, most=9) -> History:
    """A clock's life: starts once, then anything in any order, sensible or not."""
    found = History(unit)

    def target():
        return random.choice((1, 2, 3, 5, 8, 13, 21, 40)) * 20 * unit

    count = random.randint(0, most)
    begin = random.randint(0, 1440 * 60 // unit)
    ticks = sorted(begin + random.randint(0, span) for _ in range(count))
    if count > 1 and random.random() < 0.3:
        ticks[1] = ticks[0]  # things that happen at the same instant
    kinds = ["start", *(random.choice(KINDS) for _ in range(count))]
    for seq, (kind, tick) in enumerate(zip(kinds, [begin, *ticks], strict=True)):
        more = {}
        if kind in {"start", "retarget"}:
            more["target_seconds"] = target()
        if kind in {"start", "responsible", "recompute"} or random.random() < 0.2:
            more["calendar_key"] = random.choice(CALENDARS)
        if kind == "recompute" and random.random() < 0.3:
            more["elapsed_seconds"] = random.randint(0, 300) * unit
        if kind == "retarget":
            more["lift"] = random.random() < 0.3
            if random.random() < 0.2:
                more["elapsed_seconds"] = 0
        if kind == "reopen":
            rules = ("without_closed_time", "with_closed_time", "new_cycle")
            more["reopen_rule"] = random.choices(rules, (4, 3, 1))[0]
        noise = timedelta(milliseconds=100 * seq if unit == 1 else 0)  # in the order of seq
        found.events.append(
            Event(found.at(tick) + noise, kind, seq, rule=f"r{seq}", actor=seq, **more)
        )
        found.ticks.append(tick)
    found.now = random.choice([*found.ticks, begin + random.randint(0, span + 3000)])
    random.shuffle(found.events)
    return found


class Brute:
    """The figures of a history at a tick, counted one tick at a time. Lengths in ticks."""

    def __init__(self, past: History, now: int):
        self.unit, self.state, self.target, self.key = past.unit, "none", None, None
        self.counted = []  # the instant at which each unit of elapsed was reached, in order
        self.closed = []  # the same of what a reopening may add
        self.full = self.breached = self.changed = self.stopped = None
        self.ahead = self.coming = None  # what would be counted after now, as far as asked
        happening = defaultdict(list)
        for event in sorted(past.events, key=lambda e: e.seq):
            at = event.at.replace(microsecond=0)
            happening[int((at - MONDAY).total_seconds()) // past.unit].append(event)
        ticks = [tick for tick in sorted(happening) if tick <= now]
        for tick, following in zip(ticks, [*ticks[1:], now], strict=True):
            for event in happening[tick]:
                self.apply(event, tick)
            self.count(tick, following)

    def count(self, begin, end):
        if self.state in {"none", "paused", "cancelled"}:
            return
        opens, unit = open_minutes(self.key), self.unit
        open_ticks = [tick for tick in range(begin, end) if opens[tick * unit // 60]]
        if self.state != "running":
            self.closed += [tick + 1 for tick in open_ticks]
            return
        for tick in open_ticks:
            self.counted.append(tick + 1)
            if len(self.counted) == self.target:
                self.full = tick + 1
            if self.breached is None and len(self.counted) > self.target:
                self.breached = self.full

    @property
    def elapsed(self):
        return len(self.counted)

    def set_elapsed(self, seconds, tick):
        wanted = seconds // self.unit
        del self.counted[wanted:]
        self.counted += [tick] * (wanted - self.elapsed)

    def begin_run(self, tick):
        self.full = tick if self.elapsed == self.target else None

    def judge(self, tick):
        self.changed = tick
        self.begin_run(tick)
        if self.breached is None and self.elapsed > self.target:
            self.breached = tick

    def apply(self, event, tick):
        kind, state = event.kind, self.state
        if kind == "start" and state == "none":
            self.state, self.target, self.key = "running", event.target_seconds, event.calendar_key
            self.target //= self.unit
            self.begin_run(tick)
        elif kind == "pause" and state == "running":
            self.state = "paused"
        elif kind == "resume" and state == "paused":
            self.state = "running"
            self.begin_run(tick)
        elif kind == "retarget" and state in {"running", "paused"}:
            self.target = event.target_seconds // self.unit
            self.switch(event)
            if event.elapsed_seconds is not None:
                self.set_elapsed(event.elapsed_seconds, tick)
            if event.lift and self.elapsed <= self.target:
                self.breached = None
            self.judge(tick)
        elif kind in {"responsible", "recompute"} and state not in {"none", "cancelled"}:
            self.switch(event)
            frozen_at = event.elapsed_seconds
            is_frozen = kind == "recompute" and frozen_at is not None
            is_live = state in {"running", "paused"}
            if is_frozen and is_live and frozen_at // self.unit != self.elapsed:
                self.set_elapsed(frozen_at, tick)
                self.judge(tick)
        elif kind == "stop" and state in {"running", "paused"}:
            self.state, self.stopped, self.closed = "missed", tick, []
            if self.breached is None:
                self.state = "met"
        elif kind == "reopen" and state in {"met", "missed"}:
            if event.reopen_rule == "new_cycle":
                return
            self.state, self.stopped = "running", None
            if event.reopen_rule == "with_closed_time":
                self.counted += self.closed
                self.judge(tick)
            self.begin_run(tick)
        elif kind == "cancel" and state in {"running", "paused"}:
            self.state, self.stopped = "cancelled", tick

    def switch(self, event):
        if event.calendar_key is not None:
            self.key = event.calendar_key

    def reaches(self, wanted, now):
        """The tick at which `wanted` is or will be reached, if nothing more happens after now."""
        if wanted <= self.elapsed:
            return self.counted[wanted - 1]
        if self.ahead is None:
            opens, unit = open_minutes(self.key), self.unit
            ticks = range(now, HORIZON_MINUTES * 60 // unit)
            self.ahead, self.coming = [], (t + 1 for t in ticks if opens[t * unit // 60])
        missing = wanted - self.elapsed
        self.ahead += islice(self.coming, max(0, missing - len(self.ahead)))
        return self.ahead[missing - 1]

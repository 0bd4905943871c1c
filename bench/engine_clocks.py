"""What the arithmetic of clocks costs: calendars, replay, thresholds, explanation. No database.

`python -m bench.engine_clocks [clocks]` prints microseconds per call on one core, and how long
the clocks (100,000) take to replay. The same clocks come out at each run.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from time import process_time

from calendars.engine import compile_timetable
from slm.engine.clock import Event, Kind, instants, replay
from slm.engine.explain import segments, tape

CLOCKS = 100_000
DISTINCT = 2_000  # histories; they are gone through again and again
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
SPLIT_DAY = [["09:00", "12:00"], ["13:30", "18:00"]]
OFFICE = {str(day): [["09:00", "17:30"]] for day in range(5)}
FROZEN = {
    "split": {"zone": "Asia/Shanghai", "weekly": {str(day): SPLIT_DAY for day in range(5)}},
    "office": {"zone": "Europe/London", "weekly": OFFICE},
    "always": {"zone": "UTC", "is_24x7": True},
}


@cache
def timetable_of(key):
    return compile_timetable(FROZEN[key])


def history(random: Random) -> list[Event]:
    """Six events over about four days: two pauses, a retarget or a change of hands, mostly a stop."""
    at = BEGIN + timedelta(seconds=random.randrange(300 * 86_400))
    key = random.choice(list(FROZEN))
    target = random.choice((1, 2, 4, 8, 16, 40)) * 3600
    middle = random.choice(
        [
            {"kind": Kind.RETARGET, "target_seconds": target // 2},
            {"kind": Kind.RESPONSIBLE, "calendar_key": random.choice(list(FROZEN))},
        ]
    )
    last = {"kind": Kind.STOP if random.random() < 0.8 else Kind.PAUSE}
    lines = [
        {"kind": Kind.START, "target_seconds": target, "calendar_key": key},
        {"kind": Kind.PAUSE, "rule": "pending:wait_customer"},
        {"kind": Kind.RESUME},
        middle,
        {"kind": Kind.PAUSE},
        {"kind": Kind.RESUME},
        last,
    ][: random.choice((5, 6, 7))]
    events = []
    for seq, line in enumerate(lines):
        events.append(Event(at, seq=seq, **line))
        at += timedelta(seconds=random.randrange(60, 86_400))
    return events


def microseconds(call: Callable, arguments: list, times: int) -> float:
    """Processor time per call, the best of three rounds."""
    rounds = []
    for _ in range(3):
        begun = process_time()
        for number in range(times):
            call(*arguments[number % len(arguments)])
        rounds.append(process_time() - begun)
    return min(rounds) / times * 1e6


def draw(events, now):
    return tape(segments(events, timetable_of, now), None, now)


def measure(clocks: int) -> list[tuple[str, float]]:
    random = Random(1)
    histories = [history(random) for _ in range(DISTINCT)]
    now = BEGIN + timedelta(days=330)
    soon = [(events, timetable_of, events[-1].at + timedelta(hours=1)) for events in histories]
    late = [(events, timetable_of, now) for events in histories]
    asked = [(*line[:2], (50, 75, 90, 100, 125), line[2]) for line in soon]
    starts = [BEGIN + timedelta(seconds=random.randrange(300 * 86_400)) for _ in range(DISTINCT)]
    split = timetable_of("split")
    return [
        ("calendar: between, over ten days", microseconds(
            split.between, [(at, at + timedelta(days=10)) for at in starts], clocks)),
        ("calendar: add, eight hours", microseconds(
            split.add, [(at, 8 * 3600) for at in starts], clocks)),
        ("clock: replay, an hour after its last event", microseconds(replay, soon, clocks)),
        ("clock: replay, at the end of the year", microseconds(replay, late, clocks)),
        ("clock: five thresholds", microseconds(instants, asked, clocks // 10)),
        ("clock: segments, an hour after", microseconds(segments, soon, clocks // 10)),
        ("clock: segments and tape, at the end of the year", microseconds(
            draw, [(events, now) for events, _, _ in late], clocks // 100)),
    ]  # fmt: skip


def main() -> None:
    clocks = int(sys.argv[1]) if len(sys.argv) > 1 else CLOCKS
    figures = measure(clocks)
    width = max(len(name) for name, _ in figures)
    print(f"{'':{width}}  µs a call")
    for name, figure in figures:
        print(f"{name:{width}}  {figure:9.1f}")
    replays = dict(figures)["clock: replay, an hour after its last event"]
    print(f"\n{clocks:,} clocks replayed in {clocks * replays / 1e6:.1f} s on one core")


if __name__ == "__main__":
    main()

"""The arithmetic of business time: how long a calendar was open, and when a number of open
seconds will have passed. Pure functions over frozen descriptions; nothing here knows Django.

All sums are whole seconds. An instant with microseconds is floored to its second first, so that
`between` and `add` agree with each other and with the columns that store their results.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 86_400
SEARCH_SECONDS = 3_653 * DAY  # ten years with their leap days
FIRST_YEAR, LAST_YEAR = 1970, 2200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()
MINUTES_A_DAY = 1_440

Window = tuple[int, int]  # minutes of a local day, half open; 1440 is the midnight that ends it


class NeverOpens(Exception):
    """Within ten years the calendar is not open for as long as was asked."""


def compile_timetable(frozen: dict) -> "Timetable":
    """A timetable of a frozen description; nothing but reading it happens here.

    `frozen` is what JSON can hold:
      zone        an IANA name; the windows are wall-clock times of that zone
      is_24x7     true: always open, the rest is not looked at
      weekly      weekday "0" (Monday) … "6" → list of ["HH:MM", "HH:MM"], the end may be "24:00"
      exceptions  "YYYY-MM-DD" → list of such windows that replace the weekday's; [] is closed
    A shift over midnight comes in two parts; the engine joins what touches. Raises ValueError for
    an unknown zone and for a window that does not end after its start.
    """
    return Timetable(frozen)


class Timetable:
    """One calendar, read in one time zone, ready to be asked. Safe to share between threads."""

    def __init__(self, frozen: dict):
        try:
            self.zone = ZoneInfo(frozen["zone"])
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(f"unknown time zone {frozen.get('zone')!r}") from error
        self.is_24x7 = bool(frozen.get("is_24x7"))
        weekly = frozen.get("weekly") or {}
        self._weekly = [_windows(weekly.get(str(weekday), ())) for weekday in range(7)]
        self._exceptions = {
            date.fromisoformat(day).toordinal(): _windows(windows)
            for day, windows in (frozen.get("exceptions") or {}).items()
        }
        self._span = _EMPTY

    def between(self, start: datetime, end: datetime) -> int:
        """Open seconds in [start, end); 0 when the end is not after the start.

        ITSM domain rules 5.2: the length is taken in UTC, so days with a change of the clock
        count what really passed. Raises ValueError for naive instants and years out of range.
        """
        first, last = _second(start), _second(end)
        if last <= first:
            return 0
        if self.is_24x7:
            return last - first
        span = self._covering(first, last)
        return span.open_before(last) - span.open_before(first)

    def add(self, start: datetime, seconds: int) -> datetime:
        """The earliest instant t ≥ start, in UTC, with between(start, t) == seconds.

        0 seconds give the start itself; time that ends with a window ends at its close and not
        at the next opening (ITSM domain rules 5.2, C6). Raises NeverOpens when t would lie more
        than ten years ahead, ValueError for negative seconds and for naive instants.
        """
        first = _second(start)
        if seconds < 0:
            raise ValueError("seconds must not be negative")
        if seconds == 0:
            return _instant(first)
        latest = first + SEARCH_SECONDS
        reached = first + seconds if self.is_24x7 else self._reach(first, seconds, latest)
        if reached is None or reached > latest:
            raise NeverOpens(f"not open for {seconds} s in the ten years after {start}")
        return _instant(reached)

    def stretches(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The open stretches inside [start, end), in UTC and in order, merged where they touch.

        Their lengths add up to between(start, end).
        """
        first, last = _second(start), _second(end)
        if last <= first:
            return []
        if self.is_24x7:
            return [(_instant(first), _instant(last))]
        span = self._covering(first, last)
        low, high = bisect_right(span.ends, first), bisect_left(span.starts, last)
        return [
            (_instant(max(span.starts[i], first)), _instant(min(span.ends[i], last)))
            for i in range(low, high)
        ]

    def is_open(self, at: datetime) -> bool:
        """Whether the calendar is open during the second that begins at `at`."""
        second = _second(at)
        if self.is_24x7:
            return True
        span = self._covering(second, second + 1)
        return span.open_before(second + 1) > span.open_before(second)

    def next_opening(self, at: datetime) -> datetime:
        """The earliest instant ≥ `at`, in UTC, at which it is open: `at` itself when it is now.

        Raises NeverOpens when there is none in ten years.
        """
        return self.add(at, 1) - timedelta(seconds=1)

    def _reach(self, first: int, seconds: int, latest: int) -> int | None:
        """The second at which `seconds` have passed; None when not before `latest`."""
        until = first
        while True:
            span = self._covering(first, until)
            reached = span.instant_of(span.open_before(first) + seconds)
            if reached is not None or span.until > latest:
                return reached
            until = min(latest + 1, span.until + (span.until - span.since))

    def _covering(self, first: int, last: int) -> "_Span":
        """The compiled span, grown by whole years until it holds both instants.

        The grown span is put in place by one assignment: a thread that comes at the same time
        compiles it once more and spoils nothing.
        """
        span = self._span
        if span.since <= first and last <= span.until:
            return span
        first_year, last_year = _instant(first).year, _instant(last).year
        if span.starts_year is not None:
            first_year = min(first_year, span.starts_year)
            last_year = max(last_year, span.ends_year)
        if first_year < FIRST_YEAR or last_year > LAST_YEAR:
            raise ValueError(f"calendars know the years {FIRST_YEAR} to {LAST_YEAR}")
        self._span = span = _span(first_year, last_year, self._open_days(first_year, last_year))
        return span

    def _open_days(self, first_year: int, last_year: int) -> Iterator[tuple[int, int]]:
        """Each window of each local day as UTC seconds; two days more at either side, so that
        the UTC years are covered whatever the zone is."""
        weekly, exceptions = self._weekly, self._exceptions
        first = date(first_year, 1, 1).toordinal() - 2
        for ordinal in range(first, date(last_year + 1, 1, 1).toordinal() + 2):
            windows = exceptions.get(ordinal)
            if windows is None:
                windows = weekly[(ordinal - 1) % 7]
            for start, end in windows:
                opens, closes = self._edge(ordinal, start), self._edge(ordinal, end)
                if opens < closes:  # a window may fall wholly into the hour that is skipped
                    yield opens, closes

    def _edge(self, ordinal: int, minute: int) -> int:
        """A local wall-clock time as UTC seconds. Of a time that comes twice the first is
        meant, one that is skipped is read with the offset before the skip (fold=0)."""
        days, minute = divmod(minute, MINUTES_A_DAY)
        day = date.fromordinal(ordinal + days)
        hour, minute = divmod(minute, 60)
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
        offset = local.utcoffset()
        wall = (ordinal + days - EPOCH_DAY) * DAY + hour * 3_600 + minute * 60
        return wall - offset.days * DAY - offset.seconds


class _Span(NamedTuple):
    """Some whole UTC years, compiled. `sums[i]` is the open time before stretch i."""

    starts_year: int | None
    ends_year: int | None
    since: int
    until: int
    starts: list[int]
    ends: list[int]
    sums: list[int]

    def open_before(self, second: int) -> int:
        i = bisect_right(self.starts, second) - 1
        if i < 0:
            return 0
        return self.sums[i] + min(second, self.ends[i]) - self.starts[i]

    def instant_of(self, open_seconds: int) -> int | None:
        i = bisect_left(self.sums, open_seconds)
        if i == len(self.sums):
            return None
        return self.ends[i - 1] - (self.sums[i] - open_seconds)


_EMPTY = _Span(None, None, 0, -1, [], [], [0])


def _span(first_year: int, last_year: int, windows: Iterator[tuple[int, int]]) -> _Span:
    """Sort, merge what touches or overlaps (a skipped hour can push one window into the next;
    no second counts twice), and sum up."""
    starts: list[int] = []
    ends: list[int] = []
    for opens, closes in sorted(windows):
        if ends and opens <= ends[-1]:
            ends[-1] = max(ends[-1], closes)
        else:
            starts.append(opens)
            ends.append(closes)
    sums = [0]
    for opens, closes in zip(starts, ends, strict=True):
        sums.append(sums[-1] + closes - opens)
    since, until = (_second(datetime(y, 1, 1, tzinfo=UTC)) for y in (first_year, last_year + 1))
    return _Span(first_year, last_year, since, until, starts, ends, sums)


def _windows(pairs: list) -> list[Window]:
    windows = [(minute_of(start), minute_of(end)) for start, end in pairs]
    for start, end in windows:
        if end <= start:
            raise ValueError(f"a window must end after its start: {pairs}")
    return windows


def minute_of(text: str) -> int:
    """Minutes since midnight of "HH:MM"; "24:00" is 1440. Raises ValueError for anything else."""
    hour, _, minute = text.partition(":")
    if not (
        len(hour) == len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdigit()
    ):
        raise ValueError(f"not a time of day: {text!r}")
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > MINUTES_A_DAY:
        raise ValueError(f"not a time of day: {text!r}")
    return minutes


def clock_of(minute: int) -> str:
    """The reverse of minute_of: 1440 → "24:00"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _second(at: datetime) -> int:
    try:
        delta = at - EPOCH
    except TypeError as error:
        raise ValueError("a naive datetime names no instant") from error
    return delta.days * DAY + delta.seconds


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)

"""Geometry of the dashboard's charts: server-rendered SVG, x in per cent, y in pixels.

Pure functions over tallies; texts are prepared here too, so that templates only print.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from django.utils.translation import gettext as _

HEIGHT = 160  # of the plot of the trend
TOP, LEFT, WIDTH = 10, 4.5, 84.0  # on the right stand the last values
EMPTY = "–"


def percent_text(share):
    """A share in per cent with one digit. Cut, not rounded: 94.96 is no 95."""
    return EMPTY if share is None else f"{floor(share * 10) / 10:.1f}"


def goal_text(goal):
    """A goal as it was agreed: "95", "97.5"."""
    return "" if goal is None else f"{float(goal):.2f}".rstrip("0").rstrip(".")


def change_text(share, former):
    """The difference in points, with its sign; nothing where either is missing."""
    if share is None or former is None:
        return ""
    points = round(float(share - former), 1)
    if not points:
        return "±0.0"
    return f"{'+' if points > 0 else '−'}{abs(points):.1f}"


def tone_of(tally):
    """danger where the goal is missed, warn where the next breach misses it, ok where kept."""
    if tally.is_kept is None:
        return ""
    if not tally.is_kept:
        return "danger"
    return "warn" if tally.left is not None and tally.left < 1 else "ok"


MARKS = {"danger": "bad", "warn": "warn", "ok": "ok", "": "f1"}


@dataclass(frozen=True)
class Dot:
    """One row of an attainment chart: a dot where it is, a tick where it should be."""

    label: str
    href: str
    percent: str
    goal: str
    met: int
    missed: int
    left: int | None
    tone: str
    mark: str
    x: str
    tick: str
    bar_x: str
    bar_width: str
    said: str

    @property
    def total(self):
        return self.met + self.missed


@dataclass(frozen=True)
class Dots:
    rows: list
    low: str
    middle: str
    middle_x: str


def dots_of(parts):
    """The chart of [(label, address, Tally)], on a scale that begins a little under the lowest."""
    values = [tally.share for _label, _href, tally in parts if tally.share is not None]
    goals = [tally.goal for _label, _href, tally in parts if tally.goal is not None]
    lowest = min([*values, *goals, Fraction(90)])
    low = max(0, floor(lowest / 5) * 5 - (5 if lowest % 5 == 0 else 0))
    middle = (low + 100) / 2
    rows = [_dot(label, href, tally, low) for label, href, tally in parts]
    return Dots(rows, str(low), goal_text(middle), "50%")


def _dot(label, href, tally, low):
    at, tick, tone = _x(tally.share, low), _x(tally.goal, low), tone_of(tally)
    first, last = (min(at, tick), max(at, tick)) if tick is not None else (at, at)
    words = {
        "name": label, "percent": percent_text(tally.share), "goal": goal_text(tally.goal)
    }  # fmt: skip
    if tally.goal is None:
        said = _("%(name)s: %(percent)s per cent") % words
    else:
        said = _("%(name)s: %(percent)s per cent, target %(goal)s") % words
    return Dot(
        label=label, href=href, percent=words["percent"], goal=words["goal"], met=tally.met,
        missed=tally.missed, left=tally.left, tone=tone, mark=MARKS[tone], x=_percent(at),
        tick=_percent(tick) if tick is not None else "", bar_x=_percent(first),
        bar_width=_percent(last - first), said=said,
    )  # fmt: skip


def _x(share, low):
    if share is None:
        return None
    return max(0.0, min(100.0, float(share - low) * 100 / (100 - low)))


def _percent(value):
    return f"{value:.2f}%"


@dataclass(frozen=True)
class Line:
    """One line of the trend: `path` has gaps where nothing ended; the last point is labelled."""

    path: str
    last_y: str
    last_x: str
    last_text: str
    text_y: str


@dataclass(frozen=True)
class Trend:
    """`grid` is [(y, y of the text, text)], `weeks` [(x, text)]; `area` lies under the first line."""

    grid: list
    weeks: list
    lines: list
    goal_y: str
    goal: str
    said: str
    rows: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not any(line.path for line in self.lines)


def trend_of(weeks, goal, labels, week_word, links):
    """The chart of [(Span, {"resolve" | "answer": Tally})].

    `labels` are the two names, `week_word(span)` a short word for a week, `links(span, measure)`
    the address of the clocks behind a point.
    """
    keys = ("resolve", "answer")
    series = {key: [tallies[key].share for _span, tallies in weeks] for key in keys}
    shares = [share for values in series.values() for share in values if share is not None]
    low, step = _scale([*shares, *([goal] if goal is not None else [])])
    lines = _apart([_line(series[key], low) for key in keys])
    grid = []
    for value in range(low, 101, step):
        y = _y(Fraction(value), low) + TOP
        grid.append((f"{y:.1f}", f"{y + 4:.1f}", str(value)))
    return Trend(
        grid=grid,
        weeks=[
            (_percent(LEFT + WIDTH * n / (len(weeks) - 1)), week_word(span))
            for n, (span, _tallies) in enumerate(weeks)
            if n % 2 == 0
        ],
        lines=lines,
        goal_y="" if goal is None else f"{_y(goal, low):.1f}",
        goal=goal_text(goal),
        said=" ".join(
            _said(label, series[key]) for label, key in zip(labels, keys, strict=True)
        ),
        rows=[
            (week_word(span), [
                (percent_text(tallies[key].share), tallies[key], links(span, key)) for key in keys
            ])
            for span, tallies in weeks
        ],
    )  # fmt: skip


def _scale(shares):
    """(lowest value, distance of the lines): four to six lines up to 100."""
    lowest = min([*shares, Fraction(98)])
    for step in (1, 2, 5, 10, 20, 25):  # each divides 100
        low = floor(lowest / step) * step
        if (100 - low) / step <= 5:
            return max(low, 0), step
    return 0, 20


def _y(share, low):
    return float(100 - share) * HEIGHT / (100 - low)


def _line(shares, low):
    path, is_drawing = [], False
    last = None
    for n, share in enumerate(shares):
        if share is None:
            is_drawing = False
            continue
        x, y = 1000 * n / (len(shares) - 1), _y(share, low)
        path.append(f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}")
        is_drawing, last = True, (n, y, share)
    if last is None:
        return Line("", "", "", "", "")
    n, y, share = last
    return Line(
        "".join(path), f"{y + TOP:.1f}", _percent(LEFT + WIDTH * n / (len(shares) - 1)),
        percent_text(share), f"{y + TOP + 4:.1f}",
    )  # fmt: skip


def _apart(lines):
    """Labels of the two ends must not lie on each other."""
    first, second = lines
    if not (first.path and second.path):
        return lines
    gap = float(second.text_y) - float(first.text_y)
    if abs(gap) >= 13:
        return lines
    shift = (13 - abs(gap)) / 2 * (1 if gap > 0 else -1)
    moved = []
    for line, by in ((first, -shift), (second, shift)):
        fields = {**line.__dict__, "text_y": f"{float(line.text_y) + by:.1f}"}
        moved.append(Line(**fields))
    return moved


def _said(label, shares):
    known = [share for share in shares if share is not None]
    if not known:
        return _("%(name)s: nothing ended.") % {"name": label}
    return _("%(name)s between %(low)s and %(high)s per cent, at last %(last)s.") % {
        "name": label, "low": percent_text(min(known)), "high": percent_text(max(known)),
        "last": percent_text(known[-1]),
    }  # fmt: skip


def bars_of(parts):
    """[(label, address, count, width)] of horizontal bars that begin at zero, longest first."""
    longest = max([count for _label, _href, count in parts], default=0)
    return [
        (label, href, count, _percent(96 * count / longest)) for label, href, count in parts
    ]  # fmt: skip

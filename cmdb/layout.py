"""Where things stand on a dependency map. Pure geometry: no database, no HTML.

The place of a CI follows from its lane, its class's tier and its name alone, never from the CI
that the map was opened from: a reader who walks from one to the next finds all where it was.
"""

from dataclasses import dataclass
from itertools import groupby

A_ROW = 5  # nodes side by side
NODE_HEIGHT, ROW_HEIGHT, LABEL_HEIGHT, LANE_PADDING, LANE_GAP = 46, 62, 24, 14, 8


@dataclass(frozen=True)
class Place:
    """What the layout must know of a node."""

    key: object
    lane: int
    tier: int
    name: str


@dataclass(frozen=True)
class Spot:
    """Left and width in per cent, top in pixels."""

    x: float
    y: int
    width: float

    @property
    def middle(self):
        """The middle in thousandths of the width: the unit of the edges."""
        return round((self.x + self.width / 2) * 10, 1)


@dataclass(frozen=True)
class Band:
    """A lane's background."""

    lane: int
    y: int
    height: int

    @property
    def label_y(self):
        return self.y + 15


@dataclass(frozen=True)
class Layout:
    spots: dict
    bands: list
    height: int


def arrange(places):
    """Lanes from top to bottom, tiers within a lane, names within a tier, at most five in a row."""
    ordered = sorted(places, key=lambda p: (p.lane, p.tier, p.name.casefold(), str(p.key)))
    spots, bands, y = {}, [], 0
    for lane, members in groupby(ordered, key=lambda p: p.lane):
        top, y = y, y + LABEL_HEIGHT
        for _, tier in groupby(members, key=lambda p: p.tier):
            for row in _rows(list(tier)):
                spots |= _row(row, y)
                y += ROW_HEIGHT
        height = y - ROW_HEIGHT + NODE_HEIGHT + LANE_PADDING - top
        bands.append(Band(lane, top, height))
        y = top + height + LANE_GAP
    return Layout(spots, bands, max(0, y - LANE_GAP))


def _rows(tier):
    """Even rows: seven nodes are four and three, not five and two."""
    count = -(-len(tier) // A_ROW)
    size = -(-len(tier) // count)
    return [tier[at : at + size] for at in range(0, len(tier), size)]


def _row(row, y):
    width = 18.0 if len(row) == A_ROW else 22.0
    step = 100 / len(row)
    return {
        place.key: Spot(round(step * (at + 0.5) - width / 2, 2), y, width)
        for at, place in enumerate(row)
    }


def edge_path(source, target):
    """The curve from one spot to another, leaving and arriving at right angles to the lanes."""
    start, end = source.middle, target.middle
    if source.y == target.y:  # side by side: a bow below both
        low = source.y + NODE_HEIGHT
        return f"M{start} {low}C{start} {low + 18} {end} {low + 18} {end} {low}"
    if source.y < target.y:
        top, bottom = source.y + NODE_HEIGHT, target.y
    else:
        top, bottom = source.y, target.y + NODE_HEIGHT
    half = (top + bottom) / 2
    return f"M{start} {top}C{start} {half} {end} {half} {end} {bottom}"

"""What changed between two versions, line by line, and word by word inside a changed line.

The rows are complete: the old side joined gives the old text again, the new side the new one.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"[㐀-䶿一-鿿豈-﫿]|\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Row:
    """One line. `kind`: same, changed, added, removed. Each side: (number or None, pieces), where
    a piece is (text, is it different)."""

    kind: str
    old_no: int | None
    old: list
    new_no: int | None
    new: list


def compare(old, new):
    """[Row] from two texts."""
    before, after = old.split("\n"), new.split("\n")
    rows = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [
                Row("same", a + i + 1, [(before[a + i], False)], c + i + 1, [(after[c + i], False)])
                for i in range(b - a)
            ]
            continue
        for i in range(max(b - a, d - c)):
            rows.append(
                _row(before, after, a + i if a + i < b else None, c + i if c + i < d else None)
            )
    return rows


def _row(before, after, at_old, at_new):
    if at_old is None:
        return Row("added", None, [], at_new + 1, [(after[at_new], True)])
    if at_new is None:
        return Row("removed", at_old + 1, [(before[at_old], True)], None, [])
    old, new = _pieces(before[at_old], after[at_new])
    return Row("changed", at_old + 1, old, at_new + 1, new)


def _pieces(old, new):
    """Both lines cut where they differ."""
    before, after = WORD.findall(old), WORD.findall(new)
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        is_different = tag != "equal"
        if b > a:
            left.append(("".join(before[a:b]), is_different))
        if d > c:
            right.append(("".join(after[c:d]), is_different))
    return left, right


def folded(rows, around=2):
    """The rows with long unchanged stretches left out: None stands for a gap."""
    keep = {
        near
        for at, row in enumerate(rows)
        if row.kind != "same"
        for near in range(at - around, at + around + 1)
    }
    shown, gap = [], False
    for at, row in enumerate(rows):
        if at in keep:
            shown.append(row)
            gap = False
        elif not gap:
            shown.append(None)
            gap = True
    return shown if any(shown) else []

"""When a question is decided: pure arithmetic over seats and votes (ITSM domain rules 5.7)."""

from fractions import Fraction
from math import ceil

APPROVE, REJECT = "approve", "reject"
APPROVED, REJECTED = "approved", "rejected"


def decision(mode, seats, votes, *, quorum_percent=None, threshold_percent=None, is_over=False):
    """What is decided: "approved", "rejected", or None while it is open.

    `seats` is how many are asked, `votes` the words of those who answered ("approve", "reject",
    "abstain"), one a seat. any: the first approval decides; rejected when nobody is left who could.
    all: one rejection decides; approved when all have answered and one at least approved. quorum:
    so many per cent of the seats must answer (any answer), and of those who approve or reject so
    many per cent must approve; decided as soon as the rest cannot turn it. `is_over`: nobody will
    answer any more; None then means that the quorum was missed. A tie fails: no casting vote.

    Raises ValueError where more voted than are asked. Formula: ITSM domain rules 5.7.
    """
    votes = list(votes)
    if len(votes) > seats:
        raise ValueError("There are more votes than seats.")
    yes, no = votes.count(APPROVE), votes.count(REJECT)
    left = 0 if is_over else seats - len(votes)
    if mode == "any":
        if yes:
            return APPROVED
        return REJECTED if votes and len(votes) == seats else None
    if mode == "all":
        if no:
            return REJECTED
        if len(votes) < seats:
            return None
        return APPROVED if yes else REJECTED
    return _by_quorum(
        yes, no, left, len(votes), ceil(Fraction(quorum_percent or 0) * seats / 100),
        Fraction(threshold_percent or 50),
    )  # fmt: skip


def _by_quorum(yes, no, left, present, wanted, threshold):
    if present + left < wanted:
        return None
    if not _passes(_share(yes + left, no), threshold):
        return REJECTED
    if present >= wanted and _passes(_share(yes, no + left), threshold):
        return APPROVED
    return None


def _share(yes, no):
    return Fraction(yes * 100, yes + no) if yes + no else None


def _passes(share, threshold):
    """A threshold of a half is passed by more than a half; nothing cast passes none."""
    if share is None:
        return False
    return share > threshold if threshold == 50 else share >= threshold

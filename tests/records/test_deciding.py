"""When a question is decided, vector H2 (ITSM domain rules 5.7), against all ways in which it could go on."""

from fractions import Fraction
from itertools import product
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.deciding import decision

WORDS = ("approve", "reject", "abstain")


@pytest.mark.parametrize(
    ("mode", "seats", "votes", "expected"),
    [
        ("any", 3, [], None),
        ("any", 3, ["reject", "approve"], "approved"),
        ("any", 3, ["reject", "reject"], None),
        ("any", 3, ["reject", "abstain", "reject"], "rejected"),
        ("all", 2, ["approve"], None),
        ("all", 2, ["approve", "approve"], "approved"),
        ("all", 2, ["approve", "abstain"], "approved"),
        ("all", 2, ["abstain", "abstain"], "rejected"),
        ("all", 3, ["reject"], "rejected"),
    ],
)
def test_one_of_them_and_all_of_them(mode, seats, votes, expected):
    assert decision(mode, seats, votes) == expected


def test_quorum_of_the_board():
    votes = ["approve"] * 4 + ["reject", "abstain"]
    share = {"quorum_percent": 50, "threshold_percent": Fraction("66.67")}

    assert decision("quorum", 7, votes, **share) is None  # the seventh could still turn it
    assert decision("quorum", 7, votes, **share, is_over=True) == "approved"
    assert decision("quorum", 7, votes[:3], **share, is_over=True) is None
    assert decision("quorum", 7, [*votes, "reject"], **share) == "rejected"


def test_a_tie_fails():
    votes = ["approve", "approve", "reject", "reject"]

    assert decision("quorum", 4, votes, quorum_percent=50, threshold_percent=50) == "rejected"


def test_more_votes_than_seats_are_a_mistake():
    with pytest.raises(ValueError, match="seats"):
        decision("any", 1, ["abstain", "approve"])


def final(votes, seats, quorum, threshold):
    """The rule as it is written, when nobody answers any more."""
    cast = [vote for vote in votes if vote != "abstain"]
    if len(votes) < ceil(Fraction(quorum) * seats / 100):
        return None
    share = Fraction(cast.count("approve") * 100, len(cast)) if cast else Fraction(0)
    passes = share > threshold if threshold == 50 else share >= threshold
    return "approved" if cast and passes else "rejected"


@given(
    st.integers(1, 6), st.lists(st.sampled_from(WORDS), max_size=6), st.integers(0, 100),
    st.sampled_from([50, 60, Fraction("66.67"), 75, 100]),
)  # fmt: skip
def test_it_is_decided_as_soon_as_the_rest_cannot_turn_it(seats, votes, quorum, threshold):
    votes = votes[:seats]
    share = {"quorum_percent": quorum, "threshold_percent": threshold}
    endings = {
        final([*votes, *(word for word in rest if word)], seats, quorum, threshold)
        for rest in product((*WORDS, None), repeat=seats - len(votes))
    }
    can_pass = "approved" in endings
    expected = "approved" if endings == {"approved"} else None if can_pass else "rejected"
    if len(votes) == seats:
        expected = final(votes, seats, quorum, threshold)

    assert decision("quorum", seats, votes, **share) == expected
    over = final(votes, seats, quorum, threshold)
    assert decision("quorum", seats, votes, **share, is_over=True) == over

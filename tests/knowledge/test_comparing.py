"""Two versions compared: complete, and marked only where they differ (feature KB-01)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import comparing

pytestmark = pytest.mark.feature("KB-01")
TEXTS = st.lists(
    st.lists(st.sampled_from(["restart", " ", "the", "打印机", "VPN", "，", "42"]), max_size=6).map(
        "".join
    ),
    max_size=8,
).map("\n".join)


def side(rows, which):
    lines = [
        "".join(text for text, _differs in getattr(row, which))
        for row in rows
        if getattr(row, f"{which}_no") is not None
    ]
    return "\n".join(lines)


@given(TEXTS, TEXTS)
def test_each_side_gives_its_text_again(old, new):
    rows = comparing.compare(old, new)

    assert side(rows, "old") == old
    assert side(rows, "new") == new


@given(TEXTS, TEXTS)
def test_lines_are_numbered_without_a_gap(old, new):
    rows = comparing.compare(old, new)

    assert [r.old_no for r in rows if r.old_no] == list(range(1, old.count("\n") + 2))
    assert [r.new_no for r in rows if r.new_no] == list(range(1, new.count("\n") + 2))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    rows = comparing.compare(text, text)

    assert {row.kind for row in rows} <= {"same"}
    assert comparing.folded(rows) == []


@given(TEXTS, TEXTS)
def test_folding_leaves_out_only_what_is_the_same(old, new):
    rows = comparing.compare(old, new)

    shown = [row for row in comparing.folded(rows) if row is not None]

    assert [row for row in rows if row.kind != "same"] == [r for r in shown if r.kind != "same"]


def test_a_changed_word_is_marked_alone():
    (row,) = comparing.compare("Wait two minutes", "Wait five minutes")

    assert [text for text, differs in row.old if differs] == ["two"]
    assert [text for text, differs in row.new if differs] == ["five"]

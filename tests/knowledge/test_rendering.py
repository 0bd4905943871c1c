"""What authors write comes out as text, never as a script; foreign pictures are not fetched."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.rendering import excerpt, html_of, plain

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "<svg onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<a href=\"x\" onclick='alert(1)'>y</a>",
    "![x](vbscript:msgbox)",
    "`<script>alert(1)</script>`",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_that_runs_comes_through(text):
    html = html_of(text).lower()

    assert "<script" not in html
    assert "<iframe" not in html
    assert "<style" not in html
    assert "<svg" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert not re.search(r"<[a-z][^>]*\son\w+=", html)
    assert "<img" not in html


@given(st.text(alphabet="<>\"'/=![](): \njavscriptonerimgd&#x;`", max_size=120))
def test_no_sequence_of_signs_makes_a_tag_of_ones_own(text):
    html = html_of(text)

    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in "".join(part.split('"', 1)[0] for part in html.split('href="')[1:])


def test_a_picture_of_the_article_is_shown_and_a_foreign_one_named():
    html = html_of(
        "![Dialog](dialog.png) ![Spy](https://evil.example/x.png)", {"dialog.png": "/f/1"}
    )

    assert '<img src="/f/1" alt="Dialog"' in html
    assert "evil.example" not in html
    assert "Spy" in html


def test_headings_stand_below_the_title_of_the_page():
    assert "<h2>One</h2>" in html_of("# One")
    assert "<h3>Two</h3>" in html_of("## Two")


def test_a_wide_table_scrolls_by_itself():
    assert 'role="region" tabindex="0"' in html_of("| a | b |\n| - | - |\n| 1 | 2 |")


def test_plain_text_has_no_marks():
    assert plain("# Title\n\n1. **One** & `two`") == "Title One & two"
    assert excerpt("word " * 100, 20) == "word word word word…"

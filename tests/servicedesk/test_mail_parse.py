"""Bytes to text: nothing raises, labels that lie are seen through, quotes fold away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from servicedesk.mail import charsets, headers, quoting
from servicedesk.mail.html import text_of
from servicedesk.mail.parse import Limits, parse, scrubbed
from tests.servicedesk import mail_corpus as corpus

PIECES = [
    b"From: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=x\n", b"\n\n", b"--x\n", b"--x--",
    b"=?gb2312?B?", b"?=", b"charset*0*=", b"\x00", b"\xff\xfe", b"message/rfc822", b"base64", b"<a@b>",
    "打印机".encode("gbk"), b"Content-Transfer-Encoding: base64\n", b"\r", b">", b"From: a@b.example\n",
    b"Content-Type: message/delivery-status\n", b"Content-Type: text/html\n", b"<p><!--", b"Date: ",
]  # fmt: skip
MAILS = [
    corpus.mail(), corpus.multipart("alternative", corpus.part("x"), corpus.part("<p>", "text/html")),
    corpus.mail(Subject=corpus.word("打印机", "gbk", "B", "gb2312")),
    corpus.multipart("mixed", corpus.part("x", "message/rfc822"), corpus.part("y", "a/b", "base64")),
]  # fmt: skip


def as_it_should(parsed):
    """What holds of every reading: it is text that the database keeps."""
    assert scrubbed(parsed.as_dict()) == parsed.as_dict()
    for text in (parsed.subject, parsed.text, parsed.sender, parsed.message_id):
        assert "\x00" not in text
        text.encode("utf-8")


@given(some.binary(max_size=3000))
@settings(max_examples=300)
def test_no_bytes_raise(raw):
    as_it_should(parse(raw))


@given(some.lists(some.sampled_from(PIECES), max_size=40))
@settings(max_examples=300)
def test_no_pieces_of_mails_raise(pieces):
    as_it_should(parse(b"".join(pieces)))


@given(some.sampled_from(MAILS), some.data())
@settings(max_examples=200)
def test_no_damage_raises(raw, data):
    for _time in range(data.draw(some.integers(1, 6))):
        place = data.draw(some.integers(0, len(raw)))
        end = data.draw(some.integers(place, min(len(raw), place + 20)))
        raw = raw[:place] + data.draw(some.binary(max_size=6)) + raw[end:]

    as_it_should(parse(raw))


@given(some.text(alphabet=some.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1))
@pytest.mark.feature("CN-06")
def test_what_is_labelled_gb2312_reads_as_gb18030(text):
    assert charsets.decode(text.encode("gb18030"), "gb2312")[0] == text


@given(some.text(), some.text(max_size=20))
def test_no_label_raises(text, label):
    made, _notes = charsets.decode(text.encode("utf-8", "replace"), label)

    assert isinstance(made, str)


@given(some.text())
def test_folding_loses_no_words(text):
    text = charsets.clean(text)
    shown, folded, _rules = quoting.split(text)

    assert "".join((shown + folded).split()) == "".join(text.split())


@pytest.mark.feature("CN-07")
@pytest.mark.parametrize("name", corpus.QUOTES)
def test_quotes_and_signatures_fold_away(name):
    shown, folded, rules = quoting.split(corpus.QUOTES[name])

    assert "New." in shown
    assert "old words" not in shown
    assert folded
    assert rules


def test_answers_between_the_quoted_lines_stay():
    text = "> first question\nYes.\n> second question\nNo."

    assert quoting.split(text)[0] == text


@pytest.mark.parametrize(("html", "text"), [
    ("<p>one</p><p>two</p>", "one\n\ntwo"), ("a<br>b", "a\nb"), ("<ul><li>x<li>y</ul>", "- x\n- y"),
    ("<blockquote>q</blockquote>", "> q"), ("<script>x</script>y", "y"),
    ('<a href="https://a.example/">here</a>', "here <https://a.example/>"),
])  # fmt: skip
def test_html_reads_as_it_looks(html, text):
    assert text_of(html) == text


def test_limits_hold():
    small = Limits(bytes=2000, parts=3, depth=2, headers=30, header_bytes=1000)
    fatal = [
        parse(raw, small).fatal[0]
        for raw in (
            corpus.mail(body="x" * 3000), corpus.mail(X=["y"] * 50), corpus.mail(X="y" * 1500),
            corpus.multipart("mixed", *["\nx"] * 9),
        )
    ]  # fmt: skip

    assert fatal == ["too_large", "too_many_headers", "too_many_headers", "too_many_parts"]


@pytest.mark.parametrize(("value", "found"), [
    (["a@b.example"], ("", "a@b.example", "")), ([], ("", "", "none")),
    (["a@b.example, c@d.example"], ("", "", "ambiguous")),
    (['"c@d.example" <a@b.example>'], ("c@d.example", "a@b.example", "")),
])  # fmt: skip
def test_one_sender_or_none(value, found):
    assert headers.one_sender(value) == found

"""What may tell of a person is found, and decided about; nothing vanishes by itself (KB-04)."""

import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import privacy
from knowledge.privacy import Sort

pytestmark = pytest.mark.feature("KB-04")
NAMES = ["Mei Lin", "张三", "Jonas Weber"]
STAFF = ["L1002", "A17"]
PRIVATE = {
    Sort.MAIL: st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{2,8}\.example", fullmatch=True),
    Sort.IP: st.ip_addresses().filter(
        lambda ip: not ip.is_loopback and not ip.is_unspecified and ip.version == 4
    ).map(str),
    Sort.PHONE: st.sampled_from(["+86 21 5550 9000", "13812345678", "(010) 8888-1234"]),
    Sort.NAME: st.sampled_from(NAMES),
    Sort.STAFF: st.sampled_from(STAFF),
}  # fmt: skip
# words around it that are neither digits nor anything of an address
PLAIN = st.lists(
    st.sampled_from(["restart", "the", "printer", "打印机", "然后", "please"]), max_size=5
)


@given(st.lists(st.tuples(PLAIN, st.sampled_from(sorted(PRIVATE)).flatmap(
    lambda sort: st.tuples(st.just(sort), PRIVATE[sort]))), max_size=5))  # fmt: skip
def test_whatever_is_put_into_a_text_is_found_there(parts):
    text, places = "", []
    for words, (sort, secret) in parts:
        text += " ".join(words) + " , "
        places.append((len(text), len(text) + len(secret), sort))
        text += secret + " , "

    found = privacy.find(text, NAMES, STAFF)

    assert [(one.start, one.end, one.sort) for one in found] == places


@given(st.text(max_size=200), st.lists(st.sampled_from([*NAMES, "a@b.example", "10.0.0.1"])))
def test_what_is_kept_leaves_the_text_as_it_was(text, secrets):
    text = " ".join([text, *secrets])

    found = privacy.find(text, NAMES, STAFF)

    assert privacy.replaced(text, found, {}) == text
    assert privacy.replaced(text, found, {one.key: None for one in found}) == text


@given(st.lists(st.sampled_from([*NAMES, "a@b.example", "10.1.2.3"]), min_size=1, max_size=6))
def test_what_is_replaced_is_gone_everywhere(secrets):
    text = " und ".join(secrets)
    found = privacy.find(text, NAMES, STAFF)

    made = privacy.replaced(text, found, {one.key: "[x]" for one in found})

    assert privacy.find(made, NAMES, STAFF) == []
    assert made.count("[x]") == len(secrets)


@given(st.text(alphabet=string.ascii_letters + "0123456789.-:@+ ()/张三", max_size=80))
def test_pieces_never_overlap_and_stand_where_they_say(text):
    found = privacy.find(text, NAMES, STAFF)

    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("Mail a.b@c.example", ["mail"]),
        ("请联系张三处理", ["name"]),
        ("Ask MEI LIN", ["name"]),
        ("Meilinger is no name", []),
        ("Version 1.2.3", []),
        ("Error 0x87D1 in 2026-11-22", []),
        ("Wait 30 seconds, 5 times", []),
        ("fe80::1ff:fe23:4567:890a", ["ip"]),
        ("at 10:30 and 11:45", []),
        ("127.0.0.1 is everybody's", []),
        ("+31 10 555 12 34", ["phone"]),
        ("staff number l1002", ["staff"]),
        ("a@b.example 10.0.0.1", ["mail", "ip"]),
    ],
)
def test_what_counts_and_what_does_not(text, sorts):
    assert [one.sort for one in privacy.find(text, NAMES, STAFF)] == sorts


@pytest.mark.django_db
def test_the_directory_knows_names_and_numbers_in_a_text(world):
    names, staff = privacy.directory("张三 called, and jonas weber (a1) answered. XY99 is nobody.")

    assert names == {"张三", "Jonas Weber"}
    assert staff == {"A1"}

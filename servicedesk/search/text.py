"""What a reader typed, as search takes it: cut, folded, and split into words and runs of Han.

A word of letters is found by its beginning, a run of Han by its pairs of characters and then by
the run itself; nothing that is typed reaches the database as anything but a value.
"""

import re

from core.text import HAN, fold

LONGEST = 120  # characters that are looked at
PIECE = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^\W_㐀-䶿一-鿿豈-﫿]+")
NUMBER = re.compile(r"^([a-z]{2,5})[ -]?0*([0-9]{1,12})$")


def folded_query(text):
    """The text as it may be searched for: at most 120 characters, folded."""
    return fold(str(text or "")[: LONGEST * 4])[:LONGEST]


def pieces(folded):
    """Words and runs of Han in the folded text, at most twelve, none twice."""
    return list(dict.fromkeys(PIECE.findall(folded)))[:12]


def is_han(piece):
    return bool(HAN.match(piece))


def number_in(folded, prefixes):
    """The numbers that the text may be: "inc 123" one, "123" one of each kind."""
    if found := NUMBER.match(folded):
        return [f"{found[1].upper()}-{int(found[2]):06d}"]
    if folded.isascii() and folded.isdigit() and len(folded) <= 12:
        return [f"{prefix}-{int(folded):06d}" for prefix in prefixes]
    return []

"""Records by number and by text. Notes among agents are found by agents only.

A word of letters is found by its beginning, a run of Han by its pairs of characters: the index of
pairs (`RecordText.grams_*`) finds the candidates; the folded text is looked at again, so that two
pairs that stand apart are no hit. What is typed reaches the database as values only.
"""

import re

from django.db.models import BooleanField, F, Func, Q, TextField, Value

from core.text import fold
from records.kinds import KINDS
from records.likeness import pieces
from records.models import Record

LONGEST = 120  # characters that are looked at
NUMBER = re.compile(r"^([a-z]{2,5})[ -]?0*([0-9]{1,12})$")


class Found(Func):
    """grams @@ (the grams of the text, words by their beginning): what the index can answer."""

    template = """(%(expressions)s)"""
    arg_joiner = " @@ "
    output_field = BooleanField()


class Grams(Func):
    """The grams of a folded text as a tsquery. Single Han characters ride along only alone."""

    template = (
        "(SELECT string_agg(quote_literal(gram) || CASE WHEN gram ~ '[㐀-䶿一-鿿豈-﫿]'"
        " THEN '' ELSE ':*' END, ' & ')::tsquery"
        " FROM unnest(tsvector_to_array(core_grams(%(expressions)s))) AS gram)"
    )
    output_field = TextField()


def folded_query(text):
    """The text as it may be searched for: at most 120 characters, folded."""
    return fold(str(text or "")[: LONGEST * 4])[:LONGEST]


def matching(records, person, folded):
    """The records of `records` in which every word of the folded text occurs."""
    text = with_words(person, folded)
    numbers = number_in(folded)
    if not numbers:
        return records.filter(text) if text else records.none()
    # what looks like a number is asked of both; text apart, so that each may use its index
    found = Q(number__in=numbers) | Q(external_ref=folded)
    if text:
        found |= Q(pk__in=Record.objects.filter(text).values("pk"))
    return records.filter(found)


def with_words(person, folded):
    """All the words of a folded text, in what this person may read of a record, as a Q; None where
    the text has no words."""
    wanted = pieces(folded)
    if not wanted:
        return None
    side = "agent" if person.access.is_agent and not person.access.is_supplier_only else "public"
    text = Q(Found(F(f"text__grams_{side}"), Grams(Value(" ".join(wanted)))))
    for piece in wanted:
        text &= Q(**{f"text__search_{side}__contains": piece})
    return text


def prefixes():
    return [kind.prefix for kind in KINDS.values()]


def number_in(folded):
    """The numbers that the text may be: "inc 123" one, "123" one of each kind."""
    if found := NUMBER.match(folded):
        return [f"{found[1].upper()}-{int(found[2]):06d}"]
    if folded.isascii() and folded.isdigit() and len(folded) <= 12:
        return [f"{prefix}-{int(folded):06d}" for prefix in prefixes()]
    return []

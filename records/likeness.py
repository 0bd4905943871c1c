"""What two texts have in common: words, and pairs of Han characters. Also the question to the index
of pairs (RecordText.grams_*) that finds candidates for a comparison.
"""

import re

from django.db.models import BooleanField, Func, TextField

from core.text import HAN, fold

PIECE = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^\W_㐀-䶿一-鿿豈-﫿]+")
STOP = {
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "cannot", "could", "do",
    "does", "doesn", "for", "from", "get", "has", "have", "how", "i", "in", "is", "it", "its",
    "me", "my", "no", "not", "of", "on", "or", "our", "so", "that", "the", "there", "this", "to",
    "was", "we", "when", "with", "you", "your",
}  # fmt: skip


class AnyGram(Func):
    """grams @@ any of the grams of a folded text; single Han characters say too little."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class OneOf(Func):
    template = (
        "(SELECT string_agg(quote_literal(gram), ' | ')::tsquery"
        " FROM unnest(tsvector_to_array(core_grams(%(expressions)s))) AS gram"
        " WHERE length(gram) > 1)"
    )
    output_field = TextField()


def pieces(folded):
    """Words and runs of Han in the folded text, at most twelve, none twice."""
    return list(dict.fromkeys(PIECE.findall(folded)))[:12]


def grams(text):
    """What texts are compared by: words that say something, and pairs of Han characters."""
    found = set()
    for piece in PIECE.findall(fold(text)):
        if HAN.match(piece):
            found |= {piece[i : i + 2] for i in range(len(piece) - 1)} or {piece}
        elif piece not in STOP and len(piece) > 1:
            found.add(piece)
    return found

"""Records by number and by text. Notes among agents are found by agents only.

The index of pairs (`RecordText.grams_*`) finds the candidates; the folded text is looked at again,
so that two pairs that stand apart are no hit.
"""

from django.db.models import BooleanField, Case, F, Func, Q, TextField, Value, When

from records.kinds import KINDS
from records.models import Record
from servicedesk.search.text import number_in, pieces


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


def matching(records, person, folded):
    """The records of `records` in which every word of the folded text occurs."""
    text = _with_words(person, folded)
    numbers = number_in(folded, prefixes())
    if not numbers:
        return records.filter(text) if text else records.none()
    # what looks like a number is asked of both; text apart, so that each may use its index
    found = Q(number__in=numbers) | Q(external_ref=folded)
    if text:
        found |= Q(pk__in=Record.objects.filter(text).values("pk"))
    return records.filter(found)


def _with_words(person, folded):
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


def named(folded):
    """Records that bear this number, now or formerly, as a Q; None where it can be none."""
    numbers = number_in(folded, prefixes())
    if not folded or (" " in folded and not numbers):
        return None
    former = {folded, folded.upper()}
    return Q(number__in=numbers) | Q(external_ref__in=sorted(former))


def exact(person, folded):
    """Visible records whose number, present or former, was typed; the present one first."""
    condition = named(folded)
    if condition is None:
        return Record.objects.none()
    rank = Case(When(number__in=number_in(folded, prefixes()), then=Value(0)), default=1)
    return Record.objects.visible_to(person).filter(condition).order_by(rank, "-id")


def by_text(person, folded):
    """Visible records with these words; those that bear the number itself are not repeated."""
    found = Record.objects.visible_to(person)
    text = _with_words(person, folded)
    if text is None:
        return found.none()
    found = found.filter(text)
    condition = named(folded)
    return found.exclude(condition) if condition is not None else found

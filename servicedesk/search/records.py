"""Records in the search: those that bear a number first, then those with the words."""

from django.db.models import Case, Q, Value, When

from records.models import Record
from records.searching import number_in, with_words


def named(folded):
    """Records that bear this number, now or formerly, as a Q; None where it can be none."""
    numbers = number_in(folded)
    if not folded or (" " in folded and not numbers):
        return None
    former = {folded, folded.upper()}
    return Q(number__in=numbers) | Q(external_ref__in=sorted(former))


def exact(person, folded):
    """Visible records whose number, present or former, was typed; the present one first."""
    condition = named(folded)
    if condition is None:
        return Record.objects.none()
    rank = Case(When(number__in=number_in(folded), then=Value(0)), default=1)
    return Record.objects.visible_to(person).filter(condition).order_by(rank, "-id")


def by_text(person, folded):
    """Visible records with these words; those that bear the number itself are not repeated."""
    found = Record.objects.visible_to(person)
    text = with_words(person, folded)
    if text is None:
        return found.none()
    found = found.filter(text)
    condition = named(folded)
    return found.exclude(condition) if condition is not None else found

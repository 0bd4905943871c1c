"""Finding the right form: by the words that people use for what they want."""

from core.text import fold
from records.likeness import grams, pieces

MOST = 300


def matching(offerings, words):
    """Offerings, the likeliest first: those that hold every word, else those that share most.

    `offerings` starts with `visible_to`. Without words, all in their order.
    """
    rows = offerings.for_list()
    wanted = pieces(fold(words)[:120])
    if not wanted:
        return list(rows.in_order()[:MOST])
    every = rows
    for piece in wanted:
        every = every.filter(search__contains=piece)
    found = list(every.in_order()[:MOST])
    return found or _sharing(rows, grams(words))


def _sharing(rows, wanted):
    """By how much of what was typed they hold: words, and pairs of Han characters."""
    scored = []
    for offering in rows.in_order()[:MOST]:
        own = grams(offering.search)
        shared = {one for one in wanted if one in own or (len(one) > 3 and one in offering.search)}
        if shared:
            scored.append((-len(shared), -_in_name(offering, wanted), offering.code, offering))
    scored.sort(key=lambda row: row[:3])
    return [row[-1] for row in scored]


def _in_name(offering, wanted):
    return len(wanted & grams(f"{offering.name_en} {offering.name_zh} {offering.keywords}"))


def suggested(offerings, words, limit=3):
    """What somebody who types this may want to order; nothing for words that say nothing."""
    return matching(offerings, words)[:limit] if grams(words) else []


def grouped(offerings):
    """[(category or None, [offerings])] in the order in which they stand."""
    groups = {}
    for offering in offerings:
        groups.setdefault(offering.category_id, (offering.category, []))[1].append(offering)
    return sorted(groups.values(), key=lambda pair: (pair[0] is None, pair[0] and pair[0].code))

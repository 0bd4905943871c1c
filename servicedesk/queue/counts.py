"""Counts that a page can afford: many in one statement, or capped, and kept for some seconds.

What a person did makes their own counts anew at once (`forget`); those of others follow within
ten seconds.
"""

from django.core.cache import cache
from django.db.models import Count

from core.formats import count_text

CAP = 1000
SECONDS_KEPT = 10


def in_one_pass(base, conditions):
    """{key: count} of the rows of `base` that fit each condition (a Q), in one statement that goes
    over them once. For rows that are open: an index leads to them at any size of the desk."""
    names = {f"n{place}": key for place, key in enumerate(conditions)}
    asked = {name: Count("pk", filter=conditions[key]) for name, key in names.items()}
    found = base.order_by().aggregate(**asked) if asked else {}
    return {key: found[name] for name, key in names.items()}


def capped(queryset):
    """How many rows, at most CAP + 1: what is closed grows without end."""
    return queryset.order_by().values("pk")[: CAP + 1].count()


def kept(person, name, make):
    """What `make()` gives, kept for this person for some seconds."""
    key = f"counts:{person.pk}:{_generation(person)}:{name}"
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, SECONDS_KEPT)
    return found


def forget(person):
    """After a step of this person: their counts are made anew."""
    cache.set(f"counts:{person.pk}", _generation(person) + 1, 10 * SECONDS_KEPT)


def _generation(person):
    return cache.get(f"counts:{person.pk}") or 0


def text(count):
    return count_text(count, CAP)

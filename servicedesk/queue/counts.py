"""Counts that a page can afford: many in one statement, or capped, and kept for some seconds.

What a person did makes their own counts anew at once (core.freshness); those of others follow
within ten seconds.
"""

from django.core.cache import cache
from django.db.models import Count

from core import freshness
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
    """What `make()` gives, kept for this person for some seconds, or until they write something."""
    key = f"counts:{person.pk}:{name}"
    found = cache.get(key)
    if found is not None and not freshness.is_behind(found[0]):
        return found[1]
    made_at, value = freshness.instant(), make()
    cache.set(key, (made_at, value), SECONDS_KEPT)
    return value


def text(count):
    return count_text(count, CAP)

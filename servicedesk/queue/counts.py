"""Counts that a page can afford: many in one statement, or capped, and kept for some seconds.

What a person did makes their own counts anew at once (core.freshness); those of others follow
within twenty seconds.
"""

from django.db.models import Count

from core import keeping
from core.formats import count_text

CAP = 1000
SECONDS_KEPT = 20


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
    return keeping.kept(f"counts:{person.pk}:{name}", make, SECONDS_KEPT)


def text(count):
    return count_text(count, CAP)

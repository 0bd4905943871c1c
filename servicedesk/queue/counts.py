"""Counts that a page can afford: capped, many in one statement, and kept for some seconds.

What a person did makes their own counts anew at once (`forget`); those of others follow within
ten seconds.
"""

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection

from core.formats import count_text

CAP = 1000
SECONDS_KEPT = 10


def capped(querysets):
    """{key: count} for {key: queryset}, each at most CAP + 1, in one statement."""
    keys, parts, params = [], [], []
    for key, queryset in querysets.items():
        try:
            sql, args = queryset.order_by().values("pk")[: CAP + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        keys.append(key)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
        params += args
    found = dict.fromkeys(querysets, 0)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", params)  # noqa: S608 (compiled by the ORM)
            found |= dict(zip(keys, cursor.fetchone(), strict=True))
    return found


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

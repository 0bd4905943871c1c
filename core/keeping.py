"""What is worked out for a reader and kept for some seconds, by each process for itself.

A figure that all pages show must not be counted for each of them; and when it has grown old, not by
all who ask at that moment.
"""

from time import monotonic

from django.core.cache import cache

from core import freshness

OF_THE_PAST = 600  # seconds; what is kept so long is of a time that is over: no write moves it


def kept(key, make, seconds):
    """What `make()` gives, kept for some seconds by this process. When it has grown old, one reader
    makes it anew; who asks meanwhile gets the former one, for four times as long at most. A reader
    who has written since it was made gets a new one, unless it is of a time that is over."""
    found = cache.get(key)
    if found is not None:
        fresh_until, made_at, value = found
        is_own = seconds < OF_THE_PAST and freshness.is_behind(made_at)
        if not is_own and (
            monotonic() < fresh_until or not cache.add(f"{key}:making", True, seconds)
        ):
            return value
    made_at, value = freshness.instant(), make()
    keep(key, value, seconds, made_at)
    cache.delete(f"{key}:making")
    return value


def keep(key, value, seconds, made_at):
    """Keep what was made at `made_at` (of freshness.instant)."""
    cache.set(key, (monotonic() + seconds, made_at, value), seconds * 4)

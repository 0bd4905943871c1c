"""Likely duplicates of what somebody is about to report: open requests that say the same.

The database finds candidates by pairs of characters and words; the likeness of the subjects is
counted here: 2 × common / (one + other), as Dice does. Only rows that the asker may see are asked.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, Value

from core import preferences
from records.likeness import AnyGram, OneOf, grams

CANDIDATES, LONGEST = 200, 400
LIKE, LIKE_ON_SAME = 0.4, 0.2


@dataclass(frozen=True)
class Hint:
    record: Any
    score: float


def likeness(one, other):
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def similar(rows, *, text, at, service=None, ci=None, limit=5, always=None):
    """The likeliest of `rows` (open, visible to the asker) for this subject: [Hint], best first.

    Same service or CI lowers the bar. Rows that fit the Q `always` are asked however old they are.
    """
    wanted = grams(text[:LONGEST])
    if not wanted:
        return []
    hours = int(preferences.get("duplicate_hours"))
    recent = Q(opened_at__gte=at - timedelta(hours=hours))
    if always is not None:
        recent |= always
    words = " ".join(sorted(wanted))
    found = (
        rows.filter(recent)
        .filter(AnyGram(F("text__grams_public"), OneOf(Value(words))))
        .select_related("service", "requester", "pending_reason", "assignee")
        .order_by("-opened_at")[:CANDIDATES]
    )
    hints = []
    for record in found:
        score = likeness(wanted, grams(record.title))
        is_same = (service and record.service_id == service.pk) or (ci and record.ci_id == ci.pk)
        if score >= (LIKE_ON_SAME if is_same else LIKE):
            hints.append(Hint(record, score + (0.2 if is_same else 0)))
    hints.sort(key=lambda hint: (-hint.score, -hint.record.pk))
    return hints[:limit]


def marked(text, words):
    """The subject cut into (piece, is_common), so that the page can mark what is alike."""
    common = sorted(grams(text) & grams(words), key=len, reverse=True)
    if not common:
        return [(text, False)]
    pattern = re.compile("(" + "|".join(re.escape(one) for one in common) + ")", re.IGNORECASE)
    return [(part, bool(pattern.fullmatch(part))) for part in pattern.split(text) if part]

"""What time does to articles: on the day of the review they are flagged, once."""

from django.db import transaction

from core import time
from knowledge.actions import lifecycle
from knowledge.models import Article


def sweep_due(limit=100):
    """Flag published articles whose review is due. Returns how many; safe to run twice."""
    today = time.now().date()
    keys = list(
        Article.objects.due_for_review(today)
        .order_by("review_due", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(flag_due(pk) for pk in keys)


@transaction.atomic
def flag_due(pk):
    """Nothing happens where somebody else was faster. True where it was flagged."""
    now = time.now()
    article = Article.objects.due_for_review(now.date()).claim(pk)
    if article is None:
        return False
    lifecycle.flag(article, by=None, comment="", at=now)
    return True

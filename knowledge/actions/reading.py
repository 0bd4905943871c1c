"""What readers do: open, vote, solve their question alone, search. Counted once each."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Q

from core import time
from core.text import fold, without_nul
from knowledge.models import Article, Deflection, Reading, SearchNote, Vote

REMEMBERED = timedelta(hours=2)


def _may_read(article, person):
    if not Article.objects.visible_to(person).readable().filter(pk=article.pk).exists():
        raise PermissionDenied


@transaction.atomic
def read(article, *, by, at=None):
    """A person opened it. One view a day and person. True where it counted."""
    at = at or time.now()
    _row, is_new = Reading.objects.get_or_create(
        article=article, person=by, day=at.date(), defaults={"at": at}
    )
    if is_new:
        Article.objects.filter(pk=article.pk).update(views=F("views") + 1)
    else:
        Reading.objects.filter(article=article, person=by, day=at.date()).update(at=at)
    SearchNote.objects.filter(
        person=by, is_opened=False, found__gt=0, at__gte=at - REMEMBERED
    ).filter(pk__in=_last_note(by)).update(is_opened=True)
    return is_new


def _last_note(person):
    """The latest search of a person: what they open afterwards was found by it."""
    found = SearchNote.objects.filter(person=person).order_by("-at", "-pk").values_list("pk")
    return [pk for (pk,) in found[:1]]


@transaction.atomic
def vote(article, *, by, is_helpful, comment="", at=None):
    """Did it help? The last word of a person counts."""
    _may_read(article, by)
    article = Article.objects.lock(article)
    Vote.objects.update_or_create(
        article=article, person=by,
        defaults={
            "is_helpful": is_helpful, "version_no": article.published_no,
            "comment": without_nul(comment).strip()[:2000], "at": at or time.now(),
        },
    )  # fmt: skip
    counted = article.votes.aggregate(
        yes=Count("pk", filter=Q(is_helpful=True)), no=Count("pk", filter=Q(is_helpful=False))
    )
    Article.objects.filter(pk=article.pk).update(helpful=counted["yes"], unhelpful=counted["no"])
    article.helpful, article.unhelpful = counted["yes"], counted["no"]
    return article


@transaction.atomic
def solved(article, *, by, words="", at=None):
    """The article answered what would have been a ticket. Once a day, person and article."""
    _may_read(article, by)
    at = at or time.now()
    row, is_new = Deflection.objects.get_or_create(
        article=article, person=by, day=at.date(),
        defaults={"words": without_nul(words).strip()[:200], "at": at},
    )  # fmt: skip
    if is_new:
        Article.objects.filter(pk=article.pk).update(deflections=F("deflections") + 1)
    return row


def searched(words, *, by, place, found, articles=(), at=None):
    """Note a search that was sent. `articles`: what was suggested; if one of them was opened within
    the last hours, the search led somewhere. Nothing is noted of an empty one."""
    folded = fold(without_nul(words))[:120]
    if not folded:
        return None
    at = at or time.now()
    opened = Reading.objects.filter(person=by, article__in=list(articles), at__gte=at - REMEMBERED)
    return SearchNote.objects.create(
        folded=folded, place=place, person=by, found=found, at=at,
        is_opened=bool(articles) and opened.exists(),
    )  # fmt: skip

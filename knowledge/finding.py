"""Articles for what somebody types. Everything begins with what the reader may open, so that no
title, no count and no suggestion tells of an article that they may not.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Value
from django.shortcuts import get_object_or_404

from core.text import fold
from knowledge.models import Article
from knowledge.models.articles import reading_language
from records.likeness import AnyGram, OneOf, grams, pieces

CANDIDATES = 60
LONGEST = 200  # characters of what is typed that are looked at
# how much of what was typed must stand in title and keywords, or, failing that, in the whole text
IN_TITLE, IN_TEXT = 0.2, 0.5
SAME_SERVICE = 0.15


@dataclass(frozen=True)
class Suggestion:
    """An article that may answer, with its title in the reader's language and where it is that."""

    article: Any
    title: str
    language: str
    score: float

    @property
    def number(self):
        return self.article.number


def readable_by(person):
    """Public versions that this person may open."""
    return Article.objects.visible_to(person).readable()


def find_readable(person, number):
    """The article for the reader's page, or 404: unseen and absent are the same."""
    rows = readable_by(person).select_related("service", "category", "owner")
    return get_object_or_404(rows, number=number.upper())


def search(person, text, rows=None):
    """The articles of `rows` (default: readable ones) that hold every word, as a QuerySet."""
    rows = readable_by(person) if rows is None else rows
    folded = fold(text)[:LONGEST]
    wanted = pieces(folded)
    if not wanted:
        return rows.none()
    holds = Q()
    for piece in wanted:
        holds &= Q(text__search_public__contains=piece)
    return rows.filter(holds | Q(number__iexact=folded.upper()))


def suggestions(person, text, service=None, language=None, limit=4):
    """The likeliest answers to a sentence, best first: [Suggestion].

    Ranked by how much of the sentence stands in title and keywords, then in the text; the same
    service and helpful votes count a little. `language`: a locale, default the reader's.
    """
    wanted = grams(text[:LONGEST])
    if not wanted:
        return []
    rows = (
        readable_by(person)
        .filter(AnyGram(F("text__grams_public"), OneOf(Value(" ".join(sorted(wanted))))))
        .select_related("text", "service")
        .defer("description", "sla", "text__grams_public", "text__grams_agent",
               "text__search_agent")
        .order_by("-published_at", "-id")
    )  # fmt: skip
    first = reading_language(language)
    found = []
    for article in rows[:CANDIDATES]:
        score = likeness(wanted, article, service)
        if score:
            shown = first if getattr(article, f"title_{first}") else other(first)
            found.append(Suggestion(article, article.name_in(first), shown, score))
    found.sort(key=lambda one: (-one.score, -one.article.pk))
    return found[:limit]


def likeness(wanted, article, service=None):
    """How well an article fits, 0 where it does not."""
    head = grams(f"{article.title_en} {article.title_zh} {article.keywords}")
    in_head = len(wanted & head) / len(wanted)
    in_text = len(wanted & grams(article.text.search_public)) / len(wanted)
    is_same = service is not None and article.service_id == service.pk
    bar = 0.5 if is_same else 1
    if in_head < IN_TITLE * bar and in_text < IN_TEXT * bar:
        return 0
    votes = article.helpful + article.unhelpful
    liked = article.helpful / votes - 0.5 if votes >= 3 else 0
    return in_head + 0.4 * in_text + (SAME_SERVICE if is_same else 0) + 0.1 * liked


def other(language):
    return "en" if language == "zh" else "zh"


def popular(person, limit=6):
    """What is read most, of what this person may open."""
    return list(readable_by(person).for_list().order_by("-views", "-helpful", "-id")[:limit])

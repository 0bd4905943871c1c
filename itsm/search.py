"""What search looks through, in the order in which it is shown. An app that brings things worth
finding adds its source here (servicedesk.search.sources.Source)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import state_chip
from knowledge import faces, finding
from knowledge.models import Article
from servicedesk.search.sources import CIS, PEOPLE, RECORDS, SERVICES, Result, Source


def _without_articles(person, folded):
    """Articles have a group of their own, with titles in the reader's language."""
    rows, order = RECORDS.rows(person, folded)
    return rows.exclude(kind=Article.KIND), order


def _article_rows(person, folded):
    return finding.search(person, folded, Article.objects.visible_to(person)), ("-views", "-id")


def _draw_article(article):
    words, tone, icon = faces.state_of(article)
    return Result(
        title=article.name, href=article.get_absolute_url(), icon="book-open",
        note=f"{article.number} · {faces.audience_of(article)[0]}",
        mark=state_chip(words, tone, icon, True),
    )  # fmt: skip


ARTICLES = Source("articles", _("Knowledge"), "book-open", _article_rows, _draw_article)
SOURCES = (replace(RECORDS, rows=_without_articles), ARTICLES, PEOPLE, CIS, SERVICES)

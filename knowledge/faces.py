"""How an article looks in lists and heads: chips, languages, sentences of its story."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from knowledge.models import Article
from knowledge.models.articles import Language, reading_language
from knowledge.rendering import html_of
from records.models import TimelineEntry

State, Audience = Article.State, Article.Audience
TONES = {
    State.DRAFT: ("", "pencil"), State.IN_REVIEW: ("info", "eye"),
    State.PUBLISHED: ("ok", "circle-check"), State.NEEDS_UPDATE: ("warn", "triangle-alert"),
    State.RETIRED: ("", "archive"),
}  # fmt: skip
AUDIENCES = {
    Audience.PORTAL: (_("Everybody"), "users"), Audience.INTERNAL: (_("Internal"), "lock"),
    Audience.RESTRICTED: (_("Restricted"), "lock-keyhole"),
}  # fmt: skip
LOCALES = {"en": "en", "zh": "zh-Hans"}


def state_of(article):
    """(words, tone, icon) for a chip."""
    tone, icon = TONES[article.state]
    return article.state_label, tone, icon


def audience_of(article):
    """(words, icon)."""
    words, icon = AUDIENCES[article.audience]
    return str(words), icon


def decorate(article):
    """What a row of a list shows."""
    article.face = state_of(article)
    article.reach = audience_of(article)
    article.other_title = article.title_zh if article.name == article.title_en else article.title_en
    article.in_words = " · ".join(
        word for word, title in (("EN", article.title_en), ("中文", article.title_zh)) if title
    )
    article.has_old_translation = is_old(article)
    votes = article.helpful + article.unhelpful
    article.liked = f"{round(100 * article.helpful / votes)} %" if votes else ""
    return article


def is_old(article):
    """Of the latest version: is the translation older than its source?"""
    latest = {"en": article.en_changed_in, "zh": article.zh_changed_in}
    both = bool(article.title_en and article.title_zh)
    source = article.source_language
    return both and latest["zh" if source == "en" else "en"] < latest[source]


# --- the text -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One version in one language, as a reader gets it."""

    version: object
    language: str
    locale: str
    title: str
    html: str
    is_fallback: bool
    is_old: bool
    others: list

    @property
    def language_name(self):
        return Language(self.language).label


def shown(article, version, wanted=None, *, with_drafts=False):
    """The Shown of a version for a reader who wants this language ("en" or "zh")."""
    wanted = wanted if wanted in Language.values else reading_language()
    language = version.shown_in(wanted)
    return Shown(
        version=version, language=language, locale=LOCALES[language],
        title=version.title_in(language) or article.name,
        html=html_of(version.body_in(language), files_of(article, with_drafts)),
        is_fallback=language != wanted,
        is_old=version.is_old_in(language, article.source_language),
        others=[(code, Language(code).label) for code in version.languages if code != language],
    )  # fmt: skip


def files_of(article, with_drafts=False):
    """{name: address} of the attachments that a text may name; of two alike, the later one."""
    rows = article.documents.order_by("pk")
    if not with_drafts:
        rows = rows.filter(is_internal=False)
    return {row.title: address_of(article, row) for row in rows}


def address_of(article, document):
    return reverse("portal:article_file", args=[article.number, document.public_id])


# --- the story ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    template: str
    data: dict
    author: object
    at: object
    said: str
    states: str


def story_of(article):
    """What happened to it, the latest first."""
    entries = article.timeline.select_related("author").order_by("-seq")[:60]
    return [_line(entry) for entry in entries if entry.verb.startswith("article.")]


def _line(entry: TimelineEntry):
    return Line(entry.template, entry.data, entry.author, entry.at, entry.body, "")

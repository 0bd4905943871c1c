"""Articles begun and changed. Every saving is a version; the public one stays until the next is
published. Where it shows and to whom is changed apart from the texts."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.text import fold, without_nul
from knowledge import policies
from knowledge.events import Verb
from knowledge.models import Article, ArticleVersion
from knowledge.models.articles import TEXTS, Language
from knowledge.rendering import LONGEST_BODY, plain
from records import actions as records
from records import timeline
from records.models import RecordLink, RecordText

DETAILS = (
    "article_kind", "audience", "service", "category", "ci_class", "keywords", "review_due",
    "source_language", "owner",
)  # fmt: skip
INTERNAL = timeline.Visibility.INTERNAL


@transaction.atomic
def write(*, by, texts, details=None, groups=(), note="", sources=(), organization=None, at=None):
    """A draft with its first version. `texts`: title_en, body_en, title_zh, body_zh, as far as
    there are any; `sources`: the records it was made of."""
    if by is not None and not policies.can_write(None, by):
        raise PermissionDenied
    texts = cleaned(texts)
    details = dict(details or {})
    first = Language.EN if texts["title_en"].strip() else Language.ZH
    details.setdefault("source_language", first)
    details.setdefault("owner", by)
    article = Article(
        state=Article.State.DRAFT, organization=organization or by.organization,
        title_en=texts["title_en"], title_zh=texts["title_zh"], **_known(details),
    )  # fmt: skip
    _check_audience(article, groups)
    at = records.file_record(article, at=at)
    article.groups.set(groups)
    _add_version(article, texts, note=note, by=by, at=at, is_minor=False)
    records.save(article, at=at)
    refresh_face(article)
    timeline.record(article, Verb.WRITTEN, by=by, at=at, from_state="", visibility=INTERNAL)
    for source in sources:
        records.link(article, source, RecordLink.Type.RELATES_TO, by=by, at=at)
    return article


@transaction.atomic
def revise(article, *, by, texts, note="", is_minor=False, seen_version=None, at=None):
    """The next version. `is_minor`: nothing that the other language would have to follow.

    Returns the article; unchanged texts make no version.
    """
    article = Article.objects.lock(article)
    _ask(policies.can_edit, article, by)
    records.check_version(article, seen_version)
    if not article.is_editable:
        raise Refused(not_editable(article))
    texts = cleaned({name: getattr(article.latest, name) for name in TEXTS} | texts)
    if all(getattr(article.latest, name) == texts[name] for name in TEXTS):
        return article
    at = at or time.now()
    version = _add_version(article, texts, note=note, by=by, at=at, is_minor=is_minor)
    records.save(article, at=at)
    refresh_face(article)
    timeline.record(
        article, Verb.REVISED, by=by, at=at, kind=timeline.Kind.FIELDS, visibility=INTERNAL,
        number=version.number, note=version.note,
    )  # fmt: skip
    return article


@transaction.atomic
def change_details(article, *, by, groups=None, seen_version=None, at=None, **details):
    """Kind, audience, service and so on. Of a public article only who may publish decides."""
    article = Article.objects.lock(article)
    _ask(policies.can_change_details, article, by)
    records.check_version(article, seen_version)
    if not article.is_editable:
        raise Refused(not_editable(article))
    named = list(article.groups.all()) if groups is None else list(groups)
    before = sorted(article.groups.values_list("pk", flat=True))
    at = at or time.now()
    for name, value in _known(details).items():
        setattr(article, name, value)
    _check_audience(article, named)
    stored = Article.objects.get(pk=article.pk)
    is_same = all(getattr(stored, f) == getattr(article, f) for f in DETAILS)
    if is_same and before == sorted(group.pk for group in named):
        return article
    records.save(article, at=at)
    article.groups.set(named)
    refresh_face(article)
    timeline.record(
        article, Verb.CHANGED, by=by, at=at, kind=timeline.Kind.FIELDS, visibility=INTERNAL
    )
    return article


def not_editable(article):
    if article.state == Article.State.IN_REVIEW:
        return _("It is being reviewed. Publish it or send it back first.")
    return _("A retired article is not changed any more.")


def _ask(policy, article, by):
    if by is not None and not policy(article, by):
        raise PermissionDenied


def _known(details):
    return {name: value for name, value in details.items() if name in DETAILS}


def _check_audience(article, groups):
    if article.audience == Article.Audience.RESTRICTED and not groups:
        raise ValidationError({"groups": _("Name at least one group that may read it.")})


def cleaned(texts):
    """All four texts, without what cannot be stored, titles in one line."""
    made = {}
    for name in TEXTS:
        text = without_nul(texts.get(name) or "").replace("\r\n", "\n").replace("\r", "\n")
        if name.startswith("title"):
            text = " ".join(text.split())
            if len(text) > 200:
                raise ValidationError({name: _("A title has at most 200 characters.")})
        elif len(text) > LONGEST_BODY:
            most = {"most": LONGEST_BODY}
            raise ValidationError({name: _("A text has at most %(most)d characters.") % most})
        made[name] = text.rstrip()
    if not made["title_en"] and not made["title_zh"]:
        raise ValidationError({"title_en": _("Give it a title in one of the languages.")})
    return made


def _add_version(article, texts, *, note, by, at, is_minor):
    """Numbers count up; each language remembers in which version it was last up to date."""
    number, last = article.latest_no + 1, article.latest
    changed = {}
    for language in Language.values:
        before = getattr(article, f"{language}_changed_in")
        is_new = last is None or any(
            getattr(last, f"{part}_{language}") != texts[f"{part}_{language}"]
            for part in ("title", "body")
        )
        changed[language] = number if is_new else before
    if is_minor:
        changed = dict.fromkeys(changed, number)
    version = ArticleVersion.objects.create(
        article=article, number=number, author=by, at=at, note=without_nul(note).strip()[:300],
        en_changed_in=changed["en"], zh_changed_in=changed["zh"], **texts,
    )  # fmt: skip
    article.latest_no = number
    article.en_changed_in, article.zh_changed_in = changed["en"], changed["zh"]
    for name in ("latest", "author_ids", "open_author_ids"):
        vars(article).pop(name, None)
    return version


def refresh_face(article):
    """What lists show and search finds: the public version; the latest while none is public."""
    shown = article.public or article.latest
    article.title_en, article.title_zh = shown.title_en, shown.title_zh
    Article.objects.filter(pk=article.pk).update(
        title_en=shown.title_en, title_zh=shown.title_zh,
        title=article.name_in(article.source_language),
    )  # fmt: skip
    article.title = article.name_in(article.source_language)
    bits = [
        article.number, shown.title_en, shown.title_zh, article.keywords,
        plain(shown.body_en), plain(shown.body_zh),
    ]  # fmt: skip
    text = fold(" ".join(bits))[:200_000]
    RecordText.objects.filter(record_id=article.pk).update(search_public=text, search_agent=text)

"""The steps of an article: submitted, published, sent back, flagged, retired (domain rules 4.6)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.lifecycle import take
from knowledge.actions.writing import refresh_face
from knowledge.events import Verb
from knowledge.models import Article
from records import actions as records
from records import timeline

REVIEWED_EVERY = timedelta(days=365)
INTERNAL = timeline.Visibility.INTERNAL


def submit(article, *, by, comment="", at=None, seen_version=None):
    """Hand the latest version to the reviewers."""
    return _step(article, "submit", Verb.SUBMITTED, by=by, at=at, seen=seen_version, body=comment)


@transaction.atomic
def publish(article, *, by, review_due=None, at=None, seen_version=None):
    """Make the latest version the public one, with its pictures. `review_due`: a day, default in
    a year; it must lie ahead."""
    at = at or time.now()
    review_due = review_due or (at + REVIEWED_EVERY).date()
    if review_due <= at.date():
        raise ValidationError({"review_due": _("The next review must lie ahead.")})
    article = _step(
        article, "publish", Verb.PUBLISHED, by=by, at=at, seen=seen_version,
        inputs={"at": at, "publisher": by, "review_due": review_due},
    )  # fmt: skip
    vars(article).pop("public", None)
    refresh_face(article)
    article.documents.filter(is_internal=True).update(is_internal=False)
    return article


def send_back(article, *, by, comment, at=None, seen_version=None):
    """To the author, who must know why."""
    _need(comment, _("Say what is missing or wrong."))
    return _step(
        article, "send_back", Verb.SENT_BACK, by=by, at=at, seen=seen_version, body=comment
    )


def flag(article, *, by, comment, at=None, seen_version=None):
    """Out of date, says somebody who works here; the system says it on the day of the review."""
    if by is not None:
        _need(comment, _("Say what is out of date."))
    return _step(
        article, "flag", Verb.FLAGGED, by=by, at=at, seen=seen_version, body=comment,
        is_due=by is None,
    )  # fmt: skip


def retire(article, *, by, comment, at=None, seen_version=None):
    """No longer shown to anybody but those who look after the articles."""
    _need(comment, _("Say why it is no longer needed."))
    return _step(article, "retire", Verb.RETIRED, by=by, at=at, seen=seen_version, body=comment)


def _need(comment, words):
    if not comment.strip():
        raise ValidationError({"comment": words})


@transaction.atomic
def _step(article, name, verb, *, by, at, seen, body="", inputs=None, **told):
    article = Article.objects.lock(article)
    records.check_version(article, seen)
    before, at = article.state, at or time.now()
    take(article, name, by=by, **(inputs or {}))
    records.save(article, at=at, from_state=before)
    timeline.record(
        article, verb, by=by, at=at, from_state=before, visibility=INTERNAL, body=body.strip(),
        number=article.latest_no, **told,
    )  # fmt: skip
    return article

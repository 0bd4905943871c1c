"""The verbs that knowledge announces. Stored words: never rename, retire."""

from django.db import models


class Verb(models.TextChoices):
    WRITTEN = "article.written"
    REVISED = "article.revised"
    CHANGED = "article.changed"
    SUBMITTED = "article.submitted"
    PUBLISHED = "article.published"
    SENT_BACK = "article.sent_back"
    FLAGGED = "article.flagged"
    RETIRED = "article.retired"
    USED = "article.used"

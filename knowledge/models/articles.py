"""Articles and their versions. Readers see the published version; a newer draft waits beside it.

A step checks and sets fields in memory. All that follows from it is in knowledge.actions.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.lifecycle import step
from core.triggers import append_only
from knowledge import policies
from records.kinds import Phase, record_kind, visibility_of
from records.models import Record, RecordQuerySet

TEXTS = ("title_en", "body_en", "title_zh", "body_zh")


class Language(models.TextChoices):
    EN = "en", _("English")
    ZH = "zh", _("Chinese")


def reading_language(language=None):
    """What a reader of this locale reads first, as "en" or "zh"."""
    return "zh" if (language or get_language() or "").startswith("zh") else "en"


class ArticleQuerySet(RecordQuerySet):
    def readable(self):
        """Those with a public version."""
        return self.filter(published_no__isnull=False).exclude(state=Article.State.RETIRED)

    def in_review(self):
        return self.filter(state=Article.State.IN_REVIEW)

    def due_for_review(self, day):
        """Published ones whose review date has come."""
        return self.filter(state=Article.State.PUBLISHED, review_due__lte=day)

    def to_bring_up_to_date(self, day):
        """Marked as out of date, or due to be."""
        due = Q(state=Article.State.PUBLISHED, review_due__lte=day)
        return self.filter(due | Q(state=Article.State.NEEDS_UPDATE))

    def with_language(self, language):
        return self.exclude(**{f"title_{language}": ""})

    def with_old_translation(self):
        """Both languages stand in the latest version, and the source changed after the other."""
        both = ~Q(title_en="") & ~Q(title_zh="")
        older = Q(source_language="en", zh_changed_in__lt=F("en_changed_in"))
        older |= Q(source_language="zh", en_changed_in__lt=F("zh_changed_in"))
        return self.filter(both & older)

    def for_list(self):
        return self.select_related("service", "category", "owner")

    def written_by(self, person):
        own = ArticleVersion.objects.filter(author=person).values("article_id")
        return self.filter(Q(owner=person) | Q(pk__in=own))


# --- guards -------------------------------------------------------------------------------------


def has_a_body(article):
    latest = article.latest
    if latest is None or not latest.languages:
        return _g("Write a title and a text in at least one language.")
    return None


def has_news(article):
    """A public article is submitted again only with something new."""
    if article.state == Article.State.PUBLISHED and article.latest_no == article.published_no:
        return _g("Nothing has been changed since the public version.")
    return None


@record_kind("article", prefix="KBA", label=_("Knowledge article"), namespace="knowledge",
             icon="book-open")  # fmt: skip
class Article(Record):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")
        NEEDS_UPDATE = "needs_update", _("Needs an update")
        RETIRED = "retired", _("Retired")

    class Kind(models.TextChoices):
        HOW_TO = "how_to", _("How-to")
        FAQ = "faq", _("Question and answer")
        WORKAROUND = "workaround", _("Workaround")
        PROCEDURE = "procedure", _("Procedure")
        REFERENCE = "reference", _("Reference")

    class Audience(models.TextChoices):
        PORTAL = "portal", _("Everybody")
        INTERNAL = "internal", _("Only those who work here")
        RESTRICTED = "restricted", _("Only the groups named")

    PHASES = {State.IN_REVIEW: Phase.WAITING, State.RETIRED: Phase.CLOSED}
    SHOWN = (State.PUBLISHED, State.NEEDS_UPDATE)

    article_kind = models.CharField(
        _("Kind"), max_length=12, choices=Kind.choices, default=Kind.HOW_TO
    )
    audience = models.CharField(
        _("For whom"), max_length=12, choices=Audience.choices, default=Audience.INTERNAL
    )
    groups = models.ManyToManyField(
        "people.SupportGroup", blank=True, related_name="articles", verbose_name=_("Groups")
    )
    ci_class = models.ForeignKey(
        "cmdb.CIClass", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Class of configuration item"),
    )  # fmt: skip
    keywords = models.CharField(_("Keywords"), max_length=300, blank=True)
    review_due = models.DateField(_("Review by"), null=True, blank=True)
    source_language = models.CharField(
        _("Written first in"), max_length=2, choices=Language.choices, default=Language.EN
    )
    # the face of the article: titles of the public version, of the latest one while none is public
    title_en = models.CharField(max_length=200, blank=True, editable=False)
    title_zh = models.CharField(max_length=200, blank=True, editable=False)
    latest_no = models.PositiveIntegerField(default=0, editable=False)
    en_changed_in = models.PositiveIntegerField(default=0, editable=False)
    zh_changed_in = models.PositiveIntegerField(default=0, editable=False)
    published_no = models.PositiveIntegerField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", editable=False
    )
    helpful = models.PositiveIntegerField(default=0, editable=False)
    unhelpful = models.PositiveIntegerField(default=0, editable=False)
    views = models.PositiveIntegerField(default=0, editable=False)
    uses = models.PositiveIntegerField(default=0, editable=False)
    deflections = models.PositiveIntegerField(default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                "review_due", name="article_review_due", condition=Q(review_due__isnull=False)
            )
        ]

    def save(self, **kwargs):
        """The audience in the columns that the rules of all records ask."""
        self.is_on_portal = self.audience == self.Audience.PORTAL
        is_restricted = self.audience == self.Audience.RESTRICTED
        self.confidentiality = "restricted" if is_restricted else "normal"
        self.title = (self.name_in(self.source_language) or self.title)[:200]
        super().save(**kwargs)

    # --- the lifecycle: ITSM domain rules 4.6 ---------------------------------------------------
    @step(_("Submit for review"), source=[State.DRAFT, State.NEEDS_UPDATE, State.PUBLISHED],
          to=State.IN_REVIEW, by=policies.can_edit, guards=[has_a_body, has_news])  # fmt: skip
    def submit(self):
        """Hand the latest version to the reviewers; a public one stays readable."""

    @step(_("Publish"), source=State.IN_REVIEW, to=State.PUBLISHED, by=policies.can_publish,
          guards=[has_a_body])  # fmt: skip
    def publish(self, *, at, publisher, review_due):
        self.published_no, self.published_at, self.published_by = self.latest_no, at, publisher
        self.review_due = review_due

    @step(_("Send back"), source=State.IN_REVIEW, to=State.DRAFT, by=policies.can_send_back)
    def send_back(self):
        """To its author, with a comment."""

    @step(_("Needs an update"), source=State.PUBLISHED, to=State.NEEDS_UPDATE,
          by=policies.can_flag)  # fmt: skip
    def flag(self):
        """Still shown, with a mark."""

    @step(_("Retire"), source=SHOWN, to=State.RETIRED, by=policies.can_manage)
    def retire(self):
        """No longer shown; its story stays."""

    # --- what it knows --------------------------------------------------------------------------
    @property
    def name(self):
        return self.name_in(reading_language())

    def name_in(self, language):
        first, second = self.title_en, self.title_zh
        return (second or first) if language == "zh" else (first or second)

    @property
    def is_readable(self):
        return self.published_no is not None and self.state != self.State.RETIRED

    @property
    def has_draft(self):
        """A newer version than the public one."""
        return self.latest_no > (self.published_no or 0)

    @property
    def is_editable(self):
        return self.state not in (self.State.IN_REVIEW, self.State.RETIRED)

    @cached_property
    def latest(self):
        return self.versions.filter(number=self.latest_no).first() if self.pk else None

    @cached_property
    def public(self):
        return self.versions.filter(number=self.published_no).first() if self.published_no else None

    @cached_property
    def author_ids(self):
        return set(self.versions.values_list("author_id", flat=True)) - {None}

    @cached_property
    def open_author_ids(self):
        """Who wrote what is not public yet; of an unchanged one, who wrote the public version."""
        since = self.published_no or 0
        if self.latest_no == since:
            since -= 1
        found = self.versions.filter(number__gt=since)
        return set(found.values_list("author_id", flat=True)) - {None}


class ArticleVersion(models.Model):
    """The texts as they were at a saving. Written once; the database refuses to change one."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title_en = models.CharField(max_length=200, blank=True)
    body_en = models.TextField(blank=True)
    title_zh = models.CharField(max_length=200, blank=True)
    body_zh = models.TextField(blank=True)
    # what changed, in the author's words
    note = models.CharField(max_length=300, blank=True)
    # the version in which each language was last brought up to date
    en_changed_in = models.PositiveIntegerField(default=0)
    zh_changed_in = models.PositiveIntegerField(default=0)
    author = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="one_article_version_a_number"
            )
        ]
        indexes = [models.Index(fields=["author", "article"], name="version_author")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.article_id} v{self.number}"

    @property
    def languages(self):
        """Languages with a title and a text."""
        return [
            language
            for language in Language.values
            if self.title_in(language).strip() and self.body_in(language).strip()
        ]

    def title_in(self, language):
        return getattr(self, f"title_{language}")

    def body_in(self, language):
        return getattr(self, f"body_{language}")

    def shown_in(self, wanted):
        """The language that a reader of `wanted` gets: their own, else the other."""
        languages = self.languages
        return wanted if wanted in languages or not languages else languages[0]

    def is_old_in(self, language, source):
        """Is the text in `language` a translation older than its source? By version numbers."""
        if language == source or set(self.languages) != set(Language.values):
            return False
        changed = {"en": self.en_changed_in, "zh": self.zh_changed_in}
        return changed[language] < changed[source]


@visibility_of("article")
def articles_for(person):
    return policies.articles_for(person)

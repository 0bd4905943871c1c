"""What readers did: read, voted, used on a ticket, solved it alone, searched in vain."""

from django.db import models

from core.triggers import append_only


class Reading(models.Model):
    """A person opened an article on a day. Counts as one view."""

    article = models.ForeignKey("knowledge.Article", models.CASCADE, related_name="readings")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "article", "day"], name="one_reading_a_day")
        ]

    def __str__(self):
        return f"{self.person_id} read {self.article_id}"


class Vote(models.Model):
    """Did it help? One vote a person; they may change their mind."""

    article = models.ForeignKey("knowledge.Article", models.CASCADE, related_name="votes")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    is_helpful = models.BooleanField()
    comment = models.TextField(blank=True)
    version_no = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "person"], name="one_article_vote_a_person")
        ]

    def __str__(self):
        return f"{self.person_id} on {self.article_id}: {self.is_helpful}"


class ArticleUse(models.Model):
    """An article that was used to work on a ticket, or read before it was reported."""

    class Way(models.TextChoices):
        ANSWER = "answer"
        READ_BEFORE = "read_before"

    article = models.ForeignKey("knowledge.Article", models.PROTECT, related_name="used_on")
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="articles_used")
    way = models.CharField(max_length=12, choices=Way.choices, default=Way.ANSWER)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "record", "way"], name="one_use_a_ticket_and_article"
            )
        ]

    def __str__(self):
        return f"{self.article_id} on {self.record_id}"


class Deflection(models.Model):
    """Somebody was about to report something, read an article, and needed no ticket."""

    article = models.ForeignKey("knowledge.Article", models.PROTECT, related_name="solved")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "article", "day"], name="one_deflection_a_day"
            )
        ]
        indexes = [models.Index(fields=["at"], name="deflection_at")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.person_id} by {self.article_id}"


class SearchNote(models.Model):
    """A search as it was sent: folded, with how much it found, and whether anything was opened."""

    class Place(models.TextChoices):
        PORTAL = "portal"
        REPORT = "report"
        AGENT = "agent"

    folded = models.CharField(max_length=120)
    place = models.CharField(max_length=8, choices=Place.choices)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    found = models.PositiveIntegerField(default=0)
    is_opened = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="search_note_at"),
            models.Index(fields=["folded", "at"], name="search_note_folded"),
        ]

    def __str__(self):
        return self.folded

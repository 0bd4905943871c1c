"""An administrator's own words for a letter to requesters, in one language. A row that is not there
means: the words that the desk came with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.triggers import audited
from people.models import Person


class LetterWords(models.Model):
    """Texts with the placeholders of servicedesk.notices.wording; empty ones change nothing."""

    template = models.CharField(_("Letter"), max_length=48)
    language = models.CharField(_("Language"), max_length=8, choices=Person.Locale)
    subject = models.CharField(_("Subject"), max_length=160, blank=True)
    opening = models.TextField(_("First words"), max_length=2000, blank=True)
    closing = models.TextField(_("Last words"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "language"], name="one_wording_a_letter_and_language"
            )
        ]
        verbose_name = _("letter")
        triggers = [audited()]

    def __str__(self):
        return f"{self.template} ({self.language})"

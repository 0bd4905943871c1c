"""An administrator's own words for letters to requesters: which letters, which placeholders, and how
they are put in. The text is never a template: a placeholder that is not listed stays as it stands.
"""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from people.models import Person
from servicedesk.models import LetterWords
from servicedesk.notices import audience
from servicedesk.notices.letters import desk_name, one_line

FIELDS = ("subject", "opening", "closing")
PLACEHOLDERS = {
    "number": gettext_lazy("The ticket's number"),
    "title": gettext_lazy("The ticket's title"),
    "state": gettext_lazy("Where it stands, in the requester's words"),
    "name": gettext_lazy("The reader's name"),
    "desk": gettext_lazy("The desk's name"),
}
PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
NAMES = {
    "acknowledgement": gettext_lazy("Received"),
    "reply": gettext_lazy("A new message"),
    "waiting": gettext_lazy("A question to the requester"),
    "on_hold": gettext_lazy("On hold"),
    "chased": gettext_lazy("Reminder of a question"),
    "resolved": gettext_lazy("Solved, please confirm"),
    "closed": gettext_lazy("Closed"),
    "cancelled": gettext_lazy("Taken back"),
    "merged": gettext_lazy("Goes on in another ticket"),
    "major_declared": gettext_lazy("Major incident: declared"),
    "major_updated": gettext_lazy("Major incident: news"),
    "major_ended": gettext_lazy("Major incident: over"),
    "approval_asked": gettext_lazy("Approval needed"),
    "approval_reminded": gettext_lazy("Approval needed: reminder"),
    "approval_expired": gettext_lazy("Approval: nobody answered"),
    "order_approved": gettext_lazy("Order approved"),
    "order_rejected": gettext_lazy("Order rejected"),
    "order_done": gettext_lazy("Order done, please confirm"),
    "feedback_received": gettext_lazy("Feedback received"),
    "feedback_answered": gettext_lazy("Feedback answered"),
    "feedback_closed": gettext_lazy("Feedback closed"),
    "survey": gettext_lazy("Survey"),
    "new": gettext_lazy("New ticket for the group"),
    "assigned": gettext_lazy("Assigned"),
    "message": gettext_lazy("The requester wrote"),
    "rejected": gettext_lazy("Solution rejected"),
    "task": gettext_lazy("Task"),
    "escalation": gettext_lazy("Escalation"),
    "mail_held": gettext_lazy("Mails are held"),
    "mail_bounced": gettext_lazy("A mail came back"),
    "article_submitted": gettext_lazy("Article to review"),
    "article_sent_back": gettext_lazy("Article sent back"),
    "article_published": gettext_lazy("Article published"),
    "article_flagged": gettext_lazy("Article flagged"),
    "announcement": gettext_lazy("Announcement"),
    "announcement_withdrawn": gettext_lazy("Announcement withdrawn"),
}


def name_of(template):
    """A letter's name for administrators; of one without, its code."""
    return str(NAMES.get(template, template.replace("_", " ")))


def editable():
    """The letters that reach the requester's side, in the order of their story."""
    found = {
        one.template for tellings in audience.TABLE.values() for one in tellings
        if one.side != audience.AGENT
    }  # fmt: skip
    return sorted(found, key=lambda one: (list(NAMES).index(one) if one in NAMES else 99, one))


@dataclass(frozen=True)
class Words:
    subject: str = ""
    opening: str = ""
    closing: str = ""

    @property
    def are_ours(self):
        """Whether they change nothing."""
        return not (self.subject or self.opening or self.closing)


def own_words(template):
    """{language: Words} of a letter, for every language."""
    found = {one.language: one for one in LetterWords.objects.filter(template=template)}
    return {
        code: Words(*(getattr(found.get(code), field, "") for field in FIELDS))
        for code in Person.Locale.values
    }


def words_for(template, locale):
    """The Words that hold for a reader of this language."""
    found = LetterWords.objects.filter(template=template, language=locale).first()
    return Words(found.subject, found.opening, found.closing) if found else Words()


def apply(letter, subject, words=None):
    """Put an administrator's words into a letter to the requester's side. What the letter leads to,
    quotes and promises stays. `words`: these instead of the stored ones, for a preview."""
    if not subject.is_portal:
        return letter
    words = words or words_for(subject.notification.template, subject.person.locale)
    if words.are_ours:
        return letter
    values = _values(subject)
    if words.subject:
        letter.subject = one_line(filled(words.subject, values))
    if words.opening:
        letter.lead = _paragraphs(filled(words.opening, values))
    if words.closing:
        letter.foot = [*letter.foot, *_paragraphs(filled(words.closing, values))]
    return letter


def filled(text, values):
    """`text` with its listed placeholders replaced, once: what a value holds is never looked at."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _values(subject):
    return {
        "number": subject.number or "",
        "title": one_line(subject.title or ""),
        "state": str(subject.state or ""),
        "name": one_line(subject.person.name, 120),
        "desk": desk_name(),
    }


def _paragraphs(text):
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return [part.strip() for part in parts if part.strip()]


@transaction.atomic
def save(template, language, words, *, by):
    """Keep an administrator's words; without any, the delivered ones hold again."""
    audit.acting(by)
    rows = LetterWords.objects.filter(template=template, language=language)
    if words.are_ours:
        for row in rows:
            row.delete()
        return
    values = {field: getattr(words, field) for field in FIELDS}
    LetterWords.objects.update_or_create(template=template, language=language, defaults=values)


def reset(template, *, by):
    """Back to the delivered words, in every language."""
    for language in Person.Locale.values:
        save(template, language, Words(), by=by)


def sample(language, person):
    """Values of the placeholders for a preview without any mail to show."""
    with translation.override(language):
        return {
            "number": "INC-000123", "title": _("Printer on the third floor"),
            "state": _("Being worked on"), "name": person.name, "desk": desk_name(),
        }  # fmt: skip

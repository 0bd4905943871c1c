"""Letters about articles: to who reviews them, to their authors and owners."""

from django.utils.translation import gettext as _

from servicedesk.notices.letters import Letter, excerpt, letter


def article(subject, line, head):
    """The usual letter: what happened, the words said with it, the article one click away."""
    title = getattr(subject.record.child(), "name", "") or subject.title
    return Letter(
        line=line, subject=_("%(what)s: %(title)s") % {"what": head, "title": title}, lead=[line],
        quote=subject.words, facts=[(_("Article"), f"{subject.number} {title}")],
        button=(_("Open the article"), subject.url()),
    )  # fmt: skip


@letter("article_submitted")
def submitted(subject):
    line = _("%(name)s submitted an article for review.") % {"name": subject.actor}
    return article(subject, line, _("To review"))


@letter("article_sent_back")
def sent_back(subject):
    line = _("%(name)s sent your article back: %(text)s") % {
        "name": subject.actor, "text": excerpt(subject.words),
    }  # fmt: skip
    return article(subject, line, _("Sent back"))


@letter("article_published")
def published(subject):
    line = _("%(name)s published your article.") % {"name": subject.actor}
    return article(subject, line, _("Published"))


@letter("article_flagged")
def flagged(subject):
    if subject.entry is not None and subject.entry.data.get("is_due"):
        line = _("The day on which your article is to be reviewed has come.")
    else:
        line = _("%(name)s says that your article is out of date: %(text)s") % {
            "name": subject.actor, "text": excerpt(subject.words),
        }  # fmt: skip
    return article(subject, line, _("Needs an update"))

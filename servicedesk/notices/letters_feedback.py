"""Letters about feedback: received, for its owner, answered, gone up; and the question how content
somebody was."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicedesk.models import SurveyResponse
from servicedesk.notices import addresses
from servicedesk.notices.letters import Letter, letter, moment
from servicedesk.notices.letters_agents import ticket
from servicedesk.surveys import links


@letter("feedback_received")
def received(subject):
    facts = []
    if answer_by := subject.answer_by:
        facts.append((_("You hear from us by"), moment(answer_by)))
    return Letter(
        line=_("We have received your feedback."),
        subject=_("Received: %(title)s") % {"title": subject.title},
        lead=[
            _("Thank you. Your feedback has the number %(number)s.") % {"number": subject.number},
            _("Somebody who is not involved looks into it and answers you."),
        ],
        facts=facts,
        button=(_("Follow it"), subject.url()),
        invites_reply=True,
        is_automatic_answer=True,
    )


@letter("feedback_new")
def new(subject):
    line = _("New feedback: %(kind)s.") % {
        "kind": subject.record.child().get_feedback_kind_display()
    }
    return ticket(subject, line, pgettext("mail", "Feedback"), quote=subject.record.description)


@letter("feedback_owner")
def owner(subject):
    line = _("You are to answer this feedback.")
    return ticket(subject, line, pgettext("mail", "Feedback to answer"),
                  quote=subject.words or subject.record.description)  # fmt: skip


@letter("feedback_answered")
def answered(subject):
    deadline = subject.entry.data.get("deadline") if subject.entry else None
    foot = []
    if deadline:
        foot.append(
            _("If we do not hear from you by %(moment)s, we take it as settled.")
            % {"moment": moment(deadline)}
        )
    return Letter(
        line=_("Your feedback is answered. Please say whether you are content."),
        subject=_("Answered: %(title)s") % {"title": subject.title},
        lead=[_("Here is our answer to your feedback. Please say whether you are content.")],
        quote=subject.words,
        button=(_("I am content"), subject.url("confirm")),
        links=[(_("I am not content"), subject.url("reject"))],
        foot=foot,
    )


@letter("feedback_closed")
def closed(subject):
    return Letter(
        line=_("Your feedback is closed."),
        subject=_("Closed: %(title)s") % {"title": subject.title},
        lead=[_("We have not heard from you, so we take our answer as settled.")],
        button=(_("Open it"), subject.url()),
    )


def _survey(subject, line, head, lead):
    """Five links, one a score: each opens a page that notes it and takes a comment."""
    found = SurveyResponse.objects.filter(pk=subject.data.get("survey")).first()
    if found is None:
        return Letter(line=line, subject=head, lead=lead)
    return Letter(
        line=line,
        subject=head,
        lead=lead,
        links=[
            (
                f"{'★' * score}{'☆' * (5 - score)} {label}",
                addresses.site_url("servicedesk:survey_link", links.make(found), score),
            )
            for score, label in SurveyResponse.Score.choices
        ],
        foot=[
            _("One click is enough, you need not sign in. The link is only for you."),
            _("You can change your answer until %(moment)s.") % {"moment": moment(found.closes_at)},
        ],
    )


@letter("survey")
def survey(subject):
    return _survey(
        subject, _("How content were you with our help?"),
        _("How content were you? %(title)s") % {"title": subject.title},
        [_("Your request is finished. How content were you with our help?")],
    )  # fmt: skip


@letter("survey_reminder")
def survey_reminder(subject):
    return _survey(
        subject, _("Reminder: how content were you with our help?"),
        _("Reminder, how content were you? %(title)s") % {"title": subject.title},
        [_("We would still like to know how content you were. We ask only this once more.")],
    )  # fmt: skip

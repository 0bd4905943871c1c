"""Letters to requesters: in their words, without impact, priority or group; who acts next, until
when, and what to click."""

from django.utils.translation import gettext as _

from servicedesk.notices.letters import Letter, desk_name, excerpt, letter, moment


def promises_of(subject):
    """What was promised, as the requester's own times."""
    facts = []
    if answer_by := subject.answer_by:
        facts.append((_("You hear from us by"), moment(answer_by)))
    if solve_by := subject.solve_by:
        facts.append((_("We aim to solve it by"), moment(solve_by)))
    return facts


@letter("acknowledgement")
def acknowledgement(subject):
    return Letter(
        line=_("We have received your request."),
        subject=_("Received: %(title)s") % {"title": subject.title},
        lead=[
            _("We have received your request. Its number is %(number)s.")
            % {"number": subject.number},
            _("Next, the service desk looks at it. You need to do nothing now."),
        ],
        facts=lambda: promises_of(subject),
        button=(_("Follow your request"), subject.url()),
        foot=[_("To add something, answer in the portal.")],
        invites_reply=True,
        is_automatic_answer=True,
    )


def reply(subject):
    """What somebody wrote, to the requester's side."""
    return Letter(
        line=_("%(name)s wrote: %(text)s")
        % {"name": subject.actor, "text": excerpt(subject.words)},
        subject=_("New message: %(title)s") % {"title": subject.title},
        lead=[_("%(name)s wrote:") % {"name": subject.actor}],
        quote=subject.words,
        button=(_("Answer in the portal"), subject.url("reply")),
        invites_reply=True,
    )


@letter("waiting")
def waiting(subject):
    lead = [
        _("%(name)s needs an answer from you to go on with your request.") % {"name": subject.actor}
    ]
    until = subject.data_until
    foot = [_("Until you answer, the promised time does not run.")]
    if until:
        foot.append(_("We wait until %(moment)s.") % {"moment": moment(until)})
    return Letter(
        line=_("%(name)s asks: %(text)s") % {"name": subject.actor, "text": excerpt(subject.words)}
        if subject.words
        else _("%(name)s needs an answer from you.") % {"name": subject.actor},
        subject=_("We need your answer: %(title)s") % {"title": subject.title},
        lead=lead,
        quote=subject.words,
        button=(_("Answer in the portal"), subject.url("reply")),
        foot=foot,
        invites_reply=True,
    )


@letter("chased")
def chased(subject):
    return Letter(
        line=_("Reminder: we still need your answer."),
        subject=_("Reminder, we need your answer: %(title)s") % {"title": subject.title},
        lead=[
            _("We asked you something and cannot go on without your answer."),
            _("If we hear nothing from you, we will close the request; you can reopen it then."),
        ],
        quote=lambda: subject.last_question,
        button=(_("Answer in the portal"), subject.url("reply")),
        invites_reply=True,
    )


def on_hold(subject):
    facts = [(_("Until"), moment(subject.data_until))] if subject.data_until else []
    return Letter(
        line=_("Your request is on hold. You need to do nothing."),
        subject=_("On hold: %(title)s") % {"title": subject.title},
        lead=[_("Your request is on hold for now. You need to do nothing; we will go on with it.")],
        quote=subject.words,
        facts=facts,
        button=(_("Follow your request"), subject.url()),
    )


def resolved(subject):
    deadline = subject.entry.data.get("deadline") if subject.entry else None
    foot = []
    if deadline:
        foot.append(
            _("If we do not hear from you by %(moment)s, we take it as solved and close it.")
            % {"moment": moment(deadline)}
        )
    return Letter(
        line=_("Your request is solved. Please confirm it or say what does not work yet."),
        subject=_("Solved, please confirm: %(title)s") % {"title": subject.title},
        lead=[
            _("We have solved your request. Please tell us whether it works for you."),
        ],
        quote=lambda: subject.words or subject.resolution,
        button=(_("Yes, it is solved"), subject.url("confirm")),
        links=[(_("No, it does not work yet"), subject.url("reject"))],
        foot=foot,
    )


def resolved_follower(subject):
    return Letter(
        line=_("A request that you follow is solved."),
        subject=_("Solved: %(title)s") % {"title": subject.title},
        lead=[_("A request that you follow is solved.")],
        quote=lambda: subject.words or subject.resolution,
        button=(_("Open the request"), subject.url()),
    )


def closed(subject):
    by_silence = subject.entry is not None and subject.entry.verb.endswith("auto_closed")
    lead = (
        _("We have not heard from you, so we take your request as solved. It is closed now.")
        if by_silence
        else _("Your request is closed. Thank you for telling us.")
    )
    return Letter(
        line=_("Your request is closed."),
        subject=_("Closed: %(title)s") % {"title": subject.title},
        lead=[lead],
        quote=lambda: subject.resolution,
        button=(_("Open the request"), subject.url()),
        foot=[_("If it comes back, write to us about it: we open a new request that refers here.")],
    )


def cancelled(subject):
    return Letter(
        line=_("Your request was taken back."),
        subject=_("Taken back: %(title)s") % {"title": subject.title},
        lead=[_("%(name)s took the request back, so nobody works on it any more.")
              % {"name": subject.actor}],
        quote=subject.words,
        button=(_("Open the request"), subject.url()),
        foot=[_("Is this a mistake? Then report it again.")],
    )  # fmt: skip


def merged(subject):
    target = subject.merge_target
    if target is None:
        said = _("Your request is handled together with another one about the same thing.")
    else:
        said = _("Your request is handled together with %(number)s, which is about the same thing.")
        said %= {"number": target.number}
    button = (_("Open the request"), subject.url())
    if target is not None:
        button = (_("Follow it there"), subject.url_of(target))
    return Letter(
        line=said,
        subject=_("Handled together with another request: %(title)s") % {"title": subject.title},
        lead=[said, _("Whatever happens there, you are told.")],
        button=button,
    )


def major_declared(subject):
    return Letter(
        line=_("What you reported is part of a large disruption. We are working on it first."),
        subject=_("Large disruption: %(title)s") % {"title": subject.title},
        lead=[
            _("What you reported is part of a large disruption that concerns many people."),
            _("%(desk)s is working on it before everything else and will keep you informed.")
            % {"desk": desk_name()},
        ],
        button=(_("Follow your request"), subject.url()),
    )


def major_updated(subject):
    return Letter(
        line=_("News about the large disruption: %(text)s") % {"text": excerpt(subject.words)},
        subject=_("News about the large disruption: %(title)s") % {"title": subject.title},
        lead=[_("There is news about the large disruption that concerns your request.")],
        quote=subject.words,
        button=(_("Follow your request"), subject.url()),
    )


def major_ended(subject):
    return Letter(
        line=_("The large disruption is over."),
        subject=_("The large disruption is over: %(title)s") % {"title": subject.title},
        lead=[_("The large disruption that concerns your request is over.")],
        quote=subject.words,
        button=(_("Follow your request"), subject.url()),
    )

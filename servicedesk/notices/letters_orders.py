"""Letters about orders: rejected, done, and ready for the group to begin."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicedesk.notices.letters import Letter, excerpt, letter, moment
from servicedesk.notices.letters_agents import ticket
from servicedesk.notices.letters_portal import promises_of


@letter("order_rejected")
def rejected(subject):
    if not subject.is_portal:
        line = _("This order was rejected.")
        return ticket(subject, line, pgettext("mail", "Rejected"), quote=subject.words)
    is_own = subject.data.get("why") != "watcher"
    lead = [
        _("Your order was rejected.") if is_own else _("An order that you follow was rejected.")
    ]
    if is_own:
        lead.append(_("You may change it and send it again, or leave it as it is."))
    return Letter(
        line=_("Rejected: %(text)s") % {"text": excerpt(subject.words)},
        subject=_("Rejected: %(title)s") % {"title": subject.title},
        lead=lead,
        quote=subject.words,
        button=(_("Open the order"), subject.url()),
    )


@letter("order_done")
def done(subject):
    if not subject.is_portal:
        line = _("%(name)s fulfilled this request.") % {"name": subject.actor}
        return ticket(subject, line, pgettext("mail", "Fulfilled"), quote=subject.words)
    if subject.data.get("why") == "watcher":
        line = _("An order that you follow is done.")
        return Letter(
            line=line, subject=_("Done: %(title)s") % {"title": subject.title}, lead=[line],
            quote=subject.words, button=(_("Open the order"), subject.url()),
        )  # fmt: skip
    deadline = subject.entry.data.get("deadline") if subject.entry else None
    foot = []
    if deadline:
        foot.append(
            _("If we do not hear from you by %(moment)s, we take it as done and close it.")
            % {"moment": moment(deadline)}
        )
    return Letter(
        line=_("Your order is done. Please say whether everything is there."),
        subject=_("Done, please confirm: %(title)s") % {"title": subject.title},
        lead=[_("Your order is done. Please tell us whether everything is there.")],
        quote=subject.words,
        button=(_("Yes, I have it"), subject.url("confirm")),
        links=[(_("No, something is missing or wrong"), subject.url("reject"))],
        foot=foot,
    )


@letter("order_approved")
def approved(subject):
    if subject.is_portal:
        return Letter(
            line=_("Your order is approved. Work on it begins."),
            subject=_("Approved: %(title)s") % {"title": subject.title},
            lead=[_("Your order is approved. Work on it begins, and you need to do nothing now.")],
            facts=lambda: promises_of(subject),
            button=(_("Follow your order"), subject.url()),
        )
    line = _("An order for your group is approved.")
    return ticket(subject, line, pgettext("mail", "Approved"), quote=subject.record.description)

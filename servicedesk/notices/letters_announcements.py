"""Letters about announcements: to everybody they are for, in the reader's own language."""

from django.utils.translation import gettext as _

from servicedesk.notices.letters import Letter, letter, moment


def facts_of(announcement):
    facts = []
    if announcement.starts_at:
        facts.append((_("From"), moment(announcement.starts_at)))
    if announcement.ends_at:
        facts.append((_("Until"), moment(announcement.ends_at)))
    services = ", ".join(service.name for service in announcement.services.order_by("code")[:10])
    if services:
        facts.append((_("Services"), services))
    return facts


@letter("announcement")
def announcement(subject):
    found = subject.record.child()
    words = {"kind": found.get_announcement_kind_display(), "title": found.name}
    foot = [_("Please confirm that you have read it.")] if found.requires_ack else []
    return Letter(
        line=_("%(kind)s: %(title)s") % words, subject=_("%(kind)s: %(title)s") % words,
        lead=found.body.splitlines() or [found.name], facts=lambda: facts_of(found),
        button=(_("Read and confirm") if found.requires_ack else _("Read it"), subject.url()),
        foot=foot,
    )  # fmt: skip


@letter("announcement_withdrawn")
def withdrawn(subject):
    found = subject.record.child()
    line = _("This announcement is withdrawn: %(title)s") % {"title": found.name}
    return Letter(
        line=line, subject=_("Withdrawn: %(title)s") % {"title": found.name}, lead=[line],
        quote=found.withdrawal, button=(_("Open it"), subject.url()),
    )  # fmt: skip

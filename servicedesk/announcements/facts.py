"""Announcements in the words of their pages. No query in here but those that are named."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lifecycle import open_steps
from core.templatetags import ui
from servicedesk.models import Announcement
from servicedesk.portal.banners import ICONS, TONES, times_of

State = Announcement.State
FACES = {
    State.DRAFT: ("mute", "pencil"), State.SCHEDULED: ("plum", "calendar-clock"),
    State.PUBLISHED: ("ok", "megaphone"), State.ENDED: ("mute", "circle-check-big"),
    State.WITHDRAWN: ("mute", "circle-x"),
}  # fmt: skip
TABS = (
    ("now", gettext_lazy("Shown now"), Q(state=State.PUBLISHED)),
    ("scheduled", gettext_lazy("Scheduled"), Q(state=State.SCHEDULED)),
    ("drafts", gettext_lazy("Drafts"), Q(state=State.DRAFT)),
    ("past", gettext_lazy("Over"), Q(state__in=[State.ENDED, State.WITHDRAWN])),
)
MOST_NAMED = 8


def tabs_of(rows):
    """[(key, words, count)] of the list, in one statement."""
    counts = rows.aggregate(**{key: Count("pk", filter=rule) for key, _words, rule in TABS})
    return [(key, words, counts[key]) for key, words, _rule in TABS]


def decorate(announcement):
    """The announcement with what its pages print: face, look, times."""
    announcement.face = (announcement.state_label, *FACES[State(announcement.state)])
    announcement.tone = TONES[announcement.severity]
    announcement.sign = ICONS[announcement.announcement_kind]
    announcement.times = times_of(announcement)
    return announcement


def audience_words(announcement):
    """For whom it is, in words."""
    if announcement.is_for_all:
        return [_("Everybody")]
    found = []
    for label, rows in (
        (_("Organisations"), announcement.organizations), (_("Sites"), announcement.sites),
        (_("Users of"), announcement.services),
    ):  # fmt: skip
        names = [row.name for row in rows.order_by("code")[: MOST_NAMED + 1]]
        if len(names) > MOST_NAMED:
            names[MOST_NAMED:] = ["…"]
        if names:
            found.append(_("%(what)s: %(names)s") % {"what": label, "names": ", ".join(names)})
    return found or [_("Nobody yet")]


def channel_words(announcement):
    chosen = (
        (announcement.is_banner, _("banner")), (announcement.is_in_page, _("notice in the page")),
        (announcement.is_by_mail, _("mail")),
    )  # fmt: skip
    return ", ".join(str(words) for is_chosen, words in chosen if is_chosen) or _("none")


def facts_of(announcement):
    """[(label, value, address)] of the rail."""
    facts = [
        (_("Kind"), announcement.get_announcement_kind_display(), ""),
        (_("Severity"), announcement.get_severity_display(), ""),
        (_("Shown from"), ui.when(announcement.starts_at) if announcement.starts_at else "–", ""),
        (_("Shown until"), ui.when(announcement.ends_at) if announcement.ends_at
         else _("until it is ended"), ""),
        (_("Ways"), channel_words(announcement), ""),
        (_("Written by"), announcement.owner.name if announcement.owner_id else "–", ""),
    ]  # fmt: skip
    if announcement.published_at:
        facts.append((_("Published"), ui.when(announcement.published_at), ""))
    if announcement.about_id:
        href = reverse("work:find", args=[announcement.about.number])
        facts.append((_("About"), announcement.about.number, href))
    if announcement.variation_id:
        number = announcement.variation.number
        href = reverse("slm:variation", args=[number])
        facts.append((_("Short-term change"), number, href))
    return facts


def steps_of(announcement, person):
    """[(name, label, icon, address, reasons)] in the order of the lifecycle."""
    return [
        (step.name, step.label, step.icon,
         reverse("announcements:step", args=[announcement.number, step.name]), step.reasons)
        for step in open_steps(announcement, person)
    ]  # fmt: skip

"""From a row to words: in the reader's language and time zone, for the page and for the mail.

Both parts of a mail are rendered from one Letter, so they say the same. Mail programs know no
style sheets: the styles stand here once, as attributes.
"""

import zoneinfo
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from servicedesk.notices import (  # noqa: F401 they register their letters
    addresses,
    letters_agents,
    letters_announcements,
    letters_approvals,
    letters_desks,
    letters_feedback,
    letters_knowledge,
    letters_orders,
    wording,
)
from servicedesk.notices.letters import (
    LETTERS,
    Letter,
    Subject,
    desk_name,
    one_line,
    portal_name,
)

FONTS = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Arial,'PingFang SC','Microsoft YaHei',sans-serif"
# The light theme's colours, in hex.
STYLES = {
    "body": f"margin:0;padding:0;background:#f8f7f4;color:#1a1f29;font:16px/1.55 {FONTS}",
    "main": "max-width:600px;margin:0 auto;padding:24px 16px",
    "marker": "margin:0 0 16px;color:#5c626b;font-size:13px",
    "card": "background:#ffffff;border:1px solid #e4e2dd;border-radius:10px",
    "inside": "padding:24px",
    "state": "margin:0;color:#5c626b;font-size:13px",
    "title": "margin:4px 0 16px;font-size:20px;line-height:1.3",
    "text": "margin:0 0 12px",
    "quote": "margin:0 0 20px;padding:0 0 0 12px;border-left:3px solid #e4e2dd",
    "label": "padding:2px 12px 2px 0;color:#5c626b;font-size:14px;vertical-align:top",
    "value": "padding:2px 0;font-size:14px;vertical-align:top",
    "facts": "margin:0 0 20px",
    "cell": "background:#2751b8;border-radius:6px",
    "button": "display:inline-block;padding:11px 18px;color:#ffffff;font-weight:600;"
    "text-decoration:none",
    "link": "color:#2751b8",
    "after": "margin:16px 0 0;font-size:14px",
    "foot": "margin:12px 0 0;color:#4a505a;font-size:14px",
    "item": "margin:0 0 10px;font-size:14px",
    "end": "margin:16px 0 0;color:#5c626b;font-size:13px",
}
LOOK = {name: mark_safe(f'style="{escape(style)}"') for name, style in STYLES.items()}


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str
    language: str
    sender: str
    is_automatic_answer: bool


@contextmanager
def reader(person):
    """Speak this person's language and show their time, whoever is at work here."""
    zone = zoneinfo.ZoneInfo(person.zone_name)
    with translation.override(person.locale), timezone.override(zone):
        yield


def letter_of(notification):
    """The Letter of a row, in the language and zone that are active. An unknown template, as an
    older version may have left behind, still says which record moved."""
    write = LETTERS.get(notification.template)
    subject = Subject.of(notification)
    if write is None:
        line = _("There is news.")
        button = (_("Open it"), subject.url()) if notification.record_id else ()
        return Letter(line=line, subject=f"{line} {subject.title}", lead=[line], button=button)
    return write(subject)


def line_of(notification):
    """The sentence that the page shows."""
    return one_line(letter_of(notification).line, 300)


def takes_replies_to(notification):
    """An announcement is told to many: who answers it writes to the desk, not into its story."""
    return notification.record is not None and notification.record.kind != "announcement"


def mail_of(notification, words=None):
    """The mail of one row, in its reader's language and time zone. `words`: an administrator's, for
    a preview, instead of the stored ones."""
    with reader(notification.person):
        subject, letter = Subject.of(notification), letter_of(notification)
        letter = wording.apply(letter, subject, words)
        number = subject.number
        head = f"[{number}] {letter.subject}" if number else letter.subject
        context = {
            "number": number,
            "state": subject.state,
            "heading": one_line(subject.title, 200),
            "takes_replies": takes_replies_to(notification),
            "is_portal": subject.is_portal,
        }
        return _rendered(one_line(head), letter, context)


def digest_of(person, notifications, *, is_daily):
    """One mail that stands for many, the newest fifty in words."""
    with reader(person):
        count = len(notifications)
        if is_daily:
            head = _("Your notices of the day: %(count)d") % {"count": count}
            line = _("This happened since your last daily mail.")
        else:
            head = _("%(count)d promises in danger or broken") % {"count": count}
            line = _("Many tickets need attention at once. They stand here in one mail.")
        letter = Letter(
            line=line,
            subject=head,
            lead=[line],
            items=[_item(row) for row in notifications[:50]],
            button=(_("See all notices"), addresses.site_url("servicedesk:notifications")),
        )
        if count > len(letter.items):
            more = count - len(letter.items)
            letter.foot.append(_("And %(count)d more.") % {"count": more})
        return _rendered(one_line(head), letter, {"heading": head, "is_portal": False})


def _item(notification):
    found = Subject.of(notification)
    title = one_line(f"{found.number} {found.title}", 120)
    return line_of(notification), title, found.url() if notification.record_id else ""


def _rendered(subject, letter, context):
    is_chinese = translation.get_language().startswith("zh")
    name = portal_name() if context.get("is_portal") else desk_name()
    takes_replies = context.get("takes_replies") and settings.MAIL_TAKES_REPLIES
    letter.facts = letter.facts() if callable(letter.facts) else letter.facts
    letter.quote = letter.quote() if callable(letter.quote) else letter.quote
    context = context | {
        "letter": letter,
        "look": LOOK,
        "language": "zh-Hans" if is_chinese else "en",
        "subject": subject,
        "sender": name,
        "takes_replies": takes_replies,
        "profile_url": addresses.site_url("people:profile"),
    }
    return Rendered(
        subject=subject,
        text=render_to_string("mail/message.txt", context).strip() + "\n",
        html=render_to_string("mail/message.html", context).strip() + "\n",
        language="zh-Hans" if is_chinese else "en",
        sender=name,
        is_automatic_answer=letter.is_automatic_answer,
    )

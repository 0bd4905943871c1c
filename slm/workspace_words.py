"""Words and looks of a record's page: states, levels, rules of clocks. No query in here."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from records.kinds import KINDS, Phase
from records.models import Task

STATES = {
    "new": ("plum", "circle-dashed"),
    "assigned": ("info", "circle"),
    "in_progress": ("info", "loader-circle"),
    "pending": ("mute", "circle-pause"),
    "resolved": ("ok", "circle-check"),
    "closed": ("mute", "circle-check-big"),
    "cancelled": ("mute", "circle-x"),
    "draft": ("mute", "pencil"),
    "submitted": ("plum", "circle-dashed"),
    "awaiting_approval": ("warn", "stamp"),
    "approved": ("plum", "circle-check"),
    "rejected": ("danger", "circle-x"),
    "in_fulfilment": ("info", "loader-circle"),
    "fulfilled": ("ok", "circle-check"),
    "received": ("plum", "circle-dashed"),
    "under_review": ("info", "search-check"),
    "answered": ("ok", "message-square-reply"),
    "withdrawn": ("mute", "undo-2"),
}
PHASES = {
    Phase.OPEN: ("info", "circle"),
    Phase.WAITING: ("mute", "circle-pause"),
    Phase.RESOLVED: ("ok", "circle-check"),
    Phase.CLOSED: ("mute", "circle-check-big"),
}
LEVELS = {
    1: pgettext_lazy("level", "High"),
    2: pgettext_lazy("level", "Medium"),
    3: pgettext_lazy("level", "Low"),
    4: pgettext_lazy("level", "Very low"),
    5: pgettext_lazy("level", "Minimal"),
}
CHANNELS = {
    "portal": gettext_lazy("on the portal"),
    "phone": gettext_lazy("by telephone"),
    "email": gettext_lazy("by e-mail"),
    "walk_in": gettext_lazy("at the desk"),
    "chat": gettext_lazy("by chat"),
    "fax": gettext_lazy("by fax"),
    "api": gettext_lazy("through an interface"),
    "monitoring": gettext_lazy("by monitoring"),
    "import": gettext_lazy("in an import"),
}
RULES = {
    "opened": gettext_lazy("the record was opened"),
    "responded": gettext_lazy("first answer of the desk"),
    "updated": gettext_lazy("public update"),
    "asked": gettext_lazy("a message of the requester waits"),
    "assigned": gettext_lazy("assigned to the group"),
    "handed_over": gettext_lazy("handed to another group"),
    "group": gettext_lazy("another group took over"),
    "resumed": gettext_lazy("resumed by hand"),
    "answered": gettext_lazy("the requester answered"),
    "date": gettext_lazy("the agreed date came"),
    "escalated": gettext_lazy("escalated"),
    "resolved": gettext_lazy("resolved"),
    "reopened": gettext_lazy("reopened"),
    "retargeted": gettext_lazy("priority, service or customer changed"),
    "no_promise": gettext_lazy("no agreement promises this any more"),
    "cancelled": gettext_lazy("cancelled"),
    "merged": gettext_lazy("merged into another record"),
    "unmerged": gettext_lazy("the merge was undone"),
    "closed": gettext_lazy("closed"),
    "off_hours": gettext_lazy("outside the support hours"),
    "start": gettext_lazy("started"),
    "pause": gettext_lazy("paused"),
    "resume": gettext_lazy("resumed"),
    "retarget": gettext_lazy("new target"),
    "responsible": gettext_lazy("another group took over"),
    "stop": gettext_lazy("stopped"),
    "reopen": gettext_lazy("reopened"),
    "cancel": gettext_lazy("cancelled"),
    "approval": gettext_lazy("waits for an approval"),
    "approved": gettext_lazy("approved"),
    "rejected": gettext_lazy("rejected"),
    "resubmitted": gettext_lazy("asked for anew"),
    "recompute": gettext_lazy("the calendar changed"),
    "imported": gettext_lazy("imported"),
}
TASKS = {
    Task.State.OPEN: "circle-dashed",
    Task.State.IN_PROGRESS: "loader-circle",
    Task.State.DONE: "circle-check",
    Task.State.FAILED: "octagon-alert",
    Task.State.SKIPPED: "chevrons-right",
    Task.State.CANCELLED: "circle-x",
}


def state_look(record):
    """(words, tone, icon) of a record's state; a waiting one says what for."""
    tone, icon = STATES.get(record.state) or PHASES.get(record.phase, ("", "circle"))
    words = record.state_label
    if record.pending_reason_id:
        words = _("%(state)s: %(reason)s") % {
            "state": words, "reason": record.pending_reason.name,
        }  # fmt: skip
    return words, tone, icon


def state_word(kind, state):
    """The word of a stored state; one that the kind no longer knows is shown as it is."""
    try:
        return str(KINDS[kind].states(state).label)
    except (KeyError, ValueError):
        return state


def level_word(level):
    """The word of an impact or urgency; an unknown one is its number."""
    if not level:
        return ""
    word = LEVELS.get(int(level))
    return f"{level} – {word}" if word else str(level)


def rule_word(rule, reasons=None):
    """Why a clock did something. `reasons` is {code: name} of the pending reasons."""
    code, colon, rest = (rule or "").partition(":")
    if code == "pending" and colon:
        return (reasons or {}).get(rest, rest)
    if code == "variation" and colon:
        return _("short-term change %(number)s") % {"number": rest}
    if code == "variation_over" and colon:
        return _("end of the short-term change %(number)s") % {"number": rest}
    known = RULES.get(code)
    return str(known) if known else rule or ""


def address(name, *args):
    """An address, also of a higher floor; "" where nobody serves it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

"""How a state looks in a list: word, tone and picture, made once a language.

Waiting states say for whom the ticket waits; the long name of the reason stands on its own page.
"""

from functools import lru_cache

from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import state_chip
from records.kinds import KINDS, Phase

TONES = {
    "new": ("plum", "circle-dashed"),
    "assigned": ("info", "circle"),
    "in_progress": ("info", "loader-circle"),
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
}
BY_PHASE = {
    Phase.OPEN: ("info", "circle"),
    Phase.WAITING: ("mute", "circle-pause"),
    Phase.RESOLVED: ("ok", "circle-check"),
    Phase.CLOSED: ("mute", "circle-check-big"),
}
WAITING = {
    "wait_customer": _("Waiting: user"),
    "wait_supplier": _("Waiting: supplier"),
    "wait_change": _("Waiting: change"),
    "wait_part": _("Waiting: part"),
    "scheduled": _("Agreed date"),
    "monitoring": _("Monitoring"),
}
METRICS = {
    "response": gettext_lazy("Respond"),
    "update": gettext_lazy("Update"),
    "resolution": gettext_lazy("Resolve"),
    "workaround": gettext_lazy("Workaround"),
    "fulfilment": gettext_lazy("Fulfil"),
}


def state(kind, code, phase, reason="", reason_name=""):
    """The chip of a state: `reason` is the code of a pending reason, its name the fallback."""
    return _state(kind, code, phase, reason, reason_name, get_language())


@lru_cache(maxsize=1024)
def _state(kind, code, phase, reason, reason_name, language):
    tone, icon = TONES.get(code) or BY_PHASE.get(phase, ("", "circle"))
    if phase == Phase.WAITING and (reason or reason_name):
        tone, icon = BY_PHASE[Phase.WAITING]
        word = str(WAITING.get(reason) or reason_name)
    else:
        word = state_word(kind, code)
    return state_chip(word, tone, icon, plain=True)


def state_word(kind, code):
    found = KINDS.get(kind)
    states = dict(found.states.choices) if found else {}
    return str(states.get(code, code))


def metric(code):
    return str(METRICS.get(code) or gettext("Due"))

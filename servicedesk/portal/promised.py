"""What was promised to the requester: by when, whether it was kept, and where it comes from."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from core import formats
from core.templatetags.ui import language
from servicedesk.portal.progress import moment
from slm.models import Clock
from slm.terms import ClockKind, ClockState, Metric

FINAL = (Metric.RESOLUTION, Metric.FULFILMENT)
SHOWN = (Metric.RESPONSE, Metric.FEEDBACK_RESPONSE, *FINAL)


@dataclass(frozen=True)
class Promise:
    """One promised time. `look` is that of the clock in lists: ok, breached, pause or met."""

    look: str
    text: str
    hint: str = ""


def of_list(record, at):
    """The next promise of a row, from what the record itself keeps: (words, is_late)."""
    kept = record.sla or {}
    due = kept.get("due")
    if (
        kept.get("state") != ClockState.RUNNING
        or not due
        or record.phase not in ("open", "waiting")
    ):
        return "", False
    due_at = datetime.fromtimestamp(due, UTC)
    words = {"moment": moment(due_at)}
    if due_at < at:
        return _("promised by %(moment)s: we are late") % words, True
    if kept.get("metric") == Metric.FULFILMENT:
        return _("ready by %(moment)s") % words, False
    if kept.get("metric") in FINAL:
        return _("we aim to solve it by %(moment)s") % words, False
    return _("you hear from us by %(moment)s") % words, False


def of_page(record, at):
    """(promises, the sentence that says why these times). Asks for the clocks once."""
    clocks = (
        Clock.objects.filter(record=record, clock_kind=ClockKind.SLA, metric__in=SHOWN)
        .exclude(state=ClockState.CANCELLED)
        .select_related("agreement", "calendar_version__calendar")
        .order_by("-cycle", "pk")
    )
    latest = {}
    for clock in clocks:
        latest.setdefault(clock.metric, clock)
    found = sorted(latest.values(), key=lambda clock: SHOWN.index(clock.metric))
    return [_promise(clock, at) for clock in found], _why(found)


def _promise(clock, at):
    length = formats.duration_text(clock.target_seconds, language())
    promised = _("promised: within %(length)s") % {"length": length}
    if clock.state == ClockState.PAUSED:
        text = _words_of(clock.metric)["paused"]()
        left = max(clock.target_seconds - clock.elapsed_seconds, 0)
        left = formats.duration_text(left, language())
        return Promise("pause", text, _("%(length)s left") % {"length": left})
    if clock.state == ClockState.RUNNING:
        words = {"moment": moment(clock.due_at)}
        if clock.due_at is not None and clock.due_at < at:
            return Promise("breached", _("Promised by %(moment)s: we are late") % words, promised)
        said = _words_of(clock.metric)["due"]()
        return Promise("ok", said % words, promised)
    length = formats.duration_text(clock.elapsed_seconds, language())
    said = _words_of(clock.metric)["after"]()
    look = "met" if clock.state == ClockState.MET else "breached"
    return Promise(look, said % {"length": length}, promised)


SOLUTION = {
    "paused": lambda: _("The time for the solution does not run"),
    "due": lambda: _("We aim to solve it by %(moment)s"),
    "after": lambda: _("Solved after %(length)s"),
}
DELIVERY = {
    "paused": lambda: _("The time for the delivery does not run"),
    "due": lambda: _("We aim to have it ready by %(moment)s"),
    "after": lambda: _("Ready after %(length)s"),
}
ANSWER = {
    "paused": lambda: _("The time for an answer does not run"),
    "due": lambda: _("You hear from us by %(moment)s"),
    "after": lambda: _("Answered after %(length)s"),
}


def _words_of(metric):
    if metric == Metric.FULFILMENT:
        return DELIVERY
    return SOLUTION if metric in FINAL else ANSWER


def _why(clocks):
    shown = next((clock for clock in clocks if clock.agreement_id), None)
    if shown is None and any(one.metric == Metric.FEEDBACK_RESPONSE for one in clocks):
        return _("This is our own promise. Only the hours of service count.")
    if shown is None:
        return _("No time is agreed for this. We do it as soon as we can.")
    words = {
        "agreement": shown.agreement.title,
        "calendar": shown.calendar_version.calendar.name,
    }
    if shown.calendar_version.calendar.is_24x7:
        return (
            _("These times come from the agreement “%(agreement)s” and run day and night.") % words
        )
    return (
        _(
            "These times come from the agreement “%(agreement)s”. Only the hours of service"
            " (%(calendar)s) count, and no time while we wait for you."
        )
        % words
    )

"""The clocks of a record as its page shows them: cards, the drawing that explains one, its sentence.

Everything is replayed from the clock's own events (slm.engine), so card, drawing and table agree
to the second. Three statements for all clocks of a record.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats
from core.templatetags.ui import language
from slm.clockwork import as_event, timetable_of
from slm.engine import clock as engine
from slm.engine import explain
from slm.engine.terms import State
from slm.face import at_risk_percent
from slm.models import Clock, ClockEvent, Threshold
from slm.terms import LIVE_STATES, ClockKind, ClockState, Metric
from slm.workspace_ruler import Drawing, drawing_of
from slm.workspace_words import rule_word

SOON_SECONDS = 3600
ORDER = {Metric.RESPONSE: 1, Metric.UPDATE: 2}
ICONS = {
    "ok": "timer", "risk": "alarm-clock", "breached": "octagon-alert", "pause": "circle-pause",
    "met": "circle-check", "off": "circle-slash",
}  # fmt: skip


@dataclass
class Card:
    """One clock, replayed. Everything that a template prints is an attribute."""

    clock: Clock
    log: list
    now: object
    fired: dict = field(default_factory=dict)
    lang: str = "en"
    varied: str = ""  # the short-term change that the present target comes from

    @cached_property
    def shown(self):
        return engine.replay(self.log, timetable_of, self.now)

    @cached_property
    def segments(self):
        return explain.segments(self.log, timetable_of, self.now)

    @cached_property
    def deadline(self):
        return engine.deadline(self.log, timetable_of, self.now)

    @property
    def is_live(self):
        return self.shown.state in (State.RUNNING, State.PAUSED)

    @property
    def is_breached(self):
        return self.shown.breached_at is not None or self.shown.remaining_seconds < 0

    @cached_property
    def state(self):
        shown = self.shown
        if shown.state is State.MET:
            return "met"
        if shown.state is State.CANCELLED:
            return "off"
        if shown.state is State.MISSED or self.is_breached:
            return "breached"
        if shown.state is State.PAUSED:
            return "pause"
        soon = shown.due_at and (shown.due_at - self.now).total_seconds() <= SOON_SECONDS
        share = shown.elapsed_seconds * 100 >= shown.target_seconds * at_risk_percent(self.clock)
        return "risk" if soon or share else "ok"

    @property
    def icon(self):
        return ICONS[self.state]

    @property
    def name(self):
        clock = self.clock
        if clock.clock_kind == ClockKind.OLA and clock.group_id:
            return _("%(group)s · OLA") % {"group": clock.group.name}
        return f"{clock.get_metric_display()} · {clock.get_clock_kind_display()}"

    @property
    def value(self):
        shown, took = self.shown, self.length(self.shown.elapsed_seconds)
        if shown.state is State.MET:
            return _("Met in %(time)s") % {"time": took}
        if shown.state is State.MISSED:
            return _("Missed, %(time)s") % {"time": took}
        if shown.state is State.CANCELLED:
            return _("Not counted")
        left = self.length(shown.remaining_seconds)
        if shown.remaining_seconds < 0:
            return _("%(time)s over") % {"time": left}
        if shown.state is State.PAUSED:
            return _("Paused, %(time)s left") % {"time": left}
        return _("%(time)s left") % {"time": left}

    @property
    def due_iso(self):
        """For the browser's clock; nothing where no moment is due."""
        due = self.shown.due_at
        return timezone.localtime(due).isoformat(timespec="seconds") if due else ""

    @property
    def ticks(self):
        """Whether the time left passes as the wall's does, so that the browser may count it."""
        due = self.shown.due_at
        if due is None:
            return False
        return abs((due - self.now).total_seconds() - self.shown.remaining_seconds) < 2

    @property
    def small(self):
        words = {"target": self.length(self.shown.target_seconds)}
        if self.shown.state is State.RUNNING and self.deadline:
            words["at"] = self.moment(self.deadline)
            if self.is_breached:
                return _("was due %(at)s · target %(target)s") % words
            return _("due %(at)s · target %(target)s") % words
        if self.shown.stopped_at:
            words["at"] = self.moment(self.shown.stopped_at)
            return _("target %(target)s · %(at)s") % words
        return _("target %(target)s") % words

    @cached_property
    def tape(self):
        return explain.tape(
            self.segments, self.deadline, self.now if self.is_live else None,
            is_met=self.state == "met",
        )  # fmt: skip

    @property
    def parts(self):
        return self.tape.parts

    @property
    def notch(self):
        return 100 if self.tape.due is None else self.tape.due

    @property
    def label(self):
        return f"{self.name}: {self.value}. {self.small}"

    def length(self, seconds):
        return formats.duration_text(seconds or 0, self.lang)

    def moment(self, at):
        zone = timezone.get_current_timezone()
        return formats.moment_text(at.astimezone(zone), self.now.astimezone(zone), self.lang)


def cards_of(record, now, *, every=False):
    """The cards of a record's clocks in the order in which a page shows them.

    `every`: all clocks ever, also past rounds of updates; else the last of each promise.
    """
    found = Clock.objects.filter(record=record).select_related(
        "agreement", "target", "group", "calendar_version__calendar"
    )
    if not every:
        found = found.filter(Q(state__in=LIVE_STATES) | ~Q(metric=Metric.UPDATE))
    clocks = list(found.order_by("pk"))
    if not every:
        clocks = _latest(clocks)
    logs, fired, varied = _logs(clocks)
    lang = language()
    cards = [
        Card(
            clock, logs.get(clock.pk, []), now, fired.get(clock.pk, {}), lang,
            varied.get(clock.pk, ""),
        )
        for clock in clocks
    ]  # fmt: skip
    cards = [card for card in cards if card.shown.state is not State.NONE]
    return sorted(
        cards,
        key=lambda card: (
            card.clock.clock_kind != ClockKind.SLA, ORDER.get(card.clock.metric, 0), card.clock.pk,
        ),
    )  # fmt: skip


def _latest(clocks):
    """The last clock of each promise; of groups and suppliers those that live, else the last."""
    last = {}
    for clock in clocks:
        if clock.state == ClockState.CANCELLED and clock.clock_kind != ClockKind.SLA:
            continue
        last[clock.clock_kind, clock.metric, clock.referral] = clock
    return list(last.values())


def _logs(clocks):
    logs, fired, varied = {}, {}, {}
    keys = [clock.pk for clock in clocks]
    if not keys:
        return logs, fired, varied
    for row in ClockEvent.objects.filter(clock__in=keys).order_by("clock_id", "seq"):
        logs.setdefault(row.clock_id, []).append(as_event(row))
        if row.target_seconds is not None:
            varied[row.clock_id] = row.data.get("variation", "")
    rows = Threshold.objects.filter(clock__in=keys).values_list(
        "clock_id", "code", "fires_at", "fired_at"
    )
    for key, code, fires_at, fired_at in rows:
        if fired_at and code.isdigit() and int(code) < 100:
            fired.setdefault(key, {})[int(code)] = fires_at or fired_at
    return logs, fired, varied


def main_card(cards):
    """The clock that is explained: what is worst among the customer's promises, else the last."""
    promises = [card for card in cards if card.clock.clock_kind == ClockKind.SLA]
    live = [card for card in promises if card.is_live]
    for state in ("breached", "risk", "ok", "pause"):
        for card in live:
            if card.state == state:
                return card
    return next((c for c in promises if c.state != "off"), None) or (cards[0] if cards else None)


def paused_seconds(card):
    """{rule: wall-clock seconds} of the pauses, longest first."""
    found = {}
    for part in card.segments:
        if part.kind is explain.SegmentKind.PAUSED:
            found[part.rule] = found.get(part.rule, 0) + part.length_seconds
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


@dataclass(frozen=True)
class Why:
    """The explanation under the cards: the question, the drawing, and the numbers of the sentence."""

    card: Card
    question: str
    drawing: Drawing | None
    target: str
    priority: object
    agreement: object
    calendar: str
    zone: str
    counted: str
    pauses: list
    warned: str
    due: str
    over: str
    is_open: bool
    variation: str = ""  # the short-term change that the time comes from, and its page
    variation_href: str = ""


def why_of(card, record, reasons):
    """What the page says about one clock. None without a clock."""
    if card is None:
        return None
    shown, clock = card.shown, card.clock
    due = card.moment(card.deadline) if card.deadline else ""
    name = clock.calendar_version.calendar.name
    if shown.state is State.PAUSED and not card.is_breached:
        question = _("Why is it paused?")
    elif due and (card.is_breached or not card.is_live):
        question = _("Why was it due at %(at)s?") % {"at": due}
    elif due:
        question = _("Why is it due at %(at)s?") % {"at": due}
    else:
        question = _("How is this counted?")
    return Why(
        card=card,
        question=question,
        drawing=drawing_of(card, reasons),
        target=card.length(shown.target_seconds),
        priority=clock.target.priority if clock.target_id else None,
        agreement=clock.agreement,
        calendar=name,
        zone=clock.zone,
        counted=card.length(shown.elapsed_seconds),
        pauses=[
            (card.length(seconds), rule_word(rule, reasons))
            for rule, seconds in paused_seconds(card).items()
        ],
        warned=", ".join(
            _("%(percent)s %% at %(at)s") % {"percent": percent, "at": card.moment(at)}
            for percent, at in sorted(card.fired.items())
        ),
        due=due,
        over=card.length(shown.remaining_seconds) if shown.remaining_seconds < 0 else "",
        is_open=card.state in ("risk", "breached"),
        variation=card.varied,
        variation_href=reverse("slm:variation", args=[card.varied]) if card.varied else "",
    )

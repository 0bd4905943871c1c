"""The clocks of a record as tables: segments that add up, events, and why this target row.

The sums are made here once more from the segments, not copied from the clock, so that a page shows
a disagreement instead of hiding it.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.templatetags.ui import language
from people.models import Person
from records.models import PendingReason
from slm import promises
from slm.engine.explain import SegmentKind
from slm.models import Agreement
from slm.models.clocks import event_label
from slm.terms import Metric
from slm.workspace_words import rule_word

KINDS = {
    SegmentKind.RUNNING: gettext_lazy("running"),
    SegmentKind.PAUSED: gettext_lazy("paused"),
    SegmentKind.OFF_HOURS: gettext_lazy("off hours"),
    SegmentKind.STOPPED: gettext_lazy("stopped"),
}
LEVELS = {
    "service_customer": gettext_lazy("agreed for this service and this customer"),
    "customer": gettext_lazy("agreed with this customer"),
    "service": gettext_lazy("agreed for this service"),
    "corporate": gettext_lazy("agreed for everybody"),
}
DECIDED = {
    "level": gettext_lazy("how particular the agreement is"),
    "customer": gettext_lazy("the nearer customer"),
    "service": gettext_lazy("the nearer service"),
    "offering": gettext_lazy("the offering"),
    "record_kind": gettext_lazy("the kind of record"),
    "category": gettext_lazy("the category"),
    "priority": gettext_lazy("the priority"),
    "value": gettext_lazy("the stricter target"),
    "id": gettext_lazy("the older row"),
}


@dataclass(frozen=True)
class Row:
    from_at: str
    to_at: str
    kind: str
    css: str
    rule: str
    actor: str
    length: str
    counted: int
    counted_text: str


@dataclass(frozen=True)
class Happening:
    at: str
    kind: str
    rule: str
    actor: str
    target: str


@dataclass(frozen=True)
class Table:
    """One clock. `total` is the sum of its segments, `elapsed` what the clock says: equal."""

    card: object
    rows: list
    total: int
    total_text: str
    elapsed: int
    target: int
    target_text: str
    events: list
    agreement: object
    href: str
    row: object
    calendar: str
    calendar_no: int
    zone: str

    @property
    def round(self):
        return self.card.clock.cycle + 1

    @property
    def adds_up(self):
        return self.total == self.elapsed


def tables_of(record, cards, now):
    actors = {event.actor for card in cards for event in card.log if event.actor}
    people = dict(Person.objects.filter(pk__in=actors).values_list("pk", "name"))
    reasons = {reason.code: reason.name for reason in PendingReason.objects.all()}
    return [_table(card, people, reasons) for card in cards]


def _table(card, people, reasons):
    def who(actor):
        return people.get(actor) or _("System")

    rows = [
        Row(
            from_at=exact(part.from_at), to_at=exact(part.to_at), kind=str(KINDS[part.kind]),
            css=str(part.kind), rule=rule_word(part.rule, reasons),
            actor="" if part.kind is SegmentKind.OFF_HOURS else who(part.actor),
            length=hms(part.length_seconds), counted=part.seconds, counted_text=hms(part.seconds),
        )
        for part in card.segments
    ]  # fmt: skip
    clock, shown = card.clock, card.shown
    total = sum(part.seconds for part in card.segments)
    return Table(
        card=card, rows=rows, total=total, total_text=hms(total), elapsed=shown.elapsed_seconds,
        target=shown.target_seconds, target_text=hms(shown.target_seconds),
        events=[
            Happening(
                exact(event.at), str(event_label(str(event.kind))), rule_word(event.rule, reasons),
                who(event.actor), hms(event.target_seconds) if event.target_seconds else "",
            )
            for event in card.log
        ],
        agreement=clock.agreement, href=clock.agreement.get_absolute_url() if clock.agreement else "",
        row=clock.target, calendar=clock.calendar_version.calendar.name,
        calendar_no=clock.calendar_version.number,
        zone=clock.zone or _zone_of(clock),
    )  # fmt: skip


def _zone_of(clock):
    return clock.calendar_version.frozen.get("support", {}).get("zone", "")


@dataclass(frozen=True)
class Rule:
    """The row that fits the record as it stands now, and how it won."""

    metric: str
    agreement: Agreement
    version: int
    target: str
    condition: str
    level: str
    decided: str
    passed: list


def rules_of(record, now):
    """Why these targets: the choice made anew from the record's present facts (domain rules 5.3)."""
    found = []
    lang = language()
    chosen = promises.promises_for(record, at=now)
    better = [p.agreement.id for promise in chosen.values() for p in promise.why.passed_over]
    titles = dict(Agreement.objects.filter(pk__in=better).values_list("pk", "title"))
    for metric, promise in chosen.items():
        why, target = promise.why, promise.target
        found.append(
            Rule(
                metric=str(Metric(metric).label), agreement=target.agreement,
                version=target.agreement.version_no,
                target=formats.duration_text(promise.seconds, lang), condition=_condition(target),
                level=str(LEVELS.get(str(why.level), why.level)),
                decided=str(DECIDED.get(why.decided_by, "")) if why.decided_by else "",
                passed=[
                    (titles.get(p.agreement.id, ""), ", ".join(str(DECIDED.get(m, m)) for m in p.missing))
                    for p in why.passed_over
                ],
            )
        )  # fmt: skip
    return found


def _condition(target):
    parts = []
    if target.priority:
        parts.append(f"P{target.priority}")
    if target.record_kind:
        parts.append(target.record_kind)
    if target.category_id:
        parts.append(str(target.category))
    return ", ".join(parts) or _("any record")


def exact(at):
    """An instant to the second, with its date, in the reader's zone."""
    local = timezone.localtime(at)
    return f"{formats.date_text(local, language())} {local:%H:%M:%S}"


def hms(seconds):
    """Seconds as h:mm:ss: what is added up must be read to the second."""
    if seconds is None:
        return ""
    sign, total = ("−" if seconds < 0 else ""), abs(int(seconds))
    return f"{sign}{total // 3600}:{total % 3600 // 60:02d}:{total % 60:02d}"

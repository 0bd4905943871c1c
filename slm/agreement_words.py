"""Agreements in the words of their pages: states, scopes, targets, versions, the chain check."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.templatetags import ui
from records.kinds import KINDS
from slm.models import Agreement
from slm.terms import CalendarRule, ClockKind, ReopenRule, RetargetRule, UpdateRule

State = Agreement.State
FACES = {
    State.DRAFT: ("plum", "circle-dashed"), State.NEGOTIATING: ("info", "loader-circle"),
    State.AWAITING_SIGNATURE: ("mute", "circle-pause"), State.SIGNED: ("info", "circle"),
    State.ACTIVE: ("ok", "circle-check"), State.UNDER_REVIEW: ("info", "search-code"),
    State.SUPERSEDED: ("mute", "circle-check-big"), State.EXPIRED: ("mute", "circle-check-big"),
    State.TERMINATED: ("mute", "circle-x"),
}  # fmt: skip
SCOPE = ("customer", "provider_group", "consumer_group", "supplier", "agreed_service", "underpins")
LEVELS = {
    "corporate": gettext_lazy("for all customers and services"),
    "customer": gettext_lazy("for one customer"),
    "service": gettext_lazy("for one service"),
    "service_customer": gettext_lazy("for one service and customer"),
}


@dataclass(frozen=True)
class StepWords:
    title: Any
    label: Any
    lead: Any = ""


STEPS = {
    "negotiate": StepWords(
        gettext_lazy("Begin negotiating"), gettext_lazy("Begin negotiating"),
        gettext_lazy("The draft goes to the other side. It can still be changed."),
    ),
    "submit_signature": StepWords(
        gettext_lazy("Submit for signature"), gettext_lazy("Submit for signature"),
        gettext_lazy("From now on nothing in it changes unless it is sent back."),
    ),
    "send_back": StepWords(
        gettext_lazy("Send back to negotiation"), gettext_lazy("Send back"),
    ),
    "sign": StepWords(
        gettext_lazy("Record the signatures"), gettext_lazy("Signed by both sides"),
        gettext_lazy("Its targets are frozen for good; a change needs a new version."),
    ),
    "activate": StepWords(
        gettext_lazy("Put in force"), gettext_lazy("Put in force"),
        gettext_lazy(
            "New tickets are promised its times from its first day on. Tickets that are open keep"
            " the version that they were opened under. An earlier version ends the day before."
        ),
    ),
    "start_review": StepWords(
        gettext_lazy("Begin review"), gettext_lazy("Begin review"),
        gettext_lazy("It stays in force while it is reviewed."),
    ),
    "end_review": StepWords(gettext_lazy("End review"), gettext_lazy("End review")),
    "revise": StepWords(
        gettext_lazy("Begin a new version"), gettext_lazy("Begin a new version"),
        gettext_lazy("A draft with the same content. The present version stays in force."),
    ),
    "terminate": StepWords(
        gettext_lazy("Terminate"), gettext_lazy("Terminate agreement"),
        gettext_lazy("Tickets that are open keep their promised times."),
    ),
}  # fmt: skip


def decorate(agreement):
    """The agreement with the words of its lists: face, scope, valid_words."""
    agreement.face = (agreement.state_label, *FACES[State(agreement.state)])
    agreement.kind_word = str(ClockKind(agreement.agreement_kind).label)
    agreement.parties = parties_of(agreement)
    agreement.valid_words = span_words(agreement.in_force or agreement.valid)
    return agreement


def parties_of(agreement):
    if agreement.agreement_kind == ClockKind.OLA:
        if agreement.consumer_group:
            return _("%(provider)s for %(consumer)s") % {
                "provider": agreement.provider_group.name,
                "consumer": agreement.consumer_group.name,
            }
        return agreement.provider_group.name
    if agreement.agreement_kind == ClockKind.UC:
        return agreement.supplier.name
    return agreement.customer.name if agreement.customer else _("All customers")


def span_words(span):
    """A range of days: "from 1 Jan 2026", "1 Jan 2026 to 31 Dec 2026" (the last day included)."""
    lang = ui.language()
    first = formats.date_text(span.lower, lang) if span.lower else ""
    if span.isempty or (span.upper and span.lower and span.upper <= span.lower):
        return _("never in force")
    if span.upper is None:
        return _("from %(first)s") % {"first": first}
    last = formats.date_text(span.upper - timedelta(days=1), lang)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def facts_of(agreement):
    """[(label, text, address)] of the rail."""
    service, calendar, hours = (
        agreement.agreed_service, agreement.calendar, agreement.service_hours
    )  # fmt: skip
    facts = [(_("Kind"), agreement.kind_word, "")]
    if agreement.agreement_kind == ClockKind.SLA:
        facts += [(_("Customer"), agreement.parties, ""),
                  (_("Reach"), str(LEVELS[agreement.level]), "")]  # fmt: skip
    elif agreement.agreement_kind == ClockKind.OLA:
        consumer = agreement.consumer_group
        facts += [(_("Providing group"), agreement.provider_group.name, ""),
                  (_("Receiving group"), consumer.name if consumer else _("whoever asks"), "")]  # fmt: skip
    else:
        facts.append((_("Supplier"), agreement.supplier.name, ""))
    facts += [
        (_("Service"), service.name if service else _("All services"),
         service.get_absolute_url() if service else ""),
        (_("Support hours"), calendar.name, calendar.get_absolute_url()),
        (_("Agreed service time"), hours.name if hours else "",
         hours.get_absolute_url() if hours else ""),
        (_("Time zone"), agreement.get_time_zone_rule_display(), ""),
        (_("Valid"), span_words(agreement.valid), ""),
        (_("In force"), span_words(agreement.in_force) if agreement.in_force else "", ""),
        (_("Review every (months)"), str(agreement.review_cycle_months), ""),
        (_("Owner"), agreement.owner.name if agreement.owner else "", ""),
    ]  # fmt: skip
    return facts


# --- targets ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class TargetRow:
    metric: str
    case: str
    priority: int | None
    value: str
    goal: str
    warnings: str
    options: list


def target_rows(agreement):
    targets = agreement.targets.select_related("calendar", "category").order_by(
        "metric", "record_kind", "priority", "pk"
    )
    return [
        TargetRow(
            metric=str(target.get_metric_display()), case=case_of(target),
            priority=target.priority, value=value_of(target),
            goal=plain(target.attainment_goal_pct),
            warnings=", ".join(f"{percent} %" for percent in target.warn_percents),
            options=options_of(target),
        )
        for target in targets
    ]  # fmt: skip


def case_of(target):
    words = []
    if target.record_kind:
        kind = KINDS.get(target.record_kind)
        words.append(str(kind.label) if kind else target.record_kind)
    if target.category_id:
        words.append(target.category.name)
    return " · ".join(words) or _("any")


def value_of(target):
    """What is promised, in hours: "4 h", "1 h 30 m"; "99.5 %"; "3 times". Hours never turn into
    days, because a working day is no 24 hours."""
    if target.unit == target.Unit.SEC:
        return hours_text(int(target.value))
    if target.unit == target.Unit.PCT:
        return f"{plain(target.value)} %"
    return f"{plain(target.value)} {target.get_unit_display()}"


def hours_text(seconds):
    _day, hour, minute, second = formats.UNITS[ui.language()]
    hours, rest = divmod(abs(int(seconds)), 3600)
    if hours:
        return f"{hours} {hour} {rest // 60:02d} {minute}" if rest >= 60 else f"{hours} {hour}"
    return f"{rest // 60} {minute}" if rest >= 60 else f"{rest} {second}"


def options_of(target):
    """Only what differs from the usual rules."""
    words = []
    if target.calendar_id:
        words.append(target.calendar.name)
    if target.calendar_rule != CalendarRule.AGREEMENT:
        words.append(target.get_calendar_rule_display())
    if target.retarget_rule != RetargetRule.OPENING:
        words.append(target.get_retarget_rule_display())
    if target.reopen_rule != ReopenRule.WITHOUT_CLOSED_TIME:
        words.append(target.get_reopen_rule_display())
    if target.update_rule != UpdateRule.ALWAYS:
        words.append(target.get_update_rule_display())
    if target.pause_on_approval:
        words.append(_("Waits for approvals"))
    return [str(word) for word in words]


def plain(number):
    return "" if number is None else f"{float(number):.4f}".rstrip("0").rstrip(".")


# --- versions and chain -----------------------------------------------------------------------


def versions_of(agreement, among):
    """Every version of this agreement that the reader may see, the newest first."""
    first, steps = agreement, 0
    while first.previous_id and steps < 100:
        first, steps = Agreement.objects.get(pk=first.previous_id), steps + 1
    chain, latest = [first.pk], [first.pk]
    while latest and len(chain) < 200:
        latest = list(Agreement.objects.filter(previous__in=latest).values_list("pk", flat=True))
        chain += latest
    rows = among.filter(pk__in=chain).select_related(
        "customer", "provider_group", "consumer_group", "supplier"
    )
    return [decorate(row) for row in rows.order_by("-version_no", "-pk")]


@dataclass(frozen=True)
class CheckWords:
    """One line of the chain check: the promise, the path in words, and how it ends."""

    promise: str
    path: list
    is_ok: bool
    result: str
    probe: str
    lacking: str


@dataclass(frozen=True)
class VerdictWords:
    is_ok: bool
    has_parts: bool
    failed: list
    held: list


def verdict_words(verdict, among):
    """The chain check for a page. Names of agreements that the reader must not see are left out."""
    named = {part.pk for check in verdict.checks for part, _row in check.parts}
    named |= {part.pk for check in verdict.checks for part in check.lacking}
    seen = set(among.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    lines = [_check_words(check, seen) for check in verdict.checks]
    return VerdictWords(
        verdict.is_ok, verdict.has_parts, [line for line in lines if not line.is_ok],
        [line for line in lines if line.is_ok],
    )  # fmt: skip


def _check_words(check, seen):
    target = check.target
    promise = f"{target.get_metric_display()} {value_of(target)}"
    if target.priority:
        promise = f"P{target.priority} · {promise}"
    path = [
        (f"{part.number} {part.title}" if part.pk in seen else _("an agreement you cannot see"),
         value_of(row), part.get_absolute_url() if part.pk in seen else "")
        for part, row in check.parts
    ]  # fmt: skip
    lacking = ", ".join(part.number for part in check.lacking if part.pk in seen)
    return CheckWords(promise, path, check.is_ok, _result(check), _probe(check), lacking)


def _result(check):
    if check.problem:
        return check.problem
    if check.reachable is not None:
        # cut to two digits, so that what fails never reads as enough
        reachable = f"{int(check.reachable * 100 + 1e-7) / 100:.2f}"
        return _("at most %(percent)s %% is reachable") % {"percent": reachable}
    length = hours_text(check.slack_seconds)
    if check.slack_seconds < 0:
        return _("%(time)s too long") % {"time": length}
    return _("%(time)s to spare") % {"time": length}


def _probe(check):
    """Which moment of the week told, where calendars differ."""
    if check.worst is None or check.is_ok:
        return ""
    at = check.worst
    lang, zone = ui.language(), at.from_at.tzinfo
    day = formats.DAYS[lang][at.from_at.weekday()]
    return _("asked for on %(day)s %(from)s: done %(done)s, due %(due)s") % {
        "day": day, "from": f"{at.from_at:%H:%M}",
        "done": formats.moment_full(at.ends_at.astimezone(zone), lang),
        "due": formats.moment_full(at.due_at.astimezone(zone), lang),
    }  # fmt: skip

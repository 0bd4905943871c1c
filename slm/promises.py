"""Which promises hold for a record: the target rows in force, chosen by the rules of domain 5.3."""

from dataclasses import dataclass

from django.db.models import Q

from calendars.models import Calendar, CalendarVersion
from calendars.timetables import timetable
from core import preferences
from slm import varying
from slm.engine import selection
from slm.models import Agreement, ServiceLevelTarget
from slm.terms import CalendarRule, ClockKind, Metric

# The promises that run as clocks on a record of each kind, in the order that pages show them.
CLOCKED = {
    "incident": (Metric.RESPONSE, Metric.UPDATE, Metric.RESOLUTION),
    "service_request": (Metric.RESPONSE, Metric.UPDATE, Metric.FULFILMENT),
    "feedback": (Metric.FEEDBACK_RESPONSE,),
    "problem": (Metric.PROBLEM_DIAGNOSE, Metric.PROBLEM_RESOLVE),
}
FINAL_METRICS = {Metric.RESOLUTION, Metric.FULFILMENT, Metric.PROBLEM_RESOLVE}


@dataclass(frozen=True)
class Promise:
    """One chosen target row with the calendar it is read in, and why it was chosen."""

    metric: str
    target: ServiceLevelTarget | None  # None: the desk's own promise, without an agreement
    seconds: int
    calendar_key: tuple
    why: selection.Why
    variation: str = ""  # the short-term change that replaces the row's own value


def ancestors(path):
    """Ids from a materialised path, nearest first."""
    return [int(part) for part in reversed((path or "").strip("/").split("/")) if part]


def subject_of(record):
    return selection.Subject(
        record_kind=record.kind,
        priority=record.priority,
        organizations=ancestors(record.organization.path),
        services=ancestors(record.service.path) if record.service_id else [],
        categories=ancestors(record.category.path) if record.category_id else [],
    )


def promises_for(record, *, at):
    """{metric: Promise} of the SLAs in force at `at` for this record, by its present facts."""
    subject = subject_of(record)
    rows = candidate_rows(record, subject, at=at)
    found = {}
    for metric in CLOCKED.get(record.kind, ()):
        of_metric = [row for row in rows if row.metric == metric]
        choice = selection.choose(
            [as_row(row) for row in of_metric],
            subject,
            prefer=preferences.get("sla_prefer"),
            agreements={as_agreement(row.agreement) for row in rows},
        )
        if choice is not None:
            target = next(row for row in of_metric if row.pk == choice.row.id)
            found[metric] = (target, choice.why)
    keys = calendar_keys(record, [target for target, _ in found.values()], at)
    return {
        metric: _promise(metric, target, keys[target.pk], why)
        for metric, (target, why) in found.items()
    }


def _promise(metric, target, key, why=None):
    seconds, variation = varying.promised_by(target)
    return Promise(metric, target, seconds, key, why, variation)


def candidate_rows(record, subject, *, at):
    """Every row of the agreements in force that could fit, in one query."""
    customers = Q(agreement__customer=None) | Q(agreement__customer_id__in=subject.organizations)
    services = Q(agreement__agreed_service=None)
    if subject.services:
        services |= Q(agreement__agreed_service_id__in=subject.services)
    rows = ServiceLevelTarget.objects.filter(
        customers,
        services,
        agreement__agreement_kind=ClockKind.SLA,
        agreement__in_force__contains=at.date(),
        unit=ServiceLevelTarget.Unit.SEC,
        metric__in=CLOCKED.get(record.kind, ()),
        record_kind__in=["", record.kind],
    )
    return list(varying.varied(rows, at).select_related("agreement"))


def as_agreement(agreement):
    return selection.Agreement(agreement.pk, agreement.customer_id, agreement.agreed_service_id)


def as_row(target):
    return selection.Row(
        id=target.pk,
        agreement=as_agreement(target.agreement),
        value=int(target.value),
        record_kind=target.record_kind or None,
        priority=target.priority,
        category=target.category_id,
    )


def calendar_keys(record, targets, at):
    """The key of the calendar version, and of the zone, that each target is read in."""
    versions = {}
    keys = {}
    for target in targets:
        calendar_id, zone = calendar_of(record, target)
        if calendar_id not in versions:
            versions[calendar_id] = CalendarVersion.objects.at(Calendar(pk=calendar_id), at).pk
        keys[target.pk] = (versions[calendar_id], "support", zone)
    return keys


def calendar_of(record, target):
    """(calendar id, zone or ""): the group's where the target follows the sun, else the agreement's."""
    agreement = target.agreement
    if target.calendar_rule == CalendarRule.GROUP and record.assigned_group_id:
        return record.assigned_group.calendar_id, ""
    zone = ""
    if agreement.time_zone_rule == Agreement.ZoneRule.REQUESTER_SITE and record.site_id:
        zone = record.site.time_zone
    return target.calendar_id or agreement.calendar_id, zone


def own_promise(metric, calendar_id, *, until, at):
    """What the desk promises by itself where no agreement does: to act before `until`.

    In: the calendar whose hours count, two aware instants. The target is the business time between
    them, so that it is a clock as any other.
    """
    version = CalendarVersion.objects.at(Calendar(pk=calendar_id), at)
    seconds = timetable(version.pk, "support", None).between(at, until)
    return Promise(metric, None, int(seconds), (version.pk, "support", ""), None)


def group_promise(record, group, *, at):
    """The OLA of a providing group for this record: the strictest fitting row, or None."""
    subject = subject_of(record)
    services = [None, *subject.services]
    rows = ServiceLevelTarget.objects.filter(
        Q(record_kind__in=["", record.kind]),
        Q(priority=None) | Q(priority=record.priority),
        agreement__agreement_kind=ClockKind.OLA,
        agreement__provider_group=group,
        agreement__in_force__contains=at.date(),
        unit=ServiceLevelTarget.Unit.SEC,
        metric__in=[Metric.RESOLUTION, Metric.FULFILMENT],
    ).select_related("agreement")
    rows = varying.varied(rows, at)
    fitting = [row for row in rows if row.agreement.agreed_service_id in services]
    if not fitting:
        return None
    best = min(
        fitting,
        key=lambda row: (
            row.agreement.agreed_service_id is None, row.priority is None, row.value, row.pk,
        ),
    )  # fmt: skip
    keys = calendar_keys(record, [best], at)
    return _promise(best.metric, best, keys[best.pk])


def contract_for(record, supplier, *, at):
    """The underpinning contract in force with a supplier that fits the record's service best."""
    services = subject_of(record).services
    found = Agreement.objects.filter(
        agreement_kind=ClockKind.UC, supplier=supplier, in_force__contains=at.date()
    ).order_by("pk")
    fitting = [one for one in found if one.agreed_service_id in (None, *services)]
    return min(
        fitting,
        key=lambda one: (
            services.index(one.agreed_service_id) if one.agreed_service_id else len(services),
            one.pk,
        ),
        default=None,
    )


def supplier_promises(record, agreement, *, at):
    """[Promise] that a contract makes for a record: the row that fits best for each metric."""
    subject = subject_of(record)
    rows = ServiceLevelTarget.objects.filter(
        Q(record_kind__in=["", record.kind]), Q(priority=None) | Q(priority=record.priority),
        Q(category=None) | Q(category_id__in=subject.categories), agreement=agreement,
        unit=ServiceLevelTarget.Unit.SEC, metric__in=[Metric.RESPONSE, Metric.RESOLUTION],
    ).select_related("agreement")  # fmt: skip
    best = {}
    for row in sorted(
        varying.varied(rows, at),
        key=lambda row: (row.priority is None, row.category_id is None, row.pk),
    ):
        best.setdefault(row.metric, row)
    keys = calendar_keys(record, list(best.values()), at)
    return [_promise(metric, row, keys[row.pk]) for metric, row in best.items()]

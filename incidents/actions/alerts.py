"""Alarms of monitoring systems: the first one above the bar is an incident, repeats only count,
a clear proposes the solution, and flapping opens nothing anew (IN-13)."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from incidents.actions import opening
from incidents.events import Verb
from incidents.models import AlertEvent, Incident
from people.models import Organization
from records import timeline
from records.models import TimelineEntry

BAR = AlertEvent.Severity.MINOR
FLAPPING_WITHIN = timedelta(hours=2)
Severity = AlertEvent.Severity
LEVELS = {Severity.CRITICAL: (1, 1), Severity.MAJOR: (2, 1), Severity.MINOR: (2, 2)}


@transaction.atomic
def receive(*, by, source, dedup_key, severity, summary, ci=None, metric="", service=None, at=None):
    """One alarm. Returns the AlertEvent, whose `record` is the incident, if one was opened."""
    at = at or time.now()
    alert = _running_or_recent(source, dedup_key, at)
    if alert is None:
        alert, is_new = AlertEvent.objects.get_or_create(
            source=source, dedup_key=dedup_key, cleared_at=None,
            defaults={
                "ci": ci, "metric": metric, "severity": severity, "summary": summary[:200],
                "first_seen_at": at, "last_seen_at": at,
            },
        )  # fmt: skip
        alert = AlertEvent.objects.lock(alert)
        if not is_new:
            _count(alert, severity, at)
    else:
        _count(alert, severity, at)
    if alert.record_id is None and alert.severity <= BAR:
        alert.record = _open(alert, by, service, at)
    alert.save()
    return alert


def _running_or_recent(source, dedup_key, at):
    """The open alarm of this key, or one cleared so short ago that this is flapping."""
    found = (
        AlertEvent.objects.filter(source=source, dedup_key=dedup_key)
        .exclude(cleared_at__lt=at - FLAPPING_WITHIN)
        .order_by("-last_seen_at").select_for_update().first()
    )  # fmt: skip
    if found is None or found.cleared_at is None:
        return found
    if found.record_id and found.record.is_final:
        return None
    found.cleared_at, found.flaps = None, found.flaps + 1
    return found


def _count(alert, severity, at):
    alert.count += 1
    alert.last_seen_at = max(at, alert.last_seen_at)
    alert.severity = min(alert.severity, severity)
    if alert.record_id:
        record = Incident.objects.lock(alert.record_id)
        if record.is_open and alert.count in {2, 10, 100, 1000}:
            timeline.record(
                record, Verb.ALERTED, by=None, at=at, kind=TimelineEntry.Kind.SYSTEM,
                visibility=TimelineEntry.Visibility.INTERNAL, count=alert.count,
                source=alert.source, summary=alert.summary,
            )  # fmt: skip


def _open(alert, by, service, at):
    impact, urgency = LEVELS[Severity(alert.severity)]
    organization = (
        alert.ci.organization if alert.ci is not None else by.organization
        if by is not None else Organization.objects.filter(parent=None).first()
    )  # fmt: skip
    return opening.open_incident(
        by=by, title=alert.summary, requester=None, organization=organization, ci=alert.ci,
        service=service, impact=impact, urgency=urgency, channel="monitoring", at=at,
        incident_kind=Incident.Kind.ALERT, is_on_portal=False,
        description=_("Alarm of %(source)s: %(summary)s")
        % {"source": alert.source, "summary": alert.summary},
    )  # fmt: skip


@transaction.atomic
def clear(*, source, dedup_key, by, at=None):
    """The alarm is gone: noted on the incident, which a person then resolves."""
    at = at or time.now()
    alert = (
        AlertEvent.objects.filter(source=source, dedup_key=dedup_key, cleared_at=None)
        .select_for_update().first()
    )  # fmt: skip
    if alert is None:
        return None
    alert.cleared_at = at
    alert.save(update_fields=["cleared_at"])
    if alert.record_id:
        record = Incident.objects.lock(alert.record_id)
        if record.is_open:
            timeline.record(
                record, Verb.ALERT_CLEARED, by=None, at=at, kind=TimelineEntry.Kind.SYSTEM,
                visibility=TimelineEntry.Visibility.INTERNAL, source=alert.source,
                summary=alert.summary,
            )  # fmt: skip
    return alert

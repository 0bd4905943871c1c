"""Short words to tell the life of an incident and to look at its clocks."""

from datetime import timedelta

from core import time
from incidents.actions import lifecycle, opening
from incidents.models import Incident
from records.models import ClosureCode, PendingReason, Record
from slm.models import Clock, Escalation, Threshold
from tests.world import sh

MORNING = sh(10, 8, 9)


def report(world, at=MORNING, **fields):
    fields.setdefault("by", world.requester)
    fields.setdefault("requester", world.requester)
    fields.setdefault("title", "无法连接 VPN")
    return opening.open_incident(at=at, **fields)


def ago(**length):
    """An instant before the database's present one, in whole seconds."""
    return time.now().replace(microsecond=0) - timedelta(**length)


def reason(code):
    return PendingReason.objects.get(code=code)


def hold(incident, at, code="wait_customer", by=None, **fields):
    return lifecycle.hold(incident, by=by, reason=reason(code), at=at, **fields)


def resume(incident, at, by=None):
    return lifecycle.resume(incident, by=by, at=at)


def resolve(incident, at, by=None, **fields):
    return lifecycle.resolve(
        incident, by=by, at=at, resolution="Done", service=fields.pop("service", incident.service),
        closure_code=ClosureCode.objects.get(code="solved_permanently"), **fields,
    )  # fmt: skip


def reprioritise(incident, priority, at, by=None):
    return lifecycle.classify(incident, by=by, override=priority, reason="as agreed", at=at)


def clock(incident, metric="resolution", kind="sla"):
    return Clock.objects.filter(record=incident.pk, metric=metric, clock_kind=kind).latest("pk")


def states(incident, kind="sla"):
    """{metric: state} of the latest clock of each promise."""
    rows = Clock.objects.filter(record=incident.pk, clock_kind=kind).order_by("pk")
    return {row.metric: row.state for row in rows}


def fires(a_clock):
    """{code: fires_at} as they are stored."""
    return dict(Threshold.objects.filter(clock=a_clock).values_list("code", "fires_at"))


def escalated(incident):
    """[(metric or "", threshold)] in the order in which they were escalated."""
    rows = Escalation.objects.filter(record=incident.pk).order_by("pk").select_related("clock")
    return [(row.clock.metric if row.clock else "", row.threshold) for row in rows]


def stored(incident):
    return Record.objects.get(pk=incident.pk)


def again(incident):
    return Incident.objects.get(pk=incident.pk)

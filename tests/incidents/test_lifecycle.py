"""The lifecycle of an incident through its actions, with its clocks and its story."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.errors import Refused
from incidents.actions import lifecycle, messages, opening
from incidents.models import Incident
from records.models import ClosureCode, PendingReason, TimelineEntry
from slm.models import Clock, Threshold
from tests.world import HOUR, promise, sh

MORNING = sh(10, 8, 9)


@pytest.fixture
def promised(world):
    promise(world, ("response", 1), ("update", 4), ("resolution", 8))
    return world


def report(world, **fields):
    fields.setdefault("by", world.requester)
    fields.setdefault("requester", world.requester)
    fields.setdefault("title", "无法连接 VPN")
    return opening.open_incident(at=fields.pop("at", MORNING), **fields)


def clock(incident, metric, kind="sla"):
    return Clock.objects.filter(record=incident, metric=metric, clock_kind=kind).latest("pk")


def reason(code):
    return PendingReason.objects.get(code=code)


def code(name="solved_permanently"):
    return ClosureCode.objects.get(code=name)


def test_a_report_gets_number_priority_desk_and_clocks(promised):
    incident = report(promised)

    assert incident.number.startswith("INC-")
    assert incident.priority == 5
    assert incident.owner_group == promised.local
    assert incident.due_at == sh(10, 8, 10)
    assert {c.metric for c in incident.clocks.all()} == {"response", "update", "resolution"}


def test_the_whole_way_from_report_to_confirmed_closure(promised):
    incident = report(promised, service=promised.erp)
    incident = lifecycle.start(incident, by=promised.agent, at=sh(10, 8, 9, 30))
    incident = lifecycle.hold(
        incident, by=promised.agent, reason=reason("wait_customer"), at=sh(10, 8, 11),
        message="请问证书何时过期？",
    )  # fmt: skip
    assert clock(incident, "resolution").state == "paused"

    incident, _ = messages.reply(incident, by=promised.requester, body="昨天", at=sh(10, 8, 14, 30))
    assert incident.state == "in_progress"
    assert clock(incident, "resolution").due_at == sh(10, 9, 11, 30)  # K3

    incident = lifecycle.resolve(
        incident, by=promised.agent, resolution="Renewed", closure_code=code(), at=sh(10, 8, 17)
    )
    incident = lifecycle.reject_resolution(
        incident, by=promised.requester, reason="还是不行", at=sh(10, 9, 10)
    )
    found = clock(incident, "resolution")
    assert (found.elapsed_seconds, found.due_at) == (4.5 * HOUR, sh(10, 9, 15))  # K7

    incident = lifecycle.resolve(
        incident, by=promised.agent, resolution="Again", closure_code=code(), at=sh(10, 9, 14)
    )
    incident = lifecycle.confirm(incident, by=promised.requester, at=sh(10, 9, 16))

    assert (incident.state, incident.closure_via) == ("closed", "customer_confirmed")
    assert clock(incident, "resolution").state == "met"
    seqs = list(incident.timeline.values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    moved = incident.timeline.exclude(to_state="").values_list("from_state", "to_state")
    assert list(moved)[-1] == ("resolved", "closed")


def test_response_stops_at_the_first_human_answer_of_the_desk(promised):
    incident = report(promised)
    messages.reply(incident, by=promised.requester, body="noch etwas", at=sh(10, 8, 9, 5))
    assert clock(incident, "response").state == "running"

    messages.reply(incident, by=promised.agent, body="Hello", at=sh(10, 8, 9, 20))

    found = clock(incident, "response")
    assert (found.state, found.elapsed_seconds) == ("met", 20 * 60)


def test_a_refused_step_says_why(promised):
    incident = report(promised, service=promised.erp)
    resolved = lifecycle.resolve(
        incident, by=promised.agent, resolution="Done", closure_code=code(), at=sh(10, 8, 10)
    )

    with pytest.raises(Refused, match="Resolved"):
        lifecycle.start(resolved, by=promised.agent)


def test_requesters_cannot_work_on_it(promised):
    incident = report(promised)

    with pytest.raises(PermissionDenied):
        lifecycle.start(incident, by=promised.requester)


def test_resolving_needs_a_service_and_a_text(promised):
    incident = report(promised)

    with pytest.raises(ValidationError, match="service"):
        lifecycle.resolve(incident, by=promised.agent, resolution="x", closure_code=code())
    with pytest.raises(ValidationError, match="what was done"):
        lifecycle.resolve(incident, by=promised.agent, resolution=" ", closure_code=code())


def test_silence_until_the_deadline_closes(promised):
    incident = report(promised, service=promised.erp)
    incident = lifecycle.resolve(
        incident, by=promised.agent, resolution="x", closure_code=code(), at=sh(10, 9, 17)
    )
    assert incident.rejection_deadline == sh(10, 15, 17)  # Sat 10 is a make-up day

    assert lifecycle.auto_close(incident, at=sh(10, 15, 16)) is None
    closed = lifecycle.auto_close(incident, at=sh(10, 15, 17, 1))

    assert (closed.state, closed.closure_via) == ("closed", "auto")


def test_a_word_on_a_closed_incident_opens_one_that_follows(promised):
    incident = report(promised, service=promised.erp)
    incident = lifecycle.resolve(
        incident, by=promised.agent, resolution="x", closure_code=code(), at=sh(10, 8, 10)
    )
    incident = lifecycle.confirm(incident, by=promised.requester, at=sh(10, 8, 11))

    new, entry = messages.reply(incident, by=promised.requester, body="again", at=sh(10, 8, 12))

    assert entry is None
    assert new.pk != incident.pk
    assert new.links_out.get().target_id == incident.pk


def test_thresholds_stand_at_50_75_90_and_100_per_cent(promised):
    incident = report(promised)

    rows = Threshold.objects.filter(clock=clock(incident, "resolution")).order_by("fires_at")

    assert [(row.code, row.fires_at) for row in rows] == [
        ("50", sh(10, 8, 14, 30)), ("75", sh(10, 8, 16, 30)), ("90", sh(10, 8, 17, 42)),
        ("100", sh(10, 9, 9, 30)),
    ]  # K1  # fmt: skip


def test_the_story_is_append_only(promised):
    incident = report(promised)

    with pytest.raises(Exception, match="append-only"):
        TimelineEntry.objects.filter(record=incident).update(body="changed")


def test_category_decides_service_group_and_says_so(promised):
    incident = report(promised, category=promised.vpn)

    assert (incident.service, incident.assigned_group) == (promised.mail, promised.second_line)
    why = incident.timeline.first().data["why"]
    assert ["group", "category"] in why


def test_one_incident_keeps_its_version(promised):
    incident = report(promised)
    lifecycle.classify(incident, by=promised.agent, impact=1, at=sh(10, 8, 10), seen_version=1)

    with pytest.raises(Refused, match="Jonas Weber"):
        lifecycle.classify(incident, by=promised.agent2, urgency=1, seen_version=1)

    assert Incident.objects.get(pk=incident.pk).urgency == 3

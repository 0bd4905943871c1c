"""Features of incidents from the first step to what a person reads, each as it is worded."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from rest_framework.test import APIClient

from cmdb.models import CI, CIClass, CIRelation, CIRelationType
from core import time
from incidents.actions import due, lifecycle, major, messages
from incidents.models import Incident
from people.models import SupportGroup
from records.kinds import KINDS, Kind
from records.models import MatrixUse, PendingReason, PriorityMatrix, Record, Task
from slm.models import Clock
from tests.incidents.pages import closure, htmx, page, reason, report, signed_in
from tests.world import LONG_AGO, promise, sh

pytestmark = pytest.mark.django_db


@pytest.fixture
def promised(world):
    promise(world, ("response", 1), ("update", 4), ("resolution", 8))
    return world


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def a_ci(world, number, name):
    return CI.objects.create(
        number=number, name=name, ci_class=CIClass.objects.usable().first(), state="live",
        organization=world.head, owner=world.owner, managed_by=world.second_line,
    )  # fmt: skip


def needs(upper, lower):
    carrying = CIRelationType.objects.exclude(impact="none").first()
    CIRelation.objects.create(source=upper, target=lower, type=carrying, valid=(LONG_AGO, None))


def clock(incident, metric):
    return Clock.objects.filter(record=incident, metric=metric, clock_kind="sla").latest("pk")


@pytest.mark.feature("IN-01")
def test_a_service_with_a_matrix_of_its_own_decides_the_priority_and_the_page_says_so(world):
    matrix = PriorityMatrix.objects.create(code="erp", name_en="ERP close", name_zh="ERP")
    for impact in (1, 2, 3):
        for urgency in (1, 2, 3):
            matrix.cells.create(impact=impact, urgency=urgency, priority=2)
    MatrixUse.objects.create(matrix=matrix, service=world.erp)

    own = report(world, service=world.erp, impact=3, urgency=3)
    usual = report(world, service=world.mail, impact=3, urgency=3)

    assert (own.priority, usual.priority) == (2, 5)
    dialog = page(htmx(world.agent), own, "priority/").content.decode()
    assert "ERP close" in dialog
    assert "the service&#x27;s matrix" in dialog


@pytest.mark.feature("IN-02")
def test_the_ci_decides_service_promise_and_group_and_the_story_says_so(promised):
    promise(promised, ("resolution", 2), title="ERP only", agreed_service=promised.erp)
    server = a_ci(promised, "CI-900001", "erp-db-1")
    needs(promised.erp.ci, server)

    incident = report(promised, service=None, ci=server, channel="monitoring", at=sh(10, 8, 9))

    assert incident.service == promised.erp
    assert incident.assigned_group == promised.second_line
    assert clock(incident, "resolution").agreement.title == "ERP only"
    story = page(signed_in(promised.specialist), incident).content.decode()
    assert "The service was chosen by the configuration item." in story
    assert "The group was chosen by the configuration item." in story


@pytest.mark.feature("IN-02")
def test_a_ci_that_several_services_need_decides_none(promised):
    server = a_ci(promised, "CI-900002", "shared")
    needs(promised.erp.ci, server)
    needs(promised.mail.ci, server)

    assert report(promised, service=None, ci=server).service is None


@pytest.mark.feature("IN-03")
def test_known_errors_problems_and_fresh_changes_on_the_ci_or_what_it_needs_are_listed(
    promised, monkeypatch
):
    app, disk, far = (
        a_ci(promised, f"CI-90001{n}", name) for n, name in enumerate(("app", "disk", "far"))
    )
    needs(app, disk)
    for code in ("problem", "known_error", "change"):
        kind = Kind(code, code[:3].upper(), code.title(), Incident, visibility=lambda person: Q())
        monkeypatch.setitem(KINDS, code, kind)

    def other(title, kind, ci, *, days=0, phase="open"):
        row = report(promised, title=title, ci=ci, service=None)
        Record.objects.filter(pk=row.pk).update(
            kind=kind, service=None, phase=phase, updated_at=time.now() - timedelta(days=days)
        )

    other("Known: pool runs dry", "known_error", app)
    other("Problem: disk dies", "problem", disk)
    other("Problem that was closed", "problem", app, phase="closed")
    other("Change of yesterday", "change", disk, days=1, phase="closed")
    other("Change of last month", "change", app, days=30)
    other("Problem far away", "problem", far)
    incident = report(promised, title="Nothing works", ci=app)

    found = signed_in(promised.agent).get(f"/records/{incident.number}/nearby/").content.decode()

    assert "Known: pool runs dry" in found
    assert "Problem: disk dies" in found
    assert "Change of yesterday" in found
    for unrelated in ("that was closed", "of last month", "far away"):
        assert unrelated not in found


@pytest.mark.feature("IN-04")
def test_waiting_needs_a_reason_and_a_date_where_the_reason_says_so(world):
    incident = lifecycle.start(report(world), by=world.agent)
    client = signed_in(world.agent)

    for data in ({}, {"reason": "because"}, {"reason": "scheduled"}):
        answer = client.post(
            f"/incidents/{incident.number}/hold/", {"version": incident.version, **data}
        )
        assert answer.status_code == 422

    assert fresh(incident).state == "in_progress"


@pytest.mark.feature("IN-05")
def test_a_date_outside_the_hours_wakes_when_the_desk_opens_next(world):
    incident = report(world, at=sh(10, 8, 9), group=world.central)

    off = lifecycle.hold(
        incident, by=world.agent, reason=reason("scheduled"), until=sh(10, 11, 22),
        at=sh(10, 8, 10),
    )  # fmt: skip

    assert off.pending_until == sh(10, 12, 9)  # Sunday night: Monday morning
    lifecycle.resume(off, by=world.agent, at=sh(10, 8, 10, 5))
    lunch = lifecycle.hold(
        fresh(incident), by=world.agent, reason=reason("scheduled"), until=sh(10, 10, 12, 15),
        at=sh(10, 8, 11),
    )  # fmt: skip
    assert lunch.pending_until == sh(10, 10, 13, 30)  # a worked Saturday, after the break


@pytest.mark.feature("IN-05")
def test_a_reply_wakes_it_before_the_date(world):
    incident = report(world, at=sh(10, 8, 9))
    incident = lifecycle.hold(
        incident, by=world.agent, reason=reason("scheduled"), until=sh(10, 20, 10),
        at=sh(10, 8, 10),
    )  # fmt: skip

    messages.reply(incident, by=world.requester, body="It is back", at=sh(10, 8, 11))

    found = fresh(incident)
    assert (found.state, found.pending_until) == ("in_progress", None)


@pytest.mark.feature("IN-06")
def test_reminders_and_the_closure_count_in_the_hours_of_the_desk(promised):
    PendingReason.objects.filter(code="wait_customer").update(
        chase_after=4 * 3600, close_after_chases=1
    )
    incident = report(promised, at=sh(10, 9, 9), service=promised.erp)

    incident = lifecycle.hold(
        incident, by=promised.agent, reason=reason("wait_customer"), at=sh(10, 9, 17)
    )

    assert incident.chase_at == sh(10, 10, 12)  # Friday 17-18, then the worked Saturday 9-12
    SupportGroup.objects.update(calendar=promised.always)  # the sweep goes by the present time
    for _round in range(2):
        Incident.objects.filter(pk=incident.pk).update(chase_at=time.now() - timedelta(minutes=1))
        due.sweep_due()
    found = fresh(incident)
    assert (found.state, found.closure_code.code, found.chases) == ("resolved", "auto_closed", 1)
    assert found.timeline.filter(verb="incident.chased").count() == 1


@pytest.mark.feature("IN-07")
def test_a_major_incident_is_declared_by_role_told_of_in_time_and_reviewed(promised):
    incident = report(promised, at=sh(10, 8, 9), service=promised.erp, group=promised.central)
    declaring = {
        "reason": "all is down", "manager": promised.incident_manager, "comms_interval": 1800,
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        major.declare(incident, by=promised.local_agent, at=sh(10, 8, 9, 5), **declaring)

    incident = major.declare(incident, by=promised.agent, at=sh(10, 8, 9, 5), **declaring)

    assert (incident.priority, incident.owner_group) == (1, promised.central)
    assert incident.major.manager == promised.incident_manager
    assert incident.major.next_update_at == sh(10, 8, 9, 35)
    major.broadcast(incident, by=promised.agent, body="We know why", at=sh(10, 8, 9, 20))
    assert fresh(incident).major.next_update_at == sh(10, 8, 9, 50)
    review = Task.objects.get(record=incident, kind="review")
    assert (review.assignee, review.due_at) == (promised.incident_manager, None)
    major.end(fresh(incident), by=promised.agent, at=sh(10, 8, 12))
    assert Task.objects.get(pk=review.pk).due_at == sh(
        10, 14, 12
    )  # five working days, the worked Saturday among them
    told = fresh(incident).timeline.filter(verb__startswith="incident.major").order_by("seq")
    assert [entry.verb.split("_")[-1] for entry in told] == ["declared", "updated", "ended"]


@pytest.mark.feature("IN-09")
def test_only_a_public_human_answer_of_the_desk_is_the_first_response(promised):
    incident = report(promised, at=sh(10, 8, 9), group=promised.central)

    messages.reply(incident, by=promised.requester, body="And the phone", at=sh(10, 8, 9, 5))
    signed_in(promised.agent).post(
        f"/records/{incident.number}/say/",
        {"visibility": "note", "as": "note", "body": "Looks like the switch"},
    )  # fmt: skip
    lifecycle.assign(fresh(incident), by=None, group=promised.second_line, at=sh(10, 8, 9, 10))
    running = (fresh(incident).first_response_at, clock(incident, "response").state)
    messages.reply(fresh(incident), by=promised.specialist, body="We look", at=sh(10, 8, 9, 30))

    assert running == (None, "running")
    assert fresh(incident).first_response_at == sh(10, 8, 9, 30)
    found = clock(incident, "response")
    assert (found.state, found.elapsed_seconds) == ("met", 30 * 60)


@pytest.mark.feature("IN-10")
def test_every_stage_of_the_repair_is_a_time_of_its_own(promised):
    incident = report(
        promised, at=sh(10, 8, 9, 12), service=promised.erp, occurred_at=sh(10, 8, 9),
        detected_at=sh(10, 8, 9, 12), service_interrupted=True,
    )  # fmt: skip
    lifecycle.start(incident, by=promised.agent, at=sh(10, 8, 9, 20))
    lifecycle.restore(
        fresh(incident), by=promised.agent, at=sh(10, 8, 11), diagnosed_at=sh(10, 8, 9, 45),
        repaired_at=sh(10, 8, 10, 30), recovered_at=sh(10, 8, 10, 50),
    )  # fmt: skip
    lifecycle.resolve(
        fresh(incident), by=promised.agent, resolution="Done", closure_code=closure(),
        restored_at=sh(10, 8, 11, 5), at=sh(10, 8, 11, 10),
    )  # fmt: skip
    lifecycle.confirm(fresh(incident), by=promised.requester, at=sh(10, 8, 15))

    body = signed_in(promised.agent).get(f"/api/v1/incidents/{incident.number}/").json()

    moments = {
        "occurred_at": "09:00", "detected_at": "09:12", "first_response_at": "09:20",
        "diagnosed_at": "09:45", "repaired_at": "10:30", "recovered_at": "10:50",
        "restored_at": "11:05", "resolved_at": "11:10", "closed_at": "15:00",
    }  # fmt: skip
    assert {name: body[name][11:16] for name in moments} == moments
    text = page(signed_in(promised.agent), incident).content.decode()
    for word in ("Began", "Noticed", "Diagnosed", "Repaired", "Recovered", "Service restored",
                 "Resolved", "Closed"):  # fmt: skip
        assert f"<dt>{word}</dt>" in text


@pytest.mark.feature("IN-10")
def test_stages_follow_each_other(promised):
    incident = report(promised, at=sh(10, 8, 9))

    with pytest.raises(ValidationError) as wrong:
        lifecycle.restore(
            incident, by=promised.agent, at=sh(10, 8, 12), diagnosed_at=sh(10, 8, 11),
            repaired_at=sh(10, 8, 10),
        )  # fmt: skip

    assert set(wrong.value.message_dict) == {"repaired_at"}


@pytest.mark.feature("IN-13")
def test_a_clear_event_is_told_on_the_incident_and_a_new_alarm_after_closure_opens_a_new_one(
    promised,
):
    client = APIClient()
    client.force_authenticate(promised.agent)
    alarm = {
        "source": "zabbix", "dedup_key": "disk-7", "severity": 2, "summary": "Disk full",
        "service": "ERP",
    }  # fmt: skip
    number = client.post("/api/v1/alerts/", alarm, format="json").json()["record"]

    client.post("/api/v1/alerts/clear/", {"source": "zabbix", "dedup_key": "disk-7"}, format="json")

    incident = Incident.objects.get(number=number)
    assert incident.timeline.filter(verb="incident.alert_cleared").count() == 1
    lifecycle.resolve(incident, by=promised.agent, resolution="Freed", closure_code=closure())
    lifecycle.confirm(fresh(incident), by=promised.agent)
    again = client.post("/api/v1/alerts/", alarm, format="json").json()
    assert again["record"] != number


@pytest.mark.feature("SL-09")
@pytest.mark.parametrize(
    ("rule", "words"),
    [("without_closed_time", "without"), ("with_closed_time", "with"), ("new_cycle", "new")],
)
def test_the_page_of_the_clocks_says_what_a_reopening_does(world, rule, words):
    promise(world, ("resolution", 8, {"reopen_rule": rule}))
    incident = report(world)

    text = signed_in(world.agent).get(f"/records/{incident.number}/clocks/").content.decode()

    shown = text.partition("<dt>If reopened</dt><dd>")[2].partition("</dd>")[0]
    assert shown == clock(incident, "resolution").target.get_reopen_rule_display()
    assert words in shown.lower()


@pytest.mark.feature("SL-04")
def test_the_reply_of_the_requester_goes_on_with_the_clock_in_the_agreements_own_hours(promised):
    incident = report(promised, at=sh(10, 9, 9))
    lifecycle.hold(incident, by=promised.agent, reason=reason("wait_customer"), at=sh(10, 9, 16))

    messages.reply(fresh(incident), by=promised.requester, body="Here", at=sh(10, 10, 22))

    found = clock(incident, "resolution")
    assert found.state == "running"
    # 5.5 h were counted; the night and Sunday are no support hours: Monday 09:00 + 2.5 h
    assert found.due_at == sh(10, 12, 11, 30)

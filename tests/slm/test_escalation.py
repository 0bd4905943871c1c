"""Who is told, how often, and what people can do about it (ITSM domain rules 5.5)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core import outbox
from core.errors import Refused
from incidents.actions import lifecycle
from people import actions as people
from people.models import GroupMembership, Person, SupportGroup
from people.roles import Role
from records.models import Notification, Record
from slm.actions import escalations
from slm.escalating import sweep_due
from slm.ladder import Directory, ladder_for
from slm.models import Escalation, EscalationPolicy, Threshold
from tests.slm.stories import again, ago, clock, escalated, fires, hold, report, resume, stored
from tests.world import person, promise

pytestmark = pytest.mark.feature("IN-08")


@pytest.fixture
def promised(world):
    """Ten hours around the clock, so that shares are plain hours."""
    promise(world, ("resolution", 10), calendar=world.always)
    return world


@pytest.fixture
def staffed(promised):
    """The network group: a lead with a manager, a dispatcher, a specialist."""
    promised.boss = person(promised, "B1", "Boss")
    Person.objects.filter(pk=promised.lead.pk).update(manager=promised.boss)
    promised.dispatcher = person(promised, "D1", "Dispatcher", groups=[promised.second_line])
    GroupMembership.objects.filter(person=promised.dispatcher).update(role="dispatcher")
    promised.second_line = SupportGroup.objects.get(pk=promised.second_line.pk)
    return promised


def told(incident, threshold):
    """Names of the persons, as the escalation says and as they were sent word."""
    escalation = Escalation.objects.get(record=incident.pk, threshold=threshold)
    names = {one["name"] for one in escalation.told}
    subject = escalation.clock_id or f"record-{incident.pk}"
    key = f"esc:{subject}:{escalation.cycle}:{threshold}:"
    rows = Notification.objects.filter(dedup_key__startswith=key)
    assert {row.person.name for row in rows} == names
    return names


def late(world, hours, **fields):
    """An incident of the network group that was opened so long ago, in hand at once."""
    fields.setdefault("group", world.second_line)
    incident = report(world, ago(hours=hours), service=world.erp, **fields)
    return lifecycle.assign(
        incident, by=None, group=world.second_line, person=world.specialist, at=ago(hours=hours)
    )


# --- the ladder of a new desk -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("hours", "code", "names"),
    [
        (5.1, "50", {"Sofia Okafor", "Li Hua"}),
        (7.6, "75", {"Li Hua"}),
        (9.1, "90", {"Priya Kapoor"}),
        (10.1, "100", {"Grace Rossi", "Service Owner", "Sofia Okafor"}),
        (12.6, "125", {"Grace Rossi", "Service Owner"}),
    ],
)
def test_each_share_reaches_who_must_act(staffed, hours, code, names):
    incident = late(staffed, hours)

    sweep_due()

    assert told(incident, code) == names
    assert [c for _metric, c in escalated(incident)][-1] == code


def test_an_escalation_keeps_when_it_was_due_and_when_it_was_fired(staffed):
    incident = late(staffed, 6)
    due_at = fires(clock(incident))["50"]

    sweep_due()

    found = Escalation.objects.get(record=incident)
    assert found.due_at == due_at
    assert found.fired_at > due_at
    entry = incident.timeline.get(verb="clock.escalated")
    assert (entry.visibility, entry.data["percent"], entry.data["metric"]) == (
        "internal", 50, "resolution",
    )  # fmt: skip


def test_the_record_shows_the_warning_and_the_breach(staffed):
    for hours, status in ((8, "warning"), (11, "breached")):
        incident = late(staffed, hours)
        Record.objects.filter(pk=incident.pk).update(sla_status="ok")

        sweep_due()

        assert stored(incident).sla_status == status
    assert clock(incident).breached_at == clock(incident).due_at


# --- resolution of the words --------------------------------------------------------------------
WORDS = {
    "assignee": ["Sofia Okafor"],
    "group_lead": ["Li Hua"],
    "dispatcher": ["Dispatcher"],
    "lead_manager": ["Boss"],
    "process_manager": ["Priya Kapoor"],
    "slm": ["Grace Rossi"],
    "service_owner": ["Service Owner"],
}


@pytest.mark.parametrize("word", WORDS)
def test_each_word_of_the_ladder_means_persons(staffed, word):
    incident = late(staffed, 1)

    found = Directory().behind(stored(incident), word)

    assert [one.name for one in found if one is not None] == WORDS[word]


def test_a_step_may_name_a_group_or_a_person(staffed, a_ladder):
    a_ladder(value=20, to="group", group=staffed.second_line)
    a_ladder(value=20, to="person", person=staffed.desk_manager)
    incident = late(staffed, 2.5)

    sweep_due()

    assert told(incident, "20") == {"Dispatcher", "Tom Becker"}


def test_a_role_counts_only_in_its_scope(staffed):
    people.grant(staffed.desk_manager, Role.INCM, by=None, organization=staffed.other)
    people.grant(staffed.stranger, Role.INCM, by=None, organization=staffed.sales)

    found = Directory().behind(stored(late(staffed, 1)), "process_manager")

    assert {one.name for one in found} == {"Priya Kapoor", "Erik Nilsen"}


def test_somebody_is_always_told(promised, a_ladder):
    EscalationPolicy.objects.get(code="default").steps.all().delete()
    a_ladder(value=50, to="dispatcher")
    SupportGroup.objects.update(lead=None)
    GroupMembership.objects.all().delete()
    incident = report(promised, ago(hours=6), group=promised.second_line)

    sweep_due()

    assert told(incident, "50") == {"Tom Becker"}


def test_who_has_left_is_told_nothing(staffed):
    incident = late(staffed, 6)
    Person.objects.filter(pk=staffed.specialist.pk).update(is_active=False)

    sweep_due()

    assert told(incident, "50") == {"Li Hua"}


# --- the narrowest ladder -----------------------------------------------------------------------
def test_the_narrowest_ladder_applies(staffed, a_ladder):
    incident = stored(late(staffed, 1))
    agreement = clock(incident).agreement
    scopes = [
        {"record_kind": "incident"},
        {"record_kind": "incident", "priority": incident.priority},
        {"organization": staffed.head},
        {"organization": staffed.sales},
        {"service": staffed.erp},
        {"agreement": agreement},
    ]

    for number, scope in enumerate(scopes):
        a_ladder({"code": f"S{number}", **scope}, value=number + 1, to="slm")
        found = ladder_for(incident, agreement.pk)
        assert [step.value for step in found.steps] == [number + 1], scope


def test_a_ladder_of_another_service_does_not_apply(staffed, a_ladder):
    a_ladder({"code": "MAIL", "service": staffed.mail}, value=1, to="slm")

    assert len(ladder_for(stored(late(staffed, 1)), None).steps) > 1


def test_a_step_for_one_promise_or_one_priority_is_silent_elsewhere(staffed, a_ladder):
    a_ladder(value=20, to="slm", metric="response")
    a_ladder(value=20, to="service_owner", only_priority=1)

    assert "20" not in fires(clock(late(staffed, 1)))


# --- repetition and acknowledgement ---------------------------------------------------------------
def test_each_missed_repetition_comes_once_and_only_the_next_is_stored(staffed):
    incident = late(staffed, 16)

    sweep_due()

    assert [code for _metric, code in escalated(incident)] == [
        "50",
        "75",
        "90",
        "100",
        "125",
        "150",
    ]
    waiting = Threshold.objects.filter(clock=clock(incident), fired_at=None)
    assert [row.code for row in waiting] == ["175"]


def test_an_acknowledgement_stops_the_repetition_and_not_the_clock(staffed):
    incident = late(staffed, 11)
    sweep_due()
    breach = Escalation.objects.get(record=incident, threshold="100")

    escalations.acknowledge(breach, by=staffed.manager, comment="on it")

    assert not Threshold.objects.filter(clock=clock(incident), fired_at=None).exists()
    assert clock(incident).state == "running"
    resume(hold(again(incident), ago(minutes=2)), ago(minutes=1))
    assert not Threshold.objects.filter(clock=clock(incident), fired_at=None).exists()
    assert incident.timeline.filter(verb="clock.acknowledged").get().body == "on it"


def test_to_have_seen_a_warning_does_not_silence_the_breach(staffed):
    incident = late(staffed, 8)
    sweep_due()
    warning = Escalation.objects.get(record=incident, threshold="75")

    escalations.acknowledge(warning, by=staffed.lead)

    waiting = Threshold.objects.filter(clock=clock(incident), fired_at=None)
    assert {row.code for row in waiting} == {"90", "100"}


def test_it_is_acknowledged_once(staffed):
    incident = late(staffed, 8)
    sweep_due()
    warning = Escalation.objects.get(record=incident, threshold="75")
    escalations.acknowledge(warning, by=staffed.lead)

    with pytest.raises(Refused, match="Li Hua"):
        escalations.acknowledge(warning, by=staffed.manager)


def test_only_who_works_here_and_sees_it_acknowledges(staffed):
    incident = late(staffed, 8)
    sweep_due()
    warning = Escalation.objects.get(record=incident, threshold="75")

    with pytest.raises(PermissionDenied):
        escalations.acknowledge(warning, by=staffed.requester)
    with pytest.raises(Record.DoesNotExist):
        escalations.acknowledge(warning, by=staffed.stranger)


# --- functional steps, and by hand ----------------------------------------------------------------
def test_a_functional_step_moves_the_work(staffed, a_ladder):
    a_ladder(value=20, type="functional", to="group", group=staffed.central)
    incident = late(staffed, 2.5)

    sweep_due()

    assert again(incident).assigned_group == staffed.central
    found = Escalation.objects.get(record=incident, threshold="20")
    assert (found.type, found.to_group) == ("functional", staffed.central)


def test_a_step_that_the_lifecycle_refuses_is_told_all_the_same(staffed, a_ladder):
    from tests.slm.stories import resolve

    a_ladder(value=20, type="functional", to="group", group=staffed.central)
    incident = resolve(late(staffed, 2.5), ago(minutes=1))

    sweep_due()

    assert again(incident).assigned_group == staffed.second_line
    assert told(incident, "20")


def test_by_hand_to_more_authority_with_a_reason(staffed):
    incident = late(staffed, 1)

    found = escalations.escalate(
        incident, by=staffed.specialist, to="process_manager", reason="Customer is furious"
    )

    assert [one["name"] for one in found.told] == ["Priya Kapoor"]
    rows = Notification.objects.filter(dedup_key__startswith=f"esc:manual:{found.pk}:")
    assert {row.person for row in rows} == {staffed.incident_manager}
    entry = incident.timeline.get(verb="clock.escalated")
    assert (entry.author, entry.body) == (staffed.specialist, "Customer is furious")


def test_by_hand_needs_a_reason_somebody_and_the_right(staffed):
    incident = late(staffed, 1)

    with pytest.raises(ValidationError, match="reason"):
        escalations.escalate(incident, by=staffed.specialist, to="slm", reason=" ")
    with pytest.raises(ValidationError, match="nobody"):
        escalations.escalate(incident, by=staffed.specialist, to=[], reason="x")
    with pytest.raises(PermissionDenied):
        escalations.escalate(incident, by=staffed.requester, to="slm", reason="x")


# --- nobody takes it ------------------------------------------------------------------------------
def waits(incident):
    rows = Threshold.objects.filter(record=incident.pk, clock=None, fired_at=None)
    return {row.code: row.fires_at for row in rows}


def test_a_ticket_that_nobody_takes_reaches_the_dispatcher(staffed):
    incident = report(staffed, ago(minutes=16), group=staffed.second_line)

    sweep_due()

    assert told(incident, "unassigned:900") == {"Dispatcher"}
    assert ("", "unassigned:900") in escalated(incident)


def test_the_most_urgent_wait_five_minutes_at_any_hour(world):
    incident = report(world, impact=1, urgency=1)

    assert incident.priority == 1
    assert list(waits(incident)) == ["unassigned:300"]


def test_the_wait_counts_in_support_hours(world):
    from tests.world import sh

    incident = report(world, sh(10, 8, 17, 50))

    assert waits(incident) == {"unassigned:900": sh(10, 9, 9, 5)}


def test_whoever_takes_it_ends_the_wait_and_giving_it_back_begins_it(staffed):
    incident = report(staffed, ago(minutes=10), group=staffed.second_line)

    lifecycle.start(incident, by=staffed.specialist, at=ago(minutes=9))
    assert waits(incident) == {}

    at = ago(minutes=5)
    lifecycle.assign(again(incident), by=None, group=staffed.second_line, at=at)
    assert (waits(incident)["unassigned:900"] - at).total_seconds() == 900


def test_a_second_spell_is_escalated_again(staffed):
    incident = report(staffed, ago(minutes=60), group=staffed.second_line)
    sweep_due()
    lifecycle.start(again(incident), by=staffed.specialist, at=ago(minutes=40))

    lifecycle.assign(again(incident), by=None, group=staffed.second_line, at=ago(minutes=30))
    sweep_due()

    rows = Escalation.objects.filter(record=incident, threshold="unassigned:900")
    assert sorted(rows.values_list("cycle", flat=True)) == [0, 1]


def test_a_ticket_on_hold_waits_for_nobody_to_take_it(staffed):
    incident = hold(report(staffed, ago(minutes=20), group=staffed.second_line), ago(minutes=19))

    sweep_due()

    assert escalated(incident) == []


def test_a_wait_that_is_over_when_the_sweep_comes_is_dropped(staffed):
    incident = report(staffed, ago(minutes=20), group=staffed.second_line)
    Record.objects.filter(pk=incident.pk).update(assignee=staffed.specialist)

    sweep_due()

    assert escalated(incident) == []
    assert waits(incident) == {}


def test_silence_may_be_escalated_too(staffed, a_ladder):
    from incidents.actions import messages

    a_ladder(on="no_update_for", value=1800, to="assignee")
    incident = late(staffed, 1)
    messages.reply(incident, by=staffed.specialist, body="…", at=ago(minutes=31))

    sweep_due()

    assert told(incident, "silent:1800") == {"Sofia Okafor"}


def test_a_child_is_told_by_mail_as_by_page(staffed):
    incident = late(staffed, 6)
    sweep_due()
    outbox.sweep_due()

    channels = Notification.objects.filter(record=incident, template="escalation").values_list(
        "channel", flat=True
    )
    assert set(channels) == {"in_app", "email"}

"""Asking for approval: who may answer, what decides, deputies, reminders, and those above."""

from datetime import timedelta

import pytest
from django.contrib.postgres.fields.ranges import DateRange
from django.core.exceptions import PermissionDenied

from core import time
from core.errors import Refused
from incidents.actions import opening
from people import actions as people
from people.models import GroupMembership, Person
from people.roles import Role
from records import approvals
from records.approvals import Stage
from records.kinds import KINDS
from records.models import Approval, ApprovalVote, Record, TimelineEntry
from tests.world import SINCE

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CH-09")]


@pytest.fixture
def record(world):
    Person.objects.filter(pk=world.requester.pk).update(manager=world.lead)
    requester = Person.objects.get(pk=world.requester.pk)
    return opening.open_incident(
        by=requester, requester=requester, title="More memory", service=world.erp
    )


@pytest.fixture
def decided(monkeypatch):
    """What the record's process was told: [is it approved]."""
    told = []
    monkeypatch.setitem(
        KINDS["incident"].verbs, "approval_decided",
        lambda record, approval, is_yes, **_: told.append(is_yes),
    )  # fmt: skip
    return told


def today():
    return time.now().date()


def named(*people):
    return {"of": "people", "people": [person.pk for person in people]}


def put(record, *stages, by=None, **options):
    return approvals.ask(record, stages, by=by, at=time.now(), **options)


def fresh(approval):
    return Approval.objects.get(pk=approval.pk)


def test_the_line_manager_is_asked_and_sees_the_record(record, world, decided):
    [approval] = put(record, Stage({"of": "line_manager"}))
    manager = Person.objects.get(pk=world.lead.pk)

    assert list(approval.approvers.all()) == [world.lead]
    assert Record.objects.visible_to(manager).filter(pk=record.pk).exists()
    assert list(Approval.objects.waiting_for(manager, today())) == [approval]
    approvals.answer(approval, by=manager, vote="approve")
    assert decided == [True]
    assert fresh(approval).state == "approved"
    assert not Approval.objects.waiting_for(manager, today()).exists()


def test_nobody_decides_what_they_ask_for(record, world, decided):
    [approval] = put(record, Stage(named(world.requester, world.manager)))

    assert list(approval.approvers.all()) == [world.manager]
    with pytest.raises(PermissionDenied):
        approvals.answer(approval, by=world.requester, vote="approve")
    with pytest.raises(Refused, match="missing"):
        put(record, Stage(named(world.requester)))
    with pytest.raises(Refused, match="missing"):
        put(record, Stage(named(world.manager)), barred=[world.manager.pk])
    assert decided == []


def test_the_managers_manager_is_asked_where_the_manager_asks_for_somebody(world):
    Person.objects.filter(pk=world.requester.pk).update(manager=world.lead)
    Person.objects.filter(pk=world.lead.pk).update(manager=world.desk_manager)
    requester = Person.objects.get(pk=world.requester.pk)
    record = opening.open_incident(
        by=world.lead, requester=requester, reported_by=world.lead, title="x"
    )

    [approval] = put(record, Stage({"of": "line_manager"}))

    assert record.reported_by_id == world.lead.pk
    assert list(approval.approvers.all()) == [world.desk_manager]


def test_stages_are_asked_one_after_the_other(record, world, decided):
    first, second = put(
        record, Stage(named(world.manager)), Stage(named(world.admin, world.auditor), "all")
    )
    states = [fresh(first).state, fresh(second).state]
    with pytest.raises(Refused):
        approvals.answer(second, by=world.admin, vote="approve")
    approvals.answer(first, by=world.manager, vote="approve")
    between = [fresh(first).state, fresh(second).state]
    approvals.answer(second, by=world.admin, vote="approve")
    not_yet = list(decided)
    approvals.answer(second, by=world.auditor, vote="approve")

    assert states == ["pending", "planned"]
    assert between == ["approved", "pending"]
    assert not_yet == []
    assert decided == [True]


def test_a_rejection_needs_a_reason_and_drops_the_later_stages(record, world, decided):
    first, second = put(record, Stage(named(world.manager)), Stage(named(world.admin)))

    with pytest.raises(Refused, match="why"):
        approvals.answer(first, by=world.manager, vote="reject", comment="  ")
    approvals.answer(first, by=world.manager, vote="reject", comment="Too dear")

    assert decided == [False]
    assert [fresh(first).state, fresh(second).state] == ["rejected", "cancelled"]
    last = TimelineEntry.objects.filter(record_id=record.pk, verb="approval.rejected").get()
    assert last.body == "Too dear"


def test_a_quorum_is_counted_over_all_who_are_asked(record, world, decided):
    board = [world.manager, world.admin, world.auditor, world.security, world.owner]
    [approval] = put(
        record, Stage(named(*board), "quorum", quorum_percent=60, threshold_percent=60)
    )
    for person in board[:2]:
        approvals.answer(approval, by=person, vote="approve")
    two = fresh(approval).state
    approvals.answer(approval, by=board[2], vote="approve")

    assert two == "pending"
    assert fresh(approval).state == "approved"


def test_a_deputy_answers_within_the_dates_and_once_for_each_seat(record, world, decided):
    now = today()
    away = Person.objects.filter(pk__in=[world.manager.pk, world.admin.pk])
    away.update(deputy=world.auditor, deputy_during=DateRange(now, now + timedelta(days=3)))
    [approval] = put(record, Stage(named(world.manager, world.admin, world.owner), "all"))
    deputy = Person.objects.get(pk=world.auditor.pk)

    assert list(Approval.objects.waiting_for(deputy, now)) == [approval]
    assert not Approval.objects.waiting_for(deputy, now + timedelta(days=3)).exists()
    approvals.answer(approval, by=deputy, vote="approve", seat=world.manager)
    with pytest.raises(Refused, match="already"):
        approvals.answer(approval, by=world.manager, vote="approve")
    approvals.answer(approval, by=deputy, vote="approve", seat=world.admin)
    approvals.answer(approval, by=world.owner, vote="approve")

    votes = ApprovalVote.objects.filter(approval=approval).values_list("approver", "on_behalf_of")
    assert set(votes) == {
        (deputy.pk, world.manager.pk), (deputy.pk, world.admin.pk), (world.owner.pk, None),
    }  # fmt: skip
    assert decided == [True]


def test_a_deputy_outside_of_the_dates_has_no_say(record, world):
    past = DateRange(today() - timedelta(days=9), today() - timedelta(days=1))
    Person.objects.filter(pk=world.manager.pk).update(deputy=world.auditor, deputy_during=past)
    [approval] = put(record, Stage(named(world.manager)))

    with pytest.raises(PermissionDenied):
        approvals.answer(approval, by=world.auditor, vote="approve")


def test_the_requester_does_not_decide_as_somebodys_deputy(record, world):
    always = DateRange(today(), None)
    Person.objects.filter(pk=world.manager.pk).update(deputy=world.requester, deputy_during=always)
    [approval] = put(record, Stage(named(world.manager)))

    with pytest.raises(PermissionDenied):
        approvals.answer(approval, by=Person.objects.get(pk=world.requester.pk), vote="approve")


def test_who_lost_the_place_meanwhile_has_lost_the_say(record, world, decided):
    [approval] = put(record, Stage({"of": "group", "group": world.second_line.pk}))
    GroupMembership.objects.filter(person=world.specialist, group=world.second_line).update(
        valid=DateRange(SINCE, today())
    )

    with pytest.raises(Refused, match="any more"):
        approvals.answer(approval, by=world.specialist, vote="approve")
    approvals.answer(approval, by=world.lead, vote="approve")

    assert decided == [True]


def test_what_is_decided_is_not_decided_again(record, world, decided):
    [approval] = put(record, Stage(named(world.manager, world.admin)))
    approvals.answer(approval, by=world.manager, vote="approve")

    with pytest.raises(Refused, match="decided already"):
        approvals.answer(approval, by=world.admin, vote="reject", comment="no")
    with pytest.raises(Refused, match="decided already"):
        approvals.answer(approval, by=world.manager, vote="approve")
    assert decided == [True]


def test_votes_stay_as_they_were_given(record, world):
    [approval] = put(record, Stage(named(world.manager)))
    vote = approvals.answer(approval, by=world.manager, vote="approve")

    with pytest.raises(Exception, match="append"):
        ApprovalVote.objects.filter(pk=vote.pk).update(vote="reject")


# --- what time does ---------------------------------------------------------------------------
def age(approval, hours):
    """Let it have been asked so many hours ago."""
    approval.refresh_from_db()
    by = timedelta(hours=hours)
    Approval.objects.filter(pk=approval.pk).update(
        asked_at=approval.asked_at - by,
        due_at=approval.due_at - by,
        remind_at=approval.remind_at and approval.remind_at - by,
    )


def verbs(record):
    return list(
        TimelineEntry.objects.filter(record_id=record.pk, verb__startswith="approval.")
        .order_by("seq").values_list("verb", flat=True)
    )  # fmt: skip


@pytest.fixture
def always_open(record, world):
    Record.objects.filter(pk=record.pk).update(owner_group=None, assigned_group=None)
    type(world.head).objects.filter(pk=record.organization_id).update(default_calendar=world.always)
    return KINDS["incident"].model.objects.get(pk=record.pk)


def test_half_of_the_time_later_they_are_reminded_once(always_open, world):
    [approval] = put(always_open, Stage(named(world.manager), patience_hours=10))
    age(approval, 4)
    early = approvals.sweep_due()
    age(approval, 2)

    assert [early, approvals.sweep_due(), approvals.sweep_due()] == [0, 1, 0]
    assert verbs(always_open) == ["approval.asked", "approval.reminded"]


def test_silence_is_taken_to_those_above(always_open, world, decided):
    Person.objects.filter(pk=world.manager.pk).update(manager=world.desk_manager)
    [approval] = put(always_open, Stage(named(world.manager), patience_hours=10))
    age(approval, 11)

    assert [approvals.sweep_due(), approvals.sweep_due()] == [1, 0]
    approval = fresh(approval)
    assert (approval.state, approval.round) == ("pending", 2)
    assert set(approval.approvers.all()) == {world.manager, world.desk_manager}
    assert verbs(always_open) == ["approval.asked", "approval.expired", "approval.asked"]
    approvals.answer(approval, by=world.desk_manager, vote="approve")
    assert decided == [True]


def test_without_anybody_above_it_waits_to_be_asked_again(always_open, world):
    [approval] = put(always_open, Stage(named(world.manager), patience_hours=10))
    age(approval, 11)
    approvals.sweep_due()
    expired = fresh(approval).state

    again = approvals.reissue(fresh(approval), by=None, at=time.now())

    assert expired == "expired"
    assert (again.state, again.round) == ("pending", 2)


def test_at_the_end_a_quorum_counts_those_who_answered(always_open, world, decided):
    board = [world.manager, world.admin, world.auditor, world.security]
    [approval] = put(
        always_open,
        Stage(named(*board), "quorum", quorum_percent=50, threshold_percent=60, patience_hours=10),
    )
    approvals.answer(approval, by=board[0], vote="approve")
    approvals.answer(approval, by=board[1], vote="approve")
    open_ = fresh(approval).state
    age(approval, 11)
    approvals.sweep_due()

    assert open_ == "pending"
    assert decided == [True]


def test_a_withdrawn_question_takes_no_answer(record, world):
    [approval] = put(record, Stage(named(world.manager)))
    approvals.cancel(record, by=None, at=time.now())

    with pytest.raises(Refused):
        approvals.answer(approval, by=world.manager, vote="approve")


def test_what_was_approved_is_void_when_it_changes(record, world, decided):
    [approval] = put(record, Stage(named(world.manager)))
    approvals.answer(approval, by=world.manager, vote="approve")

    approvals.invalidate(record, by=None, at=time.now())

    assert fresh(approval).state == "stale"
    assert verbs(record)[-1] == "approval.void"


def test_finance_is_asked_where_it_has_a_say(record, world):
    everywhere, elsewhere = world.owner, world.security
    people.grant(everywhere, Role.FINM, by=None, since=SINCE)
    people.grant(elsewhere, Role.FINM, by=None, since=SINCE, organization=world.other)

    [approval] = put(record, Stage({"of": "finance"}))

    assert list(approval.approvers.all()) == [everywhere]

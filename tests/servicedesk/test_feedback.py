"""Feedback: its lifecycle, who owns the answer, who must not see it, the promise of an answer."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core import outbox, preferences
from core.errors import Refused
from core.models import Message
from incidents.actions import lifecycle, opening
from people.models import SupportGroup
from people.roles import Role
from records.models import Notification, Record, RecordLink, Task
from servicedesk.feedback import confidence
from servicedesk.feedback.actions import due, editing, ending, filing, handling
from servicedesk.models import Feedback
from slm import work
from slm.models import Clock
from tests.world import person, promise, sh

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SD-14")]
MORNING, AFTERNOON, TEATIME = sh(10, 8, 9), sh(10, 8, 14), sh(10, 8, 15)


def complain(world, **fields):
    fields.setdefault("by", world.requester)
    fields.setdefault("feedback_kind", "complaint")
    fields.setdefault("title", "Nobody called back")
    fields.setdefault("severity", 2 if fields["feedback_kind"] == "complaint" else None)
    fields.setdefault("at", MORNING)
    return filing.give(**fields)


def answered(world, owner=None, **fields):
    owner = owner or world.agent
    found = handling.review(complain(world, **fields), by=owner, at=sh(10, 8, 10))
    return handling.give_answer(
        found, by=owner, answer="We are sorry.", outcome="justified", at=sh(10, 8, 11)
    )


def escalate(found, by, reason="No", at=AFTERNOON, **more):
    return ending.escalate(found, by=by, reason=reason, at=at, **more)


def answer_again(found, by, at=TEATIME):
    return handling.give_answer(found, by=by, answer="Still sorry.", outcome="partly", at=at)


def verbs(record):
    return [entry.verb for entry in record.timeline.order_by("seq")]


def clock(record, cycle=0):
    return Clock.objects.get(record=record, metric="feedback_response", cycle=cycle)


# --- the way of a complaint -----------------------------------------------------------------------


def test_a_complaint_goes_from_the_requester_to_the_answer_and_is_closed(world):
    found = answered(world)

    found = ending.close(found, by=world.requester, at=sh(10, 9, 9))

    assert found.number.startswith("FBK-")
    assert (found.state, found.phase, found.outcome) == ("closed", "closed", "justified")
    assert found.closure_via == "customer_confirmed"
    assert verbs(found) == [
        "feedback.opened", "feedback.reviewed", "feedback.answered", "feedback.closed"
    ]  # fmt: skip


def test_it_stands_in_the_queue_of_the_desk(world):
    found = complain(world)

    queue = Record.objects.queue_of(world.local_agent).active()

    assert found.is_queued
    assert list(queue.values_list("number", flat=True)) == [found.number]


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (
            "received",
            lambda f, w: handling.give_answer(f, by=w.agent, answer="x", outcome="partly"),
        ),
        ("received", lambda f, w: ending.close(f, by=w.requester)),
        ("received", lambda f, w: ending.escalate(f, by=w.requester, reason="x")),
        ("answered", lambda f, w: handling.review(f, by=w.agent)),
        ("answered", lambda f, w: ending.withdraw(f, by=w.requester)),
    ],
)
def test_a_step_that_does_not_lead_on_from_the_state_is_refused(world, state, act):
    found = complain(world) if state == "received" else answered(world)

    with pytest.raises(Refused):
        act(found, world)


def test_a_complaint_needs_a_severity_and_the_others_have_none(world):
    with pytest.raises(ValidationError) as refused:
        complain(world, severity=None)

    praise = complain(world, feedback_kind="compliment", severity=1)

    assert "severity" in refused.value.message_dict
    assert praise.severity is None


def test_an_answer_to_a_complaint_says_whether_it_was_justified(world):
    found = handling.review(complain(world), by=world.agent)

    with pytest.raises(ValidationError) as refused:
        handling.give_answer(found, by=world.agent, answer="Hm")

    assert "outcome" in refused.value.message_dict


def test_an_answer_to_praise_judges_nothing(world):
    found = handling.review(complain(world, feedback_kind="compliment"), by=world.agent)

    found = handling.give_answer(found, by=world.agent, answer="Thank you!", outcome="justified")

    assert found.outcome == ""


def test_only_the_owner_answers(world):
    found = handling.review(complain(world), by=world.agent, owner=world.desk_manager)

    with pytest.raises(PermissionDenied):
        handling.give_answer(found, by=world.agent, answer="x", outcome="partly")


def test_the_requester_withdraws_and_it_is_in_no_figure(world):
    found = ending.withdraw(complain(world), by=world.requester, reason="Settled")

    assert found.state == "withdrawn"
    assert clock(found).state == "cancelled"


def test_nobody_withdraws_the_complaint_of_another(world):
    found = complain(world)

    with pytest.raises(PermissionDenied):
        ending.withdraw(found, by=world.agent, reason="Away with it")


# --- who owns the answer --------------------------------------------------------------------------


def handled_incident(world):
    incident = opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN", at=sh(10, 7, 9),
        service=world.erp,
    )  # fmt: skip
    return lifecycle.start(incident, by=world.agent, at=sh(10, 7, 10))


def test_who_is_complained_of_never_owns_the_answer(world):
    found = complain(world, about_person=world.agent)

    with pytest.raises(ValidationError) as refused:
        handling.review(found, by=world.desk_manager, owner=world.agent)

    assert "owner" in refused.value.message_dict


def test_who_did_the_work_complained_of_never_owns_the_answer(world):
    found = complain(world, about_record=handled_incident(world))

    with pytest.raises(ValidationError):
        handling.review(found, by=world.agent)

    assert handling.review(found, by=world.agent2).owner == world.agent2


def test_who_gave_it_never_owns_the_answer(world):
    found = complain(world, by=world.agent2)

    with pytest.raises(PermissionDenied):
        handling.review(found, by=world.agent2, owner=world.agent)
    with pytest.raises(ValidationError):
        handling.review(found, by=world.agent, owner=world.agent2)


def test_an_owner_who_turns_out_to_be_involved_cannot_answer(world):
    found = handling.review(complain(world, about_group=world.local), by=world.agent)
    SupportGroup.objects.filter(pk=world.local.pk).update(lead=world.agent)
    world.agent.__dict__.pop("access", None)

    with pytest.raises((Refused, PermissionDenied)):
        handling.give_answer(found, by=world.agent, answer="x", outcome="not_justified")


def test_a_requester_is_never_made_the_owner(world):
    with pytest.raises(ValidationError):
        handling.review(complain(world), by=world.agent, owner=world.colleague)


@pytest.mark.parametrize(
    ("fields", "desk"),
    [
        ({"severity": 2}, "local"),
        ({"severity": 1}, "central"),
        ({"severity": 2, "about": "local"}, "central"),
    ],
)
def test_serious_complaints_and_those_about_a_group_are_the_central_desks(world, fields, desk):
    about = fields.pop("about", None)
    world.local.organizations.add(world.sales)
    filed = complain(world, about_group=getattr(world, about) if about else None, **fields)

    wanted = {"local": filing_desk(world), "central": world.central}[desk]
    assert filed.owner_group == wanted


def filing_desk(world):
    """Where an ordinary complaint of the requester goes: the local desk while it is open."""
    return world.local


def test_a_complaint_that_turns_out_serious_becomes_the_central_desks(world):
    found = complain(world)

    found = editing.edit(found, by=world.desk_manager, severity=1)

    assert (found.owner_group, found.priority) == (world.central, 2)


# --- who must not see it --------------------------------------------------------------------------


def sees(reader, found):
    return Feedback.objects.visible_to(reader).filter(pk=found.pk).exists()


def test_the_group_complained_of_does_not_see_it(world):
    found = complain(world, about_group=world.local)

    assert found.confidentiality == "restricted"
    assert not sees(world.local_agent, found)
    assert sees(world.agent, found)
    assert sees(world.requester, found)
    assert sees(world.desk_manager, found)


def test_the_central_desk_does_not_see_complaints_about_itself_but_its_manager_does(world):
    found = complain(world, about_group=world.central)

    assert not sees(world.agent, found)
    assert not sees(world.agent2, found)  # who leads it
    assert sees(world.desk_manager, found)


def test_the_person_complained_of_and_their_group_do_not_see_it(world):
    found = complain(world, about_person=world.local_agent)

    assert not sees(world.local_agent, found)
    assert sees(world.agent, found)


def test_a_manager_never_sees_a_complaint_about_themselves(world):
    found = complain(world, about_person=world.desk_manager)

    assert not sees(world.desk_manager, found)
    assert sees(world.manager, found)


def test_praise_of_a_group_is_no_secret(world):
    found = complain(world, feedback_kind="compliment", about_group=world.local)

    assert found.confidentiality == "normal"
    assert sees(world.local_agent, found)


def test_the_rule_in_lists_and_in_memory_says_the_same(world):
    made = [
        complain(world, about_group=world.local), complain(world, about_group=world.central),
        complain(world, about_person=world.local_agent), complain(world),
        complain(world, about_person=world.desk_manager),
        complain(world, feedback_kind="compliment", about_person=world.agent),
    ]  # fmt: skip
    readers = [
        world.agent, world.agent2, world.local_agent, world.lead, world.manager,
        world.desk_manager, world.admin, world.specialist, world.stranger,
    ]  # fmt: skip

    barred = {reader.pk: set(confidence.against(reader).values_list("pk", flat=True))
              for reader in readers}  # fmt: skip

    for reader in readers:
        for found in made:
            assert confidence.is_against(found, reader) == (found.pk in barred[reader.pk])


def test_colleagues_do_not_read_complaints_where_tickets_are_shared(world):
    type(world.sales).objects.update(sharing="all")
    found = complain(world)
    representative = person(world, "R9", "Rep", world.sales, roles=[Role.CUS])

    assert not sees(type(world.colleague).objects.get(pk=world.colleague.pk), found)
    assert sees(representative, found)


def test_it_may_be_about_what_the_requester_sees_and_nothing_else(world):
    incident = handled_incident(world)

    with pytest.raises(ValidationError) as refused:
        complain(world, by=world.stranger, about_record=incident)

    assert "about_record" in refused.value.message_dict


def test_an_agent_who_writes_for_somebody_names_only_what_that_person_sees(world):
    with pytest.raises(ValidationError):
        complain(
            world, by=world.agent, requester=world.stranger, about_record=handled_incident(world)
        )


# --- not content ----------------------------------------------------------------------------------


def test_not_content_goes_to_the_desk_manager_and_then_to_the_service_level_manager(world):
    found = answered(world)

    found = escalate(found, world.requester)
    assert (found.state, found.level, found.owner) == ("under_review", 1, world.desk_manager)
    found = answer_again(found, world.desk_manager)
    found = escalate(found, world.requester, at=sh(10, 8, 16))

    assert (found.level, found.owner) == (2, world.manager)


def test_who_answered_is_not_asked_again(world):
    found = answered(world, owner=world.desk_manager)

    found = escalate(found, world.requester)

    assert (found.level, found.owner) == (2, world.manager)


def test_above_the_highest_stands_nobody(world):
    found = answered(world, owner=world.desk_manager)
    found = answer_again(escalate(found, world.requester), world.manager)

    with pytest.raises(Refused) as refused:
        escalate(found, world.requester, at=sh(10, 8, 16))

    assert "highest" in str(refused.value)


def test_the_person_complained_of_is_passed_over_on_the_way_up(world):
    found = answered(world, about_person=world.desk_manager)

    found = escalate(found, world.requester)

    assert found.owner == world.manager


def test_agents_do_not_escalate_in_the_name_of_the_requester(world):
    with pytest.raises(PermissionDenied):
        escalate(answered(world), world.agent2)


def test_after_the_deadline_it_is_too_late_to_object(world):
    found = answered(world)

    with pytest.raises(Refused):
        escalate(found, world.requester, at=found.rejection_deadline + timedelta(minutes=1))


# --- the promise ----------------------------------------------------------------------------------


def test_without_an_agreement_the_desk_promises_five_working_days(world):
    found = complain(world, at=sh(10, 8, 10))  # Thursday, in the week after the holidays

    running = clock(found)

    # Friday 9, Saturday 10 (a make-up day), Monday 12, Tuesday 13, Wednesday 14
    assert running.due_at == sh(10, 14, 10)
    assert (running.target_id, running.agreement_id) == (None, None)
    assert found.due_at == running.due_at


def test_the_own_promise_follows_the_preference(world):
    preferences.put("feedback_answer_working_days", 1, by=None)

    assert clock(complain(world, at=sh(10, 8, 10))).due_at == sh(10, 9, 10)


def test_an_agreement_beats_the_own_promise(world):
    promise(world, ("feedback_response", 8, {"record_kind": "feedback"}))

    found = clock(complain(world))

    assert (found.target_seconds, found.agreement_id is not None) == (8 * 3600, True)


def test_the_answer_stops_the_clock_and_an_escalation_starts_another(world):
    found = answered(world)
    assert clock(found).state == "met"

    found = escalate(found, world.requester, at=sh(10, 9, 9))

    assert (clock(found).state, clock(found, 1).state) == ("met", "running")
    assert clock(found, 1).started_at == sh(10, 9, 9)


# --- improvements, silence, mixed channels --------------------------------------------------------


def test_the_wish_for_an_improvement_becomes_a_task_of_the_service_owner(world):
    found = handling.review(
        complain(world, service=world.erp, about_group=world.local), by=world.agent
    )

    handling.raise_improvement(found, by=world.agent, wish="Call back within a day")

    task = Task.objects.get(record=found)
    assert task.assignee == world.owner
    assert "Call back within a day" in task.title
    assert sees(world.owner, found)
    assert verbs(found)[-1] == "feedback.improvement_asked"
    assert found.timeline.get(verb="feedback.improvement_asked").visibility == "internal"


def test_without_a_service_nobody_can_be_asked_for_an_improvement(world):
    found = handling.review(complain(world), by=world.agent)

    with pytest.raises(Refused):
        handling.raise_improvement(found, by=world.agent, wish="Better")


def test_silence_closes_it_after_the_working_days(world):
    found = answered(world)
    assert found.rejection_deadline == sh(10, 14, 11)
    Feedback.objects.filter(pk=found.pk).update(rejection_deadline=sh(10, 8, 12, year=2020))

    assert due.sweep_due() == 1
    assert due.sweep_due() == 0

    found = Feedback.objects.get()
    assert (found.state, found.closure_via) == ("closed", "auto")


def test_what_is_not_due_is_not_closed(world):
    found = answered(world)

    assert ending.auto_close(found.pk, at=found.rejection_deadline - timedelta(minutes=1)) is None


def test_the_queue_takes_and_assigns_it(world):
    found = work.do(complain(world), "take", by=world.agent)
    assert (found.state, found.owner) == ("under_review", world.agent)

    found = work.do(found, "assign", by=world.agent, group=world.central, person=world.agent2)

    assert (found.owner, found.assignee) == (world.agent2, world.agent2)


def test_a_word_on_what_is_finished_opens_a_new_one_that_follows_it(world):
    found = ending.close(answered(world, about_group=world.local), by=world.requester, at=TEATIME)

    made, entry = work.do(found, "reply", by=world.requester, body="It happened again.")

    assert entry is None
    assert (made.state, made.about_group) == ("received", world.local)
    assert RecordLink.objects.get().target_id == found.pk


def test_a_complaint_is_not_assigned_to_the_group_it_is_about(world):
    found = complain(world, about_group=world.local)

    with pytest.raises(Refused):
        work.do(found, "assign", by=world.agent, group=world.local, person=None)


def test_an_opportunity_is_announced_and_told_to_the_service_owner(world):
    complain(world, feedback_kind="opportunity", service=world.erp, title="Sell it")
    while outbox.sweep_due():
        pass

    told = set(
        Notification.objects.filter(template="feedback_new").values_list("person__code", flat=True)
    )
    assert Message.objects.filter(verb="feedback.opportunity").count() == 1
    assert {world.owner.code, world.manager.code} <= told


def test_the_owner_and_the_requester_are_told(world):
    found = handling.review(complain(world), by=world.agent, owner=world.agent2)
    handling.give_answer(found, by=world.agent2, answer="Sorry", outcome="justified")
    while outbox.sweep_due():
        pass

    told = set(Notification.objects.values_list("template", "person__code"))
    assert ("feedback_received", world.requester.code) in told
    assert ("feedback_owner", world.agent2.code) in told
    assert ("feedback_answered", world.requester.code) in told

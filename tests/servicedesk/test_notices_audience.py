"""Who is told what: a line a verb, and who never is."""

import pytest
from django.db import transaction

from core.models import Message
from incidents.actions import due, lifecycle, major, merging, messages
from incidents.models import Incident
from people import actions as people
from people.models import GroupMembership
from records import actions as records
from records import notify
from records.models import Notification, TimelineEntry, Watch
from servicedesk.notices import audience
from tests.servicedesk.notices_world import (
    MAIL,
    PAGE,
    closure,
    deliver,
    forget,
    reason,
    report,
    told,
)  # fmt: skip
from tests.world import sh

pytestmark = pytest.mark.feature("CN-12")


@pytest.fixture
def incident(world):
    found = report(world)
    forget()
    return found


def watch(incident, *watchers):
    for person in watchers:
        Watch.objects.create(record=incident, person=person)


def test_a_report_is_acknowledged_and_the_group_told(world):
    report(world)

    assert told(MAIL) == {("R1", "acknowledgement"), ("S1", "new"), ("L1", "new")}


def test_the_acknowledgement_of_ones_own_report_comes_by_mail_only(world):
    report(world)

    assert ("R1", "acknowledgement") not in told(PAGE)


def test_who_reports_for_another_is_not_told_what_they_did(world):
    report(world, by=world.agent, reported_by=world.agent)

    assert {code for code, template in told() if template == "acknowledgement"} == {"R1"}


def test_dispatchers_alone_are_told_where_a_group_has_some(world):
    GroupMembership.objects.filter(person=world.lead).update(role="dispatcher")

    report(world)

    assert {code for code, template in told() if template == "new"} == {"L1"}


def test_a_word_of_the_desk_reaches_requester_and_watchers(world, incident):
    watch(incident, world.colleague, world.agent2)

    messages.reply(incident, by=world.agent, body="请重启电脑")

    assert told() == {("R1", "reply"), ("R2", "reply"), ("A2", "reply")}


def test_watchers_are_spoken_to_in_their_own_words(world, incident):
    watch(incident, world.colleague, world.agent2)

    messages.reply(incident, by=world.agent, body="请重启电脑")
    deliver()

    sides = dict(
        Notification.objects.filter(channel=MAIL).values_list("person__code", "data__side")
    )
    assert sides == {"R1": "portal", "R2": "portal", "A2": "agent"}


def test_a_word_of_the_requester_reaches_the_assignee(world, incident):
    lifecycle.assign(incident, by=world.lead, group=world.second_line, person=world.specialist)
    forget()

    messages.reply(incident, by=world.requester, body="还是不行")

    assert told() == {("S1", "message")}


def test_a_word_of_the_requester_reaches_the_group_where_nobody_is_assigned(world, incident):
    messages.reply(incident, by=world.requester, body="还是不行")

    assert told() == {("S1", "message"), ("L1", "message")}


def test_an_internal_note_reaches_nobody_but_the_assignee_and_only_in_the_page(world, incident):
    watch(incident, world.colleague)
    lifecycle.assign(incident, by=world.lead, group=world.second_line, person=world.specialist)
    forget()

    with transaction.atomic():
        records.say(incident, by=world.lead, at=sh(10, 8, 9), body="secret", is_public=False)

    assert told() == {("S1", "noted")}
    assert told(MAIL) == set()


def test_the_new_assignee_is_told_and_not_the_group(world, incident):
    lifecycle.assign(incident, by=world.lead, group=world.second_line, person=world.specialist)

    assert told() == {("S1", "assigned")}


def test_nobody_is_told_that_they_took_it_themselves(world, incident):
    lifecycle.assign(incident, by=world.lead, group=world.second_line, person=world.lead)

    assert told() == set()


def test_a_question_reaches_the_requester(world, incident):
    lifecycle.start(incident, by=world.specialist)
    forget()

    lifecycle.hold(incident, by=world.specialist, reason=reason(), message="哪个版本？")

    assert told() == {("R1", "waiting")}


def test_a_wait_for_others_asks_the_requester_nothing(world, incident):
    lifecycle.start(incident, by=world.specialist)
    forget()

    lifecycle.hold(incident, by=world.specialist, reason=reason("wait_supplier"))

    assert told() == {("R1", "on_hold")}


def test_a_reminder_reaches_the_requester(world, incident):
    lifecycle.start(incident, by=world.specialist)
    lifecycle.hold(incident, by=world.specialist, reason=reason(), message="哪个版本？")
    forget()
    Incident.objects.filter(pk=incident.pk).update(chase_at=sh(1, 5, 9))

    due.sweep_due()

    assert told() == {("R1", "chased")}


def test_a_solution_reaches_requester_and_watchers_and_its_rejection_those_who_work(
    world, incident
):
    watch(incident, world.colleague)
    incident = lifecycle.start(incident, by=world.specialist)
    forget()

    lifecycle.resolve(incident, by=world.specialist, resolution="x", closure_code=closure())

    assert told() == {("R1", "resolved"), ("R2", "resolved")}
    forget()

    lifecycle.reject_resolution(incident, by=world.requester, reason="还是不行")

    assert told() == {("S1", "rejected"), ("L1", "rejected")}


def test_the_end_of_it_reaches_the_requester_unless_they_did_it(world, incident):
    incident = lifecycle.start(incident, by=world.specialist)
    lifecycle.resolve(incident, by=world.specialist, resolution="x", closure_code=closure())
    forget()

    lifecycle.confirm(incident, by=world.requester)

    assert told() <= {("R1", "survey")}  # they may be asked how it was


def test_silence_that_counts_as_acceptance_is_told(world, incident):
    incident = lifecycle.start(incident, by=world.specialist)
    lifecycle.resolve(incident, by=world.specialist, resolution="x", closure_code=closure())
    forget()
    Incident.objects.filter(pk=incident.pk).update(rejection_deadline=sh(1, 5, 9))

    due.sweep_due()

    assert told() - {("R1", "survey")} == {("R1", "closed")}


def test_a_cancelled_report_is_told(world, incident):
    lifecycle.cancel(incident, by=world.specialist, reason="Double")

    assert told() == {("R1", "cancelled")}


def test_who_asked_twice_is_told_where_it_goes_on(world, incident):
    target = report(world, by=world.colleague, requester=world.colleague)
    forget()

    merging.merge(incident, by=world.specialist, target=target)

    assert told() == {("R1", "merged")}


def test_a_major_incident_reaches_affected_requesters_watchers_and_managers(world, incident):
    child = report(world, by=world.colleague, requester=world.colleague)
    merging.adopt(incident, [child], by=world.agent)
    watch(incident, world.auditor)
    forget()

    major.declare(incident, by=world.agent, reason="All down", manager=world.incident_manager)

    declared = {code for code, template in told() if template == "major_declared"}
    assert declared == {"R1", "R2", "M2", "M3", "O1", "AUD"}
    about = Notification.objects.get(person=world.colleague, channel=MAIL)
    assert about.record_id == child.pk


def test_news_and_the_end_of_a_major_incident_reach_the_same_people(world, incident):
    major.declare(incident, by=world.agent, reason="All down", manager=world.incident_manager)
    forget()

    major.broadcast(incident, by=world.agent, body="Half is up")
    major.end(incident, by=world.agent)

    assert {template for code, template in told() if code == "R1"} == {
        "major_updated", "major_ended",
    }  # fmt: skip
    assert {("M3", "major_updated"), ("M2", "major_ended"), ("O1", "major_ended")} <= told()


def test_news_of_a_major_incident_reaches_each_affected_requester_once(world, incident):
    child = report(world, by=world.colleague, requester=world.colleague)
    merging.adopt(incident, [child], by=world.agent)
    major.declare(incident, by=world.agent, reason="All down", manager=world.incident_manager)
    forget()

    major.broadcast(incident, by=world.agent, body="Half is up")
    told()
    told()

    news = Notification.objects.filter(person=world.colleague, channel=MAIL)
    assert [(row.record_id, row.template) for row in news] == [(child.pk, "reply")]


def test_a_task_reaches_its_assignee(world, incident):
    with transaction.atomic():
        records.add_task(
            incident, by=world.lead, at=sh(10, 8, 9), title="Cable", assignee=world.specialist
        )

    assert told() == {("S1", "task")}


def test_entries_of_another_desks_log_tell_nobody(world, incident):
    entry = incident.timeline.first()
    historic = TimelineEntry(
        record=incident, seq=99, at=entry.at, verb="record.commented", kind="comment",
        visibility="public", body="old", is_historic=True,
    )  # fmt: skip
    TimelineEntry.objects.bulk_create([historic])

    audience.notify(incident.pk, historic.pk)

    assert not Notification.objects.exists()


def test_a_message_delivered_twice_tells_once(world, incident):
    messages.reply(incident, by=world.agent, body="请重启电脑")
    deliver()
    before = set(Notification.objects.values_list("pk", flat=True))

    for message in Message.objects.filter(verb="record.commented"):
        message.receipts.all().delete()
        message.handled_at = None
        message.save()
    deliver()

    assert set(Notification.objects.values_list("pk", flat=True)) == before


def test_the_key_of_a_row_names_entry_channel_and_person(world, incident):
    _, entry = messages.reply(incident, by=world.agent, body="请重启电脑")

    deliver()

    keys = set(Notification.objects.values_list("dedup_key", flat=True))
    pk = world.requester.pk
    assert keys == {f"entry:{entry.pk}:in_app:{pk}", f"entry:{entry.pk}:email:{pk}"}


def test_the_key_of_an_escalation_names_clock_cycle_and_threshold(world, incident):
    with transaction.atomic():
        notify.tell([world.lead], "escalation", key="esc:7:0:75", record=incident, percent=75)

    keys = set(Notification.objects.values_list("dedup_key", flat=True))
    assert keys == {f"esc:7:0:75:in_app:{world.lead.pk}", f"esc:7:0:75:email:{world.lead.pk}"}


def test_who_has_no_address_is_told_in_the_page(world, incident):
    people.Person.objects.filter(pk=world.requester.pk).update(email=None)

    messages.reply(incident, by=world.agent, body="请重启电脑")

    assert told(PAGE) == {("R1", "reply")}
    assert told(MAIL) == set()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_outside_of_a_transaction(world):
    with pytest.raises(RuntimeError):
        notify.tell([world.lead], "new", key="x")

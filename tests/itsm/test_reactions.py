"""What follows from what, between processes; each reaction may run twice."""

import pytest

from core import outbox
from core.models import Message, Receipt
from incidents.actions import lifecycle, major, merging, messages
from itsm.reactions import REACTIONS
from records.models import Task, TimelineEntry
from tests.slm.stories import MORNING, again, report, resolve
from tests.world import sh


@pytest.fixture
def family(world):
    """A parent and two children, one of them closed already."""
    world.parent = report(world, service=world.erp)
    world.child = report(world, requester=world.colleague, by=world.colleague)
    world.closed = lifecycle.confirm(
        resolve(report(world, service=world.erp), sh(10, 8, 9, 10)), by=None, at=sh(10, 8, 9, 20)
    )
    merging.adopt(world.parent, [world.child, world.closed], by=None, at=sh(10, 8, 9, 30))
    deliver()
    return world


def deliver(rounds=3):
    for _round in range(rounds):
        Message.objects.undelivered().update(next_attempt_at=MORNING)
        outbox.sweep_due(limit=1000)
    failed = Receipt.objects.filter(done_at=None)
    assert [receipt.error for receipt in failed] == []


@pytest.mark.feature("SD-19")
def test_the_solution_of_a_parent_solves_its_open_children(family):
    resolve(again(family.parent), sh(10, 8, 10))

    deliver()

    child = again(family.child)
    assert (child.state, child.resolution, child.service) == ("resolved", "Done", family.erp)
    assert again(family.closed).state == "closed"


def test_a_child_with_a_task_to_do_stays_open_and_the_message_is_delivered(family):
    from slm import work

    work.add_task(family.child, by=None, title="Return the laptop", is_mandatory=True)
    resolve(again(family.parent), sh(10, 8, 10))

    deliver()

    assert again(family.child).is_open
    assert Task.objects.live().count() == 1


def test_a_parent_that_is_open_again_solves_nobody(family):
    parent = resolve(again(family.parent), sh(10, 8, 10))
    lifecycle.reject_resolution(parent, by=None, reason="no", at=sh(10, 8, 10, 1))

    deliver()

    assert again(family.child).is_open


def public_words(incident):
    rows = TimelineEntry.objects.filter(record=incident.pk, verb="record.commented")
    return list(rows.values_list("body", flat=True))


def test_a_word_of_the_desk_reaches_those_who_wait_under_it(family):
    messages.reply(again(family.parent), by=family.agent, body="Half way", at=sh(10, 8, 10))

    deliver()

    assert public_words(family.child) == ["Half way"]
    assert public_words(family.closed) == []


def test_a_word_of_the_requester_stays_where_it_is(family):
    messages.reply(again(family.parent), by=family.requester, body="And?", at=sh(10, 8, 10))

    deliver()

    assert public_words(family.child) == []


@pytest.mark.feature("IN-07")
def test_a_broadcast_reaches_the_children(family):
    major.declare(
        again(family.parent), by=None, reason="all down", manager=family.manager, at=sh(10, 8, 10)
    )
    major.broadcast(again(family.parent), by=family.agent, body="We know why", at=sh(10, 8, 10, 5))

    deliver()

    assert public_words(family.child) == ["We know why"]


def test_each_reaction_may_run_twice(family):
    messages.reply(again(family.parent), by=family.agent, body="Half way", at=sh(10, 8, 10))
    resolve(again(family.parent), sh(10, 8, 11))
    deliver()
    before = TimelineEntry.objects.count()

    for message in Message.objects.filter(verb__in=list(REACTIONS)):
        for react in REACTIONS[message.verb]:
            react(**message.payload)

    assert TimelineEntry.objects.count() == before
    assert public_words(family.child) == ["Half way"]


@pytest.mark.feature("IN-07")
def test_a_major_incident_is_proposed_and_never_declared_by_itself(world):
    for _number in range(5):
        report(world, service=world.erp)

    found = major.proposals(world.agent, at=sh(10, 8, 9, 10))

    assert [(subject, len(incidents)) for subject, incidents in found] == [(world.erp, 5)]
    assert major.proposals(world.agent, at=sh(10, 8, 11)) == []
    assert not any(incident.is_major for _subject, incidents in found for incident in incidents)

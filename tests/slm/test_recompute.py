"""An edited calendar moves what is still ahead; what had counted stands (ITSM domain rules 5.4)."""

import pytest

from calendars import actions as calendars
from core import outbox
from core.models import Message
from slm import recompute
from slm.models import ClockEvent
from slm.proving import Proof
from tests.slm.stories import clock, fires, hold, report, resolve
from tests.world import HOUR, promise, sh

LONG_DAY = {day: [["09:00", "12:00"], ["13:30", "20:00"]] for day in range(5)}


@pytest.fixture
def promised(world):
    promise(world, ("resolution", 8))
    return world


def lengthen(world, at):
    calendars.edit(world.calendar, by=None, hours={"support": LONG_DAY}, at=at)
    deliver()


def deliver():
    for _round in range(3):
        Message.objects.undelivered().update(next_attempt_at=sh(1, 1, 0))
        outbox.sweep_due(limit=1000)
    assert not Message.objects.undelivered().exists()


@pytest.mark.feature("SL-13")
def test_what_counted_before_the_edit_is_frozen(promised):
    incident = report(promised)

    lengthen(promised, sh(10, 8, 11))

    found = clock(incident)
    event = ClockEvent.objects.filter(clock=found).last()
    assert (event.kind, event.elapsed_seconds, event.at) == ("recompute", 2 * HOUR, sh(10, 8, 11))
    assert found.due_at == sh(10, 8, 18, 30)
    assert fires(found)["100"] == sh(10, 8, 18, 30)
    assert found.calendar_version.number == 2
    assert list(Proof().run()) == []


def test_a_paused_clock_takes_the_new_hours_when_it_goes_on(promised):
    incident = hold(report(promised), sh(10, 8, 11))

    lengthen(promised, sh(10, 8, 11, 30))

    found = clock(incident)
    assert (found.state, found.elapsed_seconds) == ("paused", 2 * HOUR)
    assert found.calendar_version.number == 2
    assert list(Proof().run()) == []


def test_a_reopened_clock_goes_on_in_the_new_hours(promised):
    from incidents.actions import lifecycle

    incident = resolve(report(promised, service=promised.erp), sh(10, 8, 11))
    lengthen(promised, sh(10, 8, 11, 30))

    lifecycle.reject_resolution(incident, by=None, reason="no", at=sh(10, 8, 13, 30))

    assert clock(incident).due_at == sh(10, 8, 19, 30)
    assert list(Proof().run()) == []


def test_closed_clocks_keep_the_hours_they_were_judged_by(promised):
    from incidents.actions import lifecycle

    incident = resolve(report(promised, service=promised.erp), sh(10, 8, 11))
    lifecycle.confirm(incident, by=None, at=sh(10, 8, 11, 10))

    lengthen(promised, sh(10, 8, 11, 30))

    assert clock(incident).calendar_version.number == 1


def test_twice_is_harmless(promised):
    incident = report(promised)
    lengthen(promised, sh(10, 8, 11))
    before = ClockEvent.objects.filter(clock=clock(incident)).count()

    recompute.recompute(promised.calendar.pk, [incident.pk])

    assert ClockEvent.objects.filter(clock=clock(incident)).count() == before


def test_other_calendars_are_left_alone(promised):
    incident = report(promised)

    calendars.create_calendar(by=None, code="X", name_en="X", time_zone="UTC", is_24x7=True)
    deliver()

    assert ClockEvent.objects.filter(clock=clock(incident)).count() == 1

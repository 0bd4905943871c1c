"""The proof finds what is not as the log says: each column, tampered with, is named."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.models import KpiValue
from core.querysets import LockingQuerySet  # noqa: F401 - the models must be loaded
from incidents.actions import lifecycle, messages
from records.models import Record
from slm.models import Clock, Threshold
from slm.proving import Proof
from slm.tasks import prove_clocks
from tests.slm.stories import (
    MORNING,
    again,
    clock,
    hold,
    report,
    reprioritise,
    resolve,
    resume,
)
from tests.world import promise, sh

pytestmark = pytest.mark.feature("SL-12", "D1")


@pytest.fixture
def promised(world):
    promise(
        world, ("response", 1), ("update", 4), ("resolution", 8),
        ("resolution", 2, {"priority": 2}),
    )  # fmt: skip
    promise(world, ("resolution", 4), kind="ola", provider_group=world.second_line, title="OLA")
    return world


def run(*arguments):
    out = io.StringIO()
    call_command("prove_clocks", *arguments, stdout=out)
    return out.getvalue()


def test_untouched_clocks_are_what_their_events_say(promised):
    report(promised)
    resolve(hold(report(promised, service=promised.erp), sh(10, 8, 11)), sh(10, 8, 15))

    assert "6 clocks of 2 records" in run()


TAMPERED = {
    "state": "paused",
    "target_seconds": 7,
    "elapsed_seconds": 7,
    "due_at": sh(10, 8, 10),
    "breached_at": sh(10, 8, 10),
    "started_at": sh(10, 8, 10),
    "stopped_at": sh(10, 8, 10),
    "zone": "UTC",
}


@pytest.mark.parametrize("column", TAMPERED)
def test_a_tampered_column_of_a_clock_is_named(promised, column):
    found = clock(report(promised))
    Clock.objects.filter(pk=found.pk).update(**{column: TAMPERED[column]})

    with pytest.raises(CommandError, match="not what the events say"):
        run()

    names = {difference.column for difference in Proof().run()}
    assert ("calendar" if column == "zone" else column) in names


@pytest.mark.parametrize("code", ["50", "100"])
def test_a_moved_threshold_is_named(promised, code):
    found = clock(report(promised))
    Threshold.objects.filter(clock=found, code=code).update(fires_at=sh(10, 8, 10))

    assert [row.column for row in Proof().run()] == [f"threshold {code}"]


def test_a_missing_threshold_is_named(promised):
    Threshold.objects.filter(clock=clock(report(promised)), code="75").delete()

    assert [row.column for row in Proof().run()] == ["threshold 75"]


def test_a_threshold_that_survived_a_pause_is_named(promised):
    incident = hold(report(promised), sh(10, 8, 11))
    Threshold.objects.filter(clock=clock(incident), code="75").update(fires_at=sh(10, 8, 16, 30))

    assert [row.column for row in Proof().run()] == ["threshold 75"]


@pytest.mark.parametrize(
    "changes", [{"due_at": MORNING}, {"sla_status": "met"}, {"sla": None}], ids=str
)
def test_a_tampered_cache_of_a_record_is_named(promised, changes):
    incident = report(promised)
    Record.objects.filter(pk=incident.pk).update(**changes)

    found = {row.column for row in Proof().run()}
    assert set(changes) <= found


def test_the_outcome_is_kept_for_the_health_page(promised):
    found = clock(report(promised))
    Clock.objects.filter(pk=found.pk).update(elapsed_seconds=7)

    prove_clocks()

    kept = KpiValue.objects.get(code="slm.clock_drift")
    assert (kept.value, kept.denominator) == (1, 3)


def test_it_speaks_json_and_leaves_out_what_was_not_asked_for(promised):
    report(promised)
    Record.objects.update(updated_at=MORNING - timedelta(days=9))

    assert json.loads(run("--json"))["differences"] == []
    assert json.loads(run("--json", "--since", "1"))["clocks"] == 0
    assert KpiValue.objects.count() == 1


def test_a_tampered_column_is_told_in_json_too(promised):
    found = clock(report(promised))
    Clock.objects.filter(pk=found.pk).update(elapsed_seconds=7)
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("prove_clocks", "--json", stdout=out)

    (difference, *_rest) = json.loads(out.getvalue())["differences"]
    assert (difference["clock"], difference["stored"], difference["replayed"]) == (found.pk, 7, 0)


# --- any life ---------------------------------------------------------------------------------
def act(world, incident, name, at):
    """One thing that may happen; what the lifecycle refuses does not."""
    group = world.second_line if at.minute % 2 else world.central
    happenings = {
        "start": lambda: lifecycle.start(incident, by=world.agent, at=at),
        "reply": lambda: messages.reply(incident, by=world.agent, body="…", at=at),
        "ask": lambda: messages.reply(incident, by=world.requester, body="…", at=at),
        "hold": lambda: hold(incident, at),
        "supplier": lambda: hold(incident, at, code="wait_supplier"),
        "resume": lambda: resume(incident, at),
        "assign": lambda: lifecycle.assign(incident, by=None, group=group, at=at),
        "urgent": lambda: reprioritise(incident, 2, at, by=world.incident_manager),
        "calm": lambda: reprioritise(incident, 4, at),
        "resolve": lambda: resolve(incident, at, service=world.erp),
        "reject": lambda: lifecycle.reject_resolution(incident, by=None, reason="no", at=at),
        "confirm": lambda: lifecycle.confirm(incident, by=None, at=at),
        "cancel": lambda: lifecycle.cancel(incident, by=None, reason="x", at=at),
    }
    try:
        happenings[name]()
    except Refused:
        return
    assert [str(row) for row in Proof().run()] == []


NAMES = [
    "start", "reply", "ask", "hold", "supplier", "resume", "assign", "urgent", "calm", "resolve",
    "reject", "hold", "resume", "resolve", "reject", "assign", "reply", "confirm", "cancel",
]  # fmt: skip
HAPPENINGS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(0, 30 * 3600)), min_size=4, max_size=12
)


@settings(max_examples=25)
@given(happenings=HAPPENINGS, options=st.integers(0, 7))
def test_after_any_life_the_clocks_are_what_their_events_say(promised, happenings, options):
    from django.db import transaction

    at = MORNING
    with transaction.atomic():
        if options & 1:
            promise(
                promised,
                ("resolution", 3, {"reopen_rule": "with_closed_time", "calendar_rule": "group"}),
                ("update", 1, {"update_rule": "while_waiting"}),
                ("response", 1, {"priority": 2, "retarget_rule": "now"}),
                customer=promised.sales,
            )  # fmt: skip
        incident = report(promised)
        for name, seconds in happenings:
            at += timedelta(seconds=seconds)
            act(promised, again(incident), name, at)
        transaction.set_rollback(True)

"""The sweeper and beat: the same sweeps, each enough alone, both harmless together."""

import io
import signal
import threading
import time as watch

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, connections

from core.models import Heartbeat, Message
from itsm import celery, sweeps
from itsm.sweeper import Sweeper
from itsm.tasks import send_notifications
from people.models import SupportGroup
from slm.models import Escalation
from tests.slm.stories import again, ago, hold, report, resolve
from tests.slm.test_sweep import committed, sweeper  # noqa: F401 - a fixture
from tests.world import promise


@pytest.fixture
def promised(world):
    promise(world, ("resolution", 10), calendar=world.always)
    SupportGroup.objects.update(calendar=world.always)  # what is due goes by the present time
    return world


def until(condition, seconds=20):
    end = watch.monotonic() + seconds
    while watch.monotonic() < end:
        if condition():
            return True
        watch.sleep(0.05)
    return False


def test_one_round_does_all_that_is_due_and_says_so(promised):
    report(promised, ago(hours=6))
    out = io.StringIO()

    call_command("run_sweeper", "--once", stdout=out)

    assert "clocks: 2" in out.getvalue()  # half of the time, and nobody has taken it
    assert {f"sweeper:{name}" for name in sweeps.SWEEPS} <= set(
        Heartbeat.objects.values_list("process", flat=True)
    )
    assert not Message.objects.undelivered().exists()


def test_a_sweep_that_fails_holds_up_no_other(promised, monkeypatch, caplog):
    def fail(limit):
        raise RuntimeError("no")

    monkeypatch.setitem(sweeps.SWEEPS, "clocks", fail)
    report(promised, ago(hours=6))

    with pytest.raises(RuntimeError):
        sweeps.run_all()

    assert not Message.objects.undelivered().exists()
    spoken = set(Heartbeat.objects.values_list("process", flat=True))
    assert "sweeper:messages" in spoken
    assert "sweeper:clocks" not in spoken


# --- what time does to incidents ----------------------------------------------------------------
@pytest.mark.feature("IN-05")
def test_a_wait_until_a_date_ends_on_it(promised):
    incident = report(promised, ago(hours=3))
    hold(incident, ago(hours=2), code="scheduled", until=ago(minutes=1))

    sweeps.run("incidents")

    found = again(incident)
    assert (found.state, found.pending_until) == ("in_progress", None)
    assert found.timeline.get(verb="incident.resumed").data["rule"] == "date"


@pytest.mark.feature("IN-05")
def test_a_wait_until_a_date_ahead_goes_on(promised):
    from datetime import timedelta

    incident = report(promised, ago(hours=3))
    hold(incident, ago(hours=2), code="scheduled", until=ago(hours=0) + timedelta(hours=1))

    assert sweeps.run("incidents") == 0
    assert again(incident).state == "pending"


@pytest.mark.feature("IN-06")
def test_reminders_then_resolved_for_want_of_an_answer_then_closed(promised):
    from incidents.models import Incident
    from records.models import PendingReason

    PendingReason.objects.filter(code="wait_customer").update(
        chase_after=3600, close_after_chases=2
    )
    incident = hold(report(promised, ago(hours=9), service=promised.erp), ago(hours=8))
    seen = []
    for _round in range(3):
        Incident.objects.filter(pk=incident.pk).update(chase_at=ago(minutes=1))
        sweeps.run("incidents")
        seen.append((again(incident).state, again(incident).chases))

    assert seen[:2] == [("pending", 1), ("pending", 2)]
    assert again(incident).state == "resolved"
    assert again(incident).closure_code.code == "auto_closed"

    Incident.objects.filter(pk=incident.pk).update(rejection_deadline=ago(minutes=1))
    sweeps.run("incidents")
    assert (again(incident).state, again(incident).closure_via) == ("closed", "auto")


@pytest.mark.feature("IN-06")
def test_nothing_closes_before_its_time(promised):
    incident = resolve(report(promised, ago(hours=3), service=promised.erp), ago(hours=0))

    assert sweeps.run("incidents") == 0
    assert again(incident).state == "resolved"


# --- beat -----------------------------------------------------------------------------------------
def test_beat_drives_every_sweep_every_few_seconds_and_drops_what_comes_too_late():
    schedule = celery.schedule(3)
    celery.app.loader.import_default_modules()

    assert {line["task"] for line in schedule.values()} <= set(celery.app.tasks)
    assert {
        "slm.sweep_clocks", "core.sweep_messages", "incidents.sweep_due", "itsm.send_notifications",
        "itsm.decide_mail", "itsm.fetch_mail", "servicedesk.sweep_requests",
        "servicedesk.sweep_feedback", "servicedesk.sweep_surveys",
        "servicedesk.publish_scheduled", "slm.sweep_variations",
        "records.sweep_approvals", "knowledge.sweep_due", "slm.prove_clocks", "records.clean_files",
    } == set(schedule)  # fmt: skip
    assert all(line["options"]["expires"] for line in schedule.values())
    slow = {"slm.prove_clocks", "records.clean_files", "itsm.fetch_mail", "knowledge.sweep_due"}
    fast = [line["schedule"] for name, line in schedule.items() if name not in slow]
    assert max(fast) <= 30


def test_the_tasks_are_the_sweeps(promised):
    from core.tasks import sweep_messages
    from incidents.tasks import sweep_due

    report(promised, ago(hours=6))

    sweep_messages()
    sweep_due()
    send_notifications()

    assert not Message.objects.undelivered().exists()


# --- the process ----------------------------------------------------------------------------------
@pytest.fixture
def running(committed):  # noqa: F811
    """A sweeper that would sleep for an hour unless it is woken."""
    made = Sweeper(seconds=3600)
    thread = threading.Thread(target=made.run)
    thread.start()
    assert until(lambda: Heartbeat.objects.filter(process="sweeper").exists())
    yield made
    made.stop()
    thread.join(20)
    assert not thread.is_alive()
    connections.close_all()


def test_a_write_wakes_it_at_once(running, committed):  # noqa: F811
    report(committed, ago(hours=6))

    assert until(lambda: Escalation.objects.count() >= 5)
    assert until(lambda: not Message.objects.undelivered().exists())


def test_it_survives_the_loss_of_every_connection(running, committed):  # noqa: F811
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    watch.sleep(1)

    def report_again():
        try:
            return report(committed, ago(hours=6))
        except (OperationalError, DatabaseError):
            return None

    assert report_again() is not None
    assert until(lambda: Escalation.objects.count() >= 5)


def test_asked_to_stop_it_ends_cleanly(committed):  # noqa: F811
    process = sweeper()
    assert until(lambda: Heartbeat.objects.filter(process="sweeper").exists(), 60)

    process.send_signal(signal.SIGTERM)

    assert process.wait(20) == 0

"""The sweep of thresholds: late, twice, on several workers, killed in the middle; each once."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from incidents.actions import lifecycle, messages
from itsm.local.borrowed import database_url
from records.models import Notification, Record
from slm import escalating, tasks
from slm.escalating import sweep_due
from slm.models import Clock, Escalation, Threshold
from slm.proving import Proof
from slm.tasks import sweep_clocks
from tests.slm.invariants import violations
from tests.slm.stories import again, ago, clock, escalated, fires, hold, report, resolve, resume
from tests.world import promise

pytestmark = pytest.mark.feature("SL-03", "IN-08")


@pytest.fixture
def promised(world):
    promise(world, ("response", 5), ("resolution", 10), calendar=world.always)
    return world


def many(world, count, hours=6):
    return [
        report(world, ago(hours=hours, seconds=number), service=world.erp)
        for number in range(count)
    ]


def test_nothing_comes_early(promised):
    incident = report(promised, ago(hours=1), assignee=promised.agent, group=promised.central)

    assert sweep_due() == 0
    assert escalated(incident) == []


def test_everything_due_comes_once_however_often_it_is_swept(promised):
    incident = many(promised, 1)[0]

    first, second = sweep_due(), sweep_due()

    assert (first, second) == (6, 0)
    codes = [code for metric, code in escalated(incident) if metric == "response"]
    assert codes == ["50", "75", "90", "100"]
    assert violations() == {}
    assert list(Proof().run()) == []


def test_the_oldest_come_first_and_the_limit_holds(promised):
    many(promised, 3)

    assert sweep_due(limit=4) == 4

    left = Threshold.objects.filter(fired_at=None).due().order_by("fires_at").first()
    last = Threshold.objects.filter(fired_at__isnull=False).order_by("fires_at").last()
    assert last.fires_at <= left.fires_at


def test_a_pause_withdraws_what_had_not_come(promised):
    incident = many(promised, 1, hours=4)[0]
    sweep_due()

    incident = hold(again(incident), ago(minutes=30))

    assert set(fires(clock(incident)).values()) == {None}
    assert sweep_due() == 0


def test_what_fell_due_before_the_pause_is_told_late(promised):
    incident = hold(many(promised, 1, hours=4.4)[0], ago(minutes=30))

    sweep_due()

    assert ("response", "75") in escalated(incident)
    assert ("response", "90") not in escalated(incident)
    assert list(Proof().run()) == []
    resume(again(incident), ago(minutes=1))
    assert list(Proof().run()) == []


def test_a_promise_that_was_kept_is_not_called_broken_late(promised):
    incident = many(promised, 1, hours=11)[0]
    resolve(incident, incident.opened_at.replace(microsecond=0) + timedelta(hours=10))

    sweep_due()

    codes = [code for metric, code in escalated(incident) if metric == "resolution"]
    assert codes == ["50", "75", "90"]
    assert clock(incident).state == "met"


def test_cancelled_clocks_tell_nobody(promised):
    incident = many(promised, 1)[0]
    lifecycle.cancel(incident, by=None, reason="x", at=ago(seconds=1))

    assert sweep_due() == 0


def test_each_round_of_updates_has_its_own_thresholds(world):
    promise(world, ("update", 2), calendar=world.always)
    incident = report(world, ago(hours=5), assignee=world.agent, group=world.central)
    for hours in (3.3, 1.7):
        messages.reply(again(incident), by=world.agent, body="…", at=ago(hours=hours))

    sweep_due()

    rows = Escalation.objects.filter(record=incident).order_by("pk")
    assert [(row.cycle, row.threshold) for row in rows] == [
        (0, "50"), (0, "75"), (1, "50"), (1, "75"), (2, "50"), (2, "75"),
    ]  # fmt: skip
    assert violations() == {}


def test_the_task_does_the_same(promised):
    incident = many(promised, 1)[0]

    sweep_clocks()

    assert len(escalated(incident)) == 6


def test_one_that_cannot_be_escalated_holds_up_no_other(promised, monkeypatch, caplog):
    bad, good = many(promised, 2)
    letters = escalating.notify.letters

    def fail(people, template, *, record, **more):
        if record.pk == bad.pk:
            raise RuntimeError("no")
        return letters(people, template, record=record, **more)

    monkeypatch.setattr(escalating.notify, "letters", fail)
    sweep_due()

    assert escalated(bad) == []
    assert len(escalated(good)) == 6
    assert "cannot be escalated" in caplog.text


def test_many_that_fail_at_the_head_do_not_starve_the_rest(promised, monkeypatch):
    bad = many(promised, 3)
    good = report(promised, ago(hours=3), service=promised.erp)
    letters = escalating.notify.letters

    def fail(people, template, *, record, **more):
        if record.pk != good.pk:
            raise RuntimeError("no")
        return letters(people, template, record=record, **more)

    monkeypatch.setattr(escalating.notify, "letters", fail)
    for _round in range(6):
        sweep_due(limit=4)

    assert len(escalated(good)) == 2
    assert [escalated(one) for one in bad] == [[], [], []]


def test_one_that_is_broken_in_a_batch_is_reported_and_the_others_come_once(
    promised, monkeypatch, caplog
):
    incidents = many(promised, 20)
    bad = incidents[7]
    told = escalating.ladder.Directory.told

    def fail(directory, record, steps):
        if record.pk == bad.pk:
            raise RuntimeError("its ladder leads nowhere")
        return told(directory, record, steps)

    monkeypatch.setattr(escalating.ladder.Directory, "told", fail)
    done = sweep_due(), sweep_due()

    left = {row.pk for row in Threshold.objects.filter(record=bad.pk, fired_at=None).due()}
    assert sum(done) == 19 * 6
    assert [len(escalated(one)) for one in incidents if one != bad] == [6] * 19
    assert escalated(bad) == []
    assert not Notification.objects.filter(record=bad.pk, template="escalation").exists()
    assert all(f"threshold [{pk}] cannot be escalated" in caplog.text for pk in left)
    assert len(left) == caplog.text.count("cannot be escalated") == 6

    monkeypatch.undo()
    escalating.RESTING.clear()
    sweep_due()
    assert len(escalated(bad)) == 6
    assert violations() == {}


def statements(work):
    """How many the database was asked, savepoints apart."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return len([one for one in asked if "SAVEPOINT" not in one["sql"]])


@pytest.mark.parametrize("hours", [6, 13], ids=["before the promise breaks", "with repetitions"])
def test_a_batch_costs_as_many_statements_as_a_single_one(promised, hours):
    groups = [promised.central, promised.second_line]

    def fire(count):
        for number in range(count):
            report(
                promised, ago(hours=hours, seconds=number), service=promised.erp,
                group=groups[number % 2],
            )  # fmt: skip
        return statements(lambda: escalating.fire_due(200, without=[]))

    fire(1)  # what a process keeps is kept from now on
    before = Escalation.objects.count()
    one = fire(1)
    between = Escalation.objects.count()
    twenty = fire(20)

    assert Escalation.objects.count() - between >= 20 * 6 > between - before
    assert twenty == one <= 24
    sweep_all()
    assert violations() == {}


def test_entries_of_one_batch_are_counted_on_from_the_story(promised):
    incident = many(promised, 1)[0]
    told = list(incident.timeline.values_list("seq", flat=True))

    sweep_due()

    seqs = list(incident.timeline.order_by("pk").values_list("seq", flat=True))
    assert seqs == list(range(1, len(told) + 7))


def test_the_task_goes_on_while_more_is_due_but_no_longer_than_to_the_next(promised, monkeypatch):
    many(promised, 3)
    monkeypatch.setattr(tasks, "ROUND", 4)

    monkeypatch.setattr(settings, "SWEEP_SECONDS", 0)
    sweep_clocks()
    after_one_round = Escalation.objects.count()
    monkeypatch.setattr(settings, "SWEEP_SECONDS", 60)
    sweep_clocks()

    assert after_one_round == 4
    assert Escalation.objects.count() == 18


def test_mails_about_one_outage_go_to_a_person_as_rows_that_may_be_gathered(promised):
    many(promised, 3)

    sweep_due()

    rows = Notification.objects.filter(template="escalation", channel="email")
    assert rows.count() > 3
    assert len(set(rows.values_list("dedup_key", flat=True))) == rows.count()


# --- at the same time ---------------------------------------------------------------------------
def together(*works):
    """Run these at once, each on a connection of its own; raises what any of them raised."""
    errors, start = [], threading.Barrier(len(works))

    def run(work):
        try:
            start.wait(10)
            work()
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def sweep_all():
    while sweep_due():
        pass


@pytest.fixture
def committed(transactional_db):
    from tests import world as company

    world = company.build()
    promise(world, ("response", 5), ("resolution", 10), calendar=world.always)
    return world


def test_workers_at_once_escalate_each_once(committed):
    many(committed, 12)

    together(*[sweep_all] * 4)

    sweep_all()  # rows that were skipped because another held their record
    assert Escalation.objects.count() == 12 * 6
    assert violations() == {}
    assert list(Proof().run()) == []


def test_the_sweep_waits_for_nobody_who_holds_a_record(committed):
    held, free = many(committed, 2)

    with transaction.atomic():
        Record.objects.lock(held)
        together(sweep_all)
        assert (escalated(held), len(escalated(free))) == ([], 6)

    sweep_all()
    assert len(escalated(held)) == 6


def test_an_agent_who_pauses_at_that_moment_wins_or_loses_whole(committed):
    incidents = many(committed, 6, hours=4)

    together(sweep_all, *[lambda i=i: hold(again(i), ago(hours=0)) for i in incidents])

    sweep_all()
    assert violations() == {}
    assert list(Proof().run()) == []


def url():
    """The address of the test's own database, for processes that are started."""
    return database_url(connection.settings_dict, connection.settings_dict["NAME"])


def sweeper(*arguments, **environment):
    """The sweeper of clocks as a process of its own, on the database of the test."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_sweeper", "--only", "clocks", *arguments],
        cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={
            **os.environ, "DATABASE_URL": url(), "SECRET_KEY": "x" * 50, "DEBUG": "1",
            **environment,
        },
    )  # fmt: skip


def test_a_sweeper_that_is_killed_before_its_commit_loses_and_doubles_nothing(committed):
    many(committed, 8)

    killed = sweeper("--once", FAILPOINT="after_escalation_insert")
    assert killed.wait(240) == -signal.SIGKILL
    assert Escalation.objects.count() == 0

    others = [sweeper("--once") for _ in range(2)]
    assert [one.wait(240) for one in others] == [0, 0]
    sweep_all()
    assert Escalation.objects.count() == 8 * 6
    assert violations() == {}


def test_a_failpoint_does_nothing_in_production(promised, monkeypatch):
    monkeypatch.setenv("FAILPOINT", "after_escalation_insert")
    assert settings.DEBUG is False

    many(promised, 1)

    assert sweep_due() == 6


def test_the_record_keeps_its_version_when_a_threshold_fires(promised):
    incident = many(promised, 1)[0]
    before = Record.objects.get(pk=incident.pk).version

    sweep_due()

    assert Record.objects.get(pk=incident.pk).version == before
    assert Clock.objects.filter(record=incident, elapsed_at__gt=incident.opened_at).exists()

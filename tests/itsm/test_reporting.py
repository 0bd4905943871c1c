"""The reporting views: the columns that are promised, and the invariants after a busy day."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core.heartbeat import beat
from incidents.actions import lifecycle, messages
from slm.escalating import sweep_due
from tests.slm.invariants import violations
from tests.slm.stories import again, ago, hold, report, resolve, resume
from tests.world import promise

COLUMNS = {
    "clock": "id record_id kind state started_at due_at",
    "threshold": "clock_id cycle threshold fires_at",
    "escalation": "id clock_id cycle threshold fired_at",
    "outbox": "id kind dedup_key record_id recipient status attempts created_at sent_at message_id",
    "inbound": (
        "id channel_id transport_key raw_sha256 status reason record_id comment_id received_at"
    ),
    "event": "record_id seq type from_state to_state actor at request_id",
    "ticket": "id number state assignee_id version",
    "attachment": "id path size sha256",
    "heartbeat": "process at",
}


def rows(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


@pytest.mark.parametrize("view", COLUMNS)
def test_a_view_has_the_columns_that_are_promised(db, view):
    found = rows(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'reporting' AND table_name = %s ORDER BY ordinal_position",
        view,
    )  # fmt: skip

    assert [name for (name,) in found] == COLUMNS[view].split()


def test_there_is_no_other_view(db):
    found = rows("SELECT table_name FROM information_schema.views WHERE table_schema = 'reporting'")

    assert {name for (name,) in found} == set(COLUMNS)


@pytest.fixture
def busy(world, tmp_path, settings):
    """A day with everything in it."""
    settings.MEDIA_ROOT = tmp_path
    promise(world, ("response", 1), ("update", 2), ("resolution", 8), calendar=world.always)
    promise(world, ("resolution", 4), kind="ola", provider_group=world.second_line,
            calendar=world.always, title="OLA")  # fmt: skip
    first = report(world, ago(hours=9), service=world.erp, uploads=[
        SimpleUploadedFile("notes.txt", b"what I saw"),
    ])  # fmt: skip
    first = lifecycle.assign(first, by=None, group=world.second_line, at=ago(hours=8))
    messages.reply(first, by=world.specialist, body="…", at=ago(hours=7))
    sweep_due()
    first = resume(hold(again(first), ago(hours=3)), ago(hours=2))
    first = resolve(first, ago(hours=1))
    first = lifecycle.reject_resolution(first, by=None, reason="no", at=ago(minutes=50))
    report(world, ago(hours=20), service=world.erp)
    sweep_due(limit=1000)
    beat("sweeper:clocks")
    return first


def test_the_invariants_hold_after_a_busy_day(busy):
    assert rows("SELECT count(*) FROM reporting.escalation") != [(0,)]
    assert violations() == {}


def test_the_invariants_see_what_is_wrong(busy):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_notification WHERE template = 'escalation'")
        cursor.execute("UPDATE records_record SET state = 'new' WHERE id = %s", [busy.pk])
        cursor.execute("UPDATE slm_threshold SET fires_at = now() + interval '1 h'")

    found = violations()

    assert {name.split()[0] for name in found} == {"I3", "I7", "I12"}


def test_a_paused_clock_has_thresholds_without_an_instant(busy):
    hold(again(busy), ago(minutes=40))

    states = rows(
        "SELECT DISTINCT c.state FROM reporting.threshold t JOIN reporting.clock c"
        " ON c.id = t.clock_id WHERE t.fires_at IS NOT NULL AND c.record_id = %s"
        " AND t.fires_at > now()",
        busy.pk,
    )  # fmt: skip
    assert ("paused",) not in states


def test_files_and_heartbeats_are_there(busy):
    assert rows("SELECT size FROM reporting.attachment") == [(len(b"what I saw"),)]
    assert ("sweeper:clocks",) in rows("SELECT process FROM reporting.heartbeat")


def test_kinds_say_whose_promise_it_is(busy):
    kinds = {kind for (kind,) in rows("SELECT kind FROM reporting.clock")}

    assert kinds == {"response", "update", "resolution", "ola:resolution"}


def test_notices_in_the_page_are_shown_and_never_sent(busy):
    found = rows("SELECT DISTINCT status FROM reporting.outbox WHERE message_id IS NULL")

    assert found == [("shown",)]

"""The real log comes in with its own figures; twice is harmless; bad rows are named and left out."""

import csv
import gzip
import io
import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.models import Incident
from people.models import Person
from records.models import Record, TimelineEntry
from slm.models import Clock, Escalation
from tests.world import promise

REAL = Path(__file__).resolve().parents[2] / "data/servicenow/incident_event_log.csv.gz"
SAMPLE = Path(__file__).resolve().parent / "servicenow_sample.csv"


def instant(text):
    if text == "?":
        return None
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC)


def figures(path):
    """The log's own figures, read straight from the file."""
    found = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["number"]].append(row)
    return found


def bring_in(path, *options):
    out = io.StringIO()
    call_command("import_servicenow", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def real_log(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(gzip.decompress(REAL.read_bytes()))
    return path


@pytest.fixture
def company(world):
    """An agreement in force in 2016, so that clocks are computed."""
    from datetime import date

    from tests import world as tests_world

    kept, tests_world.SINCE = tests_world.SINCE, date(2015, 1, 1)
    promise(world, ("response", 1), ("resolution", 40))
    tests_world.SINCE = kept
    return world


def test_the_log_gives_its_own_figures(company, real_log):
    found = figures(real_log)

    summary = bring_in(real_log)

    assert summary["incidents"] == len(found) == Incident.objects.count()
    assert summary["rows"] == sum(len(rows) for rows in found.values())
    assert summary["rejected_rows"] == 0
    written = {row.external_ref: row for row in Incident.objects.filter(source="servicenow")}
    for number, rows in found.items():
        incident = written[number]
        last = rows[-1]
        assert incident.reopen_count == int(last["reopen_count"]), number
        assert incident.reassign_count == int(last["reassignment_count"]), number
        assert incident.resolved_at == instant(last["resolved_at"]), number
        assert incident.closed_at == instant(last["closed_at"]), number
        assert incident.opened_at == instant(last["opened_at"]), number
    reopened = sum(max(int(row["reopen_count"]) for row in rows) for rows in found.values())
    assert summary["reopenings"] == reopened
    assert TimelineEntry.objects.filter(is_historic=True).count() == summary["rows"]


def test_twice_makes_no_doubles(company):
    bring_in(SAMPLE)
    before = (Record.objects.count(), Person.objects.count(), TimelineEntry.objects.count())

    summary = bring_in(SAMPLE)

    assert summary["unchanged"] == summary["incidents"]
    assert (Record.objects.count(), Person.objects.count(), TimelineEntry.objects.count()) == before


def test_clocks_are_replayed_and_past_thresholds_told_nobody(company):
    bring_in(SAMPLE)

    assert Clock.objects.filter(metric="resolution").count() == Incident.objects.count()
    assert Escalation.objects.filter(is_imported=True).exists()
    assert Escalation.objects.exclude(is_imported=True).count() == 0
    call_command("prove_clocks", stdout=io.StringIO())


def test_shifted_to_now_the_queue_lives(company):
    summary = bring_in(SAMPLE, "--shift-to-now")

    assert summary["left_out"] > 0
    assert Incident.objects.active().exists()
    assert not Incident.objects.filter(opened_at__gt=datetime.now(UTC)).exists()


def test_a_dry_run_writes_nothing(company):
    before = (Record.objects.count(), Person.objects.count())

    summary = bring_in(SAMPLE, "--dry-run")

    assert summary["incidents"] > 0
    assert (Record.objects.count(), Person.objects.count()) == before


BAD = [
    ("incident_state", "Sleeping", "not a state"),
    ("opened_at", "31-02-2016 10:00", "not a date"),
    ("opened_at", "2016-02-29", "not a date"),
    ("priority", "9 - None", "not a level"),
    ("reassignment_count", "-1", "not a count"),
    ("number", "", "must not be empty"),
    ("sys_updated_at", "01-01-2016 00:00", "before the opening"),
]


@pytest.mark.parametrize(("column", "value", "reason"), BAD)
def test_a_bad_row_is_named_and_the_rest_goes_in(company, tmp_path, column, value, reason):
    with SAMPLE.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))[:40]  # some incidents are as good as all
    rows[1][column] = value
    path = tmp_path / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)

    summary = bring_in(path)

    (rejection,) = summary["rejections"]
    assert (rejection["line"], rejection["column"]) == (3, column)
    assert reason in rejection["reason"]
    assert summary["rows"] == len(rows) - 1


@pytest.mark.parametrize("raw", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_what_is_no_log_gets_a_clear_word(company, tmp_path, raw):
    path = tmp_path / "log.csv"
    path.write_bytes(raw)

    with pytest.raises(CommandError):
        bring_in(path)


def test_a_later_export_goes_on_where_the_first_one_ended(company, tmp_path):
    with SAMPLE.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    early = tmp_path / "early.csv"
    with early.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        for of_one in figures(SAMPLE).values():  # all but the last two lines of each
            of_one.sort(key=lambda row: (instant(row["sys_updated_at"]), int(row["sys_mod_count"])))
            writer.writerows(of_one[:-2])
    first = bring_in(early)

    second = bring_in(SAMPLE)

    assert first["created"] > 0
    assert second["created"] + second["updated"] + second["unchanged"] == second["incidents"]
    assert second["updated"] > 0
    assert TimelineEntry.objects.filter(is_historic=True).count() == len(rows)
    assert not Incident.objects.active().exists()
    call_command("prove_clocks", stdout=io.StringIO())

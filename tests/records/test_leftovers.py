"""Files that no row names: what a failed transaction leaves behind goes after a day, nothing else."""

import io
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction

from core.errors import Refused
from core.models import Heartbeat, KpiValue
from incidents.actions import opening
from records import leftovers
from records.models import Document
from records.tasks import clean_files
from tests.world import sh

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def age(path, seconds=2 * DAY):
    instant = time.time() - seconds
    os.utime(path, (instant, instant))
    return path


def stray(folder, number=0, seconds=2 * DAY, content=b"lost"):
    name = f"{number:032x}"
    path = folder / "documents" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return age(path, seconds)


def report_with_file(world):
    return opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN", at=sh(10, 8, 9),
        uploads=[SimpleUploadedFile("log.txt", b"it says no")],
    )  # fmt: skip


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_an_upload_whose_transaction_failed_leaves_a_file_that_goes_after_a_day(world, folder):
    with transaction.atomic():
        report_with_file(world)
        transaction.set_rollback(True)
    (left,) = files_in(folder)

    leftovers.clean()
    assert files_in(folder) == [left]

    age(left)
    outcome = leftovers.clean()
    assert files_in(folder) == []
    assert outcome.found == [str(left.relative_to(folder))]
    assert outcome.bytes == len(b"it says no")


def test_a_file_with_a_row_stays_however_old(world, folder):
    report_with_file(world)
    path = age(Path(Document.objects.get().file.path), 900 * DAY)

    outcome = leftovers.clean()

    assert (outcome.looked_at, outcome.found) == (1, [])
    assert files_in(folder) == [path]


def test_a_running_upload_is_left_alone(folder):
    path = stray(folder, seconds=DAY - 60)

    assert leftovers.clean().looked_at == 0
    assert files_in(folder) == [path]


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "documents/notes.txt", "documents/ab/ab12", "exports/" + "0" * 32,
     "documents/ab/" + "0" * 32],
)  # fmt: skip
def test_what_the_desk_did_not_name_is_not_its_to_remove(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"mine")
    age(path)

    leftovers.clean()

    assert files_in(folder) == [path]


def test_the_name_that_uploads_get_is_one_that_is_looked_at(world, folder):
    document = Document(title="x")
    document.file.save("x.txt", ContentFile(b"x"), save=False)
    age(Path(document.file.path))

    assert leftovers.clean(is_dry=True).found == [document.file.name]


def test_a_folder_of_another_desk_is_refused_and_stays_whole(folder):
    for number in range(leftovers.MANY + 1):
        stray(folder, number)

    with pytest.raises(Refused):
        leftovers.clean()
    clean_files()

    assert len(files_in(folder)) == leftovers.MANY + 1
    assert not KpiValue.objects.exists()
    assert leftovers.clean(is_sure=True).looked_at == leftovers.MANY + 1
    assert files_in(folder) == []


def test_many_files_are_asked_for_lot_by_lot(folder, monkeypatch):
    monkeypatch.setattr(leftovers, "AT_ONCE", 2)
    for number in range(5):
        stray(folder, number)

    assert len(leftovers.clean().found) == 5
    assert files_in(folder) == []


def test_the_nightly_job_keeps_a_measure_and_says_that_it_lives(folder):
    stray(folder)

    clean_files()
    clean_files()

    kept = KpiValue.objects.filter(code="records.leftover_files").order_by("pk")
    assert [(row.value, row.denominator) for row in kept] == [(1, 1), (0, 0)]
    assert Heartbeat.objects.filter(process="job:clean_files").exists()


def test_the_command_names_on_trial_and_removes_in_earnest(folder):
    path = stray(folder)
    out = io.StringIO()

    call_command("clean_files", "--dry-run", stdout=out)
    assert str(path.relative_to(folder)) in out.getvalue()
    assert files_in(folder) == [path]
    assert not KpiValue.objects.exists()

    call_command("clean_files", stdout=out)
    assert "1 without a row removed (4 bytes)" in out.getvalue()
    assert files_in(folder) == []


def test_the_command_refuses_what_looks_like_another_desk(folder, monkeypatch):
    monkeypatch.setattr(leftovers, "MANY", 0)
    stray(folder)

    with pytest.raises(CommandError, match="--sure"):
        call_command("clean_files", stdout=io.StringIO())


def test_an_empty_or_missing_folder_is_no_failure(folder):
    assert leftovers.clean().looked_at == 0

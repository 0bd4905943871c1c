"""Celery alone, in real time: a worker and beat drive warning and breach to the right people, once."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings

from incidents.actions import opening
from records.models import Notification
from slm.models import Clock, Escalation
from tests import world as company
from tests.slm.invariants import violations
from tests.slm.test_sweep import url

pytestmark = pytest.mark.django_db(transaction=True)
TARGET = 8  # seconds
PATIENCE = 90


@pytest.fixture
def celery(tmp_path):
    """A worker with beat on the test's database, on a broker database of its own."""
    environment = {
        **os.environ, "DATABASE_URL": url(), "SECRET_KEY": "x" * 50, "DEBUG": "1",
        "SWEEP_SECONDS": "1", "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "celery", "-A", "itsm", "worker", "--beat", "--pool", "solo",
        "--loglevel", "warning", "--schedule", str(tmp_path / "beat"),
    ]  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log
        )
        yield worker
        worker.terminate()
        worker.wait(30)


def wait_until(happened):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.5)
    return False


@pytest.mark.feature("IN-08")
def test_warning_and_breach_reach_the_right_people_once_each(celery):
    world = company.build()
    company.promise(
        world, ("resolution", TARGET / 3600, {"warn_percents": [75]}), calendar=world.always
    )

    incident = opening.open_incident(
        by=world.requester, requester=world.requester, title="Mail is down", service=world.mail
    )

    clock = Clock.objects.get(record=incident)
    fired = Escalation.objects.filter(clock=clock)
    assert wait_until(lambda: fired.filter(threshold="100").exists())
    assert celery.poll() is None
    assert list(fired.filter(threshold__in=["75", "100"]).order_by("due_at").values_list(
        "threshold", flat=True)) == ["75", "100"]  # fmt: skip
    told = set(
        Notification.objects.filter(record=incident, template="escalation").values_list(
            "person__code", flat=True
        )
    )
    assert world.manager.code in told
    assert world.requester.code not in told
    assert violations() == {}

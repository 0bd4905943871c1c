"""A burst through the POST door with two deciders, one killed in the middle. `bin/bench mail` does the
same with 10,000 mails."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from email import message_from_bytes

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.db.models.functions import Now
from django.urls import reverse

from core import preferences
from incidents.models import Incident
from itsm.local.borrowed import database_url
from people import actions as people
from people.models import ApiToken
from servicedesk.models import InboundDecision, InboundMessage
from tests.servicedesk.mail_corpus import plain
from tests.servicedesk.mail_world import mailbox
from tests.world import person

MAILS = 60
PATIENCE = 120


def decider():
    """Another process that decides mails, as the sweeper does."""
    address = database_url(connection.settings_dict, connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_sweeper", "--only", "mail", "--seconds", "0.2"],
        cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_URL": address},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def wait_for(condition, between=lambda: None):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        between()
        time.sleep(0.1)


def decided():
    return InboundMessage.objects.exclude(state="received").count()


def let_leases_run_out():
    """What the dead one held is free again two minutes later: now."""
    InboundMessage.objects.filter(state="received", attempts__gt=0).update(locked_until=Now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("CN-04")
def test_each_mail_of_a_burst_ends_once_though_a_decider_is_killed(world, client):
    deliverer = person(world, "MTA", "Mail server", kind="service", can_sign_in=False)
    mailbox(world, deliverer=deliverer)
    preferences.put("mail_tickets_an_hour", 10_000, by=None)
    _token, key = people.issue_token(
        deliverer, by=deliverer, name="mail", scope=ApiToken.Scope.WRITE
    )
    raws = [plain(f"Report {number}", f"Words {number}") for number in range(MAILS)]
    ids = [message_from_bytes(raw)["Message-ID"] for raw in raws]
    for raw in [*raws, *raws[::4]]:  # some come twice
        answer = client.post(
            reverse("api:mail"), data=raw, content_type="message/rfc822",
            HTTP_AUTHORIZATION=f"Bearer {key}",
        )  # fmt: skip
        assert answer.status_code == 202

    workers = [decider(), decider()]
    try:
        wait_for(lambda: decided() >= MAILS // 4)
        os.killpg(workers[0].pid, signal.SIGKILL)
        wait_for(lambda: decided() == MAILS, let_leases_run_out)
    finally:
        for worker in workers:
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()

    rows = InboundMessage.objects.all()
    assert sorted(rows.values_list("message_id", flat=True)) == sorted(ids)
    assert set(rows.values_list("decision", flat=True)) == {"new_ticket"}
    twice = InboundDecision.objects.values("message").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()
    assert rows.values("record").distinct().count() == MAILS
    assert Incident.objects.filter(channel="email").count() == MAILS

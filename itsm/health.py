"""How the desk itself is: who has spoken when, what waits, what has failed, what will run out.

Reads only; each answer is a row of the health page. Thresholds of a warning stand here.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q

from calendars import horizon
from core import time
from core.models import Heartbeat, KpiValue, Message
from records.models import Notification
from slm.models import Threshold

# Seconds after which a watched process counts as silent, as /healthz/ready has it.
SILENT_FOR = 60
DRIFT = "slm.clock_drift"
LOW_DISK = 0.10
DEAD_SHOWN = 50


@dataclass(frozen=True)
class Beat:
    process: str
    at: object
    age: object
    is_watched: bool
    is_silent: bool


@dataclass(frozen=True)
class Disk:
    path: str
    free: int
    total: int

    @property
    def is_low(self):
        return self.free < self.total * LOW_DISK


def heartbeats():
    """Every process that ever spoke, and every watched one that never did."""
    now = time.now()
    spoken = {beat.process: beat.at for beat in Heartbeat.objects.order_by("process")}
    watched = list(settings.WATCHED_PROCESSES)
    beats = []
    for process in sorted({*spoken, *watched}):
        at = spoken.get(process)
        age = (now - at).total_seconds() if at else None
        is_watched = process in watched
        is_silent = age is None or age > SILENT_FOR
        beats.append(Beat(process, at, age, is_watched, is_watched and is_silent))
    return beats


def messages():
    """Counts of announcements between processes; oldest: the one that has waited longest."""
    return Message.objects.aggregate(
        waiting=Count("pk", filter=Q(handled_at=None, dead_at=None)),
        dead=Count("pk", filter=Q(handled_at=None, dead_at__isnull=False)),
        oldest=Min("created_at", filter=Q(handled_at=None, dead_at=None)),
    )


def dead_messages():
    """The newest messages that were given up, with their failing reactions."""
    return list(
        Message.objects.filter(handled_at=None, dead_at__isnull=False)
        .prefetch_related("receipts")
        .order_by("-dead_at", "-pk")[:DEAD_SHOWN]
    )


def notifications():
    statuses = Notification.Status
    mails = Notification.objects.filter(
        channel=Notification.Channel.EMAIL,
        status__in=[statuses.PENDING, statuses.CLAIMED, statuses.DEAD],
    )
    return mails.aggregate(
        waiting=Count("pk", filter=~Q(status=statuses.DEAD)),
        dead=Count("pk", filter=Q(status=statuses.DEAD)),
        oldest=Min("created_at", filter=~Q(status=statuses.DEAD)),
    )


def overdue_thresholds():
    """Thresholds that should have fired by the database's clock and have not."""
    return Threshold.objects.due().aggregate(count=Count("pk"), oldest=Min("fires_at"))


def last_mail_sent():
    sent = Notification.objects.filter(
        channel=Notification.Channel.EMAIL, status=Notification.Status.SENT
    )
    return sent.order_by("-pk").values_list("sent_at", flat=True).first()


def clock_proof():
    """The last run of prove_clocks: its KpiValue (value: clocks that differed), or None."""
    return KpiValue.objects.filter(code=DRIFT).order_by("-period_end").first()


def calendar_warnings():
    return horizon.warnings()


def disk():
    """The space where files are kept, or None where it cannot be asked."""
    path = Path(settings.MEDIA_ROOT)
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        usage = shutil.disk_usage(path)
    except OSError:
        return None
    return Disk(str(settings.MEDIA_ROOT), usage.free, usage.total)


def database():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), pg_database_size(current_database()),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
        )
        version, size, connections = cursor.fetchone()
    return {"version": version.split()[0], "size": size, "connections": connections}

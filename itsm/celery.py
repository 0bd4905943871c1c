"""Celery: wake-ups only. Every schedule here is harmless when it runs twice, late or never.

Beat drives the same sweeps as the sweeper process. A wake-up that nobody took in time is dropped,
so that a broker that comes back has no pile of them; the next one does the same work.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")

app = Celery("itsm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SWEEPS = ("slm.sweep_clocks", "core.sweep_messages", "itsm.send_notifications", "itsm.decide_mail")
SELDOM = {  # how many times rarer than the others
    "incidents.sweep_due": 5, "servicedesk.sweep_requests": 5, "servicedesk.sweep_feedback": 5,
    "servicedesk.sweep_surveys": 10, "records.sweep_approvals": 10,
    "itsm.fetch_mail": 20, "knowledge.sweep_due": 100,
    "servicedesk.publish_scheduled": 10, "slm.sweep_variations": 10,
}  # fmt: skip


def schedule(seconds):
    """The static schedule: sweeps every few seconds, the slow jobs at night."""
    found = {
        name: {"task": name, "schedule": seconds * times, "options": {"expires": 10 * seconds}}
        for name, times in {**dict.fromkeys(SWEEPS, 1), **SELDOM}.items()
    }
    found["slm.prove_clocks"] = {
        "task": "slm.prove_clocks", "schedule": crontab(hour=18, minute=40),  # 02:40 in Shanghai
        "options": {"expires": 4 * 3600},
    }  # fmt: skip
    found["records.clean_files"] = {
        "task": "records.clean_files", "schedule": crontab(hour=19, minute=20),
        "options": {"expires": 4 * 3600},
    }  # fmt: skip
    return found


@app.on_after_configure.connect
def set_schedule(sender, **_kwargs):
    from django.conf import settings

    sender.conf.beat_schedule = schedule(settings.SWEEP_SECONDS)

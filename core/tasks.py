"""What Celery does for core: a wake-up that drives the same sweep as the sweeper process."""

from celery import shared_task

from core import outbox
from core.heartbeat import beat


@shared_task(name="core.sweep_messages", ignore_result=True)
def sweep_messages():
    outbox.sweep_due()
    beat("sweeper:messages")

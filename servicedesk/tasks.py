"""What Celery's beat wakes here. A task may run twice, or late."""

from celery import shared_task

from core.heartbeat import beat
from servicedesk.requests.actions import due


@shared_task(name="servicedesk.sweep_requests")
def sweep_requests():
    due.sweep_due()
    beat("sweeper:requests")

"""What Celery does for incidents: wake, chase and close what is due."""

from celery import shared_task

from core.heartbeat import beat
from incidents.actions import due


@shared_task(name="incidents.sweep_due", ignore_result=True)
def sweep_due():
    due.sweep_due()
    beat("sweeper:incidents")

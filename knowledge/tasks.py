"""What Celery does for articles: wake the sweep of reviews that are due."""

from celery import shared_task

from core.heartbeat import beat
from knowledge.actions import due


@shared_task(name="knowledge.sweep_due", ignore_result=True)
def sweep_due():
    due.sweep_due()
    beat("sweeper:articles")

"""What Celery's beat wakes here. A task may run twice, or late."""

from celery import shared_task

from core.heartbeat import beat
from servicedesk.announcements import actions as announcements
from servicedesk.feedback.actions import due as feedback_due
from servicedesk.requests.actions import due
from servicedesk.surveys import actions as surveys


@shared_task(name="servicedesk.sweep_requests")
def sweep_requests():
    due.sweep_due()
    beat("sweeper:requests")


@shared_task(name="servicedesk.sweep_feedback")
def sweep_feedback():
    feedback_due.sweep_due()
    beat("sweeper:feedback")


@shared_task(name="servicedesk.sweep_surveys")
def sweep_surveys():
    surveys.sweep_due()
    beat("sweeper:surveys")


@shared_task(name="servicedesk.publish_scheduled")
def publish_scheduled():
    announcements.sweep_due()
    beat("sweeper:announcements")

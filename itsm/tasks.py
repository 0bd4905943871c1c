"""What Celery does for the composition root: the sweep of mails, which is slow where it talks."""

from celery import shared_task

from itsm import sweeps


@shared_task(name="itsm.send_notifications", ignore_result=True)
def send_notifications():
    sweeps.run("notifications")

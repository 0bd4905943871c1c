"""What Celery does for the composition root: the sweeps of mails, which are slow where they talk."""

from celery import shared_task

from itsm import sweeps


@shared_task(name="itsm.send_notifications", ignore_result=True)
def send_notifications():
    sweeps.run("notifications")


@shared_task(name="itsm.decide_mail", ignore_result=True)
def decide_mail():
    sweeps.run("mail")


@shared_task(name="itsm.fetch_mail", ignore_result=True)
def fetch_mail():
    sweeps.run("mailboxes")

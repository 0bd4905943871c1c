"""What Celery does for records: approvals that nobody answers, and files without a row at night."""

import logging

from celery import shared_task

from core.errors import Refused
from records import approvals, leftovers

log = logging.getLogger(__name__)


@shared_task(name="records.clean_files", ignore_result=True, time_limit=3600, soft_time_limit=3500)
def clean_files():
    try:
        leftovers.clean()
    except Refused as refusal:
        log.warning("%s", " ".join(refusal.reasons))


@shared_task(name="records.sweep_approvals", ignore_result=True)
def sweep_approvals():
    approvals.sweep_due()

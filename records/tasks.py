"""What Celery does for records: the nightly look for files without a row."""

import logging

from celery import shared_task

from core.errors import Refused
from records import leftovers

log = logging.getLogger(__name__)


@shared_task(name="records.clean_files", ignore_result=True, time_limit=3600, soft_time_limit=3500)
def clean_files():
    try:
        leftovers.clean()
    except Refused as refusal:
        log.warning("%s", " ".join(refusal.reasons))

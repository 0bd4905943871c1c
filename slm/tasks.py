"""What Celery does for service levels: the sweep of thresholds, and the nightly proof."""

import logging
from time import monotonic

from celery import shared_task
from django.conf import settings

from core.heartbeat import beat
from slm import escalating
from slm.actions import variations
from slm.proving import Proof

log = logging.getLogger(__name__)
ROUND = 100  # thresholds


@shared_task(name="slm.sweep_clocks", ignore_result=True)
def sweep_clocks():
    """Goes on while full rounds come, until the next is due: it never crowds out other sweeps."""
    end = monotonic() + settings.SWEEP_SECONDS
    while escalating.sweep_due(ROUND) >= ROUND and monotonic() < end:
        pass
    beat("sweeper:clocks")


@shared_task(name="slm.sweep_variations", ignore_result=True)
def sweep_variations():
    variations.sweep_due()
    beat("sweeper:variations")


@shared_task(name="slm.prove_clocks", ignore_result=True, time_limit=3600, soft_time_limit=3500)
def prove_clocks():
    """Reports and repairs nothing."""
    proof = Proof()
    for difference in proof.run():
        log.error("%s", difference)
    proof.store()

"""The sweeps that drive the desk, by name, and how one is run: bounded, on its own, with a sign of
life. The sweeper process and Celery's beat drive the same ones; either alone is enough.
"""

import logging

from core import outbox
from core.heartbeat import beat
from incidents.actions import due
from knowledge.actions import due as articles_due
from records import approvals
from servicedesk.announcements import actions as announcements
from servicedesk.feedback.actions import due as feedback_due
from servicedesk.mail import fetching, intake
from servicedesk.notices import sending
from servicedesk.requests.actions import due as requests_due
from servicedesk.surveys import actions as surveys
from slm import escalating
from slm.actions import variations

log = logging.getLogger(__name__)
LIMIT = 100
SWEEPS = {
    "clocks": escalating.sweep_due,
    "messages": outbox.sweep_due,
    "notifications": sending.sweep_due,
    "incidents": due.sweep_due,
    "approvals": approvals.sweep_due,
    "mail": intake.sweep_due,
    "mailboxes": fetching.sweep_due,
    "articles": articles_due.sweep_due,
    "requests": requests_due.sweep_due,
    "announcements": announcements.sweep_due,
    "variations": variations.sweep_due,
    "feedback": feedback_due.sweep_due,
    "surveys": surveys.sweep_due,
}
# Which sweep a NOTIFY of the database wakes, by its payload.
WOKEN_BY = {
    "threshold": "clocks", "message": "messages", "notification": "notifications", "mail": "mail",
}  # fmt: skip


def process_name(name):
    """The name under which a sweep says that it lives; the health page knows it."""
    return f"sweeper:{name}"


def run(name, limit=LIMIT):
    """One round of a sweep. Returns how much it did; `limit` or more means that more may wait."""
    done = SWEEPS[name](limit=limit)
    beat(process_name(name))
    return done


def run_all(limit=LIMIT):
    """One round of every sweep: {name: how much it did}. One that fails holds up no other; the
    first failure is raised after the last sweep."""
    done, failure = {}, None
    for name in SWEEPS:
        try:
            done[name] = run(name, limit)
        except Exception as error:
            log.exception("the sweep of %s failed", name)
            failure = failure or error
    if failure is not None:
        raise failure
    return done

"""Words of service level management that are stored: metrics, clock kinds, options of a target."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Metric(models.TextChoices):
    RESPONSE = "response", _("Respond")
    UPDATE = "update", _("Update")
    RESOLUTION = "resolution", _("Resolve")
    WORKAROUND = "workaround", _("Workaround")
    FULFILMENT = "fulfilment", _("Fulfil")
    FEEDBACK_RESPONSE = "feedback_response", _("Answer feedback")
    PROBLEM_DIAGNOSE = "problem_diagnose", _("Diagnose")
    PROBLEM_RESOLVE = "problem_resolve", _("Solve the problem")
    CHANGE_LEAD = "change_lead", _("Lead time of changes")
    AVAILABILITY_PCT = "availability_pct", _("Availability")
    MTRS_MAX = "mtrs_max", _("Longest mean time to restore")
    MTBF_MIN = "mtbf_min", _("Shortest mean time between failures")
    BREAKS_MAX = "breaks_max", _("Most failures")
    RTO = "rto", _("Recovery time")
    RPO = "rpo", _("Recovery point")
    CSAT = "csat", _("Satisfaction")
    FCR_PCT = "fcr_pct", _("First contact resolution")


class ClockKind(models.TextChoices):
    SLA = "sla", _("SLA")
    OLA = "ola", _("OLA")
    UC = "uc", _("Supplier")


class ClockState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


LIVE_STATES = (ClockState.RUNNING, ClockState.PAUSED)


class CalendarRule(models.TextChoices):
    AGREEMENT = "agreement", _("The agreement's calendar")
    GROUP = "group", _("The calendar of the group that is responsible at the time")


class RetargetRule(models.TextChoices):
    OPENING = "opening", _("Time since the opening counts")
    NOW = "now", _("Time counts from the change on")


class ReopenRule(models.TextChoices):
    WITHOUT_CLOSED_TIME = "without_closed_time", _("Goes on, without the time while resolved")
    WITH_CLOSED_TIME = "with_closed_time", _("Goes on, with the time while resolved")
    NEW_CYCLE = "new_cycle", _("Begins anew")


class UpdateRule(models.TextChoices):
    ALWAYS = "always", _("From the opening on, anew after each public update")
    WHILE_WAITING = "while_waiting", _("Only while a message of the requester is unanswered")

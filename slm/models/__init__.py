"""Agreements with their targets, the clocks that run on records, and the ladder of escalation."""

from slm.models.agreements import Agreement, ServiceLevelTarget
from slm.models.clocks import Clock, ClockEvent, Threshold
from slm.models.escalation import Escalation, EscalationPolicy, EscalationStep
from slm.models.referrals import SupplierReferral
from slm.models.variations import TargetVariation

__all__ = [
    "Agreement",
    "Clock",
    "ClockEvent",
    "Escalation",
    "EscalationPolicy",
    "EscalationStep",
    "ServiceLevelTarget",
    "SupplierReferral",
    "TargetVariation",
    "Threshold",
]

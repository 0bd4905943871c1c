"""What the desk keeps: views of its queue, presence, calls, the catalogue, and requests."""

from servicedesk.models.catalogue import OfferingVersion, RequestOffering
from servicedesk.models.desk import Interaction, Presence, SavedView, ViewLook
from servicedesk.models.mail import (
    InboundDecision,
    InboundMessage,
    InboundOriginal,
    Mailbox,
    UndeliverableAddress,
)
from servicedesk.models.requests import ServiceRequest

__all__ = [
    "InboundDecision",
    "InboundMessage",
    "InboundOriginal",
    "Interaction",
    "Mailbox",
    "OfferingVersion",
    "Presence",
    "RequestOffering",
    "SavedView",
    "ServiceRequest",
    "UndeliverableAddress",
    "ViewLook",
]

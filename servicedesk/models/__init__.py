"""What the desk keeps: views of its queue, presence, calls, the catalogue, and requests."""

from servicedesk.models.announcements import Announcement, AnnouncementReading
from servicedesk.models.catalogue import OfferingVersion, RequestOffering
from servicedesk.models.desk import Interaction, Presence, SavedView, ViewLook
from servicedesk.models.feedback import Feedback
from servicedesk.models.letters import LetterWords
from servicedesk.models.mail import (
    InboundDecision,
    InboundMessage,
    InboundOriginal,
    Mailbox,
    UndeliverableAddress,
)
from servicedesk.models.requests import ServiceRequest
from servicedesk.models.surveys import SurveyRate, SurveyResponse

__all__ = [
    "Announcement",
    "AnnouncementReading",
    "Feedback",
    "InboundDecision",
    "InboundMessage",
    "InboundOriginal",
    "Interaction",
    "LetterWords",
    "Mailbox",
    "OfferingVersion",
    "Presence",
    "RequestOffering",
    "SavedView",
    "ServiceRequest",
    "SurveyRate",
    "SurveyResponse",
    "UndeliverableAddress",
    "ViewLook",
]

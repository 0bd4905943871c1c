"""The pages of the portal, one module a page: the addresses name them from here."""

from servicedesk.views.portal.catalogue import catalogue, offering, pick_colleague, revise
from servicedesk.views.portal.feedback import give_feedback
from servicedesk.views.portal.home import devices, home, pick_person, pick_service, suggest
from servicedesk.views.portal.report import me_too, report, sent
from servicedesk.views.portal.request import feed, file, request_page
from servicedesk.views.portal.requests import requests
from servicedesk.views.portal.steps import (
    confirm,
    follow,
    invite,
    reject,
    reply,
    take_back,
    take_part,
)

__all__ = [
    "catalogue",
    "confirm",
    "devices",
    "feed",
    "file",
    "follow",
    "give_feedback",
    "home",
    "invite",
    "me_too",
    "offering",
    "pick_colleague",
    "pick_person",
    "pick_service",
    "reject",
    "reply",
    "report",
    "request_page",
    "requests",
    "revise",
    "sent",
    "suggest",
    "take_back",
    "take_part",
]

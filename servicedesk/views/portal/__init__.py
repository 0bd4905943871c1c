"""The pages of the portal, one module a page: the addresses name them from here."""

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
    "confirm",
    "devices",
    "feed",
    "file",
    "follow",
    "home",
    "invite",
    "me_too",
    "pick_person",
    "pick_service",
    "reject",
    "reply",
    "report",
    "request_page",
    "requests",
    "sent",
    "suggest",
    "take_back",
    "take_part",
]

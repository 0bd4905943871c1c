"""What a person may choose about notices: by mail at once, once a day, or only in the page."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

DAILY_AT = time(8, 0)


class Topic(models.TextChoices):
    REQUESTS = "requests", _("Progress of my requests")
    QUESTIONS = "questions", _("Questions to me and solutions to confirm")
    WATCHED = "watched", _("Requests and tickets that I follow")
    MAJOR = "major", _("Major incidents")
    NEWS = "news", _("Announcements")
    WORK = "work", _("Tickets and tasks for me or my group")
    ESCALATIONS = "escalations", _("Promises in danger")


class Mail(models.TextChoices):
    NOW = "now", _("By mail at once")
    DAILY = "daily", _("In one mail a day")
    OFF = "off", _("Only in the page")


FOR_AGENTS = {Topic.WORK, Topic.ESCALATIONS}


def topics_for(person):
    """The topics that can concern this person."""
    return [topic for topic in Topic if topic not in FOR_AGENTS or person.access.is_agent]


def mail_choice(person, topic):
    """What the person chose for a topic; at once unless they said otherwise."""
    chosen = person.notify_prefs.get("mail") if isinstance(person.notify_prefs, dict) else None
    value = chosen.get(topic) if isinstance(chosen, dict) else None
    return value if value in Mail.values else Mail.NOW


def next_daily(person, now):
    """When the person's next daily mail goes out: at eight by their own wall clock."""
    local = now.astimezone(ZoneInfo(person.zone_name))
    day = local.date() if local.time() < DAILY_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, DAILY_AT, tzinfo=ZoneInfo(person.zone_name))

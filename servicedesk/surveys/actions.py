"""Asking how content somebody was, taking the answer, and what a low score leads to.

`ask` may run more than once for a closing and asks once: the sample is drawn from the record
itself, not by chance, and a record has one survey a round of reopening.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from core import preferences, time
from core.errors import Refused
from core.text import without_nul
from records import actions as records
from records import notify, timeline
from records.models import Record, TimelineEntry
from servicedesk.events import SurveyVerb as Verb
from servicedesk.models import SurveyRate, SurveyResponse
from servicedesk.surveys import terms  # noqa: F401 - registers the preferences

KINDS = ("incident", "service_request")
LONGEST_COMMENT = 5000
# Who did the work, by what the story tells of it.
SOLVED = ("incident.resolved", "request.fulfilled")


# --- asking -------------------------------------------------------------------------------------


@transaction.atomic
def ask(record, *, at=None):
    """Send the survey about a closed record, if this one is in the sample. The survey, or None."""
    record = Record.objects.lock(record)
    at = at or time.now()
    if not _is_asked_about(record) or not _may_be_asked(record.requester, record, at):
        return None
    if not is_in_sample(record, percent_of(record.service_id)):
        return None
    days = int(preferences.get("survey_reminder_days"))
    open_days = max(int(preferences.get("survey_open_days")), 1)
    survey, is_new = SurveyResponse.objects.get_or_create(
        record=record, round=record.reopen_count,
        defaults={
            "person": record.requester, "service_id": record.service_id,
            "desk_id": record.owner_group_id, "group_id": record.assigned_group_id,
            "token": secrets.token_urlsafe(24), "sent_at": at,
            "closes_at": at + timedelta(days=open_days),
            "remind_at": at + timedelta(days=days) if 0 < days < open_days else None,
        },
    )  # fmt: skip
    if is_new:
        _tell(survey, "survey", f"survey:{survey.pk}")
    return survey


def _is_asked_about(record):
    if not preferences.get("survey_on") or record.kind not in KINDS:
        return False
    return record.state == "closed" and record.is_on_portal and record.merged_into_id is None


def _may_be_asked(person, record, at):
    """Active, nobody's own work, and not asked about another ticket a short while ago."""
    if person is None or not person.is_active or person.kind != "human":
        return False
    if person.pk in {record.assignee_id, record.owner_id}:
        return False
    solvers = record.timeline.filter(verb__in=SOLVED, author=person)
    if solvers.exists():
        return False
    since = at - timedelta(days=int(preferences.get("survey_quiet_days")))
    others = SurveyResponse.objects.filter(person=person, sent_at__gt=since)
    return not others.exclude(record=record, round=record.reopen_count).exists()


def percent_of(service_id):
    """How many of a hundred are asked about: as the service says, else as all do."""
    own = SurveyRate.objects.filter(service_id=service_id).values_list("percent", flat=True).first()
    return int(preferences.get("survey_percent")) if own is None else own


def is_in_sample(record, percent):
    """Drawn from the number and the round, evenly, and always the same for the same ones."""
    digest = sha256(f"survey {record.number} {record.reopen_count}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < percent


def _tell(survey, template, key):
    notify.tell(
        [survey.person], template, key=key, record=survey.record, side="portal", why="survey",
        survey=survey.pk,
    )  # fmt: skip


@transaction.atomic
def remind(pk):
    """Once, where no answer came. None where it is not due any more."""
    due = SurveyResponse.objects.filter(answered_at=None, remind_at__lte=Now())
    survey = due.claim(pk)
    if survey is None:
        return None
    survey.remind_at = None
    if survey.closes_at > time.now() and preferences.get("survey_on"):
        survey.reminders += 1
        _tell(survey, "survey_reminder", f"survey:{survey.pk}:reminder")
    survey.save(update_fields=["remind_at", "reminders"])
    return survey


def sweep_due(limit=100):
    """Send up to `limit` reminders that are due. Returns how many were looked at."""
    due = SurveyResponse.objects.filter(answered_at=None, remind_at__lte=Now())
    done = 0
    for pk in due.order_by("remind_at").values_list("pk", flat=True)[:limit]:
        done += remind(pk) is not None
    return done


# --- answering ----------------------------------------------------------------------------------


@transaction.atomic
def answer(survey, *, score, comment=None, at=None):
    """Note the score, and the comment where one is given; the same answer again changes nothing.

    Raises Refused where the survey is over, ValidationError where the score is none.
    """
    record = Record.objects.lock(survey.record_id)
    survey = SurveyResponse.objects.lock(survey)
    at = at or time.now()
    if score not in SurveyResponse.Score.values:
        raise ValidationError({"score": _("Choose one of the five.")})
    if survey.closes_at < at:
        raise Refused(_("The time to answer is over. Thank you all the same."))
    comment = survey.comment if comment is None else without_nul(comment).strip()[:LONGEST_COMMENT]
    if (survey.score, survey.comment) == (score, comment):
        return survey
    survey.score, survey.comment = score, comment
    survey.answered_at, survey.remind_at = survey.answered_at or at, None
    is_first_low = survey.is_low and survey.task_id is None
    entry = timeline.record(
        record, Verb.LOW_SCORE if is_first_low else Verb.ANSWERED, by=survey.person, at=at,
        kind=TimelineEntry.Kind.SYSTEM, visibility=TimelineEntry.Visibility.INTERNAL,
        body=comment, score=score, survey=survey.pk,
    )  # fmt: skip
    if comment:
        records.find_again(record, bits=[(comment, False)])
    if is_first_low:
        survey.task = _ask_the_lead(record, survey, entry, at)
    survey.save(update_fields=["score", "comment", "answered_at", "remind_at", "task"])
    return survey


def _ask_the_lead(record, survey, _entry, at):
    """A task for who leads the desk that owned the ticket: talk with the customer."""
    desk = survey.desk or survey.group
    lead = desk.lead if desk is not None else None
    with translation.override(lead.locale if lead is not None else "en"):
        title = _("Low satisfaction (%(score)s of 5) with %(number)s: talk with %(name)s") % {
            "score": survey.score, "number": record.number, "name": survey.person.name,
        }  # fmt: skip
    return records.add_task(
        record, by=None, at=at, title=title[:200], group=desk, assignee=lead
    )  # fmt: skip

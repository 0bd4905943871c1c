"""Which process answers which event: the one place where sibling processes meet.

A reaction is small, finds its rows, calls one action of the reacting process, reads the present
state rather than the message, and may run more than once.
"""

from calendars.events import CalendarVerb
from incidents.actions import messages
from incidents.events import Verb as IncidentVerb
from incidents.models import Incident
from records.events import Verb as RecordVerb
from records.models import Record, TimelineEntry
from servicedesk.announcements import spreading
from servicedesk.events import SPREAD, AnnouncementVerb, RequestVerb
from servicedesk.models import ServiceRequest
from servicedesk.notices import audience
from servicedesk.requests.actions import fulfilling
from servicedesk.surveys import actions as surveys
from slm import recompute, varying
from slm.events import STALE, VARIED


def joined(*tables):
    """One table of several: {verb: reactions in the order of the tables}."""
    found = {}
    for table in tables:
        for verb, reactions in table.items():
            found[verb] = (*found.get(verb, ()), *reactions)
    return found


def resolve_children(record_id, entry_id):
    """The solution of an incident solves the open incidents under it."""
    incident = Incident.objects.filter(pk=record_id, state=Incident.State.RESOLVED).first()
    if incident is not None and incident.child_count:
        messages.resolve_children(incident, TimelineEntry.objects.get(pk=entry_id))


def pass_on(record_id, entry_id):
    """A public word of the desk on an incident reaches those who wait under it."""
    incident = Incident.objects.filter(pk=record_id, child_count__gt=0).first()
    entry = TimelineEntry.objects.get(pk=entry_id)
    if incident is not None and entry.data.get("from_desk") and entry.redacted_at is None:
        messages.pass_on(incident, entry)


def fulfil_if_all_is_done(record_id, entry_id):
    """The last task that must be done fulfils an order, where its offering says so."""
    request = ServiceRequest.objects.filter(pk=record_id).select_related("offering").first()
    if request is not None:
        fulfilling.fulfil_if_all_is_done(request)


def ask_how_content(record_id, entry_id):
    """A closed ticket may lead to a survey."""
    surveys.ask(Record(pk=record_id), at=TimelineEntry.objects.get(pk=entry_id).at)


REACTIONS = joined(
    {
        IncidentVerb.CONFIRMED: (ask_how_content,),
        IncidentVerb.AUTO_CLOSED: (ask_how_content,),
        RequestVerb.CONFIRMED: (ask_how_content,),
        RequestVerb.AUTO_CLOSED: (ask_how_content,),
        IncidentVerb.RESOLVED: (resolve_children,),
        IncidentVerb.MAJOR_UPDATED: (pass_on,),
        RecordVerb.COMMENTED: (pass_on,),
        RecordVerb.TASK_DONE: (fulfil_if_all_is_done,),
        RecordVerb.TASK_SKIPPED: (fulfil_if_all_is_done,),
        CalendarVerb.CHANGED: (recompute.calendar_changed,),
        STALE: (recompute.recompute,),
        VARIED: (varying.follow,),
        AnnouncementVerb.PUBLISHED: (spreading.spread,),
        AnnouncementVerb.WITHDRAWN: (spreading.spread,),
        SPREAD: (spreading.tell,),
    },
    audience.REACTIONS,
)

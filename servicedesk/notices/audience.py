"""Who is told what: one table from verb to tellings, and the reaction that walks it.

The first telling that reaches a person is theirs. Nobody is told of what they did themselves, but
for the acknowledgement of a report; an internal entry reaches only who may read notes.
"""

from dataclasses import dataclass

from django.db.models import Q

from core import time
from incidents.events import Verb as Incident
from knowledge.events import Verb as Article
from knowledge.models import ArticleVersion
from people.models import GroupMembership, Person, RoleAssignment, SupportGroup
from people.roles import Role
from records import approvers as asking
from records import notify as notifying
from records.events import Verb
from records.kinds import Phase
from records.models import Approval, Notification, Record, RecordLink, Task, TimelineEntry, Watch
from records.policies import can_read_notes, is_requester_side
from servicedesk.events import FeedbackVerb as Feedback
from servicedesk.events import RequestVerb as Request
from servicedesk.notices import rights

PORTAL, AGENT = "portal", "agent"
PAGE = (Notification.Channel.IN_APP,)
MAIL = (Notification.Channel.EMAIL,)
Part = GroupMembership.Part
MANAGEMENT = (Role.INCM, Role.SDM)


# --- audiences: (record, entry) -> [(person, record to speak of)] ------------------------------
def requester(record, _entry):
    return [(person, record) for person in (record.requester, record.reported_by) if person]


def watchers(record, _entry):
    watches = Watch.objects.filter(record=record).select_related("person")
    return [(watch.person, record) for watch in watches]


def assignee(record, _entry):
    return [(record.assignee, record)] if record.assignee_id else []


def group(record, _entry):
    """Who hands out the group's work; in a group without dispatchers, all of it."""
    found = record.assigned_group or record.owner_group
    if found is None:
        return []
    members = _members(found)
    people = [one.person for one in members if one.role == Part.DISPATCHER]
    people = people or [one.person for one in members]
    return [(person, record) for person in people or [found.lead] if person]


def assignee_or_group(record, entry):
    return assignee(record, entry) or group(record, entry)


def leads(record, _entry):
    found = record.assigned_group
    if found is None:
        return []
    people = [one.person for one in _members(found) if one.role == Part.LEAD]
    return [(person, record) for person in (found.lead, *people) if person]


def children(record, _entry):
    """The requesters of the open tickets under this one, each about their own ticket."""
    links = RecordLink.objects.filter(source=record, type=RecordLink.Type.PARENT_OF)
    below = Record.objects.filter(pk__in=links.values("target_id")).active()
    below = below.select_related("requester", "reported_by").order_by("pk")
    return [pair for child in below for pair in requester(child, None)]


def management(record, _entry):
    """Incident and desk managers in whose scope it lies, its manager, and the service's owner."""
    scope = Q(scope_organization=None)
    above = [int(part) for part in record.organization.path.split("/") if part]
    scope |= Q(scope_organization_id__in=above)
    held = Q(scope_group=None) | Q(scope_group=record.assigned_group_id)
    people = Person.objects.filter(
        pk__in=_roles().filter(scope & held, role__in=MANAGEMENT).values("person_id")
    )
    found = list(people.order_by("pk"))
    major = getattr(record.child(), "major", None)
    found += [major.manager] if major is not None else []
    found += [record.service.owner] if record.service_id and record.service.owner_id else []
    return [(person, record) for person in found]


def task_owner(record, entry):
    task = Task.objects.filter(pk=entry.data.get("task_id")).select_related("assignee").first()
    return [(task.assignee, record)] if task is not None and task.assignee_id else []


def approvers(record, entry):
    """Who has still to answer, and today's deputies of those who are away."""
    approval = Approval.objects.filter(pk=entry.data.get("approval_id")).first()
    if approval is None or approval.round != entry.data.get("round"):
        return []
    today = time.now().date()
    seats = list(approval.approvers.select_related("deputy"))
    answered = {vote.seat_id for vote in approval.votes.all() if vote.round == approval.round}
    people = {}
    for seat in seats:
        if seat.pk not in answered:
            people[seat.pk] = seat
            if seat.deputy is not None and asking.is_deputy(seat.deputy, seat, today):
                people[seat.deputy_id] = seat.deputy
    return [(person, record) for pk, person in people.items() if pk not in approval.barred]


def _members(found):
    today = time.now().date()
    rows = GroupMembership.objects.filter(group=found, valid__contains=today)
    return list(rows.filter(person__is_active=True).select_related("person").order_by("pk"))


def _roles():
    return RoleAssignment.objects.filter(valid__contains=time.now().date())


def owner(record, _entry):
    return [(record.owner, record)] if record.owner_id else []


def reviewers(record, _entry):
    """Knowledge managers; where there are none, specialists."""
    for role in (Role.KM, Role.SP2):
        held = _roles().filter(role=role, person__is_active=True).values("person_id")
        if people := list(Person.objects.filter(pk__in=held).order_by("pk")):
            return [(person, record) for person in people]
    return []


def article_author(record, entry):
    """Who wrote the version that was reviewed."""
    number = entry.data.get("number")
    found = ArticleVersion.objects.filter(article_id=record.pk, number=number)
    return [(one.author, record) for one in found.select_related("author") if one.author_id]


def both_desks(record, entry):
    """The members of the desk that gives and of the one that takes (ITSM domain rules 7.3)."""
    ids = [entry.data.get("to_group_id"), entry.data.get("from_group_id")]
    desks = SupportGroup.objects.in_bulk([pk for pk in ids if pk])
    found = [desks[pk] for pk in ids if pk in desks]
    return [(one.person, record) for desk in found for one in _members(desk)]


def service_levels(record, _entry):
    """The owner of the service, and service level managers: a chance for the business (E-86)."""
    held = _roles().filter(role=Role.SLM, scope_organization=None, person__is_active=True)
    people = list(Person.objects.filter(pk__in=held.values("person_id")).order_by("pk"))
    if record.service_id and record.service.owner_id:
        people.insert(0, record.service.owner)
    return [(person, record) for person in people]


# --- conditions: (record, entry) -> bool --------------------------------------------------------
def from_requester(record, entry):
    """Written by the requester's side, not by somebody who works on it."""
    author = entry.author
    if "from_desk" in entry.data or author is None:
        return not entry.data.get("from_desk", True)
    return is_requester_side(record, author) or not can_read_notes(record, author)


def from_desk(record, entry):
    return not from_requester(record, entry)


def asks_requester(record, entry):
    """The pause that this entry tells of waits for the requester."""
    reason = record.pending_reason
    return reason is not None and reason.waits_for_requester


def is_opportunity(record, entry):
    return entry.data.get("kind_code") == "opportunity"


def asks_others(record, entry):
    return not asks_requester(record, entry)


def is_not_waiting(record, entry):
    """Nobody has to say yes before the group can begin."""
    return record.phase != Phase.WAITING and not record.assignee_id


def was_asked(record, entry):
    """Others had to say yes first."""
    return entry.from_state == "awaiting_approval"


def was_waiting(record, entry):
    """The group was not told before: others had to say yes first."""
    return was_asked(record, entry) and not record.assignee_id


# --- the table ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Telling:
    """Tell `audience` by `template`. `side` decides the words: of the portal, or of the desk;
    without one, each person's own. `even_actor`: a mail also to a requester who did it."""

    template: str
    audience: object
    why: str
    side: str = PORTAL
    when: object = None
    channels: tuple = notifying.BOTH
    even_actor: bool = False


TABLE = {
    Incident.OPENED: (
        Telling("acknowledgement", requester, "requester", even_actor=True),
        Telling("assigned", assignee, "assignee", AGENT),
        Telling("new", group, "group", AGENT, lambda record, entry: not record.assignee_id),
    ),
    Verb.COMMENTED: (
        Telling("message", assignee_or_group, "assignee", AGENT, from_requester),
        Telling("reply", requester, "requester"),
        Telling("reply", watchers, "watcher", ""),
    ),
    Verb.NOTED: (Telling("noted", assignee, "assignee", AGENT, channels=PAGE),),
    Incident.ASSIGNED: (Telling("assigned", assignee_or_group, "assignee", AGENT),),
    Incident.ESCALATED: (Telling("assigned", assignee_or_group, "assignee", AGENT),),
    Incident.WAITING: (
        Telling("waiting", requester, "requester", when=asks_requester),
        Telling("on_hold", requester, "requester", when=asks_others),
        Telling("on_hold", watchers, "watcher", ""),
    ),
    Incident.CHASED: (Telling("chased", requester, "requester"),),
    Incident.RESOLVED: (
        Telling("resolved", requester, "requester"),
        Telling("resolved", watchers, "watcher", ""),
    ),
    Incident.REJECTED: (
        Telling("rejected", assignee_or_group, "assignee", AGENT),
        Telling("rejected", leads, "lead", AGENT),
    ),
    Incident.CONFIRMED: (
        Telling("closed", requester, "requester"),
        Telling("closed", watchers, "watcher", ""),
    ),
    Incident.AUTO_CLOSED: (
        Telling("closed", requester, "requester"),
        Telling("closed", watchers, "watcher", ""),
    ),
    Incident.CANCELLED: (
        Telling("cancelled", requester, "requester"),
        Telling("cancelled", watchers, "watcher", ""),
    ),
    Verb.MERGED: (
        Telling("merged", requester, "requester"),
        Telling("merged", watchers, "watcher", ""),
    ),
    Verb.APPROVAL_ASKED: (Telling("approval_asked", approvers, "approver"),),
    Verb.APPROVAL_REMINDED: (Telling("approval_reminded", approvers, "approver"),),
    Verb.APPROVAL_EXPIRED: (Telling("approval_expired", assignee_or_group, "assignee", AGENT),),
    Article.SUBMITTED: (Telling("article_submitted", reviewers, "reviewer", AGENT),),
    Article.SENT_BACK: (Telling("article_sent_back", article_author, "author", AGENT),),
    Article.PUBLISHED: (Telling("article_published", article_author, "author", AGENT),),
    Article.FLAGGED: (Telling("article_flagged", owner, "owner", AGENT),),
    Verb.HANDED_UP: (Telling("handed_up", both_desks, "desk", AGENT),),
    Verb.TOOK_OVER: (Telling("took_over", both_desks, "desk", AGENT),),
    Verb.TASK_ADDED: (Telling("task", task_owner, "task", AGENT),),
    Incident.MAJOR_DECLARED: (
        Telling("major_declared", requester, "requester"),
        Telling("major_declared", children, "affected"),
        Telling("major_declared", management, "manager", AGENT),
        Telling("major_declared", watchers, "watcher", ""),
    ),
    # the tickets under it get the news as a message of their own (incidents.actions.messages)
    Incident.MAJOR_UPDATED: (
        Telling("major_updated", requester, "requester"),
        Telling("major_updated", management, "manager", AGENT),
        Telling("major_updated", watchers, "watcher", ""),
    ),
    Incident.MAJOR_ENDED: (
        Telling("major_ended", requester, "requester"),
        Telling("major_ended", children, "affected"),
        Telling("major_ended", management, "manager", AGENT),
        Telling("major_ended", watchers, "watcher", ""),
    ),
}


TABLE |= {
    Request.OPENED: (
        Telling("acknowledgement", requester, "requester", even_actor=True),
        Telling("assigned", assignee, "assignee", AGENT),
        Telling("new", group, "group", AGENT, is_not_waiting),
    ),
    Request.SUBMITTED: TABLE[Incident.OPENED][:1],
    Request.APPROVED: (
        Telling("order_approved", requester, "requester", when=was_asked),
        Telling("order_approved", group, "group", AGENT, was_waiting),
    ),
    Request.REJECTED: (
        Telling("order_rejected", requester, "requester"),
        Telling("order_rejected", watchers, "watcher", ""),
    ),
    Request.ASSIGNED: TABLE[Incident.ASSIGNED],
    Request.WAITING: TABLE[Incident.WAITING],
    Request.CHASED: TABLE[Incident.CHASED],
    Request.FULFILLED: (
        Telling("order_done", requester, "requester"),
        Telling("order_done", watchers, "watcher", ""),
    ),
    Request.DISPUTED: TABLE[Incident.REJECTED],
    Request.CONFIRMED: TABLE[Incident.CONFIRMED],
    Request.AUTO_CLOSED: TABLE[Incident.AUTO_CLOSED],
    Request.CANCELLED: TABLE[Incident.CANCELLED],
}


TABLE |= {
    Feedback.OPENED: (
        Telling("feedback_received", requester, "requester", even_actor=True),
        Telling("feedback_new", group, "group", AGENT),
        Telling("feedback_new", service_levels, "manager", AGENT, is_opportunity),
    ),
    Feedback.REVIEWED: (Telling("feedback_owner", owner, "owner", AGENT),),
    Feedback.HANDED_OVER: (Telling("feedback_owner", owner, "owner", AGENT),),
    Feedback.ANSWERED: (
        Telling("feedback_answered", requester, "requester"),
        Telling("feedback_answered", watchers, "watcher"),
    ),
    Feedback.ESCALATED: (
        Telling("feedback_owner", owner, "owner", AGENT),
        Telling("feedback_new", group, "group", AGENT, lambda record, entry: not record.owner_id),
    ),
    Feedback.AUTO_CLOSED: (Telling("feedback_closed", requester, "requester"),),
    Feedback.WITHDRAWN: (Telling("cancelled", owner, "owner", AGENT),),
}


def notify(record_id, entry_id):
    """The one reaction: queue what the entry's verb asks for. Harmless when it runs again."""
    entry = TimelineEntry.objects.select_related("author").get(pk=entry_id)
    if entry.is_historic or entry.redacted_at is not None:
        return
    record = Record.objects.select_related(
        "requester", "reported_by", "assignee", "assigned_group__lead", "owner_group__lead",
        "organization", "service__owner", "pending_reason",
    ).get(pk=record_id)  # fmt: skip
    told = set()
    for telling in TABLE.get(entry.verb, ()):
        if telling.when is None or telling.when(record, entry):
            for person, subject in telling.audience(record, entry):
                if person.pk not in told and _tell(telling, person, subject, record, entry):
                    told.add(person.pk)


def _tell(telling, person, subject, record, entry):
    """Queue it for one person. False where it is not for them after all."""
    channels = telling.channels
    if entry.author_id == person.pk:
        if not (telling.even_actor and person.pk == subject.requester_id):
            return False
        channels = MAIL
    if not rights.may_learn(person, record, entry):
        return False
    if telling.template == "acknowledgement" and rights.had_answers_enough(person, subject):
        return False
    side = telling.side or (AGENT if can_read_notes(record, person) else PORTAL)
    notifying.tell(
        [person], telling.template, key=f"entry:{entry.pk}", record=subject, entry=entry,
        channels=channels, side=side, why=telling.why,
    )  # fmt: skip
    return True


REACTIONS = dict.fromkeys(TABLE, (notify,))

"""Who must not see a complaint: the person complained of, and the group, with all who sit there.

The one place of this rule: as a Q for lists, and for one row in memory. Managers who read
everything see a complaint about a group of theirs, since somebody must answer it; a person never
sees one about themselves, whatever their role (ITSM domain rules 7.1 and 7.2).
"""

from dataclasses import replace
from types import SimpleNamespace

from django.apps import apps
from django.db.models import Q

from people.models import GroupMembership
from people.roles import Role
from records.visibility import tickets_for

COMPLAINT = "complaint"


def feedback_for(person):
    """Tickets' own rule, who owns the answer, and never what is said against the reader.

    What an organisation shares among colleagues it does not share of complaints and praise: only
    its representatives read those.
    """
    reader, access = person, person.access
    if not access.has_role(Role.CUS):
        reader = SimpleNamespace(pk=person.pk, access=replace(access, sharing="own"))
    return (tickets_for(reader) | Q(owner_id=person.pk)) & ~Q(pk__in=against(person))


def against(person):
    """Ids of the complaints that this person must not learn of. Columns of the one table only."""
    access, rows = person.access, apps.get_model("servicedesk", "Feedback").objects.all()
    barred = Q(about_person_id=person.pk)
    groups = _own_groups(access)
    if groups and not access.reads_everything:
        mates = GroupMembership.objects.filter(group_id__in=groups).values("person_id")
        barred |= Q(about_group_id__in=groups) | Q(about_person_id__in=mates)
    return rows.filter(barred, feedback_kind=COMPLAINT).values("record_ptr_id")


def is_against(feedback, person):
    """The same of one row."""
    if feedback.feedback_kind != COMPLAINT:
        return False
    if feedback.about_person_id == person.pk:
        return True
    groups = _own_groups(person.access)
    if not groups or person.access.reads_everything:
        return False
    if feedback.about_group_id in groups:
        return True
    return feedback.about_person_id is not None and GroupMembership.objects.filter(
        group_id__in=groups, person_id=feedback.about_person_id
    ).exists()  # fmt: skip


def _own_groups(access):
    """Groups in which the person sits or which they lead; not the desks below their own desk."""
    return access.group_ids | access.led_group_ids


def may_own(feedback, person):
    """Whether this person may answer it: never who asked, who is complained of, or who did the
    work that a complaint is about."""
    if person is None or not person.is_active or is_against(feedback, person):
        return False
    if person.pk == feedback.requester_id:
        return False
    if feedback.feedback_kind == COMPLAINT and feedback.about_record_id:
        return person.pk != feedback.about_record.assignee_id
    return True

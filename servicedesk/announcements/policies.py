"""Who may read, write and publish announcements (ITSM domain rules 7.2)."""

from django.apps import apps
from django.db.models import Q

from people.roles import Role
from servicedesk.announcements import audience

PUBLISHERS = (Role.SDM, Role.SLM, Role.INCM, Role.CHGM, Role.CONM)


def is_internal(person):
    """Works here, and not only for a supplier."""
    return person.access.is_agent and not person.access.is_supplier_only


def can_write(_announcement, person):
    """A desk's agents, leads, and who may publish begin an announcement."""
    access = person.access
    if access.is_auditor_only or not is_internal(person):
        return False
    at_a_desk = bool(access.group_ids & access.desk_ids) or access.has_role(Role.AG1)
    if at_a_desk or access.led_group_ids or access.has_role(Role.LEAD):
        return True
    return can_publish(None, person)


def can_publish(_announcement, person):
    """Whose word goes out to everybody."""
    return person.access.is_superuser or person.access.has_role(*PUBLISHERS)


def can_edit(announcement, person):
    """One's own draft; what is scheduled or public only who may publish."""
    if announcement.is_final:
        return False
    if can_publish(None, person):
        return True
    is_own = announcement.owner_id == person.pk
    return announcement.state == "draft" and is_own and can_write(None, person)


def can_see_readers(_announcement, person):
    """Who has acknowledged it."""
    return is_internal(person)


def announcements_for(person):
    """Who works here sees all; others what was published for them.

    Only columns of Record and subqueries, so that lists of all kinds may ask it.
    """
    if person.access.is_superuser or person.access.reads_everything or is_internal(person):
        return Q()
    Announcement = apps.get_model("servicedesk", "Announcement")
    meant = Announcement.objects.filter(audience.meant_for(person), published_at__isnull=False)
    return Q(pk__in=meant.values("pk"), state__in=["published", "ended", "withdrawn"])

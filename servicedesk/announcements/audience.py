"""For whom an announcement is: everybody, or who belongs to any of what it names."""

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from people.models import Person
from servicedesk.announcements import usage


def meant_for(person):
    """The Q over Announcement. Asks nothing of the person but the key, so that it may be kept."""
    Announcement = apps.get_model("servicedesk", "Announcement")
    me = Person.objects.filter(pk=person.pk)
    above = me.filter(organization__path__startswith=OuterRef("organization__path"))
    organizations = Announcement.organizations.through.objects.filter(Exists(above))
    sites = Announcement.sites.through.objects.filter(site_id__in=me.values("site_id"))
    used = usage.used_or_part_of_used(person.pk)
    services = Announcement.services.through.objects.filter(service_id__in=used.values("pk"))
    return (
        Q(is_for_all=True)
        | Q(pk__in=organizations.values("announcement_id"))
        | Q(pk__in=sites.values("announcement_id"))
        | Q(pk__in=services.values("announcement_id"))
    )


def people_of(announcement):
    """The people whom an announcement is for, by their key."""
    people = Person.objects.active().humans()
    if announcement.is_for_all:
        return people
    rule = Q(site__in=announcement.sites.values("pk"))
    for path in announcement.organizations.values_list("path", flat=True):
        rule |= Q(organization__path__startswith=path)
    using = usage.people_using(announcement.services.all())
    if announcement.services.exists():
        rule = using if not using else rule | using
    return people.filter(rule) if rule else people

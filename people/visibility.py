"""Which organisations, sites and groups a person may learn of. Persons have their own rule on
their QuerySet. Agents see all of it; others see where they belong, and no groups."""

from people.models import Organization, Site, SupportGroup


def own_organization_ids(person):
    return person.access.shared_organization_ids | {person.organization_id}


def sees_all(person):
    return person.access.is_agent or person.access.is_admin


def organizations_for(person):
    rows = Organization.objects.all()
    return rows if sees_all(person) else rows.filter(pk__in=own_organization_ids(person))


def sites_for(person):
    rows = Site.objects.all()
    if sees_all(person):
        return rows
    own = rows.filter(organization_id__in=own_organization_ids(person))
    return own | rows.filter(pk=person.site_id)


def groups_for(person):
    rows = SupportGroup.objects.all()
    return rows if sees_all(person) else rows.none()

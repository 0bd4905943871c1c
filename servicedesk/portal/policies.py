"""Who may do what in the portal: (record, person) -> bool. The steps of a process have their own."""

from incidents import policies as incidents
from people.models import Person


def takes_part(record, person):
    """The requester, who reported it, and who was let in to answer as they do."""
    return incidents.is_requester(record, person)


def can_report(_nothing, person):
    return incidents.can_open(None, person)


def can_join(record, person):
    """“I have this too”: on what the person sees as a colleague, while it is worked on."""
    if person.access.is_auditor_only or record.confidentiality != "normal":
        return False
    if record.kind == "feedback":
        return False
    is_colleague = record.organization_id in own_organization_ids(person)
    return record.is_open and is_colleague and not takes_part(record, person)


def can_invite(record, person):
    """The requester's side lets colleagues take part, until the end."""
    return not record.is_final and record.confidentiality == "normal" and takes_part(record, person)


def own_organization_ids(person):
    return person.access.shared_organization_ids | {person.organization_id}


def colleagues_of(person):
    """Who this person may name: those they may see, of their own organisations."""
    people = Person.objects.visible_to(person).active().humans()
    return people.filter(organization_id__in=own_organization_ids(person))


def who_may_be_named(person):
    """Whom this person may order for, or name in a form: oneself and colleagues; who works here,
    everybody."""
    if person.access.is_agent and not person.access.is_supplier_only:
        return Person.objects.visible_to(person).active().humans()
    return colleagues_of(person) | Person.objects.filter(pk=person.pk)

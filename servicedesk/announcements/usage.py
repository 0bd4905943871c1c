"""Which services a person really uses, and the other way round who uses a service.

Both directions follow the one rule that `used_services` tells; a test holds them together.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now

from cmdb.models import Service
from people.models import Person
from records.models import Record
from slm.models import Agreement

ASKED_WITHIN = timedelta(days=365)


def used_services(person_pk):
    """The services that a person uses. In: the person's key (or an expression for it). Out: a
    QuerySet of Service, as one condition that stays true however long it is kept.

    A service is used by
    - who asked about it, reported it or ordered it within a year;
    - the organisations, with all below them, that an SLA in force names as its customer;
    - the organisations, with all below them, that it is expressly offered to;
    - everybody, where it is in the catalogue and neither an SLA nor an offer names a customer.
    """
    me = Person.objects.filter(pk=person_pk)
    asked = Record.objects.filter(
        Q(requester=person_pk) | Q(reported_by=person_pk), opened_at__gt=Now() - ASKED_WITHIN,
        service__isnull=False,
    )  # fmt: skip
    agreed = in_force().filter(Exists(_below(me, OuterRef("customer__path"))))
    offers = Service.offered_to.through.objects
    offered = offers.filter(Exists(_below(me, OuterRef("organization__path"))))
    return Service.objects.filter(
        Q(pk__in=asked.values("service_id"))
        | Q(pk__in=agreed.values("agreed_service_id"))
        | Q(pk__in=offered.values("service_id"))
        | everybodys()
    )


def everybodys():
    """The Q of services that nothing narrows down to some customers."""
    offers = Service.offered_to.through.objects
    return (
        Q(state__in=Service.PROMISED, catalogue_visible=True)
        & ~Q(pk__in=in_force().values("agreed_service_id"))
        & ~Q(pk__in=offers.values("service_id"))
    )


def in_force():
    """SLAs that hold today and name both a customer and a service."""
    return Agreement.objects.filter(
        agreement_kind="sla", in_force__contains=Now(), customer__isnull=False,
        agreed_service__isnull=False,
    )  # fmt: skip


def _below(people, path):
    return people.filter(organization__path__startswith=path)


def used_or_part_of_used(person_pk):
    """Keys of the services that the person uses, and of those they are part of: whoever uses a
    part is hit when the whole is."""
    below = used_services(person_pk).filter(path__startswith=OuterRef("path"))
    return Service.objects.filter(Exists(below))


def people_using(services):
    """The Q over Person of all who use one of these services, or a part of one."""
    rule = Q(pk__in=[])
    paths = list(services.values_list("path", flat=True))
    if not paths:
        return rule
    parts = Q()
    for path in paths:
        parts |= Q(path__startswith=path)
    parts = Service.objects.filter(parts)
    if parts.filter(everybodys()).exists():
        return Q()
    keys = list(parts.values_list("pk", flat=True))
    asked = Record.objects.filter(service__in=keys, opened_at__gt=Now() - ASKED_WITHIN)
    customers = in_force().filter(agreed_service__in=keys).values_list("customer__path", flat=True)
    offers = Service.offered_to.through.objects.filter(service_id__in=keys)
    for path in {*customers, *offers.values_list("organization__path", flat=True)}:
        rule |= Q(organization__path__startswith=path)
    rule |= Q(pk__in=Subquery(asked.filter(requester__isnull=False).values("requester_id")))
    return rule | Q(
        pk__in=Subquery(asked.filter(reported_by__isnull=False).values("reported_by_id"))
    )

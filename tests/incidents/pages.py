"""What tests of an incident's pages share: a client that is signed in, and incidents that happened."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from incidents.actions import opening
from records.models import ClosureCode, PendingReason


def signed_in(person, **headers):
    client = Client(headers=headers)
    client.force_login(person)
    return client


def htmx(person):
    return signed_in(person, hx_request="true")


def report(world, **fields):
    """An incident of an hour ago, unless said otherwise."""
    fields.setdefault("by", world.requester)
    fields.setdefault("requester", world.requester)
    fields.setdefault("title", "无法连接 VPN")
    fields.setdefault("service", world.erp)
    fields.setdefault("at", timezone.now() - timedelta(hours=1))
    return opening.open_incident(**fields)


def page(client, incident, tail="", **more):
    return client.get(f"/incidents/{incident.number}/{tail}", **more)


def post(client, incident, slug, **data):
    return client.post(f"/incidents/{incident.number}/{slug}/", data)


def reason(code):
    return PendingReason.objects.get(code=code)


def closure(code="solved_permanently"):
    return ClosureCode.objects.get(code=code)

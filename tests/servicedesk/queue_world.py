"""A small desk for the tests of queue and search: two companies, three groups, some agents."""

from datetime import date, timedelta
from itertools import count

import pytest

from calendars import actions as calendars
from core import time
from core.text import fold
from incidents.models import Incident
from people import actions as people
from people.models import Person
from records.models import PendingReason, RecordText
from tests import snapshot

numbers = count(1)


class World:
    """Makes people and tickets directly, so that a test says only what it is about."""

    def __init__(self):
        self.now = time.now()
        self.calendar = calendars.create_calendar(
            by=None, code="AROUND", name_en="Around the clock", time_zone="UTC", is_24x7=True
        )
        self.lanting = people.create_organization(by=None, code="LANTING", name_en="Lanting")
        self.other = people.create_organization(by=None, code="OTHER", name_en="Other company")
        self.desk = self.group("DESK", "desk", organizations=[self.lanting])
        self.network = self.group("NETWORK", "second_line", name_zh="网络组")
        self.foreign = self.group("FOREIGN", "desk", organizations=[self.other])
        self.requester = self.person("REQ", name="Mei Lin")
        self.agent = self.person("AGENT", groups=[self.desk])
        self.colleague = self.person("COLLEAGUE", groups=[self.desk])
        self.engineer = self.person("ENGINEER", groups=[self.network])
        self.stranger = self.person("STRANGER", organization=self.other, groups=[self.foreign])

    def group(self, code, kind, **fields):
        return people.create_group(
            by=None, code=code, kind=kind, calendar=self.calendar,
            **({"name_en": code.title()} | fields),
        )  # fmt: skip

    def person(self, code, *roles, organization=None, groups=(), **fields):
        person = people.create_person(
            by=None, code=code, email=f"{code.lower()}@lanting.example", can_sign_in=True,
            organization=organization or self.lanting, **({"name": code.title()} | fields),
        )  # fmt: skip
        for group in groups:
            people.join_group(person, group, by=None, since=date(2020, 1, 1))
        for role in roles:
            people.grant(person, role, by=None, since=date(2020, 1, 1))
        return Person.objects.get(pk=person.pk)

    def ticket(self, title="A ticket", *, due=None, text="", note="", **fields):
        """An incident as it stands in the database. `due` in minutes from now."""
        number = f"INC-{next(numbers):06d}"
        values = {
            "state": "assigned" if fields.get("assigned_group", 1) else "new",
            "organization": self.lanting, "requester": self.requester,
            "assigned_group": self.desk, "priority": 3,
            "updated_at": self.now, "opened_at": self.now,
        } | fields  # fmt: skip
        if due is not None:
            values |= {"due_at": self.now + timedelta(minutes=due), "sla_status": "ok"}
        ticket = Incident(
            number=number, title=title, description=text, state_changed_at=self.now,
            occurred_at=values["opened_at"], detected_at=values["opened_at"], **values,
        )  # fmt: skip
        ticket.save()
        public = fold(f"{number} {ticket.external_ref} {title} {text}")
        RecordText.objects.create(
            record_id=ticket.pk, search_public=public, search_agent=f"{public} {fold(note)}"
        )
        return ticket

    def waiting(self, title, *, days=0, reason="wait_customer", **fields):
        return self.ticket(
            title, state="pending", pending_reason=PendingReason.objects.get(code=reason),
            pending_since=self.now - timedelta(days=days), sla_status="paused", **fields,
        )  # fmt: skip


@pytest.fixture
def world(db):
    made = snapshot.restored(World)
    made.now = time.now()
    return made


@pytest.fixture
def sign_in(client):
    def sign_in(person):
        client.force_login(person, backend="people.backends.PersonBackend")
        return client

    return sign_in


def titles(page):
    """The titles on a queue page, in their order."""
    return [row.title for band in page.context["page"].bands for row in band.rows]

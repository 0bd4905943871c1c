"""Where approvers answer: page, mail link, and who may not."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from core import outbox, time
from incidents.actions import opening
from people.models import Person
from records import approvals
from records.approvals import Stage
from records.models import Approval, ApprovalVote
from servicedesk.approving import links
from servicedesk.notices import sending

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CH-09")]


@pytest.fixture
def asked(world):
    requester = Person.objects.get(pk=world.requester.pk)
    world.record = opening.open_incident(
        by=requester, requester=requester, title="More memory", description="32 GB, please",
        service=world.erp,
    )  # fmt: skip
    source = {"of": "people", "people": [world.manager.pk, world.admin.pk]}
    [approval] = approvals.ask(
        world.record, [Stage(source, patience_hours=16)], by=None, at=time.now()
    )
    return approval


def mails_to(person):
    outbox.sweep_due()
    sending.sweep_due()
    return [one for one in mail.outbox if one.to == [person.email]]


def link_in(message):
    return re.search(r"https?://[^/\s]+(/a/\S+/)", message.body).group(1)


def state(approval):
    return Approval.objects.get(pk=approval.pk).state


def test_an_approver_answers_on_the_page(asked, world, client):
    client.force_login(world.manager)
    listed = client.get(reverse("servicedesk:approvals"))
    page = reverse("servicedesk:approval", args=[asked.pk])
    shown = client.get(page)
    answered = client.post(page, {"vote": "approve"})

    assert [one.pk for one in listed.context["waiting"]] == [asked.pk]
    assert "32 GB, please" in shown.content.decode()
    assert answered.status_code == 302
    assert state(asked) == "approved"
    after = client.get(reverse("servicedesk:approvals"))
    assert after.context["waiting"] == []
    assert [one.pk for one in after.context["answered"].rows] == [asked.pk]


def test_a_rejection_without_a_reason_comes_back_at_its_field(asked, world, client):
    client.force_login(world.manager)

    answer = client.post(reverse("servicedesk:approval", args=[asked.pk]), {"vote": "reject"})

    assert answer.status_code == 422
    assert "comment" in answer.context["form"].errors
    assert state(asked) == "pending"


@pytest.mark.parametrize("who", ["requester", "colleague", "agent", "stranger", "desk_manager"])
def test_who_is_not_asked_never_hears_of_it(asked, world, client, who):
    client.force_login(getattr(world, who))
    page = reverse("servicedesk:approval", args=[asked.pk])

    assert client.get(page).status_code == 404
    assert client.post(page, {"vote": "approve"}).status_code == 404
    assert state(asked) == "pending"


def test_the_link_of_the_mail_answers_once_without_signing_in(asked, world, client):
    [letter] = mails_to(world.manager)
    link = link_in(letter)
    opened = client.get(link)
    still = state(asked)
    first = client.post(link, {"vote": "approve"})
    second = client.post(link, {"vote": "reject", "comment": "no"})

    assert "More memory" in letter.subject
    assert opened.status_code == 200
    assert still == "pending"  # opening it, as mail scanners do, decides nothing
    assert first.status_code == 200
    assert second.status_code == 409
    vote = ApprovalVote.objects.get(approval=asked)
    assert (vote.approver_id, vote.vote, vote.via) == (world.manager.pk, "approve", "email")
    assert not client.session.get("_auth_user_id")


def test_the_link_ends_with_the_right(asked, world, client):
    [letter] = mails_to(world.manager)
    Person.objects.filter(pk=world.manager.pk).update(is_active=False)

    answer = client.post(link_in(letter), {"vote": "approve"})

    assert answer.status_code == 410
    assert state(asked) == "pending"


def test_the_link_of_an_earlier_round_is_over(asked, world, client):
    token = links.make(asked, world.manager)
    Approval.objects.filter(pk=asked.pk).update(round=2)

    assert client.post(f"/a/{token}/", {"vote": "approve"}).status_code == 410
    assert state(asked) == "pending"


def test_a_link_is_bound_to_its_person_and_cannot_be_made_up(asked, world, client):
    of_another = links.make(asked, world.specialist)
    bent = links.make(asked, world.manager)[:-2] + "xx"

    for token in (of_another, bent, "", "x", "None"):
        answer = client.post(f"/a/{token}/" if token else "/a/", {"vote": "approve"})
        assert answer.status_code in (404, 410)
    assert state(asked) == "pending"


def test_the_deputy_of_today_gets_the_mail_too_and_answers_for_the_other(asked, world, client):
    from datetime import timedelta

    from django.contrib.postgres.fields.ranges import DateRange

    today = time.now().date()
    Person.objects.filter(pk=world.manager.pk).update(
        deputy=world.auditor, deputy_during=DateRange(today, today + timedelta(days=2))
    )
    [letter] = mails_to(world.auditor)

    answer = client.post(link_in(letter), {"vote": "approve"})

    assert answer.status_code == 200
    vote = ApprovalVote.objects.get(approval=asked)
    assert (vote.approver_id, vote.on_behalf_of_id) == (world.auditor.pk, world.manager.pk)


def test_the_requester_is_not_mailed_as_approver(asked, world):
    assert [one.subject for one in mails_to(world.requester) if "approve" in one.subject] == []


def test_a_ticket_shows_its_approvals_to_those_who_work_on_it(asked, world, client):
    address = reverse("servicedesk:approvals_of", args=[world.record.number])
    client.force_login(world.agent)
    seen = client.get(address).content.decode()
    client.force_login(world.requester)
    refused = client.get(address).status_code

    assert world.manager.name in seen
    assert refused == 403

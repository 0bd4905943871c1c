"""Mails of ours that come back: the row says so, the address is marked, who works on it is told."""

import pytest

from servicedesk.models import UndeliverableAddress
from servicedesk.notices import rendering, repair
from tests.servicedesk import mail_corpus as corpus
from tests.servicedesk.mail_world import place, take
from tests.servicedesk.notices_world import mails, send
from tests.servicedesk.test_notices_pages import get, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world):
    found = place(world)
    send()
    return found


def the_mail(here):
    return mails().get(message_id=here.mail_to_requester)


@pytest.mark.feature("CN-09")
def test_the_mail_that_came_back_says_so_and_who_works_on_it_is_told_once(world, here):
    take(here.mailbox, corpus.report(here))
    take(here.mailbox, corpus.report(here, inside="message/rfc822"))

    row = the_mail(here)
    assert (row.status, row.reason[:5]) == ("bounced", "5.1.1")
    told = mails().filter(template="mail_bounced")
    assert [one.person for one in told] == [world.agent]
    text = rendering.mail_of(told.get()).text
    assert "did not arrive" in text
    assert "r1@lanting.example" in text
    assert "no such user" in text


@pytest.mark.feature("CN-09")
def test_a_server_that_gave_up_marks_the_mail_and_not_the_address(world, here):
    take(here.mailbox, corpus.report(here, status="4.4.7"))

    assert the_mail(here).status == "bounced"
    assert not UndeliverableAddress.objects.exists()


@pytest.mark.feature("CN-09")
@pytest.mark.parametrize("more", [{"status": "4.2.2", "action": "delayed"}, {"to": "x@y.example"}])
def test_a_passing_or_forged_report_leaves_the_mail_as_it_was(world, here, more):
    take(here.mailbox, corpus.report(here, **more))

    assert the_mail(here).status == "sent"
    assert not mails().filter(template="mail_bounced").exists()


@pytest.mark.feature("CN-09")
def test_the_pages_show_what_came_back_and_it_goes_again_once_the_address_works(
    world, here, client
):
    take(here.mailbox, corpus.report(here))
    row = the_mail(here)

    listed = get(client, world.admin, "outgoing", status="bounced").text
    one = get(client, world.admin, "outgoing_mail", row.pk).text
    found = UndeliverableAddress.objects.get()
    post(client, world.admin, "mail_address_works", found.pk)
    repair.retry(row, by=world.admin)
    send()

    assert row.subject in listed
    assert "Came back" in one
    assert the_mail(here).status == "sent"


def test_outgoing_mail_narrows_to_one_letter(world, here, client):
    page = get(client, world.admin, "outgoing", template="resolved").text
    wrong = get(client, world.admin, "outgoing", template="nothing")

    assert "Old printer" in page
    assert "无法连接 VPN" not in page
    assert wrong.status_code == 422

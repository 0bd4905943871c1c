"""Orders and mail: what the requester hears, and where a late answer by mail goes."""

import re

import pytest

from servicedesk.models.mail import Decision
from servicedesk.notices import rendering
from servicedesk.requests.actions import messages
from tests.servicedesk import mail_corpus as corpus
from tests.servicedesk.mail_world import mail_id, mailbox, take
from tests.servicedesk.notices_world import deliver, mails, send
from tests.servicedesk.requests.shop import ordered
from tests.servicedesk.requests.test_lifecycle import approve, at_state
from tests.servicedesk.test_notices_pages import get

pytestmark = pytest.mark.django_db


def test_the_requester_hears_that_the_order_is_approved(world):
    request = ordered(world)
    deliver()

    approve(request, world.owner)
    send()

    told = mails().filter(template="order_approved", person=world.requester)
    assert [(one.status, one.data["side"]) for one in told] == [("sent", "portal")]
    assert "已批准" in told.get().subject


@pytest.mark.feature("SD-13")
@pytest.mark.parametrize("by_mail", [True, False])
def test_a_late_word_opens_a_report_that_came_the_way_it_came(world, by_mail):
    request = at_state(world, "closed")
    send()
    if by_mail:
        raw = corpus.mail(In_Reply_To=mail_id(request, world.requester), From=world.requester.email)
        row = take(mailbox(world), raw)
        made, decision = row.record, row.decision
    else:
        made, entry = messages.reply(request, by=world.requester, body="It is broken")
        decision = Decision.FOLLOW_UP if entry is None else ""

    assert (decision, made.kind) == ("follow_up", "incident")
    assert made.channel == ("email" if by_mail else "portal")
    assert made.links_out.get(type="follows").target.pk == request.pk


def test_the_link_of_an_approver_is_shown_to_nobody_else(world, client):
    ordered(world)
    deliver()
    mail = mails().filter(template="approval_asked").first()
    link = re.search(r"/a/([\w:.-]+)", rendering.mail_of(mail).text)[1]

    page = get(client, world.admin, "outgoing_mail", mail.pk)

    assert page.status_code == 200
    assert link.partition(":")[0] not in page.text
    assert "/a/…" in page.text

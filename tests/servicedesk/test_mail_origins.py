"""In a ticket: the original of what came by mail, and its quoted text folded, for who may see it."""

import pytest
from django.urls import reverse

from tests.servicedesk import mail_corpus as corpus
from tests.servicedesk.mail_world import place, take

pytestmark = pytest.mark.django_db
QUOTE = "It works.\n\nOn Mon, 5 Oct 2026 the desk wrote:\n> <b>Please</b> restart it"


def ticket(client, person, record):
    client.force_login(person, backend="people.backends.PersonBackend")
    return client.get(record.child().get_absolute_url())


@pytest.mark.feature("CN-07")
def test_an_entry_that_came_by_mail_leads_to_its_original_and_folds_the_quote(world, client):
    here = place(world)
    row = take(here.mailbox, corpus.mail(In_Reply_To=here.mail_to_requester, body=QUOTE))

    page = ticket(client, world.agent, here.open).text

    assert reverse("servicedesk:mail_of_entry", args=[row.entry_id]) in page
    assert "Show quoted text</summary>" in page
    assert "&lt;b&gt;Please&lt;/b&gt; restart it" in page


@pytest.mark.feature("CN-07")
def test_the_mail_that_opened_a_ticket_stands_at_its_beginning(world, client):
    here = place(world)
    first = here.mailed.inbound_mails.get()

    page = ticket(client, world.agent, here.mailed).text
    address = reverse("servicedesk:mail_of_entry", args=[first.entry_id])

    assert address in page
    assert client.get(address).content == bytes(first.original.content)


def test_what_was_written_here_has_no_original(world, client):
    here = place(world)

    page = ticket(client, world.agent, here.open).text

    assert "Original mail" not in page

"""Pages of received mail and of mailboxes: for administrators, in all their states."""

import pytest
from django.urls import reverse

from servicedesk.models import InboundMessage, Mailbox, UndeliverableAddress
from tests.servicedesk import mail_corpus as corpus
from tests.servicedesk.mail_world import mailbox, place, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, world):
    client.force_login(world.admin, backend="people.backends.PersonBackend")
    return client


def page(client, name, *args, **query):
    return client.get(reverse(f"servicedesk:{name}", args=args), query)


def test_without_mail_and_mailboxes_the_pages_say_so(admin):
    texts = [page(admin, name).text for name in ("mail_in", "mailboxes", "mail_addresses")]

    assert "No mail has come in yet" in texts[0]
    assert "There is no mailbox yet." in texts[0]
    assert "No mailbox yet" in texts[1]
    assert "Every address works" in texts[2]


def test_the_list_shows_what_became_of_each_and_narrows(admin, world):
    box = mailbox(world)
    take(box, corpus.mail(Subject="Printer"))
    take(box, corpus.mail(Subject="News", Precedence="bulk"))
    take(box, corpus.mail(Subject="Nobody", From=""))

    everything = page(admin, "mail_in").text
    held = page(admin, "mail_in", decision="held").text
    found = page(admin, "mail_in", q="print", mailbox=box.code).text
    nothing = page(admin, "mail_in", q="never there")

    assert all(word in everything for word in ("Printer", "News", "Nobody", "Automatic mail"))
    assert "Nobody" in held
    assert "Printer" not in held
    assert "Printer" in found
    assert "News" not in found
    assert "No mail matches" in nothing.text
    assert page(admin, "mail_in", decision="nonsense").status_code == 422


@pytest.mark.feature("D14")
def test_one_mail_shows_why_what_it_says_and_is_decided_again(admin, world):
    row = take(mailbox(world), corpus.mail(Precedence="bulk", body="New.\n\n-- \nsigned"))
    before = page(admin, "mail_in_one", row.pk).text

    answer = admin.post(
        reverse("servicedesk:mail_in_decide", args=[row.pk]), {"insists": "1"}, follow=True
    )

    assert "Its header Precedence says that it is automatic." in before
    assert "Quoted text and signature" in before
    assert InboundMessage.objects.get().record.number in answer.text
    assert "New ticket" in answer.text


@pytest.mark.feature("CN-07")
def test_the_untouched_original_is_one_click_away(admin, world, client):
    raw = corpus.mail(body="<script>alert(1)</script>", Content_Type="text/html")
    here = place(world)
    row = take(here.mailbox, corpus.mail(In_Reply_To=here.mail_to_requester))
    other = take(here.mailbox, raw)

    answer = page(admin, "mail_in_original", other.pk)
    client.force_login(world.agent, backend="people.backends.PersonBackend")
    of_agent = page(client, "mail_of_entry", row.entry_id)

    assert answer.content == raw
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert of_agent.content == bytes(row.original.content)
    for reader, status in ((world.requester, 403), (world.stranger, 403)):
        client.force_login(reader, backend="people.backends.PersonBackend")
        assert page(client, "mail_of_entry", row.entry_id).status_code == status


def test_what_a_stranger_sends_is_text_on_the_page(admin, world):
    name = "<img src=x onerror=alert(1)>"
    row = take(mailbox(world), corpus.mail(Subject=name, From="", body=name))

    texts = page(admin, "mail_in").text + page(admin, "mail_in_one", row.pk).text

    assert "<img src=x" not in texts
    assert "&lt;img src=x" in texts


FIELDS = {
    "name": "Desk", "code": "desk", "address": "it@lanting.example", "is_active": "on",
    "strangers": "new_caller", "protocol": "imap", "security": "tls", "sign_in": "password",
    "after": "keep", "host": "mail.example", "port": "993", "username": "desk",
    "secret_env": "DESK_SECRET", "folder": "INBOX",
}  # fmt: skip


def test_a_mailbox_is_connected_changed_and_tried_out(admin, world):
    fields = FIELDS | {"organization": world.other.pk}
    made = admin.post(reverse("servicedesk:mailbox_new"), fields)
    box = Mailbox.objects.get()

    admin.post(reverse("servicedesk:mailbox", args=[box.pk]), fields | {"name": "Other"})
    admin.post(reverse("servicedesk:mailbox_test", args=[box.pk]))

    box.refresh_from_db()
    assert made.status_code == 302
    assert (box.name, box.check_asked_at is not None) == ("Other", True)
    assert "Is being tried out" in page(admin, "mailboxes").text


@pytest.mark.parametrize(("change", "field"), [
    ({"host": ""}, "host"), ({"secret_env": "my password!"}, "secret_env"),
    ({"sign_in": "refresh_token"}, "token_url"), ({"after": "move"}, "moved_to"),
    ({"sign_in": "client_credentials", "token_url": "http://x.example/"}, "token_url"),
])  # fmt: skip
def test_a_wrong_field_is_named(admin, world, change, field):
    fields = FIELDS | {"organization": world.other.pk} | change

    answer = admin.post(reverse("servicedesk:mailbox_new"), fields)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


@pytest.mark.feature("CN-09")
def test_an_address_that_fails_is_shown_and_let_go(admin, world):
    here = place(world)
    take(here.mailbox, corpus.report(here))
    found = UndeliverableAddress.objects.get()
    before = page(admin, "mail_addresses").text

    admin.post(reverse("servicedesk:mail_address_works", args=[found.pk]))

    assert "r1@lanting.example" in before
    assert not UndeliverableAddress.objects.exists()


@pytest.mark.parametrize("name", ["mail_in", "mailboxes", "mail_addresses", "mailbox_new"])
def test_only_administrators_look_at_mail(client, world, name):
    for reader in (world.requester, world.agent, world.auditor):
        client.force_login(reader, backend="people.backends.PersonBackend")
        assert page(client, name).status_code == 403

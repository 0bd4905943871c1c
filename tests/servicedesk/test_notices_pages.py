"""The pages: one's notices, the bell, the profile, and outgoing mail for administrators."""

import pytest
from django.db import transaction
from django.urls import reverse

from core.models import AuditEntry
from incidents.actions import messages
from people.models import Person
from records import notify
from records.models import Notification, Record
from servicedesk.notices import holding, kept
from tests.servicedesk.notices_world import PAGE, deliver, forget, mails, report, send
from tests.world import PASSWORD


@pytest.fixture
def incident(world):
    found = report(world)
    forget()
    return found


@pytest.fixture
def told(world, incident):
    """The requester has been answered once."""
    messages.reply(incident, by=world.agent, body="请重启电脑")
    deliver()
    return Notification.objects.get(channel=PAGE, person=world.requester)


def get(client, person, name, *args, **query):
    client.force_login(person, backend="people.backends.PersonBackend")
    return client.get(reverse(f"servicedesk:{name}", args=args), query)


def post(client, person, name, *args, **data):
    client.force_login(person, backend="people.backends.PersonBackend")
    return client.post(reverse(f"servicedesk:{name}", args=args), data)


def test_without_notices_the_page_says_so(client, world):
    page = get(client, world.colleague, "notifications")

    assert page.status_code == 200
    assert "Nothing to tell you" in page.text


def test_a_notice_stands_in_the_page_in_the_readers_words(client, world, told):
    page = get(client, world.requester, "notifications")

    assert "Jonas Weber 写道：请重启电脑" in page.text
    assert 'lang="zh-Hans"' in page.text
    assert "unread" in page.text


def test_others_notices_do_not_exist(client, world, told):
    assert post(client, world.colleague, "notice_open", told.pk).status_code == 404
    assert post(client, world.colleague, "notice_read", told.pk).status_code == 404
    told.refresh_from_db()
    assert told.read_at is None


def test_looking_at_the_page_reads_nothing(client, world, told):
    get(client, world.requester, "notifications")
    client.get(reverse("servicedesk:notice_open", args=[told.pk]))

    told.refresh_from_db()
    assert told.read_at is None


def test_opening_a_notice_reads_it_and_leads_to_the_record(client, world, told):
    answer = post(client, world.requester, "notice_open", told.pk)

    assert answer.url == reverse("servicedesk:record", args=[told.record.number])
    told.refresh_from_db()
    assert told.read_at is not None


def test_reading_all_leaves_what_came_in_since(client, world, incident, told):
    messages.reply(incident, by=world.agent, body="two")
    deliver()

    post(client, world.requester, "notices_read", upto=told.pk)

    assert Notification.objects.unread().filter(person=world.requester).count() == 1
    assert post(client, world.requester, "notices_read", upto="9" * 40).status_code == 302
    assert post(client, world.requester, "notices_read", upto="x").status_code == 302


def test_unread_notices_come_first_and_the_list_has_pages(client, world, incident):
    with transaction.atomic():
        for number in range(35):
            notify.tell([world.lead], "rejected", key=f"n:{number}", record=incident, side="agent")
    Notification.objects.filter(dedup_key__startswith="n:34:").update(read_at="2026-01-01T00:00Z")

    first = get(client, world.lead, "notifications")
    second = get(client, world.lead, "notifications", after=first.context["page"].after)

    assert len(first.context["rows"]) == 30
    assert {row.read_at for row in first.context["rows"]} == {None}
    assert len(second.context["rows"]) == 5
    assert second.context["rows"][-1].read_at is not None


def test_the_list_costs_the_same_however_long(
    client, world, incident, django_assert_max_num_queries
):
    with transaction.atomic():
        for number in range(29):
            notify.tell([world.lead], "rejected", key=f"n:{number}", record=incident, side="agent")
    client.force_login(world.lead, backend="people.backends.PersonBackend")

    with django_assert_max_num_queries(14):
        client.get(reverse("servicedesk:notifications"))


def test_a_record_that_was_closed_to_the_reader_takes_its_notices_along(client, world, told):
    Record.objects.filter(pk=told.record_id).update(is_on_portal=False)

    page = get(client, world.requester, "notifications")

    assert "请重启电脑" not in page.text
    assert get(client, world.requester, "notifications_bell").context["unread"] == ""
    assert get(client, world.requester, "record", told.record.number).status_code == 404


def test_the_bell_counts_up_to_a_cap(client, world, incident):
    with transaction.atomic():
        for number in range(105):
            notify.tell(
                [world.lead], "rejected", key=f"n:{number}", record=incident, channels=[PAGE]
            )

    bell = get(client, world.lead, "notifications_bell")

    assert "99+" in bell.text
    assert "<html" not in bell.text


def test_strangers_are_asked_to_sign_in(client, world):
    for name in ("notifications", "notifications_bell", "outgoing"):
        answer = client.get(reverse(f"servicedesk:{name}"))
        assert answer.status_code == 302


# --- outgoing mail --------------------------------------------------------------------------------
ADMIN_PAGES = ["outgoing", "outgoing_retry_dead", "outgoing_hold"]


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_only_administrators_see_outgoing_mail(client, world, name):
    ask = get if name == "outgoing" else post

    assert ask(client, world.agent, name).status_code == 403
    assert ask(client, world.requester, name).status_code == 403


def test_outgoing_mail_says_what_went_to_whom_and_why(client, world, told):
    empty = get(client, world.admin, "outgoing", status="dead")
    page = get(client, world.admin, "outgoing", q=told.record.number)

    assert "No mail matches" in empty.text
    assert "r1@lanting.example" in page.text
    assert "requester" in page.text


def test_mails_about_hidden_records_are_hidden(client, world, told):
    Record.objects.filter(pk=told.record_id).update(confidentiality="security")
    mail = mails().get()

    assert told.record.number not in get(client, world.admin, "outgoing").text
    assert get(client, world.admin, "outgoing_mail", mail.pk).status_code == 404
    assert post(client, world.admin, "outgoing_retry", mail.pk).status_code == 404


def test_a_mail_that_was_given_up_can_be_sent_once_more(client, world, told):
    mails().update(status="dead", reason="550 no such person", attempts=3)
    mail = mails().get()
    assert "550 no such person" in get(client, world.admin, "outgoing_mail", mail.pk).text

    post(client, world.admin, "outgoing_retry", mail.pk)

    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.reason) == ("pending", 0, "")
    assert AuditEntry.objects.filter(action="mail.retried", actor_id=world.admin.pk).exists()


def test_a_mail_that_was_sent_is_not_sent_again(client, world, told):
    mails().update(status="sent")
    mail = mails().get()

    post(client, world.admin, "outgoing_retry", mail.pk)
    post(client, world.admin, "outgoing_retry_dead")

    mail.refresh_from_db()
    assert mail.status == "sent"


def test_kept_mails_can_be_read(client, world, told, settings, tmp_path):
    settings.EMAIL_BACKEND = "servicedesk.notices.kept.Backend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    send()
    mail = mails().get()

    page = get(client, world.admin, "outgoing_mail", mail.pk)

    assert page.context["is_kept"]
    assert "请重启电脑" in page.text
    assert kept.read(mail.message_id)["To"] == "r1@lanting.example"
    assert kept.read("../../etc/passwd") is None


def test_mail_is_held_and_let_go(client, world):
    post(client, world.admin, "outgoing_hold", held="1")
    holding.preferences.cache.delete("preferences")
    assert holding.is_held()
    assert "Mail is held." in get(client, world.admin, "outgoing").text

    post(client, world.admin, "outgoing_hold", held="0")
    holding.preferences.cache.delete("preferences")
    assert not holding.is_held()


# --- profile --------------------------------------------------------------------------------------
@pytest.mark.feature("CN-12")
def test_everybody_chooses_language_zone_and_what_they_are_told(client, world):
    client.force_login(world.colleague, backend="people.backends.PersonBackend")
    page = client.get(reverse("people:profile"))
    assert "Promises in danger" not in page.text

    answer = client.post(
        reverse("people:profile"),
        {
            "locale": "zh-hans", "time_zone": "Europe/Amsterdam", "mail_requests": "daily",
            "mail_questions": "now", "mail_watched": "off", "mail_major": "now",
            "mail_news": "daily",
            "is_superuser": "1", "email": "evil@x.example",
        },
    )  # fmt: skip

    assert answer.status_code == 302
    person = Person.objects.get(pk=world.colleague.pk)
    assert (person.locale, person.time_zone) == ("zh-hans", "Europe/Amsterdam")
    assert person.notify_prefs["mail"]["requests"] == "daily"
    assert not person.is_superuser
    assert person.email == "r2@lanting.example"


def test_a_wrong_choice_is_refused_at_its_field(client, world):
    client.force_login(world.agent, backend="people.backends.PersonBackend")

    answer = client.post(reverse("people:profile"), {"locale": "xx", "time_zone": "Mars/Base"})

    assert answer.status_code == 422
    assert Person.objects.get(pk=world.agent.pk).locale == "en"


def test_a_password_is_changed_by_who_knows_the_present_one(client, world):
    world.colleague.set_password(PASSWORD)
    world.colleague.save()
    client.force_login(world.colleague, backend="people.backends.PersonBackend")
    wanted = "four unrelated words here"
    address = reverse("people:own_password")

    wrong = client.post(address, {"present": "x", "wanted": wanted, "again": wanted})
    short = client.post(address, {"present": PASSWORD, "wanted": "short", "again": "short"})
    right = client.post(address, {"present": PASSWORD, "wanted": wanted, "again": wanted})

    assert (wrong.status_code, short.status_code, right.status_code) == (422, 422, 302)
    assert Person.objects.get(pk=world.colleague.pk).check_password(wanted)
    assert client.get(reverse("people:profile")).status_code == 200  # still signed in

"""What mails say: in the reader's language and time zone, in their words, and nothing more."""

from datetime import datetime
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import transaction
from django.utils import translation

from incidents.actions import due, lifecycle, major, messages
from incidents.models import Incident
from people.models import Person
from records import actions as records
from records import notify
from records.models import Notification, Record, TimelineEntry, Watch
from servicedesk.feedback.actions import filing
from servicedesk.notices import addresses, audience, delivery, letters, rendering
from tests.servicedesk.notices_world import (
    MAIL,
    closure,
    deliver,
    forget,
    mails,
    reason,
    report,
    send,
)
from tests.world import promise, sh


@pytest.fixture
def incident(world):
    found = report(world)
    forget()
    return found


def sent_to(person):
    return [one for one in mail.outbox if one.to == [person.email]]


def parsed(message):
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)


@pytest.mark.feature("CN-12", "LA-09")
def test_each_reader_reads_their_own_language_whoever_wrote(world, incident):
    Watch.objects.create(record=incident, person=world.colleague)
    with translation.override("en"):
        messages.reply(incident, by=world.agent, body="请重启电脑")
        send()

    chinese, english = sent_to(world.requester)[0], sent_to(world.colleague)[0]
    assert "新消息" in chinese.subject
    assert "处理中" in chinese.body or "已收到" in chinese.body
    assert "New message" in english.subject
    assert parsed(chinese)["Content-Language"] == "zh-Hans"
    assert parsed(english)["Content-Language"] == "en"
    assert 'lang="zh-Hans"' in chinese.alternatives[0][0]


@pytest.mark.feature("CN-12", "SD-11")
def test_promised_times_stand_in_the_readers_time_zone(world):
    promise(world, ("response", 1), ("resolution", 8))
    Person.objects.filter(pk=world.requester.pk).update(time_zone="Europe/Amsterdam", locale="en")
    report(world, at=sh(10, 8, 9))

    send()

    body = sent_to(world.requester)[0].body
    assert "You hear from us by: Thu 8 Oct 2026 04:00, Europe/Amsterdam (UTC+02:00)" in body
    assert "We aim to solve it by: " in body


@pytest.mark.feature("SD-11")
def test_requesters_read_no_words_of_the_desk(world, incident):
    incident = lifecycle.start(incident, by=world.specialist)
    forget()
    Person.objects.filter(pk=world.requester.pk).update(locale="en")
    lifecycle.hold(incident, by=world.specialist, reason=reason(), message="Which version?")

    send()

    found = sent_to(world.requester)[0]
    for word in ("P5", "Planning", "Priority", "Pending", "Network", "Impact"):
        assert word not in found.body + found.alternatives[0][0]
    assert "Waiting for your answer" in found.body
    assert "Which version?" in found.body
    assert "?act=reply" in found.body


def test_agents_read_priority_requester_and_group(world):
    report(world)

    send()

    body = sent_to(world.specialist)[0].body
    assert "Priority: P5 Planning" in body
    assert "Requester: 张三" in body
    assert "Responsible: Network" in body


def test_both_parts_of_a_mail_say_the_same(world, incident):
    incident = lifecycle.start(incident, by=world.specialist)
    forget()
    Person.objects.filter(pk=world.requester.pk).update(locale="en")
    lifecycle.resolve(
        incident, by=world.specialist, resolution="Renewed <b>it</b>", closure_code=closure()
    )

    send()

    found = sent_to(world.requester)[0]
    html = found.alternatives[0][0]
    for words in ("Yes, it is solved", "No, it does not work yet", "?act=confirm", "?act=reject",
                  "If we do not hear from you by", "Solved: please confirm"):  # fmt: skip
        assert words in found.body
        assert words in html
    assert "Renewed <b>it</b>" in found.body
    assert "Renewed &lt;b&gt;it&lt;/b&gt;" in html
    assert html.count("background:#2751b8") == 1  # one button
    assert "<img" not in html


def test_a_reminder_repeats_the_question(world, incident):
    lifecycle.start(incident, by=world.specialist)
    lifecycle.hold(incident, by=world.specialist, reason=reason(), message="Which version?")
    forget()
    Incident.objects.filter(pk=incident.pk).update(chase_at=sh(1, 5, 9))
    due.sweep_due()

    send()

    assert "Which version?" in sent_to(world.requester)[0].body


def test_no_internal_word_reaches_the_requesters_side(world, incident):
    Watch.objects.create(record=incident, person=world.colleague)
    incident = lifecycle.start(incident, by=world.specialist)
    with transaction.atomic():
        records.say(incident, by=world.lead, at=sh(10, 8, 9), body="CANARY-1", is_public=False)
    lifecycle.assign(
        incident, by=world.lead, group=world.second_line, person=world.specialist, note="CANARY-2"
    )
    lifecycle.escalate(incident, by=world.lead, group=world.central, note="CANARY-3")
    major.declare(incident, by=world.agent, reason="CANARY-4", manager=world.incident_manager)
    messages.reply(incident, by=world.agent, body="public")

    send()

    side = [one for one in mail.outbox if one.to[0] in {"r1@lanting.example", "r2@lanting.example"}]
    assert side
    assert not [one for one in side if "CANARY" in one.message().as_string()]
    rows = Notification.objects.filter(person__code__in=["R1", "R2"]).select_related("person")
    assert not [row for row in rows if "CANARY" in rendering.line_of(row)]


def test_headers_keep_machines_from_answering_and_threads_together(world):
    report(world)
    send()
    acknowledgement, new = sent_to(world.requester)[0], sent_to(world.specialist)[0]
    row = mails().get(person=world.requester)

    headers = parsed(acknowledgement)
    assert headers["Auto-Submitted"] == "auto-replied"
    assert parsed(new)["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["List-Id"] is None
    assert headers["Message-ID"] == row.message_id
    assert headers["References"] == headers["In-Reply-To"] == parsed(new)["References"]
    assert headers["Date"] is not None
    assert "兰亭服务台" in headers["From"]
    assert headers["From"].addresses[0].addr_spec == addresses.desk_address()
    reply_to = headers["Reply-To"].addresses[0].addr_spec
    assert addresses.verify(reply_to, row.record, world.requester)


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_nothing_in_a_name_or_subject_makes_a_header(world, break_):
    Person.objects.filter(pk=world.agent.pk).update(name=f"X{break_}Bcc: evil@x.example")
    incident = report(world, title=f"Hello{break_}Bcc: evil@x.example")
    messages.reply(incident, by=Person.objects.get(pk=world.agent.pk), body="word")

    send()

    assert len(sent_to(world.requester)) == 2
    for one in mail.outbox:
        found = parsed(one)
        assert found["Bcc"] is None
        assert len(found["To"].addresses) == 1
        assert len(str(found["Subject"]).splitlines()) == 1


def test_subjects_carry_no_turning_characters(world):
    report(world, title="abc\u202egpj.exe\u2066")

    send()

    assert not {"\u202e", "\u2066"} & set(mail.outbox[0].subject)


def test_mails_link_to_the_configured_address_only(world, incident, settings):
    settings.SITE_BASE_URL = "https://help.lanting.example"
    messages.reply(incident, by=world.agent, body="word")

    send()

    html = sent_to(world.requester)[0].alternatives[0][0]
    links = [part.split('"')[0] for part in html.split('href="')[1:]]
    assert links
    assert all(link.startswith("https://help.lanting.example/") for link in links)


def test_nobody_is_asked_to_reply_where_nobody_reads(world, incident, settings):
    settings.MAIL_TAKES_REPLIES = False
    Person.objects.filter(pk=world.requester.pk).update(locale="en")
    messages.reply(incident, by=world.agent, body="word")

    send()

    body = sent_to(world.requester)[0].body
    assert "above this line" not in body
    assert "reply to this mail" not in body


def test_a_redacted_word_is_neither_sent_nor_shown(world, incident):
    _, entry = messages.reply(incident, by=world.agent, body="CANARY")
    deliver()
    from records import timeline

    timeline.redact(entry, by=world.admin, at=datetime.fromisoformat("2026-10-08T09:00+08:00"))

    send()

    assert mail.outbox == []
    row = Notification.objects.exclude(channel=MAIL).get()
    assert "CANARY" not in rendering.line_of(row)


def test_an_escalation_says_how_much_time_is_used(world, incident):
    with transaction.atomic():
        notify.tell(
            [world.lead], "escalation", key="esc:1:0:75", record=incident, metric="resolution",
            percent=75, elapsed_seconds=21600, target_seconds=28800,
            due_at="2026-10-08T08:00:00+00:00", threshold="75", type="hierarchic",
        )  # fmt: skip

    send()

    found = sent_to(world.lead)[0]
    assert "Promise in danger" in found.subject
    assert "75 % of its time is used" in found.body
    assert "Time used: 6 h of 8 h" in found.body
    assert "Due: Thu 8 Oct 2026 16:00, Asia/Shanghai (UTC+08:00)" in found.body


TEMPLATES = sorted({one.template for tellings in audience.TABLE.values() for one in tellings})


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_telling_has_its_letter_in_both_words(world, incident, language):
    praise = filing.give(by=world.requester, feedback_kind="compliment", title="Quick")
    for template in [*TEMPLATES, "escalation"]:
        about = praise if template.startswith("feedback_") else incident
        entry = TimelineEntry.objects.filter(record=about).first()
        for side in ("portal", "agent"):
            row = Notification(
                record=Record.objects.get(pk=about.pk), entry=entry, person=world.lead, channel=MAIL, template=template,
                data={"side": side, "why": "requester"}, message_id="<x@y>",
            )  # fmt: skip
            world.lead.locale = language
            found = rendering.mail_of(row)
            assert template in letters.LETTERS
            assert about.number in found.subject
            assert found.text.strip()
            assert found.html.startswith("<!doctype html>")


# --- addresses ------------------------------------------------------------------------------------
@pytest.fixture
def address(world, incident):
    return addresses.make(incident, world.requester)


def test_an_address_is_good_for_its_record_and_person_alone(world, incident, address):
    other = report(world)

    assert addresses.verify(address, incident, world.requester)
    assert addresses.verify(address.upper(), incident, world.requester)
    assert not addresses.verify(address, incident, world.colleague)
    assert not addresses.verify(address, other, world.requester)
    assert not addresses.verify(
        address.replace(incident.number, other.number), other, world.requester
    )


def test_a_token_must_be_whole(world, incident, address):
    local, _, domain = address.rpartition("@")

    for broken in (local[:-1], local + "a", local.rpartition(".")[0] + ".", "desk", ""):
        assert not addresses.verify(f"{broken}@{domain}", incident, world.requester)
    assert not addresses.verify("", incident, world.requester)
    assert not addresses.verify(None, incident, world.requester)


def test_an_address_outlives_a_new_key(world, incident, address, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough, too"

    assert addresses.verify(address, incident, world.requester)
    settings.SECRET_KEY_FALLBACKS = []
    assert not addresses.verify(address, incident, world.requester)


def test_an_address_fits_what_mail_systems_take(incident, address):
    assert len(address.rpartition("@")[0]) <= 64
    assert addresses.parse(address)[0] == incident.number
    assert delivery.validate_email(address) is None


def test_an_id_is_fixed_by_its_key():
    assert notify.message_id("a") == notify.message_id("a")
    assert notify.message_id("a") != notify.message_id("b")

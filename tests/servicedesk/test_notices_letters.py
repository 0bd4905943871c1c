"""An administrator's own words for letters: what they change, what they cannot, preview and reset."""

import pytest

from core.models import AuditEntry
from incidents.actions import messages
from servicedesk.models import LetterWords
from servicedesk.notices import audience, rendering, wording
from servicedesk.notices.letters import LETTERS
from servicedesk.notices.wording import Words
from tests.servicedesk.notices_world import deliver, forget, mails, report
from tests.servicedesk.test_notices_pages import get, post

pytestmark = pytest.mark.django_db
INJECTED = "{{7*7}} {% debug %} {settings.SECRET_KEY} {0.__class__} ${7*7} {name.__class__}"


@pytest.fixture
def told(world):
    world.requester.locale = "en"
    world.requester.save()
    incident = report(world, title="Printer {name}")
    forget()
    messages.reply(incident, by=world.agent, body="请重启电脑")
    deliver()
    return mails().get(person=world.requester)


def own(template="reply", language="en", **words):
    wording.save(template, language, Words(**words), by=None)


@pytest.mark.feature("CN-12")
def test_own_words_stand_in_the_letter_of_their_language_alone(world, told):
    own(subject="News: {title}", opening="Dear {name},\n\nthis is {number}.", closing="Yours")
    own(language="zh-hans", subject="有新消息：{title}")

    english = rendering.mail_of(told)
    world.requester.locale = told.person.locale = "zh-hans"
    chinese = rendering.mail_of(told)

    assert english.subject == f"[{told.record.number}] News: Printer {{name}}"
    assert f"Dear {world.requester.name},\n\nthis is {told.record.number}." in english.text
    assert "Yours" in english.text
    assert "Yours" in english.html
    assert "请重启电脑" in english.text
    assert "有新消息：Printer {name}" in chinese.subject
    assert "Dear" not in chinese.text


@pytest.mark.feature("CN-12")
def test_only_listed_placeholders_are_filled_and_nothing_is_run(world, told):
    own(subject=INJECTED, opening=INJECTED + " <script>", closing="a\r\nBcc: x@y.example")

    found = rendering.mail_of(told)

    assert found.subject == f"[{told.record.number}] {INJECTED}"
    assert INJECTED in found.text
    assert "<script>" not in found.html
    assert "\n" not in found.subject


def test_words_for_requesters_change_no_letter_of_the_desk(world, told):
    own(template="message", opening="Changed")
    row = mails().first()
    row.template, row.data = "message", {"side": "agent"}

    assert "Changed" not in rendering.mail_of(row).text


@pytest.mark.feature("CN-12")
def test_an_administrator_writes_previews_and_resets(world, told, client):
    data = {"subject_en": "Hello {name}", "opening_zh_hans": "您好，{name}："}

    preview = post(client, world.admin, "letter", "reply", preview="1", **data)
    kept = LetterWords.objects.count()
    post(client, world.admin, "letter", "reply", **data)
    saved = get(client, world.admin, "letter", "reply").text
    listed = get(client, world.admin, "letters").text
    count = LetterWords.objects.count()
    post(client, world.admin, "letter_reset", "reply")

    assert f"Hello {world.admin.name}" in preview.text
    assert f"您好，{world.admin.name}：" in preview.text
    assert (kept, count, LetterWords.objects.count()) == (0, 2, 0)
    assert f"Hello {world.admin.name}" in saved
    assert "English: your own" in listed
    assert AuditEntry.objects.filter(
        table_name="servicedesk_letterwords", actor_id=world.admin.pk
    ).exists()


def test_a_letter_of_which_none_went_out_is_previewed_on_a_made_up_ticket(world, client):
    page = post(
        client, world.admin, "letter", "order_done", preview="1", opening_en="About {number}"
    )

    assert "About INC-000123" in page.text
    assert "a made-up ticket stands for one" in page.text


def test_too_long_words_are_named_at_their_field(world, client):
    page = post(client, world.admin, "letter", "reply", subject_en="x" * 161)

    assert page.status_code == 422
    assert not LetterWords.objects.exists()


@pytest.mark.parametrize("name", ["letters", "letter", "letter_reset"])
def test_only_administrators_change_letters(world, client, name):
    arguments = [] if name == "letters" else ["reply"]
    ask = post if name == "letter_reset" else get

    assert ask(client, world.agent, name, *arguments).status_code == 403


def test_there_is_no_letter_of_another_name(world, client):
    assert get(client, world.admin, "letter", "new").status_code == 404
    assert get(client, world.admin, "letter", "nothing").status_code == 404


def test_every_letter_to_requesters_may_have_own_words():
    sides = {one.template: one.side for tellings in audience.TABLE.values() for one in tellings}

    assert set(wording.editable()) >= {key for key, side in sides.items() if side == "portal"}
    assert set(wording.editable()) <= set(LETTERS)

"""Search: any two Chinese characters, any width and script, people by sound; nothing hidden."""

from random import Random

import pytest
from django.db import connection
from django.db.models import F, Value

from cmdb.models import CI, CIClass
from itsm.search import SOURCES
from records.likeness import pieces
from records.models import RecordText
from records.searching import Found, Grams, folded_query, number_in
from tests.servicedesk.queue_world import sign_in, world  # noqa: F401

pytestmark = pytest.mark.django_db
RECORDS, _ARTICLES, PEOPLE, CIS, SERVICES = SOURCES


def found(person, words, source=RECORDS):
    return [result.title for result in source.find(person, folded_query(words))]


SENTENCES = [
    "打印机卡纸后无法恢复联机", "无法登录 VPN：提示证书已过期", "会议室投影仪没有信号",
    "批量开通供应商门户账号", "邮箱容量已满，无法发送邮件", "笔记本电脑开机黑屏，风扇转动",
]  # fmt: skip


@pytest.mark.feature("LA-03")
def test_any_two_characters_that_stand_together_are_found(world):  # noqa: F811
    for sentence in SENTENCES:
        world.ticket(sentence)
    random = Random(7)
    pairs = {
        text[i : i + n]
        for text in SENTENCES for n in (1, 2, 3, 5) for i in range(len(text) - n + 1)
        if pieces(text[i : i + n]) == [text[i : i + n]]
    }  # fmt: skip

    for pair in random.sample(sorted(pairs), 60):
        expected = {text for text in SENTENCES if pair in text}
        assert set(found(world.agent, pair)) == expected, pair


@pytest.mark.feature("LA-03")
@pytest.mark.parametrize(
    "words",
    ["VPN连不上", "ｖｐｎ連不上", "vpn 连不上", "连不上 VPN", "連不上", "ＶＰＮ", "VPN  连不"],
)  # fmt: skip
def test_width_case_and_script_do_not_matter(world, words):  # noqa: F811
    world.ticket("VPN连不上了")
    world.ticket("VPN 正常")

    assert "VPN连不上了" in found(world.agent, words)


def test_pairs_that_stand_apart_are_no_hit(world):  # noqa: F811
    world.ticket("连不接，不上班")

    assert found(world.agent, "连不上") == []


def test_a_word_is_found_by_its_beginning(world):  # noqa: F811
    world.ticket("Printers on floor 3")

    assert found(world.agent, "print") == ["Printers on floor 3"]
    assert found(world.agent, "rinters") == []


@pytest.mark.parametrize("words", ["it's", "a & b", "!:*", "%", "_", "\\", "');--", "*", "<->"])
def test_operators_are_only_text(world, words):  # noqa: F811
    world.ticket("a plain ticket")

    assert "it's" not in found(world.agent, words)


def test_a_percent_sign_is_no_wildcard(world):  # noqa: F811
    world.ticket("CPU at 100 per cent")

    assert found(world.agent, "1%t") == []


def test_the_exact_number_comes_first_also_the_former_one(world):  # noqa: F811
    wanted = world.ticket("wanted", external_ref="INC0012345", source="old")
    other = world.ticket(f"about {wanted.number}")

    for words in (wanted.number, wanted.number.lower(), str(int(wanted.number[4:])), "inc0012345"):
        assert found(world.agent, words)[0] == "wanted", words
    assert found(world.agent, wanted.number) == ["wanted", other.title]


def test_numbers_are_read_in_many_ways():
    assert number_in("inc-000123") == ["INC-000123"]
    assert number_in("inc 123") == ["INC-000123"]
    assert {"INC-000123", "SRQ-000123"} <= set(number_in("123"))
    assert number_in("vpn") == []


@pytest.mark.feature("SE-01")
def test_nobody_finds_what_they_may_not_see(world, sign_in):  # noqa: F811
    secret = world.ticket("needle one", confidentiality="security")
    far = world.ticket("needle two", organization=world.other, assigned_group=world.foreign)
    client = sign_in(world.agent)

    for words in ("needle", secret.number, far.number):
        assert found(world.agent, words) == []
        assert "needle" not in client.get(f"/palette/?q={words}").content.decode()
        page = client.get(f"/search/?q={words}&in=records").content.decode()
        assert "needle one" not in page
        assert "needle two" not in page
    assert found(world.stranger, "needle") == ["needle two"]


def test_notes_are_found_by_agents_only(world):  # noqa: F811
    world.ticket("public", text="open words", note="backdoor")

    assert found(world.agent, "backdoor") == ["public"]
    assert found(world.requester, "backdoor") == []
    assert found(world.requester, "open words") == ["public"]


@pytest.mark.feature("LA-04")
@pytest.mark.parametrize("words", ["张三", "zs", "zhangsan", "zhang san", "ZHANG", "張三", "P-77"])
def test_people_are_found_by_sound_script_and_number(world, words):  # noqa: F811
    world.person("P-77", name="张三")
    world.person("P-78", name="李四")

    assert "张三" in found(world.agent, words, PEOPLE)
    assert "李四" not in found(world.agent, words, PEOPLE)


def test_people_are_found_by_telephone_and_mail(world):  # noqa: F811
    world.person("P-79", name="Erik", phone="+86 21 5555-0199")

    assert found(world.agent, "5555-0199", PEOPLE) == ["Erik"]
    assert found(world.agent, "p-79@lanting", PEOPLE) == ["Erik"]


def test_a_requester_finds_only_themselves_among_people(world):  # noqa: F811
    assert found(world.requester, "agent", PEOPLE) == []


def test_configuration_items_are_found(world):  # noqa: F811
    ci = CI(
        number="CI-000009", name="sh-web-01", ci_class=CIClass.objects.filter(is_abstract=False)
        .exclude(code="it_service").first(), state="live", organization=world.lanting,
        owner=world.agent, managed_by=world.desk, serial_no="SN-4711",
    )  # fmt: skip
    ci.save()

    assert found(world.agent, "sh-web", CIS) == ["sh-web-01"]
    assert found(world.agent, "sn-4711", CIS) == ["sh-web-01"]


def test_the_palette_offers_rows_that_lead_somewhere(world, sign_in):  # noqa: F811
    world.ticket("Printer is jammed")

    text = sign_in(world.agent).get("/palette/?q=printer").content.decode()

    assert text.count('role="option"') == 2
    assert "Printer is jammed" in text
    assert sign_in(world.agent).get("/palette/?q=").content.decode().strip() == ""
    assert sign_in(world.requester).get("/palette/?q=printer").status_code == 403


def test_the_page_of_results_is_read_by_key(world, sign_in):  # noqa: F811
    for n in range(55):
        world.ticket(f"printer {n}")
    client = sign_in(world.agent)

    first = client.get("/search/?q=printer&in=records")
    second = client.get(f"/search/?q=printer&in=records&after={first.context['page'].after}")

    seen = [one.title for one in [*first.context["page"], *second.context["page"]]]
    assert len(seen) == len(set(seen)) == 55


def test_nothing_found_says_so_and_a_long_text_is_cut(world, sign_in):  # noqa: F811
    client = sign_in(world.agent)

    assert "Nothing matches" in client.get("/search/?q=xyzzy").content.decode()
    assert client.get("/search/", {"q": "很长" * 5000}).status_code == 200
    assert client.get("/palette/", {"q": "a b " * 3000}).status_code == 200
    assert client.get("/search/").status_code == 200


def test_the_index_of_pairs_answers_a_search(world):  # noqa: F811
    question = RecordText.objects.filter(Found(F("grams_agent"), Grams(Value("vpn 证书"))))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = question.explain()

    assert "record_text_agent" in plan

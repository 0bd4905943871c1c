"""Reading, voting, solving alone, searching in vain, and the use on tickets."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from core import time
from core.errors import Refused
from incidents.actions import lifecycle as incidents
from incidents.actions import opening
from incidents.models import Incident
from knowledge import finding, reporting
from knowledge.actions import reading, using
from knowledge.models import Article, ArticleUse, Deflection, SearchNote
from records.models import ClosureCode, RecordLink
from tests.knowledge.stories import draft, published

pytestmark = pytest.mark.django_db


def fresh(article):
    return Article.objects.get(pk=article.pk)


def sign_in(client, person):
    client.force_login(person, backend="people.backends.PersonBackend")
    return client


# --- suggestions --------------------------------------------------------------------------------


@pytest.mark.feature("SD-10")
@pytest.mark.parametrize(
    "words",
    ["VPN expired", "my vpn certificate is expired", "证书过期", "VPN 提示证书过期了怎么办",
     "远程办公连不上", "VPN 證書過期"],
)  # fmt: skip
def test_a_sentence_finds_the_article_in_either_language(world, words):
    article = published(
        world, "VPN says that the certificate has expired", "Sync, then restart.",
        zh=("VPN 提示证书已过期", "同步后重启。"), keywords="远程办公",
    )  # fmt: skip
    published(world, "Order a laptop", "Choose one.", zh=("申请笔记本电脑", "请选择。"))

    found = finding.suggestions(world.requester, words)

    assert [one.article for one in found] == [article]


@pytest.mark.feature("SD-10")
def test_titles_come_in_the_readers_language_else_the_other(world):
    published(world, "VPN expired", zh=("VPN 过期", "重启"))
    published(world, "VPN slow")

    found = finding.suggestions(world.requester, "vpn", language="zh-hans")

    assert sorted((one.title, one.language) for one in found) == [
        ("VPN slow", "en"),
        ("VPN 过期", "zh"),
    ]


@pytest.mark.feature("SD-10")
def test_the_best_fit_stands_first_and_the_same_service_counts(world):
    plain = published(world, "Printer offline")
    same = published(world, "Printer offline", service=world.erp)
    published(world, "Coffee", "The printer room has coffee, offline and hot.")

    found = finding.suggestions(world.requester, "printer offline", service=world.erp)

    assert [one.article for one in found][:2] == [same, plain]


@pytest.mark.parametrize("words", ["", "  ", "the and of", "的", "\x00", "'; --", "zzz" * 100])
def test_words_that_say_nothing_find_nothing(world, words):
    published(world)

    assert finding.suggestions(world.requester, words.replace("\x00", "")) == []


# --- reading and voting -------------------------------------------------------------------------


def test_a_reader_counts_once_a_day(world):
    article = published(world)
    now = time.now()

    counted = [
        reading.read(article, by=world.requester, at=now),
        reading.read(article, by=world.requester, at=now),
        reading.read(article, by=world.colleague, at=now),
        reading.read(article, by=world.requester, at=now + timedelta(days=1)),
    ]

    assert counted == [True, False, True, True]
    assert fresh(article).views == 3


def test_the_last_vote_of_a_person_counts(world):
    article = published(world)
    reading.vote(article, by=world.requester, is_helpful=True)
    reading.vote(article, by=world.colleague, is_helpful=True)

    article = reading.vote(article, by=world.requester, is_helpful=False, comment="Which menu?")

    assert (article.helpful, article.unhelpful) == (1, 1)
    assert article.votes.get(person=world.requester).comment == "Which menu?"


def test_nobody_votes_on_what_they_may_not_read(world):
    with pytest.raises(PermissionDenied):
        reading.vote(draft(world), by=world.requester, is_helpful=True)


@pytest.mark.feature("SD-10")
def test_solved_alone_counts_once_a_day(world):
    article = published(world)

    reading.solved(article, by=world.requester, words="VPN")
    reading.solved(article, by=world.requester, words="VPN again")

    assert list(Deflection.objects.values_list("words", flat=True)) == ["VPN"]
    assert fresh(article).deflections == 1
    assert reporting.figures(time.now())["solved"] == 1


# --- searches in vain ---------------------------------------------------------------------------


@pytest.mark.feature("KB-05")
def test_what_is_searched_in_vain_stands_in_the_report(client, world):
    for person, words in (
        ("requester", "电子发票"),
        ("colleague", "電子發票"),
        ("stranger", "Projector"),
    ):
        sign_in(client, getattr(world, person)).get("/portal/knowledge/", {"q": words})

    page = sign_in(client, world.agent).get("/knowledge/searches/")

    rows = [(row["folded"], row["times"], row["people"]) for row in page.context["rows"]]
    assert rows == [("电子发票", 2, 2), ("projector", 1, 1)]
    assert "/knowledge/new/?title=%E7%94%B5%E5%AD%90%E5%8F%91%E7%A5%A8" in page.content.decode()


@pytest.mark.feature("KB-05")
def test_found_and_never_opened_is_told_apart_from_opened(client, world):
    article = published(world, "VPN expired")
    sign_in(client, world.requester).get("/portal/knowledge/?q=expired")
    sign_in(client, world.colleague).get("/portal/knowledge/?q=vpn")
    client.get(reverse("portal:article", args=[article.number]))

    unopened = reporting.gaps("unopened", time.now())

    assert [row["folded"] for row in unopened] == ["expired"]
    assert not reporting.gaps("nothing", time.now())


@pytest.mark.feature("KB-05")
def test_a_report_that_found_nothing_is_counted_too(client, world):
    report(client, world, "Espresso machine leaks")

    note = SearchNote.objects.get()
    assert (note.folded, note.place, note.found) == ("espresso machine leaks", "report", 0)


def test_readers_do_not_see_the_report(client, world):
    assert sign_in(client, world.requester).get("/knowledge/searches/").status_code == 403


def report(client, world, subject, **more):
    sign_in(client, world.requester)
    data = {"subject": subject, "stops": "slower", "others": "me", "submit_token": "t"} | more
    answer = client.post("/portal/report/", data)
    assert answer.status_code == 302, answer.content.decode()[:500]
    return Incident.objects.get()


@pytest.mark.feature("SD-10")
def test_what_was_read_before_a_report_is_shown_to_the_desk(client, world):
    read, unread = published(world, "VPN expired"), published(world, "VPN expired again")
    reading.read(read, by=world.requester)

    incident = report(client, world, "VPN expired")

    rows = ArticleUse.objects.filter(record=incident)
    assert [(row.article_id, row.way) for row in rows] == [(read.pk, "read_before")]
    assert unread.used_on.count() == 0
    assert fresh(read).uses == 0


@pytest.mark.feature("SD-10")
def test_still_needing_help_carries_the_article(client, world):
    article = published(world, "Something else entirely")
    sign_in(client, world.requester)
    page = client.get(reverse("portal:article", args=[article.number]) + "?words=VPN").context

    incident = report(client, world, "VPN", article=article.number)

    assert page["report"] == f"/portal/report/?subject=VPN&article={article.number}"
    assert ArticleUse.objects.get(record=incident).article_id == article.pk


# --- on tickets ---------------------------------------------------------------------------------


@pytest.fixture
def incident(world):
    return opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN expired", service=world.mail,
        description="张三 cannot connect from 10.20.30.40.",
    )  # fmt: skip


@pytest.mark.feature("KB-04")
def test_the_use_of_an_article_counts_once_a_ticket(world, incident):
    article = published(world)

    made = [using.use(article, incident, by=world.agent)[1] for _ in range(2)]

    assert made == [True, False]
    assert fresh(article).uses == 1
    assert incident.timeline.filter(verb="article.used").count() == 1


@pytest.mark.feature("KB-04")
def test_who_may_not_work_on_the_ticket_uses_nothing(world, incident):
    with pytest.raises(PermissionDenied):
        using.use(published(world), incident, by=world.colleague)


@pytest.mark.feature("KB-04")
@pytest.mark.parametrize("insert", ["link", "text"])
def test_the_reply_gets_the_article_in_the_requesters_language(client, world, incident, insert):
    article = published(world, zh=("VPN 过期", "请重启电脑。"))
    sign_in(client, world.agent)

    answer = client.post(
        reverse("knowledge:use", args=[incident.number]),
        {"article": article.number, "insert": insert}, headers={"HX-Request": "true"},
    )  # fmt: skip

    sent = answer.headers["HX-Trigger"]
    assert "VPN \\u8fc7\\u671f" in sent
    assert ("\\u8bf7\\u91cd\\u542f" in sent) == (insert == "text")
    assert "Used here" in answer.content.decode() or "已用于" in answer.content.decode()


@pytest.mark.feature("KB-04")
def test_an_internal_article_does_not_go_into_a_reply(client, world, incident):
    article = published(world, audience="internal")
    sign_in(client, world.agent)

    answer = client.post(
        reverse("knowledge:use", args=[incident.number]),
        {"article": article.number, "insert": "text"}, headers={"HX-Request": "true"},
    )  # fmt: skip

    assert "HX-Trigger" not in answer.headers
    assert fresh(article).uses == 1


def solved(world, incident, resolution):
    incident = incidents.start(incident, by=world.agent)
    return incidents.resolve(
        incident, by=world.agent, resolution=resolution,
        closure_code=ClosureCode.objects.get(code="solved_permanently"),
    )  # fmt: skip


SOLUTION = "Told 张三 (r1) to renew it; see mei@lanting.example."


@pytest.mark.feature("KB-04")
def test_an_article_is_made_of_a_solution_in_one_step(client, world, incident):
    incident = solved(world, incident, SOLUTION)
    sign_in(client, world.agent)
    url = reverse("knowledge:write_from", args=[incident.number])
    marks = client.get(url).context["marks"]
    data = {"title": "VPN expired", "problem": incident.description, "solution": SOLUTION}
    for mark in marks:
        data |= {f"{mark['field']}_key": mark["key"], f"{mark['field']}_choice": "replace",
                 f"{mark['field']}_words": mark["words"]}  # fmt: skip

    answer = client.post(url, data)

    article = Article.objects.get()
    assert answer.status_code == 302
    assert sorted(mark["code"] for mark in marks) == ["ip", "mail", "name", "staff"]
    body = article.latest.body_en or article.latest.body_zh
    assert not any(word in body for word in ("张三", "r1", "mei@", "10.20"))
    assert (article.state, article.service_id) == ("draft", incident.service_id)
    assert RecordLink.objects.filter(source=article, target=incident).exists()


@pytest.mark.feature("KB-04")
def test_nothing_is_kept_while_something_marked_is_undecided(client, world, incident):
    incident = solved(world, incident, SOLUTION)
    sign_in(client, world.agent)
    data = {"title": "VPN", "problem": "Ask 张三", "solution": "Restart."}

    answer = client.post(reverse("knowledge:write_from", args=[incident.number]), data)

    assert answer.status_code == 422
    assert not Article.objects.exists()
    assert "Ask 张三" in answer.content.decode()


@pytest.mark.feature("KB-04")
def test_what_the_author_keeps_stays(world, incident):
    incident = solved(world, incident, SOLUTION)
    texts = {"title": "VPN", "problem": "Ask 张三", "solution": "Restart."}

    article = using.write_from(incident, by=world.agent, texts=texts, decided={"name:张三": None})

    assert "Ask 张三" in article.latest.body_en


def test_a_name_typed_in_later_is_asked_about_too(world, incident):
    incident = solved(world, incident, "Restart.")
    texts = {"title": "VPN", "problem": "Ask Jonas Weber", "solution": "Restart."}

    with pytest.raises(ValidationError):
        using.write_from(incident, by=world.agent, texts=texts, decided={"name:张三": None})


def test_without_a_solution_there_is_nothing_to_write(world, incident):
    with pytest.raises(Refused):
        using.proposed(incident)

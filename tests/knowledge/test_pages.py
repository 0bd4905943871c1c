"""Pages of knowledge: lists that do not grow dearer, the editor, steps, the portal, notices, API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import outbox
from knowledge.actions import lifecycle, writing
from knowledge.models import Article
from people import actions as people
from people.roles import Role
from records.models import Notification
from tests.knowledge.stories import draft, published, submitted
from tests.servicedesk.test_portal import png
from tests.world import SINCE

pytestmark = pytest.mark.django_db
ZH = ("VPN 过期", "请重启电脑。")


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person, backend="people.backends.PersonBackend")
        return client

    return sign_in


def cost(client, url):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    ("who", "url"),
    [("agent", "/knowledge/"), ("specialist", "/knowledge/?show=due"),
     ("requester", "/portal/knowledge/"), ("requester", "/portal/suggest/?subject=vpn+expired"),
     ("agent", "/api/v1/articles/")],
)  # fmt: skip
def test_a_list_costs_the_same_however_long(world, as_, who, url):
    client = as_(getattr(world, who))
    published(world, zh=ZH, service=world.erp)
    cost(client, url)
    short = cost(client, url)
    for _ in range(6):
        published(world, zh=ZH, service=world.erp, category=world.vpn)

    assert cost(client, url) <= short + 1  # by topic, where there are topics


@pytest.mark.feature("KB-01")
def test_an_article_is_written_submitted_and_published_by_pages(world, as_):
    client = as_(world.agent)
    client.post("/knowledge/new/", {
        "title_en": "VPN", "body_en": "# Restart", "article_kind": "how_to", "audience": "portal",
        "source_language": "en", "submit_token": "1",
    })  # fmt: skip
    article = Article.objects.get()
    client.post(f"/knowledge/{article.number}/submit/", {"submit_token": "2"})
    client = as_(world.specialist)
    page = client.get(f"/knowledge/{article.number}/publish/")

    form = page.context["form"]
    client.post(
        f"/knowledge/{article.number}/publish/",
        {"submit_token": "3", "review_due": form.initial["review_due"],
         "version": form.initial["version"]},
    )  # fmt: skip

    article = Article.objects.get()
    reader = as_(world.requester).get(reverse("portal:article", args=[article.number]))
    assert article.state == "published"
    assert "<h2>Restart</h2>" in reader.content.decode()


def test_a_form_that_is_wrong_says_so_and_keeps_the_words(world, as_):
    answer = as_(world.agent).post(
        "/knowledge/new/",
        {"body_en": "Kept words", "audience": "restricted", "article_kind": "faq",
         "source_language": "en"},
    )  # fmt: skip

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kept words" in page
    assert "Name at least one group" in page


def test_who_was_too_late_is_told_and_keeps_the_words(world, as_):
    article = draft(world)
    seen = article.version
    writing.revise(article, by=world.specialist, texts={"body_en": "First."})

    answer = as_(world.agent).post(
        f"/knowledge/{article.number}/edit/",
        {"title_en": "VPN", "body_en": "Too late.", "article_kind": "faq", "audience": "portal",
         "source_language": "en", "seen": seen},
    )  # fmt: skip

    assert answer.status_code == 409
    assert "Too late." in answer.content.decode()
    assert Article.objects.get().latest.body_en == "First."


@pytest.mark.feature("KB-03")
def test_the_reader_is_told_in_words_that_it_is_in_the_other_language(world, as_):
    article = published(world)

    page = as_(world.agent2).get(reverse("portal:article", args=[article.number]))

    assert page.context["shown"].is_fallback
    assert 'lang="en"' in page.content.decode()


@pytest.mark.feature("KB-03")
def test_an_old_translation_is_marked_for_readers_and_in_the_list(world, as_):
    article = published(world, zh=ZH)
    article = writing.revise(article, by=world.agent, texts={"body_en": "Wait longer."})
    lifecycle.publish(lifecycle.submit(article, by=world.agent), by=world.specialist)
    client = as_(world.requester)

    chinese = client.get(reverse("portal:article", args=[article.number]) + "?lang=zh")
    english = client.get(reverse("portal:article", args=[article.number]) + "?lang=en")
    listed = as_(world.agent).get("/knowledge/?language=old").context["page"].rows

    assert (chinese.context["shown"].is_old, english.context["shown"].is_old) == (True, False)
    assert listed == [article]


def test_pictures_of_a_draft_are_shown_to_readers_when_it_is_published(world, as_):
    client = as_(world.agent)
    article = draft(world, body="![Dialog](dialog.png)")
    client.post(f"/knowledge/{article.number}/edit/", {
        "title_en": "VPN", "body_en": "![Dialog](dialog.png)", "article_kind": "how_to",
        "audience": "portal", "source_language": "en", "files": png("dialog.png"),
    })  # fmt: skip
    document = article.documents.get()
    url = reverse("portal:article_file", args=[article.number, document.public_id])
    lifecycle.publish(lifecycle.submit(article, by=world.agent), by=world.specialist)
    page = as_(world.requester).get(reverse("portal:article", args=[article.number]))
    picture = as_(world.requester).get(url)

    assert document.is_internal
    assert f'<img src="{url}" alt="Dialog">' in page.content.decode()
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.getvalue().startswith(b"\x89PNG")


def status(answer):
    if answer.streaming:
        answer.getvalue()
    return answer.status_code


def test_a_picture_of_a_newer_draft_is_not_served_to_readers(world, as_):
    article = published(world)
    as_(world.agent).post(f"/knowledge/{article.number}/edit/", {
        "title_en": "VPN", "body_en": "New", "files": SimpleUploadedFile("a.txt", b"secret"),
    })  # fmt: skip
    document = article.documents.get()
    url = reverse("portal:article_file", args=[article.number, document.public_id])

    answers = [status(as_(getattr(world, who)).get(url))
               for who in ("requester", "agent2", "agent", "specialist")]  # fmt: skip

    assert answers == [404, 404, 200, 200]


def test_a_vote_by_the_page_may_be_changed_and_says_why(world, as_):
    article = published(world)
    client, url = as_(world.requester), reverse("portal:article_vote", args=[article.number])
    client.post(url, {"is_helpful": "1"})

    client.post(url, {"is_helpful": "0", "comment": "Which menu?"})

    vote = article.votes.get()
    assert (vote.is_helpful, vote.comment) == (False, "Which menu?")
    assert "Which menu?" in as_(world.agent).get(article.get_absolute_url()).content.decode()


@pytest.mark.feature("SD-10")
def test_suggestions_stand_in_the_quick_entry_and_beside_a_ticket(world, as_):
    from incidents.actions import opening

    article = published(world, audience="internal")
    incident = opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN says expired"
    )
    client = as_(world.agent)

    entry = client.post("/new/preview/", {"title": "VPN says expired", "channel": "phone"})
    beside = client.get(reverse("knowledge:for_record", args=[incident.number]))
    page = client.get(f"/incidents/{incident.number}/").content.decode()

    assert article.number in entry.content.decode()
    assert article.number in beside.content.decode()
    assert reverse("knowledge:for_record", args=[incident.number]) in page


def told(template):
    outbox.sweep_due(limit=500)
    rows = Notification.objects.filter(template=template, channel="in_app")
    return {row.person.code for row in rows.select_related("person")}


def test_those_are_told_whom_a_step_concerns(world):
    people.grant(world.owner, Role.KM, by=None, since=SINCE)
    article = submitted(world)
    reviewers = told("article_submitted")
    article = lifecycle.send_back(article, by=world.specialist, comment="More")
    back = told("article_sent_back")
    article = lifecycle.publish(lifecycle.submit(article, by=world.agent), by=world.specialist)
    out = told("article_published")
    lifecycle.flag(article, by=world.agent2, comment="Old")

    assert (reviewers, back, out) == ({"O1"}, {"A1"}, {"A1"})
    assert told("article_flagged") == {"A1"}


def test_letters_about_articles_can_be_read(world, as_):
    lifecycle.send_back(submitted(world), by=world.specialist, comment="Which menu?")
    outbox.sweep_due(limit=500)

    page = as_(world.agent).get("/notices/").content.decode()

    assert "Sofia Okafor sent your article back: Which menu?" in page


@pytest.mark.feature("AP-01")
def test_the_api_reads_searches_and_votes(world, as_):
    article = published(world, zh=ZH)
    client = as_(world.requester)

    listed = client.get("/api/v1/articles/?q=过期").json()["results"]
    one = client.get(f"/api/v1/articles/{article.number}/").json()
    hints = client.get("/api/v1/articles/suggestions/?text=vpn expired").json()
    vote = client.post(
        f"/api/v1/articles/{article.number}/feedback/", {"is_helpful": True},
        content_type="application/json",
    )  # fmt: skip

    assert [row["number"] for row in listed] == [article.number]
    assert [text["language"] for text in one["texts"]] == ["en", "zh"]
    assert [row["number"] for row in hints] == [article.number]
    assert (vote.status_code, vote.json()["helpful"]) == (200, 1)


def test_global_search_shows_articles_in_the_readers_language(world, as_):
    published(world, zh=ZH)

    page = as_(world.agent2).get("/search/?q=vpn").content.decode()

    assert "VPN 过期" in page


def test_an_empty_list_says_what_to_do(world, as_):
    client = as_(world.agent)

    for url in ("/knowledge/searches/", "/knowledge/", "/knowledge/?q=zzz", "/knowledge/?show=mine",
                "/portal/knowledge/", "/portal/knowledge/?q=zzz"):  # fmt: skip
        assert 'class="empty"' in client.get(url).content.decode()

"""Who may learn of which article, by every way in: lists, search, suggestions, counts (KB-02)."""

import pytest
from django.urls import reverse

from core.text import fold
from itsm.search import ARTICLES
from knowledge import finding
from knowledge.actions import lifecycle, writing
from knowledge.models import Article
from records.models import Record
from tests.knowledge.stories import draft, published, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.feature("KB-02")]
EVERYBODY = (
    "requester", "stranger", "agent", "agent2", "local_agent", "specialist", "lead", "owner",
    "manager", "admin", "auditor",
)  # fmt: skip
INSIDE = {"agent", "agent2", "local_agent", "specialist", "lead", "owner", "manager", "admin",
          "auditor"}  # fmt: skip
READS_ALL = {"manager", "admin", "auditor"}
REVIEWS = {"specialist", "lead"}


def seers(world, article):
    return {
        who
        for who in EVERYBODY
        if Record.objects.visible_to(getattr(world, who)).filter(pk=article.pk).exists()
    }


@pytest.mark.parametrize(
    ("make", "details", "expected"),
    [
        (published, {"audience": "portal"}, set(EVERYBODY)),
        (published, {"audience": "internal"}, INSIDE),
        (draft, {"audience": "portal"}, {"agent"} | READS_ALL | REVIEWS),
        (submitted, {"audience": "internal"}, {"agent"} | READS_ALL | REVIEWS),
    ],
    ids=["portal", "internal", "draft", "in review"],
)
def test_an_audience_and_nobody_else(world, make, details, expected):
    assert seers(world, make(world, **details)) == expected


def test_a_restricted_article_is_for_its_groups_and_those_who_read_everything(world):
    article = published(world, audience="restricted", groups=[world.second_line])

    assert seers(world, article) == {"agent"} | READS_ALL | REVIEWS


def test_a_restricted_article_of_the_desk_is_not_for_the_second_line(world):
    article = published(world, audience="restricted", groups=[world.central])

    assert seers(world, article) == {"agent", "agent2"} | READS_ALL


def test_a_flagged_article_stays_and_a_retired_one_goes(world):
    article = lifecycle.flag(published(world), by=world.agent2, comment="Old")
    flagged = seers(world, article)
    lifecycle.retire(article, by=superuser(world), comment="Gone")

    assert flagged == set(EVERYBODY)
    assert "requester" not in seers(world, article)
    assert "agent2" not in seers(world, article)


def superuser(world):
    world.admin.__class__.objects.filter(pk=world.admin.pk).update(is_superuser=True)
    return world.admin.__class__.objects.get(pk=world.admin.pk)


HIDDEN = [
    ("internal", published), ("restricted", published), ("portal", draft), ("portal", submitted),
]  # fmt: skip


@pytest.fixture(params=HIDDEN, ids=["internal", "restricted", "draft", "in review"])
def hidden(request, world):
    audience, make = request.param
    groups = [world.second_line] if audience == "restricted" else ()
    return make(world, "Canary procedure 金丝雀", "Canary text.", audience=audience, groups=groups)


def test_no_way_of_searching_tells_of_it(world, hidden):
    person, words = world.requester, "canary procedure"

    assert not finding.search(person, words).exists()
    assert finding.suggestions(person, words) == []
    assert finding.popular(person) == []
    assert ARTICLES.find(person, fold("金丝雀")) == []


@pytest.mark.parametrize(
    "url",
    ["/portal/knowledge/", "/portal/knowledge/?q=canary", "/portal/suggest/?subject=canary",
     "/portal/report/?subject=canary+procedure", "/search/?q=canary", "/portal/"],
)  # fmt: skip
def test_no_page_shows_its_title(client, world, hidden, url):
    client.force_login(world.requester, backend="people.backends.PersonBackend")

    page = client.get(url).content.decode()

    assert "Canary procedure" not in page
    assert "金丝雀" not in page


@pytest.mark.parametrize("name", ["portal:article", "knowledge:detail"])
def test_its_own_page_is_not_there(client, world, hidden, name):
    client.force_login(world.requester, backend="people.backends.PersonBackend")

    assert client.get(reverse(name, args=[hidden.number])).status_code == 404


def test_the_api_does_not_know_it(client, world, hidden):
    client.force_login(world.requester, backend="people.backends.PersonBackend")

    listed = client.get("/api/v1/articles/?q=canary").json()["results"]
    one = client.get(f"/api/v1/articles/{hidden.number}/")
    hints = client.get("/api/v1/articles/suggestions/?text=canary+procedure").json()

    assert (listed, one.status_code, hints) == ([], 404, [])


def test_counts_by_service_leave_out_what_is_unseen(client, world):
    published(world, "Public", service=world.erp)
    published(world, "Inside", service=world.erp, audience="internal")
    client.force_login(world.requester, backend="people.backends.PersonBackend")

    services = client.get("/portal/knowledge/").context["services"]

    assert [(row.code, n) for row, n in services] == [("ERP", 1)]


def test_a_newer_draft_of_a_public_article_is_not_found_by_its_words(world):
    article = published(world, "Printer")
    writing.revise(article, by=world.agent, texts={"body_en": "unreleased zebra model"})

    assert not finding.search(world.requester, "zebra").exists()
    assert not finding.search(world.agent2, "zebra").exists()


def test_an_old_or_newer_version_is_not_shown_to_readers(client, world):
    article = published(world, "Printer", "First words.")
    writing.revise(article, by=world.agent, texts={"body_en": "Unreleased words."})
    client.force_login(world.agent2, backend="people.backends.PersonBackend")

    newer = client.get(f"/knowledge/{article.number}/?v=2")
    page = client.get(f"/knowledge/{article.number}/").content.decode()
    compared = client.get(f"/knowledge/{article.number}/compare/")

    assert (newer.status_code, compared.status_code) == (404, 404)
    assert "First words." in page
    assert "Unreleased words." not in page


def test_pages_and_records_agree(world):
    published(world)

    of_articles = Article.objects.visible_to(world.requester).count()
    of_records = Record.objects.visible_to(world.requester).filter(kind="article").count()

    assert (of_articles, of_records) == (1, 1)

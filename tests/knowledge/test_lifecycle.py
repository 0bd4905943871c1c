"""The table of ITSM domain rules 4.6, row by row: allowed, guarded, refused (feature KB-01)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from core import time
from core.errors import Refused, Stale
from knowledge.actions import due, lifecycle, writing
from knowledge.events import Verb
from knowledge.models import Article, ArticleVersion
from people import actions as people
from people.models import Person
from people.roles import Role
from tests.knowledge.stories import draft, published, submitted
from tests.world import SINCE

pytestmark = [pytest.mark.django_db, pytest.mark.feature("KB-01")]


@pytest.fixture
def km(world):
    people.grant(world.owner, Role.KM, by=None, since=SINCE)
    return Person.objects.get(pk=world.owner.pk)


def verbs(article):
    return list(article.timeline.values_list("verb", flat=True))


def test_an_author_submits_and_another_publishes(world):
    article = submitted(world)

    article = lifecycle.publish(article, by=world.specialist)

    assert (article.state, article.published_no) == ("published", 1)
    assert article.published_by == world.specialist
    assert verbs(article) == [Verb.WRITTEN, Verb.SUBMITTED, Verb.PUBLISHED]


def test_without_a_text_nothing_is_submitted(world):
    article = draft(world, body="")

    with pytest.raises(Refused, match="at least one language"):
        lifecycle.submit(article, by=world.agent)


def test_one_language_is_enough(world):
    article = writing.write(by=world.agent2, texts={"title_zh": "密码", "body_zh": "重置。"})

    article = lifecycle.submit(article, by=world.agent2)

    assert (article.state, article.source_language) == ("in_review", "zh")


@pytest.mark.parametrize("who", ["agent2", "requester", "auditor"])
def test_others_do_not_submit(world, who):
    article = draft(world)

    with pytest.raises(PermissionDenied):
        lifecycle.submit(article, by=getattr(world, who))


def test_its_author_does_not_publish_it(world):
    article = submitted(world, by=world.specialist)

    with pytest.raises(PermissionDenied):
        lifecycle.publish(article, by=world.specialist)


def test_whoever_wrote_a_part_of_it_does_not_publish_it(world):
    article = writing.revise(draft(world), by=world.specialist, texts={"body_en": "Better."})
    article = lifecycle.submit(article, by=world.agent)

    with pytest.raises(PermissionDenied):
        lifecycle.publish(article, by=world.specialist)


def test_even_a_superuser_does_not_publish_their_own(world):
    Person.objects.filter(pk=world.admin.pk).update(is_superuser=True)
    admin = Person.objects.get(pk=world.admin.pk)
    article = submitted(world, by=admin)

    with pytest.raises(PermissionDenied):
        lifecycle.publish(article, by=admin)


@pytest.mark.parametrize("who", ["agent2", "requester", "manager", "auditor"])
def test_the_first_line_and_others_do_not_publish(world, who):
    with pytest.raises(PermissionDenied):
        lifecycle.publish(submitted(world), by=getattr(world, who))


def test_a_draft_is_not_published_past_the_review(world):
    with pytest.raises(Refused):
        lifecycle.publish(draft(world), by=world.specialist)


def test_the_next_review_lies_ahead(world):
    with pytest.raises(ValidationError, match="ahead"):
        lifecycle.publish(submitted(world), by=world.specialist, review_due=time.now().date())


def test_sending_back_needs_a_comment(world):
    with pytest.raises(ValidationError):
        lifecycle.send_back(submitted(world), by=world.specialist, comment=" ")


def test_what_is_sent_back_is_a_draft_again_and_says_why(world):
    article = lifecycle.send_back(submitted(world), by=world.specialist, comment="Which menu?")

    entry = article.timeline.get(verb=Verb.SENT_BACK)
    assert article.state == "draft"
    assert (entry.body, entry.visibility) == ("Which menu?", "internal")


def test_an_agent_does_not_send_back(world):
    with pytest.raises(PermissionDenied):
        lifecycle.send_back(submitted(world), by=world.agent2, comment="No")


@pytest.mark.parametrize("who", ["agent", "agent2", "local_agent", "specialist"])
def test_anybody_who_works_here_flags(world, who):
    article = lifecycle.flag(published(world), by=getattr(world, who), comment="New menu")

    assert article.state == "needs_update"
    assert article.is_readable


@pytest.mark.parametrize("who", ["requester", "auditor"])
def test_readers_and_auditors_do_not_flag(world, who):
    with pytest.raises(PermissionDenied):
        lifecycle.flag(published(world), by=getattr(world, who), comment="Old")


def test_a_draft_is_not_flagged(world):
    with pytest.raises(Refused):
        lifecycle.flag(draft(world), by=world.agent, comment="Old")


def test_the_knowledge_manager_retires(world, km):
    article = lifecycle.retire(published(world), by=km, comment="The service is gone")

    assert (article.state, article.phase) == ("retired", "closed")
    assert not Article.objects.visible_to(world.requester).exists()


@pytest.mark.parametrize("who", ["specialist", "agent", "manager"])
def test_others_do_not_retire(world, who):
    with pytest.raises(PermissionDenied):
        lifecycle.retire(published(world), by=getattr(world, who), comment="Old")


def test_what_is_retired_stays_so(world, km):
    article = lifecycle.retire(published(world), by=km, comment="Gone")

    with pytest.raises(Refused):
        writing.revise(article, by=km, texts={"body_en": "Back"})
    with pytest.raises(Refused):
        lifecycle.submit(article, by=km)


def test_the_old_version_is_read_until_the_new_one_is_published(world):
    article = published(world, body="Old way.")

    article = writing.revise(article, by=world.agent, texts={"body_en": "New way."})
    shown_before = article.public.body_en
    article = lifecycle.submit(article, by=world.agent)
    in_review = Article.objects.visible_to(world.requester).readable().get().public.body_en
    article = lifecycle.publish(article, by=world.specialist)

    assert (shown_before, in_review, article.public.body_en) == ("Old way.", "Old way.", "New way.")


def test_a_public_article_is_submitted_only_with_something_new(world):
    with pytest.raises(Refused, match="Nothing has been changed"):
        lifecycle.submit(published(world), by=world.agent)


def test_a_flagged_article_is_confirmed_by_a_review_without_a_change(world):
    article = lifecycle.flag(published(world), by=world.agent2, comment="Still so?")

    article = lifecycle.submit(article, by=world.agent)
    article = lifecycle.publish(article, by=world.lead)

    assert (article.state, article.published_no) == ("published", 1)


def test_titles_in_lists_are_those_of_the_public_version(world):
    article = published(world, "Old title")

    writing.revise(article, by=world.agent, texts={"title_en": "Secret plan"})

    found = Article.objects.get(pk=article.pk)
    assert (found.title, found.title_en) == ("Old title", "Old title")
    assert "secret" not in found.text.search_public + found.text.search_agent


def test_two_authors_at_once_do_not_overwrite_each_other(world):
    article = draft(world)
    seen = article.version
    writing.revise(article, by=world.agent, texts={"body_en": "One"}, seen_version=seen)

    with pytest.raises(Stale):
        writing.revise(article, by=world.agent, texts={"body_en": "Two"}, seen_version=seen)


def test_what_did_not_change_makes_no_version(world):
    article = writing.revise(draft(world), by=world.agent, texts={})

    assert article.latest_no == 1


def test_versions_are_written_once(world):
    version = draft(world).latest

    for attempt in (
        lambda: ArticleVersion.objects.filter(pk=version.pk).update(body_en="Other"),
        lambda: ArticleVersion.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_only_a_publisher_widens_the_audience_of_a_public_article(world):
    article = published(world, audience="internal")

    with pytest.raises(PermissionDenied):
        writing.change_details(article, by=world.agent, audience="portal")
    article = writing.change_details(article, by=world.specialist, audience="portal")

    assert article.is_on_portal


def test_a_restricted_article_names_its_groups(world):
    with pytest.raises(ValidationError, match="group"):
        draft(world, audience="restricted")


def test_on_the_day_of_the_review_it_is_flagged_once(world):
    article = published(world)
    Article.objects.filter(pk=article.pk).update(review_due=time.now().date())
    other = published(world, "Another")

    done = [due.sweep_due(), due.sweep_due()]

    entry = article.timeline.get(verb=Verb.FLAGGED)
    assert done == [1, 0]
    assert Article.objects.get(pk=article.pk).state == "needs_update"
    assert Article.objects.get(pk=other.pk).state == "published"
    assert (entry.author, entry.data["is_due"]) == (None, True)


def test_a_review_that_is_not_due_flags_nothing(world):
    article = published(world)
    tomorrow = time.now().date() + timedelta(days=2)
    Article.objects.filter(pk=article.pk).update(review_due=tomorrow)

    assert due.sweep_due() == 0

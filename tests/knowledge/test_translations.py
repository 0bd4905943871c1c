"""Two languages, and which one lags behind: by version numbers, not by dates (feature KB-03)."""

import pytest

from knowledge.actions import writing
from knowledge.models import Article
from tests.knowledge.stories import draft

pytestmark = [pytest.mark.django_db, pytest.mark.feature("KB-03")]
ZH = ("VPN 提示过期", "重启电脑。")


def is_old(article, language="zh"):
    article = Article.objects.get(pk=article.pk)
    return article.latest.is_old_in(language, article.source_language)


def test_both_written_at_once_are_equally_old(world):
    assert not is_old(draft(world, zh=ZH))


def test_a_changed_source_leaves_the_translation_behind(world):
    article = writing.revise(draft(world, zh=ZH), by=world.agent, texts={"body_en": "Wait."})

    assert is_old(article)
    assert list(Article.objects.with_old_translation()) == [article]


def test_the_translation_catches_up(world):
    article = writing.revise(draft(world, zh=ZH), by=world.agent, texts={"body_en": "Wait."})

    article = writing.revise(article, by=world.agent, texts={"body_zh": "请等待。"})

    assert not is_old(article)
    assert not Article.objects.with_old_translation().exists()


def test_a_newer_translation_does_not_make_the_source_old(world):
    article = writing.revise(draft(world, zh=ZH), by=world.agent, texts={"body_zh": "请等待。"})

    assert not is_old(article, "zh")
    assert not is_old(article, "en")


def test_a_small_correction_says_that_the_translation_need_not_follow(world):
    article = writing.revise(
        draft(world, zh=ZH), by=world.agent, texts={"body_en": "Restart!"}, is_minor=True
    )

    assert not is_old(article)


def test_it_is_the_other_way_round_where_chinese_was_first(world):
    article = draft(world, zh=ZH, source_language="zh")

    article = writing.revise(article, by=world.agent, texts={"body_zh": "请等待。"})

    assert is_old(article, "en")


def test_one_language_alone_is_never_old(world):
    article = writing.revise(draft(world), by=world.agent, texts={"body_en": "Wait."})

    assert not is_old(article)


def test_a_reader_gets_their_language_else_the_other(world):
    both, english = draft(world, zh=ZH), draft(world)

    assert [both.latest.shown_in("zh"), both.latest.shown_in("en")] == ["zh", "en"]
    assert english.latest.shown_in("zh") == "en"

"""What is kept for some seconds is made anew for who has written since, and for nobody else."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from core import freshness, preferences
from core.models import Setting
from slm import figures


def passed(request, answer=None, status=200, cookie=None):
    """The response of the middleware; `answer()` runs where the view would."""
    if cookie is not None:
        request.COOKIES[freshness.COOKIE] = cookie
    seen = []

    def view(_request):
        seen.append(answer() if answer else None)
        return HttpResponse(status=status)

    return freshness.OwnWrites(view)(request), seen[0]


@pytest.fixture
def ask(settings):
    def make(method="get"):
        request = getattr(RequestFactory(), method)("/")
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "somebody"
        return request

    return make


@pytest.mark.parametrize(
    ("method", "status", "is_kept"),
    [("post", 302, True), ("post", 200, True), ("get", 200, False), ("post", 409, False)],
)
def test_only_a_write_that_went_through_is_remembered(ask, method, status, is_kept):
    response, _seen = passed(ask(method), status=status)

    assert (freshness.COOKIE in response.cookies) is is_kept


def test_who_has_no_session_is_given_no_cookie():
    response, _seen = passed(RequestFactory().post("/"))

    assert freshness.COOKIE not in response.cookies


def test_what_was_made_before_the_write_is_behind_and_what_came_after_is_not(ask):
    before = freshness.instant()
    cookie = passed(ask("post"))[0].cookies[freshness.COOKIE].value
    after = freshness.instant() + 1

    _response, seen = passed(
        ask(), lambda: (freshness.is_behind(before - 1), freshness.is_behind(after)), cookie=cookie
    )

    assert seen == (True, False)
    # the next reader of this process has written nothing
    assert not freshness.is_behind(before - 1)


@pytest.mark.parametrize("cookie", ["", "x", "nan", "inf", "-1", "9e99", "1", "٣"])
def test_a_cookie_that_is_no_recent_instant_counts_for_nothing(ask, cookie):
    _response, seen = passed(ask(), lambda: freshness.is_behind(1), cookie=cookie)

    assert seen is False


@pytest.mark.django_db
def test_a_setting_changed_in_another_process_is_seen_by_who_changed_it(ask):
    preferences.cache.delete("preferences")
    assert preferences.get("unmerge_days") == 30
    Setting.objects.create(key="unmerge_days", value=7)  # as another process writes it
    cookie = passed(ask("post"))[0].cookies[freshness.COOKIE].value

    _response, others = passed(ask(), lambda: preferences.get("unmerge_days"))
    _response, own = passed(ask(), lambda: preferences.get("unmerge_days"), cookie=cookie)
    preferences.cache.delete("preferences")

    assert (others, own) == (30, 7)


@pytest.mark.django_db
def test_settings_are_not_read_anew_by_every_question_of_a_write(ask, django_assert_num_queries):
    preferences.cache.delete("preferences")

    def often():
        with django_assert_num_queries(1):
            return [preferences.get("unmerge_days") for _number in range(5)]

    assert passed(ask("post"), often)[1] == [30] * 5


def test_figures_of_now_are_made_anew_and_those_of_the_past_are_not(ask):
    for key, seconds in (("now", figures.SECONDS_KEPT), ("past", figures.SECONDS_KEPT_PAST)):
        figures.kept(key, lambda: "old", seconds)
    cookie = passed(ask("post"))[0].cookies[freshness.COOKIE].value

    def both():
        return (
            figures.kept("now", lambda: "new", figures.SECONDS_KEPT),
            figures.kept("past", lambda: "new", figures.SECONDS_KEPT_PAST),
        )

    assert passed(ask(), both)[1] == ("old", "old")
    assert passed(ask(), both, cookie=cookie)[1] == ("new", "old")
    figures.cache.clear()


@pytest.mark.django_db
def test_the_dashboard_shows_ones_own_write_at_once(client, world):
    from django.test import Client

    def looked_at(browser):
        return browser.get(reverse("slm:index")).context["at"]

    other = Client()
    client.force_login(world.manager, backend="people.backends.PersonBackend")
    other.force_login(world.desk_manager, backend="people.backends.PersonBackend")
    first, of_other = looked_at(client), looked_at(other)
    assert looked_at(client) == first

    answer = client.post(reverse("servicedesk:notices_read"), {"upto": "0"})

    assert answer.status_code == 302
    assert looked_at(client) > first
    assert looked_at(other) == of_other

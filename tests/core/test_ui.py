"""The parts that every page is made of: words for times and sizes, tags, shells, failures."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation
from django_cotton.compiler_regex import CottonCompiler
from hypothesis import given
from hypothesis import strategies as st

from core import context, failures, formats, icons, preferences
from core.access import Gate
from core.context import Entry, Extra, Navigation, View
from core.paging import Page
from itsm import contrast
from itsm.navigation import NAVIGATION
from people.models import Organization, Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 11, 19, 13, 54, tzinfo=SHANGHAI)  # a Wednesday


def write(source, **values):
    return Template(source).render(Context(values))


@pytest.fixture
def person():
    access = SimpleNamespace(
        is_agent=True, is_manager=False, is_admin=False, has_role=lambda *_roles: False
    )
    return SimpleNamespace(pk=3, name="Jonas Weber", is_authenticated=True, access=access)


@pytest.fixture
def ask(person, monkeypatch):
    """A request as the shells see it; names come from the defaults, not from the database."""
    monkeypatch.setattr(preferences, "get", lambda key: preferences.REGISTRY[key].default)

    def make(path="/", user=person, **cookies):
        request = RequestFactory().get(path)
        request.user, request.request_id = user, "8f31d0c2aa"
        request.COOKIES.update(cookies)
        request._messages = []
        return request

    return make


# --- words ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 秒"),
        (59.9, "59 s", "59 秒"),
        (60, "1 m", "1 分"),
        (3_599, "59 m", "59 分"),
        (3_600, "1 h", "1 小时"),
        (5_100, "1 h 25 m", "1 小时 25 分"),
        (3_960, "1 h 06 m", "1 小时 06 分"),
        (86_400, "1 d", "1 天"),
        (93_900, "1 d 2 h", "1 天 2 小时"),
        (-5_100, "1 h 25 m", "1 小时 25 分"),
        (timedelta(minutes=41), "41 m", "41 分"),
    ],
)
def test_a_duration_is_said_in_two_units_at_most(seconds, english, chinese):
    assert formats.duration_text(seconds, "en") == english
    assert formats.duration_text(seconds, "zh") == chinese


@given(st.integers(min_value=60, max_value=10**9))
def test_a_duration_loses_less_than_its_last_unit(seconds):
    sizes = {"d": 86_400, "h": 3_600, "m": 60}

    words = formats.duration_text(seconds).split()

    said = sum(int(n) * sizes[unit] for n, unit in zip(words[::2], words[1::2], strict=True))
    assert 0 <= seconds - said < (3_600 if seconds >= 86_400 else 60)


@pytest.mark.parametrize(
    ("at", "english", "chinese"),
    [
        (NOW.replace(hour=0, minute=5), "00:05", "00:05"),
        (NOW - timedelta(days=1), "Tue 13:54", "周二 13:54"),
        (datetime(2025, 11, 17, 0, 0, tzinfo=SHANGHAI), "Mon 00:00", "周一 00:00"),
        (datetime(2025, 11, 23, 23, 59, tzinfo=SHANGHAI), "Sun 23:59", "周日 23:59"),
        (datetime(2025, 11, 16, 23, 59, tzinfo=SHANGHAI), "16 Nov", "11月16日"),
        (datetime(2025, 11, 24, 0, 0, tzinfo=SHANGHAI), "24 Nov", "11月24日"),
        (datetime(2024, 11, 19, 13, 54, tzinfo=SHANGHAI), "19 Nov 2024", "2024年11月19日"),
    ],
)
def test_an_instant_is_as_short_as_it_can_be(at, english, chinese):
    assert formats.moment_text(at, NOW, "en") == english
    assert formats.moment_text(at, NOW, "zh") == chinese


def test_the_week_does_not_end_with_the_year():
    monday, friday = datetime(2025, 12, 29, 9, tzinfo=UTC), datetime(2026, 1, 2, 9, tzinfo=UTC)

    assert formats.moment_text(monday, friday) == "Mon 09:00"


def test_an_instant_in_full_names_its_zone():
    assert formats.moment_full(NOW) == "Wed 19 Nov 2025 13:54, Asia/Shanghai (UTC+08:00)"
    assert formats.moment_full(NOW, "zh") == "2025年11月19日 周三 13:54，Asia/Shanghai（UTC+08:00）"
    assert formats.moment_full(NOW.astimezone(UTC)) == "Wed 19 Nov 2025 05:54, UTC"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (219_136, "214 KB"), (1_258_291, "1.2 MB"), (2**34, "16 GB")],
)
def test_a_size_is_rounded_as_people_do(size, text):
    assert formats.size_text(size) == text


def test_a_count_is_capped():
    assert [formats.count_text(n) for n in (38, 1000, 1001)] == ["38", "1,000", "1,000+"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jonas Weber", "JW"),
        ("Ruben de Vries", "RV"),
        ("林玫 Mei Lin", "ML"),
        ("王强", "强"),
        ("Cher", "CH"),
        ("Łukasz", "Ł"),
        ("", "?"),
        ("  ", "?"),
    ],
)
def test_initials_are_latin_or_the_last_character(name, letters):
    assert formats.initials(name) == letters


# --- tags -------------------------------------------------------------------------------------
def test_an_icon_is_small_and_the_same_string_each_time():
    first, again = icons.icon("circle-check", "i--sm"), icons.icon("circle-check", "i--sm")

    assert first is again
    assert first.startswith('<svg class="i i--sm" viewBox="0 0 24 24" aria-hidden="true"><circle')
    assert 'role="img" aria-label="A &amp; B"' in icons.icon("x", "", "A & B")


def test_an_unknown_icon_stops_the_developer_but_not_the_reader(settings):
    icons.icon.cache_clear()
    settings.DEBUG = True
    with pytest.raises(icons.UnknownIcon):
        icons.icon("no-such-picture")

    settings.DEBUG = False
    assert "<svg" in icons.icon("no-such-picture")


def test_everything_that_people_typed_is_escaped():
    bad = '<script>"&'
    clock = {"state": bad, "text": bad, "metric": bad, "moment": bad, "due": bad,
             "tape": ((0, 50, bad),)}  # fmt: skip
    one = SimpleNamespace(pk=1, name=bad)

    html = write(
        '{% who p %}{% avatar p %}{% state_chip b b "x" %}{% sla c %}{% kbd b %}{% icon "x" b b %}'
        "{% tape t 90 b %}{{ v|json_attr }}",
        p=one, b=bad, c=clock, t=((0, 50, bad),), v={"a": bad},
    )  # fmt: skip

    assert "<script>" not in html
    assert '"&"' not in html


def test_priorities_carry_picture_digit_and_word():
    with translation.override("en"):
        plain, said = write("{% prio 1 %}"), write("{% prio 2 True %}")

    assert 'data-prio="1"' in plain
    assert '<span class="sr"> Critical</span>' in plain
    assert "P2 High" in said
    assert write("{% prio none %}", none=None) == ""


def test_nobody_has_a_word():
    with translation.override("en"):
        assert "Nobody" in write("{% who p %}", p=None)


def test_when_speaks_in_the_readers_zone_and_language():
    at = datetime(2024, 3, 1, 18, 30, tzinfo=UTC)

    with timezone.override(SHANGHAI), translation.override("zh-hans"):
        html = write("{% when at %}", at=at)

    assert 'datetime="2024-03-02T02:30:00+08:00"' in html
    assert "Asia/Shanghai" in html
    assert ">2024年3月2日<" in html
    with translation.override("en"):
        assert ">1 Mar 2024<" in write("{% when at %}", at=date(2024, 3, 1))
    assert "–" in write("{% when at %}", at=None)


@pytest.mark.parametrize(
    ("state", "ticks", "due", "counts"),
    [
        ("ok", True, True, True),
        ("ok", False, True, False),
        ("risk", True, True, True),
        ("pause", True, True, False),
        ("met", True, True, False),
        ("ok", True, False, False),
    ],
)
def test_a_clock_ticks_only_where_the_wall_tells_the_same(state, ticks, due, counts):
    clock = {"state": state, "text": "41 m left", "metric": "Resolve", "moment": "14:35",
             "due": NOW if due else None, "ticks": ticks, "tape": ((0, 82, "run"),)}  # fmt: skip

    html = write("{% sla c %}", c=clock)

    assert ("data-countdown" in html) is counts
    assert ("data-due" in html) is (due and state in ("ok", "risk"))
    assert 'aria-label="Resolve 41 m left"' in html


def test_a_tape_draws_pauses_thin_and_the_notch_where_it_is_due():
    html = write("{% tape t 88 'x' %}", t=((0, 38.123456, "run"), (38, 55, "pause")))

    assert '<rect class="run" x="0%" y="0" width="38.12%"' in html
    assert '<rect class="pause" x="38%" y="40%" width="17%"' in html
    assert '<rect class="due" x="88%"' in html


# --- forms ------------------------------------------------------------------------------------
class Sample(forms.Form):
    title = forms.CharField(help_text="One sentence.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    is_vip = forms.BooleanField(required=False)

    def clean(self):
        raise forms.ValidationError("Nothing <fits>.")


def test_a_field_ties_label_help_and_error_to_its_input():
    form = Sample({"title": ""})

    with translation.override("en"):
        html = write("{% field f %}", f=form["title"])

    assert '<label for="id_title">Title</label>' in html
    assert 'aria-describedby="id_title-error id_title-help"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("id_title-error") < html.index("<input")
    assert html.index("<input") < html.index('id="id_title-help"')


def test_what_may_be_left_out_is_marked_and_nothing_else():
    form = Sample()

    with translation.override("en"):
        optional, required = (
            write("{% field f %}", f=form["note"]),
            write("{% field f %}", f=form["title"]),
        )

    assert '<span class="opt">optional</span>' in optional
    assert "opt" not in required


def test_choices_are_a_group_with_a_legend_and_keep_what_was_chosen():
    html = write("{% field f %}", f=Sample({"kind": "b"})["kind"])

    assert "<fieldset" in html
    assert re.search(r'value="b"[^>]*checked', html)
    assert not re.search(r'value="a"[^>]*checked', html)


def test_the_box_of_errors_links_to_every_field():
    form = Sample({"title": ""})

    with translation.override("en"):
        html = write("{% form_errors f %}", f=form)

    assert "3 things need attention" in html
    assert "Nothing &lt;fits&gt;." in html
    assert 'href="#id_title"' in html
    assert 'href="#id_kind_0"' in html
    assert write("{% form_errors f %}", f=Sample()) == ""


def test_a_picker_hides_the_key_and_names_its_list():
    html = write(
        '{% picker f "/pick/people/" text="Mei \\"Lin\\"" %}',
        f=Sample({"note": "17"}, initial={})["note"],
    )

    assert '<input type="hidden" name="note" value="17">' in html
    assert 'role="combobox"' in html
    assert 'aria-controls="id_note-list"' in html
    assert 'value="Mei &quot;Lin&quot;"' in html


# --- shells -----------------------------------------------------------------------------------
TABLE = Navigation(
    entries=(
        Entry("work", "healthz_live", "Alive", "inbox", "g t", area="alive"),
        Entry("work", "healthz_ready", "Ready", "boxes", gate=Gate.ADMIN),
        Entry("work", "no:such", "Nowhere", "x"),
        Entry("manage", "people:sign_in", "Door", "users"),
    ),
    extras=(lambda _: {"alive": Extra("7", "warn", (View("Mine", "/mine/", "2"),))},),
)


@pytest.fixture
def table(monkeypatch):
    monkeypatch.setattr(context, "_table", lambda: TABLE)


def test_the_menu_shows_what_exists_and_what_the_reader_may_open(ask, table):
    shell = context.Shell(ask())

    assert [item.entry.label for item in shell.work] == ["Alive"]
    assert [item.entry.label for item in shell.manage] == ["Door"]
    assert shell.work[0].extra.count == "7"


def test_the_menu_marks_where_the_reader_is_and_lists_the_views_there(ask, table):
    request = ask()
    request.resolver_match = SimpleNamespace(view_name="healthz_live", namespace="")

    html = render_to_string("shells/agent.html", {}, request=request)

    assert re.search(r'href="/healthz/live" aria-current="true" data-key="g t"', html)
    assert 'href="/mine/"' in html
    assert html.count('aria-current="') == 1


@pytest.mark.parametrize(
    ("path", "group", "label"),
    [
        ("/portal/requests/INC-000001/sent/", "portal", "My requests"),
        ("/portal/report/", "portal", "Home"),
        ("/settings/mail/1/", "manage", "Settings"),
        ("/settings/calendars/CN/edit/", "manage", "Settings"),
        ("/calls/CALL-000001/", "work", "Tickets"),
        ("/account/profile/", "manage", None),
        ("/notices/", "work", None),
    ],
)
def test_the_menu_marks_the_area_whose_address_goes_furthest_along(ask, path, group, label):
    request = ask(path)
    entries = [
        (entry, context._address(entry.url))
        for entry in NAVIGATION.entries
        if entry.group == group and context._address(entry.url)
    ]

    found = context.Shell(request)._current(entries)

    assert (found and str(found.label)) == label


def test_each_entry_of_the_real_menu_has_a_picture_and_its_own_key():
    keys = [entry.key for entry in NAVIGATION.entries if entry.key]

    assert len(keys) == len(set(keys))
    assert all(icons.shapes_of(entry.icon) for entry in NAVIGATION.entries)


def test_the_shell_asks_the_database_nothing(ask, table, django_assert_num_queries, db):
    request = ask()

    with django_assert_num_queries(0):
        render_to_string("shells/agent.html", {}, request=request)


@pytest.mark.parametrize(
    ("cookies", "expected"),
    [
        ({}, '<html lang="en">'),
        ({"theme": "auto", "density": "standard"}, '<html lang="en">'),
        (
            {"theme": "dark", "density": "compact"},
            '<html lang="en" data-theme="dark" data-density="compact">',
        ),
        ({"theme": '"><script>'}, '<html lang="en">'),
    ],
)
def test_theme_and_density_come_from_cookies_of_known_words(ask, table, cookies, expected):
    with translation.override("en"):
        html = render_to_string("shells/agent.html", {}, request=ask(**cookies))

    assert expected in html


@pytest.mark.parametrize("name", ["agent", "portal"])
def test_a_shell_swaps_refused_forms_and_never_evaluates(ask, table, name):
    html = render_to_string(f"shells/{name}.html", {}, request=ask())

    assert '"allowEval":false' in html
    assert '{"code":"422","swap":true}' in html
    assert '"historyCacheSize":0' in html
    assert "htmx-2.min.js" in html
    assert "X-CSRFToken" in html
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", html)


def test_messages_of_the_last_step_stand_in_the_page(ask, table):
    request = ask()
    request._messages = [Message(25, "INC-000123 resolved"), Message(40, "<b>No</b>")]

    html = render_to_string("shells/agent.html", {}, request=request)

    assert '<div class="toast" data-tone="ok"><span>INC-000123 resolved</span></div>' in html
    assert 'data-tone="danger"><span>&lt;b&gt;No&lt;/b&gt;</span>' in html


@pytest.mark.parametrize("status", ["400", "500", "503", "csrf"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_failure_page_needs_neither_request_nor_database(status, language):
    with translation.override(language):
        html = render_to_string(f"errors/{status}.html", {"request_id": "8f31d0"})

    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in html
    assert len(re.findall("<h1>", html)) == 1


@pytest.mark.parametrize("status", ["403", "404", "409"])
@pytest.mark.parametrize(
    ("is_agent", "area"), [(True, 'data-area="agent"'), (False, 'data-area="portal"')]
)
def test_a_refusal_stands_in_the_shell_that_its_reader_knows(
    ask, person, monkeypatch, status, is_agent, area
):
    monkeypatch.setattr("core.context.Shell._extras", {})  # counts are asked of the database
    person.access.is_agent = is_agent

    html = render_to_string(
        f"errors/{status}.html", {"reasons": ["It is <closed>.", "Twice."]}, request=ask()
    )

    assert area in html
    assert len(re.findall("<h1>", html)) == 1
    if status == "409":
        assert "<li data-refusal>It is &lt;closed&gt;.</li>" in html


def test_a_stranger_meets_the_plain_shell(ask):
    html = render_to_string("errors/404.html", {}, request=ask(user=AnonymousUser()))

    assert 'class="plain"' in html


def test_an_address_that_is_not_there_is_said_kindly(client, db):
    answer = client.get("/no/such/page/", headers={"accept-language": "zh-CN"})

    assert answer.status_code == 404
    assert "这里没有内容" in answer.text or "There is nothing here" in answer.text
    assert 'class="plain"' in answer.text


def test_a_failure_of_the_failure_page_still_answers(monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr(failures, "render_to_string", broken)

    answer = failures.server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert answer.content == b"Error 500"


def test_a_fault_shows_its_number_and_nothing_of_the_program(client, db, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("core.preferences.get", lambda _: 1 / 0)

    answer = client.get("/account/sign-in/", headers={"x-request-id": "abcdef0123456789"})

    assert answer.status_code == 500
    assert "abcdef01" in answer.text
    assert "ZeroDivisionError" not in answer.text


# --- components -------------------------------------------------------------------------------
def test_the_gallery_shows_every_component(ask, person, table):
    from core.gallery import gallery

    person.access.is_admin = True
    html = gallery(ask("/ui/")).content.decode()

    assert "{%" not in html
    assert "<c-" not in html
    for mark in ("bar__title", "panel", "banner", "empty", "stat", "data-table", "sec", "pager"):
        assert f'class="{mark}' in html, mark


@pytest.fixture
def compose(ask, table):
    """Render a template with components, as the loader would."""
    return lambda source, **values: write(CottonCompiler().process(source), **values)


def test_a_dialog_posts_by_htmx_and_by_itself(compose):
    html = compose(
        '<c-dialog title="Resolve" action="/x/"><c-slot name="foot">go</c-slot>in</c-dialog>'
    )

    assert 'method="post" action="/x/" hx-post="/x/" hx-target="#dlg"' in html
    assert '<div class="dialog__foot">go</div>' in html


def test_a_form_page_repeats_what_was_typed_and_says_what_is_wrong(compose):
    html = compose(
        '<c-form-page title="New" :form="form" submit="Add" cancel="/back/" />',
        form=Sample({"title": "", "note": "kept <text>"}),
    )

    assert "error-box" in html
    assert "kept &lt;text&gt;</textarea>" in html
    assert re.search(r"<button[^>]*>Add</button>", html)
    assert 'href="/back/"' in html


def test_a_fact_without_value_shows_a_dash(compose):
    html = compose('<c-facts><c-fact label="A"> </c-fact><c-fact label="B">0</c-fact></c-facts>')

    assert '<dt>A</dt><dd><span class="mute">–</span></dd>' in html
    assert "<dt>B</dt><dd>0</dd>" in html


@pytest.mark.parametrize(("order", "leads_to", "sort"), [
    ("title", "-title", "ascending"), ("-title", "title", "descending"), ("due", "title", None),
])  # fmt: skip
def test_a_column_sorts_one_way_then_the_other(compose, order, leads_to, sort):
    html = compose(
        '<c-th sort="title" :order="order">T</c-th>',
        order=order, request=RequestFactory().get("/?q=x&after=abc"),
    )  # fmt: skip

    assert f'href="?q=x&amp;o={leads_to}"' in html
    assert (f'aria-sort="{sort}"' in html) is bool(sort)


def test_the_pager_goes_by_key_and_keeps_the_filters(ask):
    page = Page([1, 2], after="next", before="")

    html = render_to_string(
        "parts/_pager.html",
        {"page": page, "total": "1,000+", "request": RequestFactory().get("/?q=x&before=old")},
    )

    assert 'href="?q=x&amp;after=next"' in html
    assert html.count('aria-disabled="true"') == 1
    assert "1,000+" in html


# --- colours ----------------------------------------------------------------------------------
def test_every_text_stands_out_in_both_themes():
    tokens = contrast.read_tokens(contrast.TOKENS.read_text())

    assert list(contrast.too_faint(tokens)) == []


def test_the_ratio_of_black_and_white_is_21():
    assert contrast.contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast.hexadecimal(contrast.linear_rgb("oklch(1 0 0)")) == "#ffffff"


def test_a_colour_too_faint_is_found():
    tokens = contrast.read_tokens(contrast.TOKENS.read_text())
    tokens["--text-3"] = "light-dark(oklch(0.8 0 0), oklch(0.4 0 0))"

    assert {theme for theme, ink, *_ in contrast.too_faint(tokens) if ink == "--text-3"} == {
        "light",
        "dark",
    }


# --- the whole way through the middleware -------------------------------------------------------
@pytest.fixture
def make_person(db):
    organization = Organization.objects.create(code="LT", name_en="Lanting", name_zh="兰亭")

    def make(code, **fields):
        return Person.objects.create(
            code=code, name=f"{code} Weber", email=f"{code}@lanting.example",
            organization=organization, can_sign_in=True, **fields,
        )  # fmt: skip

    return make


def test_the_gallery_opens_to_administrators_only(client, make_person):
    admin, other = make_person("adm", is_superuser=True), make_person("req")

    assert client.get("/ui/").status_code == 302
    client.force_login(other, backend="people.backends.PersonBackend")
    refused = client.get("/ui/")
    client.force_login(admin, backend="people.backends.PersonBackend")
    shown = client.get("/ui/")

    assert refused.status_code == 403
    assert 'data-area="portal"' in refused.text
    assert shown.status_code == 200
    assert "adm Weber" in shown.text


def test_a_reader_gets_the_page_in_their_language_and_zone(client, make_person):
    admin = make_person("adm", is_superuser=True, locale="zh-hans", time_zone="Europe/Amsterdam")
    client.force_login(admin, backend="people.backends.PersonBackend")

    page = client.get("/ui/").text

    assert '<html lang="zh-Hans"' in page
    assert "Europe/Amsterdam" in page
    assert "兰亭服务台" in page

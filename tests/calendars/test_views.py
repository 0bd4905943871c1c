import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendars import actions
from calendars.answers import length_text
from calendars.models import Calendar
from calendars.timetables import current_version
from core import time
from tests.calendars.conftest import OFFICE

NO_EXCEPTIONS = {"exceptions-TOTAL_FORMS": "0", "exceptions-INITIAL_FORMS": "0"}
NEW = {
    "code": "UK-DESK", "name_en": "London desk", "name_zh": "伦敦服务台",
    "time_zone": "Europe/London", "is_active": "on", "support_0": "09:00-17:30",
} | NO_EXCEPTIONS  # fmt: skip


@pytest.fixture
def signed_in(client, admin):
    client.force_login(admin)
    return client


def exception_row(n, **fields):
    row = {"date": "", "kind": "holiday", "name_en": "", "name_zh": "", "as_weekday": "0",
           "windows": ""} | fields  # fmt: skip
    return {f"exceptions-{n}-{name}": value for name, value in row.items()}


class Fields(HTMLParser):
    """What a browser would send of a form page, and which fields are marked as wrong."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.bad, self.select = {}, [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if attrs.get("aria-invalid") == "true":
            self.bad.append(attrs["name"])
        if tag == "select":
            self.select = attrs["name"]
        elif tag == "option" and self.select and "selected" in attrs:
            self.sent[self.select] = attrs["value"]
        elif tag == "input" and attrs.get("name"):
            is_ticked = "checked" in attrs
            if attrs.get("type") == "checkbox" and is_ticked:
                self.sent[attrs["name"]] = attrs.get("value", "on")
            elif attrs.get("type") != "checkbox":
                self.sent[attrs["name"]] = attrs.get("value", "")


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# --- reading ----------------------------------------------------------------------------------


def test_the_list_shows_each_calendar_and_warns_of_a_missing_year(signed_in, office, monkeypatch):
    monkeypatch.setattr("calendars.horizon.years_to_check", lambda _at: [2031])

    page = signed_in.get(reverse("calendars:index"))

    assert page.status_code == 200
    assert "Shanghai office" in page.text
    assert "No official days of 2031" in plain(page.text)


def test_an_empty_list_offers_the_next_step(signed_in):
    page = signed_in.get(reverse("calendars:index"))

    assert "No calendars yet" in page.text
    assert reverse("calendars:new") in page.text


def test_the_list_costs_the_same_however_long(signed_in, office):
    signed_in.get(reverse("calendars:index"))
    with CaptureQueriesContext(connection) as few:
        signed_in.get(reverse("calendars:index"))
    for n in range(6):
        actions.create_calendar(by=None, code=f"C{n}", name_en="C", time_zone="UTC", is_24x7=True)
    signed_in.get(reverse("calendars:index"))  # compiles the new ones once a process

    with CaptureQueriesContext(connection) as many:
        signed_in.get(reverse("calendars:index"))

    assert len(many) == len(few)


def test_a_calendar_shows_its_week_in_words_and_as_a_drawing(signed_in, office):
    page = signed_in.get(office.get_absolute_url())

    assert page.status_code == 200
    assert "09:00–12:00, 13:30–18:00" in page.text
    assert 'class="tape"' in page.text
    assert "37 h 30 m a week" in page.text


def test_the_next_twelve_months_mark_make_up_days(signed_in, office):
    day = time.now().date() + timedelta(days=30)
    later = day + timedelta(days=400)
    actions.edit(office, by=None, exceptions=[
        {"date": day, "kind": "makeup_workday", "as_weekday": 0, "name_en": "Sunday duty"},
        {"date": later, "kind": "holiday", "name_en": "Far away"},
    ])  # fmt: skip

    page = plain(signed_in.get(office.get_absolute_url()).text)

    assert re.search(r"Sunday duty.*Make-up working day.*09:00–12:00, 13:30–18:00", page)
    assert "Far away" not in page


def test_a_calendar_around_the_clock_has_a_page(signed_in, round_the_clock):
    page = signed_in.get(round_the_clock.get_absolute_url())

    assert page.status_code == 200
    assert "Always open" in page.text


@pytest.mark.feature("SL-06", "D4")
def test_trying_it_gives_the_due_time_and_the_stretches(signed_in, office):
    asked = {"ask": "due", "start": "2026-10-09T16:00", "hours": "8", "minutes": "0",
             "kind": "support"}  # fmt: skip

    page = signed_in.get(office.get_absolute_url(), asked)

    answer = page.context["answer"]
    assert page.status_code == 200
    assert answer.end.isoformat() == "2026-10-10T08:30:00+00:00"
    assert "16:30" in page.text, "told in the calendar's zone"
    assert sum(stretch.seconds for stretch in answer.stretches) == 8 * 3600


def test_trying_it_gives_the_open_time_between(signed_in, office):
    asked = {"ask": "elapsed", "start": "2026-09-30T09:00", "end": "2026-10-10T18:00",
             "kind": "support"}  # fmt: skip

    page = signed_in.get(office.get_absolute_url(), asked)

    assert page.context["answer"].seconds == 30 * 3600


def test_a_long_answer_is_shortened_and_still_adds_up(signed_in, office):
    asked = {"ask": "due", "start": "2026-01-05T09:00", "hours": "1500", "minutes": "0",
             "kind": "support"}  # fmt: skip

    context = signed_in.get(office.get_absolute_url(), asked).context

    assert context["hidden_count"] > 0
    hidden = 1500 * 3600 - sum(stretch.seconds for stretch in context["shown"])
    assert context["hidden_length"] == length_text(hidden)


@pytest.mark.parametrize(("asked", "field"), [
    ({"ask": "due", "start": "x", "hours": "8", "minutes": "0", "kind": "support"}, "start"),
    ({"ask": "due", "start": "1850-01-01T00:00", "hours": "8", "minutes": "0",
      "kind": "support"}, "start"),
    ({"ask": "due", "start": "2026-01-05T09:00", "hours": "-1", "minutes": "0",
      "kind": "support"}, "hours"),
    ({"ask": "due", "start": "2026-01-05T09:00", "hours": "80000", "minutes": "0",
      "kind": "support"}, "hours"),
    ({"ask": "elapsed", "start": "2026-01-05T09:00", "end": "2026-01-04T09:00",
      "kind": "support"}, "end"),
], ids=str)  # fmt: skip
def test_a_bad_question_is_told_at_its_field(signed_in, office, asked, field):
    page = signed_in.get(office.get_absolute_url(), asked)

    assert page.status_code == 422
    assert Fields(page.text).bad == [field]


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["index", "new", "detail", "edit", "holidays"])
def test_each_page_speaks_both_languages(client, admin, office, name, locale):
    admin.locale = locale
    admin.save()
    client.force_login(admin)
    arguments = [] if name in {"index", "new"} else [office.code]

    page = client.get(reverse(f"calendars:{name}", args=arguments))

    assert page.status_code == 200
    assert f'lang="{"zh-Hans" if locale == "zh-hans" else "en"}"' in page.text
    if name not in {"new", "edit"}:  # they show names in both languages
        assert ("上海办公时间" in page.text) == (locale == "zh-hans")


# --- who --------------------------------------------------------------------------------------

PAGES = {
    "index": ("get", []), "detail": ("get", ["CN-OFFICE"]), "new": ("get", []),
    "edit": ("get", ["CN-OFFICE"]), "holidays": ("get", ["CN-OFFICE"]),
    "remove_year": ("post", ["CN-OFFICE", 2026]),
}  # fmt: skip
READ = {"index", "detail"}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["admin", "service_level_manager", "agent", "customer", None])
def test_who_may_open_what(client, request, office, name, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    method, arguments = PAGES[name]

    answer = getattr(client, method)(reverse(f"calendars:{name}", args=arguments))

    if who is None:
        assert answer.status_code == 302
        assert "sign-in" in answer["Location"]
    elif who in {"admin", "service_level_manager"}:
        assert answer.status_code == (302 if name == "remove_year" else 200)
    elif who == "agent":
        assert answer.status_code == (200 if name in READ else 403)
    else:
        assert answer.status_code == 403


def test_an_agent_sees_no_button_to_change(client, agent, office):
    client.force_login(agent)

    page = client.get(office.get_absolute_url())

    assert reverse("calendars:edit", args=[office.code]) not in page.text


def test_an_unknown_calendar_is_not_found(signed_in, office):
    assert signed_in.get(reverse("calendars:detail", args=["NONE"])).status_code == 404


# --- writing ----------------------------------------------------------------------------------


def test_a_calendar_is_made_from_the_form(signed_in, db):
    answer = signed_in.post(reverse("calendars:new"), NEW | {"support_4": "22:00-06:00"})

    calendar = Calendar.objects.get(code="UK-DESK")
    assert answer.status_code == 302
    assert answer["Location"] == calendar.get_absolute_url()
    weekly = current_version(calendar).frozen["support"]["weekly"]
    assert weekly["0"] == [["09:00", "17:30"]]
    assert (weekly["4"], weekly["5"]) == ([["22:00", "24:00"]], [["00:00", "06:00"]])


def test_a_form_sent_twice_makes_one_calendar(signed_in, db):
    sent = NEW | {"submit_token": "once"}

    first = signed_in.post(reverse("calendars:new"), sent)
    second = signed_in.post(reverse("calendars:new"), sent | {"code": "UK-DESK-2"})

    assert first["Location"] == second["Location"]
    assert Calendar.objects.count() == 1


@pytest.mark.parametrize(("change", "fields"), [
    ({"code": ""}, ["code"]),
    ({"code": "no good!"}, ["code"]),
    ({"code": "CN-OFFICE"}, ["code"]),
    ({"name_en": "", "name_zh": ""}, ["name_en"]),
    ({"time_zone": "Mars/Olympus"}, ["time_zone"]),
    ({"support_0": ""}, ["support_0"]),
    ({"support_3": "nine to five"}, ["support_3"]),
    ({"support_3": "09:00-12:00, 11:00-13:00"}, ["support_3"]),
    ({"support_3": "22:00-06:00", "support_4": "05:00-07:00"}, ["support_4"]),
    ({"is_24x7": "on", "uses_cn_holidays": "on"}, ["uses_cn_holidays"]),
    ({"name_en": "", "name_zh": "", "support_1": "x"}, ["name_en", "support_1"]),
], ids=str)  # fmt: skip
@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_a_bad_form_is_told_at_its_fields_and_keeps_what_was_typed(
    client, admin, office, change, fields, locale
):
    admin.locale = locale
    admin.save()
    client.force_login(admin)

    page = client.post(reverse("calendars:new"), NEW | change)

    assert page.status_code == 422
    assert sorted(Fields(page.text).bad) == sorted(fields)
    assert 'class="error-box"' in page.text
    assert NEW["support_0"] in page.text or "support_0" in change
    assert Calendar.objects.count() == 1


@pytest.mark.parametrize(("row", "field"), [
    ({"date": "2026-13-01", "name_en": "A"}, "date"),
    ({"date": "2026-11-20"}, "name_en"),
    ({"date": "2026-11-20", "name_en": "A", "kind": "special"}, "windows"),
    ({"date": "2026-11-20", "name_en": "A", "kind": "special", "windows": "22:00-06:00"},
     "windows"),
    ({"date": "2026-11-20", "name_en": "A", "kind": "party"}, "kind"),
    ({"name_en": "A day without a date"}, "date"),
], ids=str)  # fmt: skip
def test_a_bad_own_day_is_told_at_its_field(signed_in, office, row, field):
    sent = NEW | {"exceptions-TOTAL_FORMS": "1"} | exception_row(0, **row)

    page = signed_in.post(reverse("calendars:new"), sent)

    assert page.status_code == 422
    assert Fields(page.text).bad == [f"exceptions-0-{field}"]


def test_a_date_given_twice_is_told_at_the_second(signed_in, office):
    sent = NEW | {"exceptions-TOTAL_FORMS": "2"}
    for n in range(2):
        sent |= exception_row(n, date="2026-11-20", name_en="A")

    page = signed_in.post(reverse("calendars:new"), sent)

    assert Fields(page.text).bad == ["exceptions-1-date"]


def test_the_edit_form_sent_back_untouched_changes_no_hours(signed_in, office):
    actions.edit(office, by=None, exceptions=[
        {"date": date(2026, 11, 20), "kind": "special", "name_en": "A", "windows": OFFICE},
        {"date": date(2026, 11, 21), "kind": "makeup_workday", "name_en": "B", "as_weekday": 4},
        {"date": date(2026, 11, 22), "kind": "holiday", "name_en": "C"},
    ])  # fmt: skip
    address = reverse("calendars:edit", args=[office.code])
    before = current_version(office)

    answer = signed_in.post(address, Fields(signed_in.get(address).text).sent)

    assert answer.status_code == 302
    assert current_version(office) == before
    assert office.exceptions.own().count() == 3


def test_hours_and_days_are_changed_in_one_go(signed_in, office):
    address = reverse("calendars:edit", args=[office.code])
    before = current_version(office).number
    sent = Fields(signed_in.get(address).text).sent
    sent |= {"support_5": "10:00–12:00"} | exception_row(0, date="2026-11-20", name_zh="司庆日")

    signed_in.post(address, sent)

    version = current_version(office)
    assert version.number == before + 1
    assert version.frozen["support"]["weekly"]["5"] == [["10:00", "12:00"]]
    assert version.frozen["support"]["exceptions"]["2026-11-20"] == []


def test_an_own_day_is_taken_out(signed_in, office):
    actions.edit(office, by=None, exceptions=[
        {"date": date(2026, 11, 20), "kind": "holiday", "name_en": "A"}
    ])  # fmt: skip
    address = reverse("calendars:edit", args=[office.code])
    sent = Fields(signed_in.get(address).text).sent | {"exceptions-0-DELETE": "on"}

    signed_in.post(address, sent)

    assert not office.exceptions.own().exists()


def test_the_later_of_two_editors_is_told_and_nothing_is_overwritten(signed_in, office):
    address = reverse("calendars:edit", args=[office.code])
    sent = Fields(signed_in.get(address).text).sent | {"name_en": "Mine"}
    actions.edit(office, by=None, name_en="Theirs")

    page = signed_in.post(address, sent)

    office.refresh_from_db()
    assert page.status_code == 409
    assert "Mine" in page.text
    assert office.name_en == "Theirs"


def test_a_year_is_loaded_and_taken_out_again(signed_in, office):
    address = reverse("calendars:holidays", args=[office.code])

    signed_in.post(address, {"year": "2025"})
    loaded = office.exceptions.filter(date__year=2025).count()
    signed_in.post(reverse("calendars:remove_year", args=[office.code, 2025]))

    assert loaded > 20
    assert not office.exceptions.filter(date__year=2025).exists()


def test_a_year_that_is_not_known_is_refused_with_the_way_out(signed_in, office):
    answer = signed_in.post(reverse("calendars:holidays", args=[office.code]), {"year": "2031"})

    assert answer.status_code == 409
    assert "2031" in answer.text


def test_years_are_loaded_from_a_file(signed_in, office):
    file = SimpleUploadedFile(
        "2027.csv", "date,kind,name_en,name_zh\n2027-01-01,holiday,,元旦\n".encode()
    )
    address = reverse("calendars:holidays", args=[office.code])

    answer = signed_in.post(address, {"from_file": "1", "file": file})

    assert answer.status_code == 302
    assert office.exceptions.get(date=date(2027, 1, 1)).name_zh == "元旦"


@pytest.mark.parametrize("content", [
    b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"date,kind,name_en,name_zh\n2027-01-01,party,A,\n",
    b"date,kind,name_en,name_zh\n2027-01-01\n", b"x" * (1024 * 1024 + 1),
    b"date,kind,name_en,name_zh\n" + b'"' + b"y" * 200_000 + b'"',
    b"date,kind,name_en,name_zh\n2027-01-01,holiday,A\x00B,\n",
    b"date,kind,name_en,name_zh\n9999-12-31,holiday,A,\n",
], ids=["empty", "binary", "columns", "kind", "short", "large", "long field", "nul", "year"])  # fmt: skip
def test_a_bad_file_is_told_at_its_field_and_not_loaded(signed_in, office, content):
    before = current_version(office)
    address = reverse("calendars:holidays", args=[office.code])

    page = signed_in.post(
        address, {"from_file": "1", "file": SimpleUploadedFile("days.csv", content)}
    )

    assert page.status_code == 422
    assert Fields(page.text).bad == ["file"]
    assert current_version(office) == before

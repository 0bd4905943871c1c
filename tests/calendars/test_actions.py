from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from calendars import actions, horizon, official
from calendars.models import Calendar, CalendarException, CalendarVersion, CalendarWindow
from calendars.timetables import current_version, timetable
from core.errors import Refused, Stale
from core.models import AuditEntry, Message
from tests.calendars.conftest import OFFICE, WEEKDAYS

HOUR = 3600
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOLIDAY = {"kind": "holiday", "name_en": "Founding day", "name_zh": "司庆日"}


def at(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


def numbers(calendar):
    return list(calendar.versions.order_by("number").values_list("number", flat=True))


# --- versions ---------------------------------------------------------------------------------


def test_a_new_calendar_has_its_first_version_and_says_so(db):
    calendar = actions.create_calendar(
        by=None, code="UK", name_en="London office", time_zone="Europe/London",
        hours={"support": {"0": [["09:00", "17:30"]]}},
    )  # fmt: skip

    version = calendar.versions.get()
    assert version.number == 1
    assert version.frozen["support"]["weekly"]["0"] == [["09:00", "17:30"]]
    message = Message.objects.get(verb="calendar.changed")
    assert message.payload == {"calendar_id": calendar.pk, "version_id": version.pk}


def test_one_kind_of_hours_serves_for_both(office):
    frozen = current_version(office).frozen

    assert frozen["service"] == frozen["support"]


def test_both_kinds_of_hours_are_kept_apart(office):
    actions.edit(office, by=None, hours={"support": WEEKDAYS, "service": {"6": OFFICE}})

    frozen = current_version(office).frozen
    assert frozen["service"]["weekly"]["6"] == OFFICE
    assert frozen["service"]["weekly"]["0"] == []
    assert frozen["support"]["weekly"]["0"] == OFFICE


@pytest.mark.parametrize("change", [
    {},
    {"hours": {"support": WEEKDAYS}},
    {"name_en": "Another name", "name_zh": ""},
    {"is_active": False},
    {"exceptions": []},
], ids=str)  # fmt: skip
def test_what_leaves_the_hours_alone_makes_no_version_and_says_nothing(office, change):
    before, messages = numbers(office), Message.objects.count()

    actions.edit(office, by=None, **change)

    assert numbers(office) == before
    assert Message.objects.count() == messages


@pytest.mark.parametrize("change", [
    {"hours": {"support": WEEKDAYS | {"5": [["09:00", "12:00"]]}}},
    {"time_zone": "Asia/Tokyo"},
    {"exceptions": [HOLIDAY | {"date": date(2026, 11, 20)}]},
    {"uses_cn_holidays": False},
    {"is_24x7": True, "uses_cn_holidays": False},
], ids=str)  # fmt: skip
def test_what_changes_the_hours_makes_one_version_and_says_so_once(office, change):
    before, messages = numbers(office), Message.objects.count()

    actions.edit(office, by=None, **change)

    assert numbers(office) == [*before, before[-1] + 1]
    assert Message.objects.count() == messages + 1


def test_an_untouched_window_is_not_written_again(office):
    before = set(office.windows.values_list("pk", flat=True))

    actions.edit(office, by=None, hours={"support": WEEKDAYS | {"5": [["09:00", "12:00"]]}})

    assert before < set(office.windows.values_list("pk", flat=True))


def test_the_version_at_an_instant_is_the_one_that_was_in_force(office):
    first = current_version(office)
    actions.edit(office, by=None, time_zone="Asia/Tokyo", at=datetime(2021, 6, 1, tzinfo=UTC))

    second = current_version(office)

    of = CalendarVersion.objects
    assert of.at(office, datetime(2021, 6, 1, tzinfo=UTC)) == second
    assert of.at(office, datetime(2021, 6, 1, tzinfo=UTC) - timedelta(seconds=1)) == first
    assert of.at(office, datetime(2010, 1, 1, tzinfo=UTC)).number == 1, "nothing older is known"


def test_versions_never_go_back_in_time(office):
    actions.edit(office, by=None, time_zone="Asia/Tokyo", at=datetime(2021, 6, 1, tzinfo=UTC))
    actions.edit(office, by=None, time_zone="Asia/Seoul", at=datetime(2021, 5, 1, tzinfo=UTC))

    last = current_version(office)

    assert last.frozen["support"]["zone"] == "Asia/Seoul"
    assert last.effective_from == datetime(2021, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("sql", [
    "UPDATE calendars_calendarversion SET number = 99",
    "UPDATE calendars_calendarversion SET frozen = '{}'",
    "DELETE FROM calendars_calendarversion",
])  # fmt: skip
def test_the_database_refuses_to_touch_a_version(office, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", [
    "UPDATE calendars_calendar SET code = 'OTHER'",
    "DELETE FROM calendars_calendar",
])  # fmt: skip
def test_the_database_keeps_the_code_and_the_calendar(round_the_clock, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_list_knows_each_current_version_in_one_query(
    office, round_the_clock, django_assert_num_queries
):
    with django_assert_num_queries(1):
        found = {c.code: c.current_version_id for c in Calendar.objects.with_current_version()}

    assert found == {c.code: current_version(c).pk for c in (office, round_the_clock)}


def test_a_timetable_is_read_once_and_may_be_read_in_another_zone(
    office, django_assert_num_queries
):
    version = current_version(office)
    here = timetable(version.pk)

    with django_assert_num_queries(0):
        again = timetable(version.pk)
    there = timetable(version.pk, zone="Europe/London")

    assert again is here
    monday = datetime(2026, 10, 12, tzinfo=UTC)
    assert here.next_opening(monday) == at(2026, 10, 12, 9)
    assert there.next_opening(monday) == datetime(2026, 10, 12, 9, tzinfo=ZoneInfo("Europe/London"))


# --- rules of the rows ------------------------------------------------------------------------


def test_windows_that_overlap_are_refused_in_words(office):
    overlapping = {"support": {"0": [["09:00", "12:00"], ["11:00", "13:00"]]}}

    with pytest.raises(ValidationError, match="overlap"):
        actions.edit(office, by=None, hours=overlapping)


def test_windows_that_overlap_are_refused_by_the_database(office):
    with pytest.raises(IntegrityError):
        CalendarWindow.objects.create(
            calendar=office, kind="support", weekday=0, start_minute=700, end_minute=730
        )


@pytest.mark.parametrize(("start", "end"), [(600, 600), (700, 600), (1400, 1441)])
def test_a_window_without_length_or_beyond_the_day_is_refused_by_the_database(office, start, end):
    with pytest.raises(DatabaseError):
        CalendarWindow.objects.create(
            calendar=office, kind="support", weekday=6, start_minute=start, end_minute=end
        )


@pytest.mark.parametrize("fields", [
    {"kind": "holiday", "as_weekday": 0},
    {"kind": "makeup_workday"},
    {"kind": "makeup_workday", "as_weekday": 7},
    {"kind": "special"},
    {"kind": "holiday", "windows": [["09:00", "10:00"]]},
    {"kind": "holiday", "name_en": ""},
], ids=str)  # fmt: skip
def test_an_exception_that_contradicts_itself_is_refused_by_the_database(office, fields):
    with pytest.raises(IntegrityError):
        CalendarException.objects.create(
            **{"calendar": office, "date": date(2026, 11, 20), "name_en": "Day"} | fields
        )


@pytest.mark.parametrize("fields", [
    {"time_zone": "Mars/Olympus"},
    {"name_en": "", "name_zh": ""},
    {"is_24x7": True},
    {"hours": {"support": {}}},
    {"exceptions": [{"date": date(2026, 11, 20), "kind": "makeup_workday", "name_en": "A"}]},
    {"exceptions": [{"date": date(2026, 11, 20), "kind": "special", "name_en": "A",
                     "windows": [["12:00", "09:00"]]}]},
    {"exceptions": [HOLIDAY | {"date": date(2026, 11, 20)}] * 2},
], ids=str)  # fmt: skip
def test_what_makes_no_calendar_is_refused_and_leaves_it_as_it_was(office, fields):
    before = numbers(office)

    with pytest.raises(ValidationError):
        actions.edit(office, by=None, **fields)

    assert numbers(office) == before


def test_special_hours_replace_those_of_the_day(office):
    special = {"kind": "special", "name_en": "Stocktaking", "windows": [["10:00", "11:00"]]}

    actions.edit(office, by=None, exceptions=[special | {"date": date(2026, 11, 20)}])

    table = timetable(current_version(office).pk)
    assert table.between(at(2026, 11, 20), at(2026, 11, 21)) == HOUR


# --- who, and together ------------------------------------------------------------------------


def test_only_administrators_and_the_service_level_manager_may_change(
    office, admin, service_level_manager, agent
):
    actions.edit(office, by=admin, name_en="A")
    actions.edit(office, by=service_level_manager, name_en="B")

    with pytest.raises(PermissionDenied):
        actions.edit(office, by=agent, name_en="C")
    with pytest.raises(PermissionDenied):
        actions.load_cn_holidays(office, 2025, agent)
    with pytest.raises(PermissionDenied):
        actions.create_calendar(by=agent, code="X", name_en="X", time_zone="UTC", is_24x7=True)


def test_who_changed_the_hours_is_in_the_audit_and_on_the_version(office, admin):
    actions.edit(office, by=admin, time_zone="Asia/Tokyo")

    entry = AuditEntry.objects.filter(table_name="calendars_calendar", action="update").latest("pk")
    assert entry.actor_id == admin.pk
    assert entry.after["time_zone"] == "Asia/Tokyo"
    assert current_version(office).made_by == str(admin)


def test_the_second_of_two_editors_is_told(office):
    seen = office.revision
    actions.edit(office, by=None, name_en="First", seen=seen)

    with pytest.raises(Stale):
        actions.edit(office, by=None, name_en="Second", seen=seen)

    office.refresh_from_db()
    assert office.name_en == "First"


# --- the official calendar --------------------------------------------------------------------


@pytest.mark.feature("LA-05", "SL-06")
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_the_official_calendar_is_as_the_package_says(office, year):
    if year != 2026:
        actions.load_cn_holidays(office, year, None)
    table = timetable(current_version(office).pk)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year == 2024))]

    worked = {day: table.between(at(day.year, day.month, day.day), at(*_next(day))) for day in days}

    assert worked == {
        day: int(7.5 * HOUR) if chinese_calendar.is_workday(day) else 0 for day in days
    }
    assert len(worked) == len(days)


def _next(day):
    following = day + timedelta(days=1)
    return following.year, following.month, following.day


@pytest.mark.feature("D4", "LA-05")
def test_eight_hours_opened_before_a_worked_saturday_end_on_that_saturday(office):
    friday = at(2026, 10, 9, 16)

    due = timetable(current_version(office).pk).add(friday, 8 * HOUR)
    actions.remove_year(office, 2026, None)
    plain = timetable(current_version(office).pk).add(friday, 8 * HOUR)

    assert due == at(2026, 10, 10, 16, 30)
    assert plain == at(2026, 10, 12, 16, 30)


def test_loading_a_year_twice_changes_nothing(office):
    before = numbers(office), list(office.exceptions.values_list("pk", flat=True))

    actions.load_cn_holidays(office, 2026, None)

    assert (numbers(office), list(office.exceptions.values_list("pk", flat=True))) == before


def test_official_days_speak_both_languages(office):
    day = office.exceptions.get(date=date(2026, 10, 10))

    assert day.name_in("en") == "Make-up working day (National Day)"
    assert day.name_in("zh-hans") == "调休上班（国庆节）"
    names = CalendarException.objects.values_list("name_zh", flat=True)
    assert all(names), "each official day has a Chinese name"


def test_each_name_in_the_package_is_translated():
    for year in official.known_years():
        assert all(day.name_zh for day in official.days_of(year))


def test_an_own_day_rules_over_the_official_one_and_gives_way_when_it_goes(office):
    duty = {"kind": "special", "name_en": "Duty", "windows": [["10:00", "12:00"]]}
    day = at(2026, 10, 1), at(2026, 10, 2)

    actions.edit(office, by=None, exceptions=[duty | {"date": date(2026, 10, 1)}])
    on_duty = timetable(current_version(office).pk).between(*day)
    actions.load_cn_holidays(office, 2026, None)
    still = timetable(current_version(office).pk).between(*day)
    actions.edit(office, by=None, exceptions=[])
    closed = timetable(current_version(office).pk).between(*day)

    assert (on_duty, still, closed) == (2 * HOUR, 2 * HOUR, 0)


def test_a_year_without_data_is_refused_and_not_guessed(office):
    with pytest.raises(Refused, match="2031"):
        actions.load_cn_holidays(office, 2031, None)

    assert [calendar.code for calendar in horizon.lacking(2031)] == ["CN-OFFICE"]
    assert list(horizon.lacking(2026)) == []


def test_the_horizon_warns_sixty_days_before_a_year_without_data(office):
    november = datetime(2026, 11, 10, tzinfo=UTC)

    assert horizon.warnings(datetime(2026, 10, 1, tzinfo=UTC)) == []
    assert horizon.warnings(november) == [(2027, [office])]


def test_a_calendar_that_begins_to_follow_has_the_years_around_now(db):
    calendar = actions.create_calendar(
        by=None, code="CN", name_zh="工作日", time_zone="Asia/Shanghai", uses_cn_holidays=True,
        hours={"support": WEEKDAYS}, at=datetime(2025, 6, 1, tzinfo=UTC),
    )  # fmt: skip

    loaded = {day.year for day in calendar.exceptions.values_list("date", flat=True)}
    assert loaded == {2024, 2025, 2026}


def test_a_calendar_around_the_clock_takes_no_holidays(round_the_clock):
    with pytest.raises(Refused):
        actions.load_cn_holidays(round_the_clock, 2026, None)


# --- the command ------------------------------------------------------------------------------


def test_the_command_loads_several_years_into_those_that_follow(office, round_the_clock, capsys):
    call_command("load_cn_holidays", "2024", "2025")

    assert capsys.readouterr().out.splitlines() == [
        f"CN-OFFICE 2024: {len(official.days_of(2024))} days",
        f"CN-OFFICE 2025: {len(official.days_of(2025))} days",
    ]


@pytest.mark.parametrize(("arguments", "said"), [
    (["2031"], "2031"),
    ([], "which year"),
    (["2026", "--calendar", "NONE"], "NONE"),
    (["--file", "/does/not/exist.csv"], "cannot be read"),
])  # fmt: skip
def test_the_command_refuses_clearly(office, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("load_cn_holidays", *arguments)


def test_one_unknown_year_loads_nothing_at_all(office):
    before = numbers(office)

    with pytest.raises(CommandError):
        call_command("load_cn_holidays", "2025", "2031")

    assert numbers(office) == before


@pytest.mark.feature("LA-05")
def test_a_new_year_is_loaded_from_a_file_before_the_package_knows_it(office, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text(
        "date,kind,name_en,name_zh\n"
        "2027-01-01,holiday,New Year's Day,元旦\n"
        "2027-01-03,makeup_workday,,调休上班\n",
        encoding="utf-8-sig",
    )

    call_command("load_cn_holidays", "--file", str(file))

    table = timetable(current_version(office).pk)
    assert not table.is_open(at(2027, 1, 1, 10))
    assert table.is_open(at(2027, 1, 3, 10)), "a Sunday that is worked"
    assert list(horizon.lacking(2027)) == []


def test_a_bad_file_is_told_line_by_line_and_not_loaded(office, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text(
        "date,kind,name_en,name_zh\n"
        "2027-01-01,holiday,New Year,\n"
        "2027-13-01,holiday,A,\n"
        "2027-01-02,party,A,\n"
        "2027-01-01,holiday,Again,\n"
        "2027-01-04,holiday,,\n"
    )
    before = numbers(office)

    with pytest.raises(CommandError) as error:
        call_command("load_cn_holidays", "--file", str(file))

    assert [line.split(":")[0].strip() for line in str(error.value).splitlines()[1:]] == [
        "line 3, date", "line 4, kind", "line 5, date", "line 6, name_en",
    ]  # fmt: skip
    assert numbers(office) == before

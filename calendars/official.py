"""The official calendar of mainland China: holidays and make-up working days of a year, from the
chinesecalendar package, or from a file for a year that the package does not know yet."""

import csv
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from chinese_calendar import constants
from django.utils.translation import gettext as _

from calendars.models import CalendarException

HOLIDAY = CalendarException.Type.HOLIDAY.value
MAKEUP_WORKDAY = CalendarException.Type.MAKEUP_WORKDAY.value
FIRST_YEAR, LAST_YEAR = 2000, 2100
COLUMNS = ["date", "kind", "name_en", "name_zh"]
CHINESE = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}


class OfficialDay(NamedTuple):
    date: date
    kind: str
    name_en: str
    name_zh: str


class UnknownYear(LookupError):
    """Neither the package nor a file has said anything about this year."""

    def __init__(self, year):
        self.year = year
        super().__init__(f"no official days are known for {year}")


class BadFile(ValueError):
    """A file of official days that cannot be taken; `problems` are (line, column, reason)."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("; ".join(f"line {n}, {column}: {why}" for n, column, why in problems))


def known_years() -> range:
    return range(min(constants.holidays).year, max(constants.holidays).year + 1)


def days_of(year: int) -> list[OfficialDay]:
    """The holidays and make-up working days of a year, in order. Raises UnknownYear."""
    if year not in known_years():
        raise UnknownYear(year)
    days = [
        OfficialDay(day, HOLIDAY, name, CHINESE.get(name, ""))
        for day, name in constants.holidays.items()
        if day.year == year
    ]
    days += [
        OfficialDay(
            day,
            MAKEUP_WORKDAY,
            f"Make-up working day ({name})",
            f"调休上班（{CHINESE.get(name, name)}）",
        )
        for day, name in constants.workdays.items()
        if day.year == year
    ]
    return sorted(days)


def read_csv(lines: Iterable[str]) -> dict[int, list[OfficialDay]]:
    """Official days by year from CSV text with the columns date, kind, name_en, name_zh.

    All of it or nothing: raises BadFile with every problem found, by line and column.
    """
    rows = csv.DictReader(lines)
    days: dict[date, OfficialDay] = {}
    problems = []
    try:
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or [])]
        problems += [(1, column, _("the column is missing")) for column in missing]
        for row in rows if not missing else ():
            day, found = _day(row, rows.line_num)
            problems += found
            if day and day.date in days:
                problems.append((rows.line_num, "date", _("the date comes twice")))
            elif day:
                days[day.date] = day
    except csv.Error:
        problems.append((rows.line_num, "date", _("the line is no CSV")))
    if not days and not problems:
        problems.append((1, "date", _("the file holds no days")))
    if problems:
        raise BadFile(problems)
    by_year: dict[int, list[OfficialDay]] = {}
    for day in sorted(days.values()):
        by_year.setdefault(day.date.year, []).append(day)
    return by_year


def _day(row, line):
    """(the day or None, what is wrong with the row)"""
    value = {column: (row[column] or "").strip() for column in COLUMNS}
    names = value["name_en"], value["name_zh"]
    on = _date(value["date"])
    problems = []
    if on is None:
        problems.append(
            (
                line,
                "date",
                _("“%(text)s” is no date like 2027-01-01") % {"text": value["date"][:40]},
            )
        )
    elif not FIRST_YEAR <= on.year <= LAST_YEAR:
        problems.append((line, "date", _("the year is out of range")))
    if value["kind"] not in (HOLIDAY, MAKEUP_WORKDAY):
        problems.append((line, "kind", _("the kind is neither holiday nor makeup_workday")))
    if not any(names):
        problems.append((line, "name_en", _("a name in at least one language is needed")))
    problems += [
        (line, column, _("the name is too long or holds control characters"))
        for column in ("name_en", "name_zh")
        if len(value[column]) > 200 or not value[column].isprintable()
    ]
    if problems:
        return None, problems
    return OfficialDay(on, value["kind"], *names), []


def _date(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

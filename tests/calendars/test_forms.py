import pytest
from django.core.exceptions import ValidationError

from calendars.forms import hours_text, parse_hours


@pytest.mark.parametrize(("text", "windows"), [
    ("", []),
    ("09:00–12:00, 13:30–18:00", [(540, 720), (810, 1080)]),
    ("9:00-12:00", [(540, 720)]),
    ("09：00 至 12：00，13：30～18：00", [(540, 720), (810, 1080)]),
    ("13:30-18:00; 09:00-12:00", [(540, 720), (810, 1080)]),
    ("09:00-12:00,12:00-13:00", [(540, 720), (720, 780)]),
    ("00:00-24:00", [(0, 1440)]),
    ("22:00-06:00", [(1320, 1800)]),
])  # fmt: skip
def test_hours_are_read_as_people_write_them(text, windows):
    assert parse_hours(text) == windows


@pytest.mark.parametrize("text", [
    "nine to five", "09:00", "09:00-", "25:00-26:00", "09:60-10:00", "09:00-09:00",
    "09:00-12:00, 11:00-13:00", "22:00-06:00, 23:00-24:00", "09:00-10:00-11:00", "٠٩:00-10:00",
])  # fmt: skip
def test_what_are_no_hours_is_refused(text):
    with pytest.raises(ValidationError):
        parse_hours(text)


def test_text_and_hours_are_each_others_reverse():
    text = "09:00–12:00, 13:30–24:00"

    assert hours_text([["09:00", "12:00"], ["13:30", "24:00"]]) == text
    assert parse_hours(text) == [(540, 720), (810, 1440)]

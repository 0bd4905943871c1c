"""The form of an offering as data: what it asks, when it asks it, and what counts as an answer.

Pure: no database, no request. A form is a list of JSON objects; `read` makes Questions of it. The
rules: a question under a hidden question is hidden; the answer of a hidden question is dropped;
what must be answered must be answered only where it is shown.
"""

import re
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.text import without_nul

TEXT, LONG_TEXT, CHOICE, CHOICES = "text", "long_text", "choice", "choices"
YES_NO, NUMBER, DATE, FILE = "yes_no", "number", "date", "file"
PERSON, SERVICE, CI = "person", "service", "ci"
TYPES = {
    TEXT: gettext_lazy("Short text"),
    LONG_TEXT: gettext_lazy("Long text"),
    CHOICE: gettext_lazy("One of several"),
    CHOICES: gettext_lazy("Several of several"),
    YES_NO: gettext_lazy("Yes or no"),
    NUMBER: pgettext_lazy("question", "Number"),
    DATE: gettext_lazy("Date"),
    PERSON: gettext_lazy("Person"),
    SERVICE: pgettext_lazy("question", "Service"),
    CI: gettext_lazy("Own device"),
    FILE: gettext_lazy("Files"),
}
WITH_OPTIONS = {CHOICE, CHOICES}
# What a condition may ask about by value.
WITH_VALUES = {CHOICE, CHOICES, YES_NO}
LOOKED_UP = {PERSON, SERVICE, CI, FILE}
IS, IS_NOT, ANSWERED, NOT_ANSWERED = "is", "is_not", "answered", "not_answered"
TESTS = {
    IS: gettext_lazy("is one of"),
    IS_NOT: gettext_lazy("is none of"),
    ANSWERED: gettext_lazy("is answered"),
    NOT_ANSWERED: gettext_lazy("is not answered"),
}
YES, NO = "yes", "no"
YES_NO_WORDS = {YES: {"en": "Yes", "zh": "是"}, NO: {"en": "No", "zh": "否"}}
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_QUESTIONS, MOST_OPTIONS = 60, 60
LONGEST = {TEXT: 200, LONG_TEXT: 5000}
LONGEST_FOR_PATTERN = 200
# Stands in where no day matters: a form that is only looked at.
EPOCH = date(2000, 1, 1)
MOST_DIGITS = 15


@dataclass(frozen=True)
class Option:
    value: str
    label_en: str = ""
    label_zh: str = ""
    price: str = ""

    def label(self, language):
        first, second = self.label_en, self.label_zh
        if language == "zh":
            first, second = second, first
        return first or second or self.value


@dataclass(frozen=True)
class Condition:
    """Shown where another question has, or has not, one of these answers."""

    field: str
    test: str = IS
    values: tuple = ()


@dataclass(frozen=True)
class Question:
    """`least` and `most`: of a number its bounds, of a text its length, of a date days from today."""

    key: str
    type: str = TEXT
    label_en: str = ""
    label_zh: str = ""
    help_en: str = ""
    help_zh: str = ""
    is_required: bool = False
    options: tuple = ()
    least: str = ""
    most: str = ""
    pattern: str = ""
    default: str = ""
    show_if: Condition | None = None

    def label(self, language):
        first, second = self.label_en, self.label_zh
        if language == "zh":
            first, second = second, first
        return first or second or self.key

    def help(self, language):
        first, second = self.help_en, self.help_zh
        if language == "zh":
            first, second = second, first
        return first or second

    @property
    def option_values(self):
        return [YES, NO] if self.type == YES_NO else [option.value for option in self.options]


# --- stored and read ----------------------------------------------------------------------------


def read(stored):
    """Questions of a stored form. Unknown names are left out, so that old forms stay readable."""
    found = []
    for row in stored or []:
        known = {name: row[name] for name in Question.__dataclass_fields__ if name in row}
        known["options"] = tuple(
            Option(**{name: one.get(name, "") for name in Option.__dataclass_fields__})
            for one in row.get("options") or ()
        )
        condition = row.get("show_if")
        known["show_if"] = (
            Condition(condition["field"], condition.get("test", IS), tuple(condition["values"]))
            if condition
            else None
        )
        found.append(Question(**known))
    return found


def write(questions):
    """The questions as JSON."""
    found = []
    for question in questions:
        row = asdict(question)
        row["options"] = [asdict(option) for option in question.options]
        if question.show_if is not None:
            row["show_if"] = asdict(question.show_if) | {"values": list(question.show_if.values)}
        found.append(row)
    return found


# --- what is asked ------------------------------------------------------------------------------


def shown(questions, answers):
    """Keys of the questions that are asked, given raw answers {key: text or list}, in order."""
    by_key = {question.key: question for question in questions}
    known = {}

    def is_shown(key, below=()):
        if key not in known:
            condition = by_key[key].show_if
            if condition is None:
                known[key] = True
            elif condition.field not in by_key or condition.field in {key, *below}:
                return False  # a form that `check` refuses: nobody knows when to ask it
            else:
                known[key] = is_shown(condition.field, (*below, key)) and holds(
                    condition, answers.get(condition.field)
                )
        return known[key]

    return [question.key for question in questions if is_shown(question.key)]


def holds(condition, raw):
    """Whether an answer of a question that is asked fulfils the condition."""
    given = [one for one in (raw if isinstance(raw, list | tuple) else [raw]) if one]
    if condition.test == ANSWERED:
        return bool(given)
    if condition.test == NOT_ANSWERED:
        return not given
    has_one = bool(set(given) & set(condition.values))
    return has_one if condition.test == IS else not has_one


# --- what is answered ---------------------------------------------------------------------------


def clean(question, raw, *, today=None):
    """The value that is kept for a raw answer: text, list of texts, or None for no answer.

    Persons, services, devices and files are looked up by whoever asks, not here.
    Raises ValidationError in words.
    """
    if question.type == CHOICES:
        return _clean_choices(question, raw)
    text = without_nul(str(raw or "")).strip()
    if not text:
        if question.is_required:
            raise ValidationError(_("Please answer this."), code="required")
        return None
    return CLEANERS[question.type](question, text, today or EPOCH)


def _clean_choices(question, raw):
    given = raw if isinstance(raw, list | tuple) else [raw] if raw else []
    given = {str(one) for one in given if one}
    if given - set(question.option_values):
        raise ValidationError(_("Choose among the answers."))
    if not given:
        if question.is_required:
            raise ValidationError(_("Choose at least one."), code="required")
        return None
    return [value for value in question.option_values if value in given]


def _clean_text(question, text, _today):
    longest = min(int(question.most or LONGEST[question.type]), LONGEST[question.type])
    if question.type == TEXT:
        text = " ".join(text.split())
    if len(text) > longest:
        raise ValidationError(
            _("At most %(most)d characters; these are %(count)d."),
            params={"most": longest, "count": len(text)},
        )
    if question.least and len(text) < int(question.least):
        raise ValidationError(_("At least %(least)s characters."), params={"least": question.least})
    if question.pattern:
        is_long = len(text) > LONGEST_FOR_PATTERN
        if is_long or not re.fullmatch(question.pattern, text):
            raise ValidationError(_("This does not look as it should. See the example below it."))
    return text


def _clean_choice(question, text, _today):
    if text not in question.option_values:
        raise ValidationError(_("Choose among the answers."))
    return text


def _clean_number(question, text, _today):
    number = number_of(text)
    if number is None:
        raise ValidationError(_("Write a number."))
    if question.least and number < Decimal(question.least):
        raise ValidationError(_("At least %(least)s."), params={"least": question.least})
    if question.most and number > Decimal(question.most):
        raise ValidationError(_("At most %(most)s."), params={"most": question.most})
    return plain(number)


def _clean_date(question, text, today):
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Give a day, such as 2026-10-08.")) from None
    for name, words in (
        ("least", _("Not before %(day)s.")), ("most", _("Not after %(day)s.")),
    ):  # fmt: skip
        if not getattr(question, name):
            continue
        bound = today + timedelta(days=int(getattr(question, name)))
        if (day < bound) if name == "least" else (day > bound):
            raise ValidationError(words, params={"day": bound.isoformat()})
    return day.isoformat()


CLEANERS = {
    TEXT: _clean_text, LONG_TEXT: _clean_text, CHOICE: _clean_choice, YES_NO: _clean_choice,
    NUMBER: _clean_number, DATE: _clean_date,
}  # fmt: skip


def number_of(text):
    try:
        number = Decimal(str(text).strip().replace("，", "").replace(",", ""))
    except InvalidOperation:
        return None
    too_long = not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS
    return None if too_long or abs(number.adjusted()) > MOST_DIGITS else number


def plain(number):
    """A number as it is written: no exponent, no zeros at the end."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


# --- what is kept -------------------------------------------------------------------------------


def kept(question, value, text=""):
    """An answer as it is stored: its value, and its words in both languages as they were then."""
    return {"value": value, "en": text or words(question, value, "en"),
            "zh": text or words(question, value, "zh")}  # fmt: skip


def words(question, value, language):
    """A value as people read it."""
    if value is None:
        return ""
    if question.type == YES_NO:
        return YES_NO_WORDS[value][language]
    if question.type in WITH_OPTIONS:
        labels = {option.value: option.label(language) for option in question.options}
        given = value if isinstance(value, list) else [value]
        return ("、" if language == "zh" else ", ").join(labels.get(one, one) for one in given)
    return str(value)


def surcharge(questions, values):
    """What the chosen answers cost on top of the price: a sum over {key: value}."""
    total = Decimal(0)
    for question in questions:
        given = values.get(question.key)
        given = given if isinstance(given, list) else [given]
        for option in question.options:
            if option.price and option.value in given:
                total += Decimal(option.price)
    return total


@dataclass(frozen=True)
class Given:
    """One answer of an old request, beside the question as it was asked then."""

    label: str
    text: str
    is_long: bool = False
    files: list = field(default_factory=list)


def given(questions, stored, language):
    """[Given] of a stored request, in the order of its form."""
    return [
        Given(
            question.label(language),
            stored[question.key].get(language) or stored[question.key].get("en") or "",
            question.type == LONG_TEXT,
        )
        for question in questions
        if question.key in stored
    ]

"""Whether a form may be put before people: what is wrong with it, and at which of its inputs. Pure."""

import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from servicedesk.catalogue import schema


@dataclass(frozen=True)
class Problem:
    """What is wrong with a form: at which question (its place), at which of its inputs."""

    place: int
    name: str
    text: str


def check(questions):
    """[Problem]: what must be mended before people may be asked this; [] where all is well."""
    problems = []
    if len(questions) > schema.MOST_QUESTIONS:
        text = _("A form asks at most %(most)d questions.") % {"most": schema.MOST_QUESTIONS}
        problems.append(Problem(schema.MOST_QUESTIONS, "label_en", text))
    keys = [question.key for question in questions]
    by_key = {question.key: question for question in questions}
    for place, question in enumerate(questions):
        for name, text in _wrong(question, keys, by_key):
            problems.append(Problem(place, name, text))
    problems += [
        Problem(keys.index(key), "show_if", _("These conditions run in a circle."))
        for key in circles(questions)
    ]
    return problems


def _wrong(question, keys, by_key):
    if not schema.KEY.fullmatch(question.key) or keys.count(question.key) > 1:
        yield "key", _("The name must be unique: small letters, digits and _.")
    if question.type not in schema.TYPES:
        yield "type", _("This kind of question is not known.")
        return
    if not (question.label_en.strip() or question.label_zh.strip()):
        yield "label_en", _("Write the question in at least one language.")
    if question.type in schema.WITH_OPTIONS:
        yield from _wrong_options(question)
    yield from _wrong_bounds(question)
    if question.pattern:
        try:
            re.compile(question.pattern)
        except re.error:
            yield "pattern", _("This is no regular expression.")
    if question.show_if is not None:
        yield from _wrong_condition(question, by_key)
    if question.default and question.type not in schema.LOOKED_UP:
        try:
            schema.clean(replace(question, show_if=None, least="", most=""), _as_raw(question))
        except ValidationError:
            yield "default", _("This answer would not be taken.")


def _as_raw(question):
    return [question.default] if question.type == schema.CHOICES else question.default


def _wrong_options(question):
    values = [option.value for option in question.options]
    if not values:
        yield "options", _("Give at least one answer to choose.")
    if len(values) > schema.MOST_OPTIONS:
        yield "options", _("At most %(most)d answers.") % {"most": schema.MOST_OPTIONS}
    if len(set(values)) != len(values) or not all(values):
        yield "options", _("Two answers are called the same.")
    for option in question.options:
        if not (option.label_en.strip() or option.label_zh.strip()):
            yield "options", _("Write each answer in at least one language.")
        if option.price and schema.number_of(option.price) is None:
            yield "options", _("“%(text)s” is no amount.") % {"text": option.price}


def _wrong_bounds(question):
    bounds = {}
    for name in ("least", "most"):
        text = getattr(question, name)
        if not text:
            continue
        bounds[name] = schema.number_of(text)
        is_whole = question.type != schema.NUMBER
        if bounds[name] is None or (is_whole and bounds[name] != int(bounds[name])):
            yield name, _("Write a number.")
            bounds[name] = None
    if None not in (bounds.get("least"), bounds.get("most")) and bounds["least"] > bounds["most"]:
        yield "most", _("This is less than the least.")


def _wrong_condition(question, by_key):
    condition, asked = question.show_if, by_key.get(question.show_if.field)
    if asked is None:
        yield "show_if", _("The question that this depends on is not there.")
    elif asked.key == question.key:
        yield "show_if", _("A question cannot depend on itself.")
    elif condition.test in {schema.IS, schema.IS_NOT}:
        if asked.type not in schema.WITH_VALUES:
            yield "show_if", _("Only questions with given answers can be compared.")
        elif not condition.values:
            yield "show_if", _("Choose at least one answer.")
        elif set(condition.values) - set(asked.option_values):
            yield "show_if", _("One of these answers is not there any more.")
    elif condition.test not in schema.TESTS:
        yield "show_if", _("Choose a comparison.")


def circles(questions):
    """Keys of the questions whose conditions lead back to themselves."""
    above = {question.key: question.show_if.field for question in questions if question.show_if}
    found = []
    for key, first in above.items():
        at, seen = first, set()
        while at in above and at not in seen and at != key:
            seen.add(at)
            at = above[at]
        if at == key and first != key:
            found.append(key)
    return found

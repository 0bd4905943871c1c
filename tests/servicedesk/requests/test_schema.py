"""The engine of forms: what is asked, what counts as an answer, which forms are sound."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.catalogue import plans, schema, soundness
from servicedesk.catalogue.schema import Condition, Option, Question

KEYS = ["a", "b", "c", "d", "e"]
VALUES = ["x", "y", "z"]
TODAY = date(2026, 10, 8)


@st.composite
def forms(draw):
    """Forms of choices with conditions on any other question, circles included."""
    questions = []
    for key in KEYS[: draw(st.integers(1, 5))]:
        condition = draw(
            st.none()
            | st.builds(
                Condition, st.sampled_from(KEYS), st.sampled_from(list(schema.TESTS)),
                st.lists(st.sampled_from(VALUES), min_size=1, unique=True).map(tuple),
            )
        )  # fmt: skip
        questions.append(
            Question(key, "choice", key, show_if=condition, is_required=draw(st.booleans()),
                     options=tuple(Option(value, value) for value in VALUES))
        )  # fmt: skip
    return questions


ANSWERS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from([*VALUES, ""]))


def plainly_shown(questions, answers):
    """The slow oracle: begin with what has no condition, add what that shows, until nothing new."""
    by_key = {question.key: question for question in questions}
    found = {question.key for question in questions if question.show_if is None}
    while True:
        new = {
            key for key, question in by_key.items()
            if key not in found and question.show_if.field in found
            and schema.holds(question.show_if, answers.get(question.show_if.field))
        }  # fmt: skip
        if not new:
            return [question.key for question in questions if question.key in found]
        found |= new


@given(forms(), ANSWERS)
def test_what_is_asked_is_what_the_slow_way_finds(questions, answers):
    assert schema.shown(questions, answers) == plainly_shown(questions, answers)


@given(forms(), ANSWERS)
def test_the_answer_of_a_hidden_question_changes_nothing(questions, answers):
    asked = schema.shown(questions, answers)

    only = {key: value for key, value in answers.items() if key in asked}

    assert schema.shown(questions, only) == asked


@given(forms())
def test_a_sound_form_runs_in_no_circle(questions):
    if soundness.check(questions):
        return
    for question in questions:
        at, steps = question, 0
        while at.show_if is not None:
            at = next(one for one in questions if one.key == at.show_if.field)
            steps += 1
            assert steps <= len(questions)


@given(forms())
def test_a_form_is_stored_and_read_as_it_was(questions):
    assert schema.read(schema.write(questions)) == questions


@given(st.text(max_size=300), st.sampled_from(list(schema.CLEANERS)))
def test_whatever_is_sent_is_taken_or_refused_in_words(raw, kind):
    question = Question("a", kind, "A", options=(Option("x", "X"),))

    try:
        value = schema.clean(question, raw, today=TODAY)
    except ValidationError as refusal:
        assert refusal.messages  # noqa: PT017 - either outcome is right
    else:
        assert value is None or schema.clean(question, value, today=TODAY) == value


@pytest.mark.parametrize(
    ("question", "raw", "expected"),
    [
        (Question("a", "text", "A"), "  two   words ", "two words"),
        (Question("a", "number", "A"), "1,200.50", "1200.5"),
        (Question("a", "yes_no", "A"), "yes", "yes"),
        (Question("a", "date", "A", least="1"), "2026-10-09", "2026-10-09"),
        (Question("a", "choices", "A", options=(Option("x"), Option("y"))), ["y", "x"],
         ["x", "y"]),
        (Question("a", "text", "A", pattern="[A-Z]{2}"), "AB", "AB"),
        (Question("a", "text", "A"), "", None),
    ],
)  # fmt: skip
def test_an_answer_is_kept_in_its_plain_form(question, raw, expected):
    assert schema.clean(question, raw, today=TODAY) == expected


@pytest.mark.parametrize(
    ("question", "raw"),
    [
        (Question("a", "text", "A", is_required=True), "  "),
        (Question("a", "text", "A", pattern="[A-Z]{2}"), "ABC"),
        (Question("a", "text", "A", most="3"), "ABCD"),
        (Question("a", "number", "A", most="14"), "15"),
        (Question("a", "number", "A"), "NaN"),
        (Question("a", "number", "A"), "1e999999"),
        (Question("a", "date", "A", least="1"), "2026-10-08"),
        (Question("a", "choice", "A", options=(Option("x"),)), "y"),
        (Question("a", "choices", "A", options=(Option("x"),)), ["x", "q"]),
        (Question("a", "yes_no", "A"), "maybe"),
    ],
)
def test_a_wrong_answer_is_refused(question, raw):
    with pytest.raises(ValidationError):
        schema.clean(question, raw, today=TODAY)


@pytest.mark.parametrize(
    ("questions", "name"),
    [
        ([Question("a", "text")], "label_en"),
        ([Question("A b", "text", "A")], "key"),
        ([Question("a", "text", "A"), Question("a", "text", "B")], "key"),
        ([Question("a", "choice", "A")], "options"),
        ([Question("a", "text", "A", pattern="[")], "pattern"),
        ([Question("a", "number", "A", least="5", most="2")], "most"),
        ([Question("a", "number", "A", default="x")], "default"),
        ([Question("a", "text", "A", show_if=Condition("z", "answered"))], "show_if"),
        ([Question("a", "text", "A", show_if=Condition("a", "answered"))], "show_if"),
        ([Question("a", "text", "A", show_if=Condition("b", "is", ("x",))),
          Question("b", "text", "B")], "show_if"),
        ([Question("a", "yes_no", "A", show_if=Condition("b", "answered")),
          Question("b", "yes_no", "B", show_if=Condition("a", "answered"))], "show_if"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_said_at_its_input(questions, name):
    assert name in {problem.name for problem in soundness.check(questions)}


def test_chosen_answers_add_to_the_price():
    question = Question("a", "choices", "A", options=(Option("x", price="10.5"), Option("y")))

    assert schema.surcharge([question], {"a": ["x", "y"]}) == 10.5


def test_a_task_waits_only_for_what_stands_before_it():
    tasks = plans.read_tasks(
        [{"key": "one", "title_en": "1", "after": ["two"]}, {"key": "two", "title_en": "2"}]
    )

    assert {problem.name for problem in plans.check_tasks(tasks)} == {"after"}

"""Questions of a call type and their answers, as values."""

import pytest

from app.booking.errors import AnswersRefused
from app.booking.questions import (
    Answer,
    Question,
    answered,
    read_answers,
    read_questions,
    stored_answers,
    stored_questions,
)

MODULE = Question(
    "module",
    "choice",
    {"en": "Which module?", "ru": "Какой модуль?"},
    {"en": ("Billing", "Other"), "ru": ("Счета", "Другой")},
    required=True,
)
VERSION = Question("version", "text", {"en": "Version", "ru": "Версия"}, {}, required=False)
ASKED = (MODULE, VERSION)


def test_answers_are_kept_in_order_and_in_the_words_of_the_reader() -> None:
    assert answered(ASKED, {"version": " 4.2 ", "module": "Billing"}, "ru") == (
        Answer("Какой модуль?", "Счета"),
        Answer("Версия", "4.2"),
    )


def test_a_choice_may_be_named_in_any_language() -> None:
    assert answered([MODULE], {"module": "Другой"}, "en") == (Answer("Which module?", "Other"),)


def test_what_need_not_be_answered_may_be_left_out() -> None:
    assert answered(ASKED, {"module": "Other", "version": "  "}, "en") == (Answer("Which module?", "Other"),)


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({}, {"module": "missing"}),
        ({"module": " "}, {"module": "missing"}),
        ({"module": "Mail"}, {"module": "choice"}),
        ({"module": "Other", "version": "x" * 501}, {"version": "long"}),
        ({"module": "Other", "version": "4\n2"}, {"version": "characters"}),
        ({"module": "Other", "colour": "red"}, {"colour": "unknown"}),
        ({"version": "\u202e"}, {"module": "missing", "version": "characters"}),
    ],
)
def test_every_answer_that_cannot_be_taken_is_told(given: dict[str, str], reasons: dict[str, str]) -> None:
    with pytest.raises(AnswersRefused) as refused:
        answered(ASKED, given, "en")
    assert refused.value.answers == reasons


def test_questions_and_answers_come_back_as_they_were_stored() -> None:
    assert read_questions(stored_questions(ASKED)) == ASKED
    answers = answered(ASKED, {"module": "Other", "version": "1"}, "en")
    assert read_answers(stored_answers(answers)) == answers


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (Answer("Which module?", "Billing"), "Which module? Billing"),
        (Answer("Version", "4"), "Version: 4"),
    ],
)
def test_a_question_and_its_answer_make_a_line(answer: Answer, line: str) -> None:
    assert answer.line == line

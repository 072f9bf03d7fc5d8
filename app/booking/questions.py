"""What a call type asks its customers, and what they answer: stored JSON to values and back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.booking.errors import AnswersRefused
from app.lib.text import UncleanText, one_line
from app.lib.wording import in_language

TEXT = "text"
CHOICE = "choice"

MOST_QUESTIONS = 10
MOST_CHOICES = 20
LABEL_LIMIT = 200
CHOICE_LIMIT = 100
ANSWER_LIMIT = 500

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Question:
    """A question: ``kind`` is ``text`` (a line) or ``choice`` (one of ``choices``).

    ``labels`` are by language, so are ``choices``, in the same order in each language. ``key`` names it for
    programs and stays when its words change.
    """

    key: str
    kind: str
    labels: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    required: bool

    def label(self, language: str) -> str:
        """The question in a language, else in English."""
        return in_language(self.labels, language)

    def choices_in(self, language: str) -> tuple[str, ...]:
        """What can be chosen in a language, else in English; nothing for a text."""
        return self.choices.get(language) or self.choices.get("en", ())


@dataclass(frozen=True, slots=True)
class Answer:
    """A question as it was shown, and what was answered."""

    question: str
    answer: str

    @property
    def line(self) -> str:
        """Both in one line of text."""
        return f"{self.question}{' ' if self.question[-1:] in '?!.:' else ': '}{self.answer}"


def is_key(text: str) -> bool:
    """Whether a text can name a question: small letters, digits and hyphens."""
    return _KEY.fullmatch(text) is not None


def read_questions(stored: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions from what is stored (call_type.questions)."""
    return tuple(
        Question(
            key=item["key"],
            kind=item["kind"],
            labels=item["labels"],
            choices={language: tuple(texts) for language, texts in item.get("choices", {}).items()},
            required=bool(item.get("required", False)),
        )
        for item in stored
    )


def stored_questions(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions as they are stored."""
    return [
        {
            "key": question.key,
            "kind": question.kind,
            "labels": dict(question.labels),
            "choices": {language: list(texts) for language, texts in question.choices.items()},
            "required": question.required,
        }
        for question in questions
    ]


def answered(questions: Sequence[Question], given: Mapping[str, str], language: str) -> tuple[Answer, ...]:
    """The answers by key as they are kept, in the order and the words of the questions.

    A choice may be named in any language and is kept in this one. Raises AnswersRefused with a reason for
    each key: ``missing``, ``long``, ``characters``, ``choice`` or ``unknown``.
    """
    answers: list[Answer] = []
    reasons = {key: "unknown" for key in given if key not in {question.key for question in questions}}
    for question in questions:
        try:
            text = _checked(question, given.get(question.key, ""), language)
        except _Refused as refused:
            reasons[question.key] = refused.reason
        else:
            if text:
                answers.append(Answer(question.label(language), text))
    if reasons:
        raise AnswersRefused(reasons)
    return tuple(answers)


def read_answers(stored: Sequence[Mapping[str, str]]) -> tuple[Answer, ...]:
    """The answers from what is stored (booking.answers)."""
    return tuple(Answer(item["question"], item["answer"]) for item in stored)


def stored_answers(answers: Sequence[Answer]) -> list[dict[str, str]]:
    """The answers as they are stored."""
    return [{"question": item.question, "answer": item.answer} for item in answers]


class _Refused(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _checked(question: Question, given: str, language: str) -> str:
    """The clean answer, empty for none."""
    try:
        text = one_line(given, ANSWER_LIMIT, required=question.required)
    except UncleanText as error:
        raise _Refused("missing" if error.reason == "empty" else error.reason) from error
    if not text or question.kind == TEXT:
        return text
    for texts in question.choices.values():
        if text in texts:
            return question.choices_in(language)[texts.index(text)]
    raise _Refused("choice")

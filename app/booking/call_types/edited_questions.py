"""The questions of a call type as an administrator types them, in fields numbered ``q0-…``, ``q1-…``."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from app.booking.call_types.faults import Fault
from app.booking.questions import (
    CHOICE,
    CHOICE_LIMIT,
    LABEL_LIMIT,
    MOST_CHOICES,
    MOST_QUESTIONS,
    TEXT,
    Question,
    is_key,
)
from app.lib.text import UncleanText, many_lines, one_line

LANGUAGES = ("en", "ru")
_SPARE = 2


def typed_questions(questions: Sequence[Question]) -> dict[str, str]:
    """The questions as they stand in the fields."""
    typed: dict[str, str] = {}
    for number, question in enumerate(questions):
        typed[f"q{number}-key"] = question.key
        typed[f"q{number}-kind"] = question.kind
        typed[f"q{number}-required"] = "1" if question.required else ""
        for language in LANGUAGES:
            typed[f"q{number}-{language}"] = question.labels.get(language, "")
            typed[f"q{number}-choices-{language}"] = "\n".join(question.choices.get(language, ()))
    return typed


def blocks(typed: Mapping[str, str]) -> range:
    """The numbers of the questions to show: those that are written, and some empty ones."""
    written = [number for number in range(MOST_QUESTIONS) if _is_written(typed, number)]
    return range(min(MOST_QUESTIONS, (written[-1] + 1 if written else 0) + _SPARE))


def read_typed_questions(typed: Mapping[str, str]) -> tuple[tuple[Question, ...], tuple[Fault, ...]]:
    """The questions that are written, in order, and what is wrong with them; an emptied one is left out."""
    questions: list[Question] = []
    faults: list[Fault] = []
    kept = [typed.get(f"q{number}-key", "") for number in range(MOST_QUESTIONS) if _is_written(typed, number)]
    for number in range(MOST_QUESTIONS):
        if not _is_written(typed, number):
            continue
        key = typed.get(f"q{number}-key", "")
        used = {question.key for question in questions}
        if not is_key(key) or key in used:
            key = new_key(typed.get(f"q{number}-en", ""), {*used, *kept})
        questions.append(_question(typed, number, key, faults))
    return tuple(questions), tuple(faults)


def new_key(text: str, used: Collection[str], limit: int = 40) -> str:
    """A name for programs, from a text: small letters, digits and hyphens, and none of those in use."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: limit - 4].strip("-") or "x"
    numbered = (f"{stem}-{number}" for number in range(2, 1000))
    return stem if stem not in used else next(name for name in numbered if name not in used)


def _is_written(typed: Mapping[str, str], number: int) -> bool:
    names = [f"q{number}-{part}{code}" for part in ("", "choices-") for code in LANGUAGES]
    return any(typed.get(name, "").strip() for name in names)


def _question(typed: Mapping[str, str], number: int, key: str, faults: list[Fault]) -> Question:
    kind = CHOICE if typed.get(f"q{number}-kind") == CHOICE else TEXT
    labels: dict[str, str] = {}
    for language in LANGUAGES:
        field = f"q{number}-{language}"
        try:
            labels[language] = one_line(typed.get(field, ""), LABEL_LIMIT)
        except UncleanText as error:
            reason = "both_languages" if error.reason == "empty" else "text"
            faults.append(Fault(field, reason, high=LABEL_LIMIT))
    choices = _choices(typed, number, faults) if kind == CHOICE else {}
    return Question(key, kind, labels, choices, typed.get(f"q{number}-required") == "1")


def _choices(typed: Mapping[str, str], number: int, faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    """The answers to choose from, one a line, the same number in each language."""
    found: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        field = f"q{number}-choices-{language}"
        try:
            lines = many_lines(typed.get(field, ""), MOST_CHOICES * (CHOICE_LIMIT + 1)).split("\n")
            found[language] = tuple(one_line(line, CHOICE_LIMIT) for line in lines if line.strip())
        except UncleanText:
            faults.append(Fault(field, "text", high=CHOICE_LIMIT))
    if len(found) < len(LANGUAGES):
        return found
    sizes = {len(texts) for texts in found.values()}
    are_distinct = all(len(set(texts)) == len(texts) for texts in found.values())
    if len(sizes) > 1 or not 2 <= min(sizes) <= MOST_CHOICES or not are_distinct:
        faults.append(Fault(f"q{number}-choices-en", "choices", 2, MOST_CHOICES))
    return found

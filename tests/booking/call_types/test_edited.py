"""What an administrator types about a call type."""

import pytest

from app.booking.call_types.edited import (
    read_call_type,
    read_change,
    typed_call_type,
    typed_new,
    typed_rules,
)
from app.booking.call_types.edited_questions import blocks, new_key
from app.booking.rules import call_type_of, effective, rule_columns, stored_rules
from app.booking.values import CallTypeValue
from tests.booking.made_up import SUPPORT
from tests.booking.test_questions import ASKED

NAMES = {"name_en": "Support", "name_ru": "Помощь"}
TYPED = typed_new("en") | NAMES
CHOICE = {"q0-en": "Which module?", "q0-ru": "Какой модуль?", "q0-kind": "choice"}
QUESTION = {"q0-en": "Which module?", "q0-ru": "Какой модуль?"}


def reasons(**changes: str) -> dict[str, str]:
    return {fault.field: fault.reason for fault in read_call_type(TYPED | changes).faults}


def support(**columns: object) -> CallTypeValue:
    kept = {"id": 1, "slug": "s", "names": SUPPORT.names, "hints": {}, "reminders": (60,)}
    return call_type_of({**rule_columns(SUPPORT), **columns}, **kept)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_new_call_type_needs_its_names_alone(language: str) -> None:
    edited = read_call_type(typed_new(language) | NAMES)
    assert edited.faults == ()
    assert edited.values["names"] == {"en": "Support", "ru": "Помощь"}
    assert (edited.values["length"], edited.values["move_notice"]) == (30, 120)
    assert edited.values["reminders"] == [1440, 60]
    assert edited.values["ways"] == ["video", "phone"]
    assert edited.values["is_active"] is True


def test_rules_are_read_in_plain_words() -> None:
    typed = {"more_lengths": "1 h, 90 min; 1 h", "notice": "3 days", "weekly_cap": "12", "reminders": ""}
    values = read_call_type(TYPED | typed).values
    assert values["more_lengths"] == [60, 90]
    assert (values["notice"], values["weekly_cap"], values["reminders"]) == (4320, 12, [])


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name_ru", " ", "empty"),
        ("name_en", "x" * 81, "text"),
        ("hint_en", "\u202e", "text"),
        ("length", "", "empty"),
        ("length", "long", "duration"),
        ("length", "9 h", "duration_range"),
        ("more_lengths", "60 min, 2 min", "duration_range"),
        ("more_lengths", "1, 2, 3, 4, 5, 6", "many"),
        ("grid", "7 min", "grid"),
        ("buffer_after", "5 h", "duration_range"),
        ("horizon_days", "64", "number_range"),
        ("horizon_days", "2 weeks", "number"),
        ("daily_cap", "-1", "number"),
        ("open_cap", "", "empty"),
        ("reminders", "soon", "duration"),
        ("ways", "pigeon", "ways"),
        ("video_link", "http://meet.example", "link"),
        ("video_link", "https://meet.example/" + "x" * 400, "link"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field(field: str, typed: str, reason: str) -> None:
    assert reasons(**{field: typed}) == {field: reason}


def test_an_empty_field_of_a_change_is_left_out() -> None:
    assert read_change(dict.fromkeys(TYPED, "")).values == {}
    edited = read_change({"length": "45 min", "ways": "video", "notice": " "})
    assert (edited.values, edited.faults) == ({"length": 45, "ways": ["video"]}, ())
    assert [fault.field for fault in read_change({"grid": "7"}).faults] == ["grid"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_shown_reads_as_what_is_stored(language: str) -> None:
    before = support(more_lengths=[60, 90], weekly_cap=4, notice=2880)
    edited = read_call_type(typed_call_type(before, language))
    assert edited.faults == ()
    assert {name: edited.values[name] for name in rule_columns(before)} == rule_columns(before)
    change = {"length": 45, "ways": ["phone"], "video_link": "https://meet.example/"}
    assert read_change(typed_rules(change, language)).values == change


def test_questions_are_kept_with_their_keys_and_go_when_they_are_emptied() -> None:
    call_type = support()
    typed = TYPED | typed_call_type(call_type, "en") | NAMES
    stored = [
        {
            "key": question.key,
            "kind": question.kind,
            "labels": dict(question.labels),
            "choices": {language: list(texts) for language, texts in question.choices.items()},
            "required": question.required,
        }
        for question in ASKED
    ]
    shown = typed_call_type(call_type_of(rule_columns(call_type), **_facts(ASKED)), "en")
    assert read_call_type(shown).values["questions"] == stored
    assert list(blocks(shown)) == [0, 1, 2, 3] and list(blocks(typed)) == [0, 1]
    emptied = shown | {f"q0-{part}": "" for part in ("en", "ru", "choices-en", "choices-ru")}
    assert read_call_type(emptied).values["questions"] == stored[1:]


def _facts(questions: object) -> dict[str, object]:
    names = {"en": "A", "ru": "А"}
    return {"id": 1, "slug": "s", "names": names, "hints": {}, "reminders": (), "questions": questions}


def test_a_new_question_is_named_after_its_words_and_never_twice() -> None:
    typed = TYPED | QUESTION | {"q1-en": "Which module", "q1-ru": "Б", "q2-en": "Версия", "q2-ru": "Версия"}
    keys = [item["key"] for item in read_call_type(typed).values["questions"]]
    assert keys == ["which-module", "which-module-2", "x"]
    assert len(new_key("long " * 50, set())) <= 40


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"q0-en": "Which?"}, {"q0-ru": "both_languages"}),
        ({"q0-choices-en": "A\nB"}, {"q0-en": "both_languages", "q0-ru": "both_languages"}),
        (CHOICE, {"q0-choices-en": "choices"}),
        (CHOICE | {"q0-choices-en": "A\nB", "q0-choices-ru": "А"}, {"q0-choices-en": "choices"}),
        (CHOICE | {"q0-choices-en": "A\nA", "q0-choices-ru": "А\nБ"}, {"q0-choices-en": "choices"}),
        (QUESTION | {"q0-ru": "x" * 201}, {"q0-ru": "text"}),
    ],
)
def test_a_question_is_whole_in_both_languages(typed: dict[str, str], faults: dict[str, str]) -> None:
    assert reasons(**typed) == faults


def test_what_differs_for_a_specialist_overrides_the_call_type_and_nothing_else() -> None:
    plain = call_type_of(
        {**rule_columns(SUPPORT), "more_lengths": [60]},
        **_facts(ASKED),
        changes={5: {"length": 45, "ways": ["phone"], "weekly_cap": 3}},
    )
    own = effective(plain, 5)
    assert stored_rules(own) == stored_rules(plain) | {"length": 45, "weekly_cap": 3}
    assert own.ways == ("phone",) and own.questions == ASKED
    assert [length.seconds // 60 for length in own.lengths] == [45, 60]
    assert effective(plain, 6) == plain
    assert stored_rules(effective(plain, 5, 60)) == stored_rules(own) | {"length": 60}

"""What an administrator typed about a call type, and the rules that it means; and back again."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from app.booking.call_types.durations import duration_text, read_duration
from app.booking.call_types.edited_questions import read_typed_questions, typed_questions
from app.booking.call_types.faults import Fault
from app.booking.questions import stored_questions
from app.booking.rooms import LINK_LIMIT, is_link
from app.booking.rules import rule_columns
from app.booking.values import PHONE, VIDEO, CallTypeValue
from app.lib.text import UncleanText, one_line

WAYS = (VIDEO, PHONE)
NAME_LIMIT = 80
HINT_LIMIT = 200

_HOUR = 60
_DAY = 24 * _HOUR


class Kind(Enum):
    """How a rule is written: one length of time, several of them, or a whole number."""

    DURATION = auto()
    DURATIONS = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its column, with the least and the most that it can be (minutes, or a number)."""

    name: str
    kind: Kind
    low: int
    high: int


# Calendars are read for 70 days: what lies beyond cannot be offered.
RULES = (
    Rule("length", Kind.DURATION, 5, 8 * _HOUR),
    Rule("more_lengths", Kind.DURATIONS, 5, 8 * _HOUR),
    Rule("grid", Kind.DURATION, 5, 4 * _HOUR),
    Rule("buffer_before", Kind.DURATION, 0, 4 * _HOUR),
    Rule("buffer_after", Kind.DURATION, 0, 4 * _HOUR),
    Rule("notice", Kind.DURATION, 0, 30 * _DAY),
    Rule("horizon_days", Kind.NUMBER, 1, 63),
    Rule("daily_cap", Kind.NUMBER, 0, 100),
    Rule("weekly_cap", Kind.NUMBER, 0, 500),
    Rule("open_cap", Kind.NUMBER, 0, 1000),
    Rule("move_notice", Kind.DURATION, 0, 30 * _DAY),
    Rule("cancel_notice", Kind.DURATION, 0, 30 * _DAY),
)
REMINDERS = Rule("reminders", Kind.DURATIONS, 5, 14 * _DAY)
_MOST = 5
_NEW = {
    **{"length": 30, "more_lengths": [], "grid": 30, "buffer_before": 0, "buffer_after": 0},
    **{"notice": 2 * _HOUR, "horizon_days": 56, "daily_cap": 8, "weekly_cap": 0, "open_cap": 20},
    **{"move_notice": 2 * _HOUR, "cancel_notice": 2 * _HOUR, "ways": WAYS, "video_link": ""},
}


@dataclass(frozen=True, slots=True)
class Edited:
    """The columns that were typed, as far as they could be read, and what is wrong with the others."""

    values: Mapping[str, Any]
    faults: tuple[Fault, ...]


def read_call_type(typed: Mapping[str, str]) -> Edited:
    """A whole call type: names and hints, rules, reminders, questions, and whether it is offered."""
    values: dict[str, Any] = {"is_active": typed.get("is_active") == "1"}
    faults: list[Fault] = []
    for column, limit, needed in (("name", NAME_LIMIT, True), ("hint", HINT_LIMIT, False)):
        values[f"{column}s"] = _by_language(typed, column, limit, needed, faults)
    _read_rules(typed, values, faults, needed=True)
    values["reminders"] = _durations(REMINDERS, typed.get("reminders", ""), faults)
    questions, wrong = read_typed_questions(typed)
    values["questions"] = stored_questions(questions)
    return Edited(values, (*faults, *wrong))


def read_change(typed: Mapping[str, str]) -> Edited:
    """What is different for one specialist; an empty field is as the call type says and is left out."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    _read_rules(typed, values, faults, needed=False)
    return Edited(values, tuple(faults))


def typed_call_type(call_type: CallTypeValue, language: str) -> dict[str, str]:
    """The call type as it stands in the fields before anything is typed."""
    typed = {
        f"{column}_{code}": texts.get(code, "")
        for column, texts in (("name", call_type.names), ("hint", call_type.hints))
        for code in ("en", "ru")
    }
    typed |= typed_rules(rule_columns(call_type), language)
    typed["reminders"] = ", ".join(duration_text(item, language) for item in call_type.reminders)
    typed["is_active"] = "1" if call_type.is_active else ""
    return typed | typed_questions(call_type.questions)


def typed_new(language: str) -> dict[str, str]:
    """What stands in the fields of a new call type."""
    typed = typed_rules(_NEW, language)
    typed["reminders"] = ", ".join(duration_text(item, language) for item in (_DAY, _HOUR))
    return typed | {"is_active": "1"}


def typed_rules(columns: Mapping[str, Any], language: str) -> dict[str, str]:
    """Some rules as they stand in the fields."""
    known = (rule for rule in RULES if rule.name in columns)
    typed = {rule.name: _as_typed(rule, columns[rule.name], language) for rule in known}
    for name in ("ways", "video_link"):
        if name in columns:
            typed[name] = " ".join(columns[name]) if name == "ways" else columns[name]
    return typed


def _as_typed(rule: Rule, value: Any, language: str) -> str:
    match rule.kind:
        case Kind.DURATION:
            return duration_text(value, language)
        case Kind.DURATIONS:
            return ", ".join(duration_text(item, language) for item in value)
        case Kind.NUMBER:
            return str(value)


def _read_rules(
    typed: Mapping[str, str], values: dict[str, Any], faults: list[Fault], *, needed: bool
) -> None:
    for rule in RULES:
        text = typed.get(rule.name, "").strip()
        # Only the further lengths may be none.
        if not text and not (needed and rule.kind is not Kind.DURATIONS):
            if needed:
                values[rule.name] = []
            continue
        values[rule.name] = _value(rule, text, faults)
    if values.get("grid") and _DAY % values["grid"]:
        faults.append(Fault("grid", "grid"))
    ways = [way for way in WAYS if way in typed.get("ways", "").split()]
    if ways or needed:
        values["ways"] = ways
    if needed and not ways:
        faults.append(Fault("ways", "ways"))
    link = typed.get("video_link", "").strip()
    if link and (len(link) > LINK_LIMIT or not is_link(link)):
        faults.append(Fault("video_link", "link"))
    if link or needed:
        values["video_link"] = link


def _value(rule: Rule, text: str, faults: list[Fault]) -> Any:
    match rule.kind:
        case Kind.DURATION:
            return _duration(rule, text, faults)
        case Kind.DURATIONS:
            return _durations(rule, text, faults)
    number = int(text) if text.isdecimal() and len(text) < 7 else None
    return _within(rule, number, Fault(rule.name, "number" if text else "empty"), faults)


def _duration(rule: Rule, text: str, faults: list[Fault]) -> int | None:
    return _within(rule, read_duration(text), Fault(rule.name, "duration" if text else "empty"), faults)


def _durations(rule: Rule, text: str, faults: list[Fault]) -> list[int]:
    """The lengths of time in a list, each once."""
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    if len(parts) > _MOST:
        faults.append(Fault(rule.name, "many", high=_MOST))
        return []
    before = len(faults)
    found = [_duration(rule, part, faults) for part in parts]
    # One fault a field is enough to say.
    del faults[before + 1 :]
    return list(dict.fromkeys(item for item in found if item is not None))


def _within(rule: Rule, number: int | None, unread: Fault, faults: list[Fault]) -> int | None:
    if number is None:
        faults.append(unread)
    elif not rule.low <= number <= rule.high:
        reason = "number_range" if rule.kind is Kind.NUMBER else "duration_range"
        faults.append(Fault(rule.name, reason, rule.low, rule.high))
    return number


def _by_language(
    typed: Mapping[str, str], column: str, limit: int, needed: bool, faults: list[Fault]
) -> dict[str, str]:
    texts: dict[str, str] = {}
    for code in ("en", "ru"):
        field = f"{column}_{code}"
        try:
            texts[code] = one_line(typed.get(field, ""), limit, required=needed)
        except UncleanText as error:
            faults.append(Fault(field, "empty" if error.reason == "empty" else "text", high=limit))
    return texts

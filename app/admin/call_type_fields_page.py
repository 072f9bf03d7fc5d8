"""The fields of a call type in words: labels, hints, and what is wrong with what was typed."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.admin.call_type_pages import FieldGroup, QuestionBlock, RuleField
from app.booking.call_types.durations import duration_text
from app.booking.call_types.edited_questions import LANGUAGES, blocks
from app.booking.call_types.faults import Fault
from app.booking.questions import CHOICE
from app.booking.values import PHONE, VIDEO

_GROUPS = (
    ("length", "more_lengths", "grid", "buffer_before", "buffer_after"),
    ("notice", "horizon_days", "daily_cap", "weekly_cap", "open_cap"),
    ("move_notice", "cancel_notice"),
)


def labels() -> dict[str, str]:
    """What each field is called."""
    return {
        "name_en": _("Name in English"),
        "name_ru": _("Name in Russian"),
        "hint_en": _("What it is for, in English"),
        "hint_ru": _("What it is for, in Russian"),
        "length": _("Length"),
        "more_lengths": _("Other lengths"),
        "grid": _("A call may begin every"),
        "buffer_before": _("Kept free before"),
        "buffer_after": _("Kept free after"),
        "notice": _("Booked at the latest before it begins"),
        "horizon_days": _("Booked at most this many days ahead"),
        "daily_cap": _("Calls a day"),
        "weekly_cap": _("Calls a week"),
        "open_cap": _("Calls ahead for one company"),
        "move_notice": _("Moved at the latest before it begins"),
        "cancel_notice": _("Cancelled at the latest before it begins"),
        "reminders": _("Reminders before it begins"),
        "ways": _("How people talk"),
        "video_link": _("Video room"),
    }


def _hints() -> dict[str, str]:
    time = _("Like 30 min, 2 h or 3 days")
    cap = _("For one specialist; 0 is no limit")
    return {
        "hint_en": _("Customers read it under the name"),
        "hint_ru": _("Customers read it under the name"),
        "length": time,
        "more_lengths": _("Customers can choose them besides; like 60 min, 90 min"),
        "grid": _("Like 15 min or 30 min, counted from midnight"),
        "buffer_before": _("The buffers of two calls add up"),
        "buffer_after": _("They may lie outside of the working hours"),
        "notice": time,
        "horizon_days": _("From 1 to 63"),
        "daily_cap": cap,
        "weekly_cap": _("From Monday to Sunday, for one specialist; 0 is no limit"),
        "open_cap": _("0 is no limit"),
        "move_notice": _("By customers; specialists can until it begins"),
        "cancel_notice": _("By customers; specialists can until it begins"),
        "reminders": _("Like 24 h, 1 h; empty for none"),
        "video_link": _(
            "An address that begins with https:// is the same room for every call; {reference} or {id} in it "
            "makes one for each."
        ),
    }


def way_names() -> dict[str, str]:
    """The ways to talk."""
    return {VIDEO: _("Video"), PHONE: _("Phone")}


def rule_field(name: str, typed: Mapping[str, str], words: Mapping[str, str], same: str = "") -> RuleField:
    """A field of one line as typed."""
    hint = _hints().get(name, "")
    return RuleField(name, labels()[name], hint, typed.get(name, ""), words.get(name, ""), same)


def text_groups(typed: Mapping[str, str], words: Mapping[str, str]) -> tuple[FieldGroup, ...]:
    """Names and hints."""
    names = ("name_en", "name_ru", "hint_en", "hint_ru")
    return (FieldGroup(_("Name"), tuple(rule_field(name, typed, words) for name in names)),)


def rule_groups(
    typed: Mapping[str, str],
    words: Mapping[str, str],
    same: Mapping[str, str],
    language: str,
    *,
    has_reminders: bool,
) -> tuple[FieldGroup, ...]:
    """The rules; ``same`` is what holds where nothing is typed."""
    titles = (_("Length and distance"), _("When it can be booked"), _("Changes and reminders"))
    groups = [
        FieldGroup(title, tuple(rule_field(name, typed, words, same.get(name, "")) for name in names))
        for title, names in zip(titles, _GROUPS, strict=True)
    ]
    if has_reminders:
        last = groups.pop()
        groups.append(FieldGroup(last.title, (*last.fields, rule_field("reminders", typed, words))))
    return tuple(groups)


def question_blocks(typed: Mapping[str, str], words: Mapping[str, str]) -> tuple[QuestionBlock, ...]:
    """The questions as typed, and some empty ones."""
    return tuple(_block(number, typed, words) for number in blocks(typed))


def _block(number: int, typed: Mapping[str, str], words: Mapping[str, str]) -> QuestionBlock:
    names = {"en": _("In English"), "ru": _("In Russian")}
    answers = {"en": _("Answers to choose from, in English"), "ru": _("Answers to choose from, in Russian")}

    def field(name: str, label: str, lines: int = 1) -> RuleField:
        hint = _("One a line; only for a choice") if lines > 1 else ""
        return RuleField(name, label, hint, typed.get(name, ""), words.get(name, ""), lines=lines)

    written = typed.get(f"q{number}-en") or typed.get(f"q{number}-ru", "")
    return QuestionBlock(
        number=number,
        title=written or _("Another question"),
        key=typed.get(f"q{number}-key", ""),
        is_choice=typed.get(f"q{number}-kind") == CHOICE,
        is_required=typed.get(f"q{number}-required") == "1",
        labels=tuple(field(f"q{number}-{code}", names[code]) for code in LANGUAGES),
        choices=tuple(field(f"q{number}-choices-{code}", answers[code], 4) for code in LANGUAGES),
        is_open=any(name.startswith(f"q{number}-") for name in words),
    )


def fault_words(fault: Fault, language: str) -> str:
    """What is wrong and what to write instead."""
    match fault.reason:
        case "empty":
            return _("Write something here")
        case "duration":
            return _("Write a time like 30 min, 2 h or 3 days")
        case "number":
            return _("Write a whole number")
        case "duration_range":
            low, high = (duration_text(limit, language) for limit in (fault.low, fault.high))
            return _("Write a time from %(low)s to %(high)s", low=low, high=high)
        case "number_range":
            return _("Write a number from %(low)s to %(high)s", low=fault.low, high=fault.high)
        case "many":
            return _("Write at most %(count)s of them", count=fault.high)
        case "grid":
            return _("Write a step that divides the day evenly, like 15 min or 30 min")
        case "ways":
            return _("Choose at least one")
        case "link":
            return _("Write an address that begins with https://, in braces only {reference} and {id}")
        case "both_languages":
            return _("Write the question in both languages")
        case "choices":
            return _("Write from 2 to 20 different answers, as many in one language as in the other")
    return _("Use at most %(limit)s characters, without control characters", limit=fault.high)

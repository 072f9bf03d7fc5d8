"""Call types and what differs by specialist, in the administrator's words."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from app.admin.call_type_fields_page import (
    fault_words,
    labels,
    question_blocks,
    rule_field,
    rule_groups,
    text_groups,
    way_names,
)
from app.admin.call_type_pages import (
    CallTypePage,
    CallTypeRow,
    ChangePage,
    PersonLink,
    WayChoice,
)
from app.availability.pages import Problem
from app.booking.call_types.durations import duration_text
from app.booking.call_types.edited import typed_rules
from app.booking.call_types.faults import Fault
from app.booking.rules import minutes, rule_columns
from app.booking.values import CallTypeValue
from app.customers.profiles import SpecialistProfile


def call_type_rows(call_types: Sequence[CallTypeValue], language: str) -> tuple[CallTypeRow, ...]:
    """The list."""
    return tuple(
        CallTypeRow(
            slug=item.slug,
            name=item.name(language),
            lengths=", ".join(duration_text(minutes(length), language) for length in item.lengths),
            ways=_ways_in_words(item.ways),
            own_rules=ngettext("%(num)s specialist", "%(num)s specialists", len(item.changes))
            if item.changes
            else "",
            is_active=item.is_active,
        )
        for item in call_types
    )


def call_type_page(
    typed: Mapping[str, str],
    language: str,
    *,
    call_type: CallTypeValue | None = None,
    people: Sequence[SpecialistProfile] = (),
    faults: Sequence[Fault] = (),
    problems: Sequence[Problem] = (),
    is_saved: bool = False,
) -> CallTypePage:
    """The form of a call type as typed; ``problems`` are those that are not of a single text."""
    words = _fault_texts(faults, language)
    changes = call_type.changes if call_type else {}
    return CallTypePage(
        slug=call_type.slug if call_type else "",
        title=call_type.name(language) if call_type else _("New call type"),
        groups=(*text_groups(typed, words), *rule_groups(typed, words, {}, language, has_reminders=True)),
        ways=_ways(typed),
        room=rule_field("video_link", typed, words, _("the specialist's own room")),
        questions=question_blocks(typed, words),
        is_active=typed.get("is_active") == "1",
        people=tuple(
            PersonLink(
                item.public_id,
                item.name,
                _("Rules of their own") if item.user_id in changes else _("As the call type says"),
            )
            for item in people
        ),
        problems=(*_problems(words), *problems),
        is_saved=is_saved,
    )


def change_page(
    typed: Mapping[str, str],
    language: str,
    *,
    call_type: CallTypeValue,
    person: SpecialistProfile,
    faults: Sequence[Fault] = (),
    is_saved: bool = False,
) -> ChangePage:
    """The form of what is different for a specialist as typed."""
    words = _fault_texts(faults, language)
    columns = rule_columns(call_type)
    same = typed_rules(columns, language)
    return ChangePage(
        slug=call_type.slug,
        call_type=call_type.name(language),
        public_id=person.public_id,
        name=person.name,
        groups=rule_groups(typed, words, same, language, has_reminders=False),
        ways=_ways(typed),
        same_ways=_ways_in_words(call_type.ways),
        room=rule_field("video_link", typed, words, call_type.video_link or _("the specialist's own room")),
        has_changes=person.user_id in call_type.changes,
        problems=_problems(words),
        is_saved=is_saved,
    )


def _fault_texts(faults: Sequence[Fault], language: str) -> dict[str, str]:
    """What is wrong, by field; one sentence each."""
    texts: dict[str, str] = {}
    for fault in faults:
        texts.setdefault(fault.field, fault_words(fault, language))
    return texts


def _problems(words: Mapping[str, str]) -> tuple[Problem, ...]:
    names = labels()
    return tuple(
        Problem(field, f"{names[field]}: {text}" if field in names else text) for field, text in words.items()
    )


def _ways(typed: Mapping[str, str]) -> tuple[WayChoice, ...]:
    chosen = typed.get("ways", "").split()
    return tuple(WayChoice(value, name, value in chosen) for value, name in way_names().items())


def _ways_in_words(ways: Sequence[str]) -> str:
    names = way_names()
    return ", ".join(names[way] for way in ways)

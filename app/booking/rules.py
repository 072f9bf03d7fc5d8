"""The rules of a call type for whoever takes the call, those that a call was booked by, and what they say."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.availability.slots import SlotRules
from app.booking.errors import LengthRefused, WayRefused
from app.booking.values import PHONE, VIDEO, BookingRequest, CallTypeValue
from app.lib.intervals import Interval
from app.lib.text import many_lines, one_line

HOLD_LENGTH = timedelta(minutes=5)
TOPIC_LIMIT = 2000

_MINUTES = ("length", "grid", "buffer_before", "buffer_after", "notice")
# What can be different when a certain specialist takes the call (call_type_change.rules).
CHANGEABLE = (
    *_MINUTES,
    *("more_lengths", "horizon_days", "daily_cap", "weekly_cap", "open_cap", "move_notice", "cancel_notice"),
    *("ways", "video_link"),
)
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}[0-9]")


def stored_rules(call_type: CallTypeValue) -> dict[str, Any]:
    """The rules as a booking keeps them, so that a later change of the call type does not change the call."""
    kept = rule_columns(call_type)
    del kept["more_lengths"], kept["ways"], kept["video_link"]
    return kept | {"reminders": list(call_type.reminders)}


def rule_columns(call_type: CallTypeValue) -> dict[str, Any]:
    """The rules of a call type as columns: minutes, days and counts."""
    rules = call_type.rules
    stored: dict[str, Any] = {name: minutes(getattr(rules, name)) for name in _MINUTES}
    return stored | {
        "more_lengths": [minutes(length) for length in call_type.lengths if length != rules.length],
        "horizon_days": rules.horizon.days,
        "daily_cap": rules.daily_cap,
        "weekly_cap": rules.weekly_cap,
        "open_cap": call_type.open_cap,
        "move_notice": minutes(call_type.move_notice),
        "cancel_notice": minutes(call_type.cancel_notice),
        "ways": list(call_type.ways),
        "video_link": call_type.video_link,
    }


def call_type_of(columns: Mapping[str, Any], **facts: Any) -> CallTypeValue:
    """A call type with these rules (all of CHANGEABLE), ``facts`` being its other fields."""
    lengths = dict.fromkeys([columns["length"], *columns["more_lengths"]])
    return CallTypeValue(
        **facts,
        rules=slot_rules(columns),
        lengths=tuple(timedelta(minutes=length) for length in lengths),
        move_notice=timedelta(minutes=columns["move_notice"]),
        cancel_notice=timedelta(minutes=columns["cancel_notice"]),
        open_cap=columns["open_cap"],
        ways=tuple(columns["ways"]),
        video_link=columns["video_link"],
    )


def effective(call_type: CallTypeValue, specialist_id: int, length: int | None = None) -> CallTypeValue:
    """The call type as it is when this specialist takes the call, and as long as it was chosen (minutes).

    Raises LengthRefused when it is not offered so long.
    """
    change = call_type.changes.get(specialist_id)
    merged = _changed(call_type, change) if change else call_type
    if length is None:
        return merged
    chosen = next((item for item in merged.lengths if minutes(item) == length), None)
    if chosen is None:
        raise LengthRefused(length, [minutes(item) for item in merged.lengths])
    return replace(merged, rules=replace(merged.rules, length=chosen))


def _changed(call_type: CallTypeValue, change: Mapping[str, Any]) -> CallTypeValue:
    same = {
        field.name: getattr(call_type, field.name)
        for field in fields(call_type)
        if field.name not in {*CHANGEABLE, "rules", "lengths"}
    }
    return call_type_of({**rule_columns(call_type), **change}, **same)


def slot_rules(stored: Mapping[str, Any]) -> SlotRules:
    """The rules from minutes and days again; a booking of before there was a weekly cap has none."""
    spans = {name: timedelta(minutes=stored[name]) for name in _MINUTES}
    return SlotRules(
        **spans,
        horizon=timedelta(days=stored["horizon_days"]),
        daily_cap=stored["daily_cap"],
        weekly_cap=stored.get("weekly_cap", 0),
    )


def minutes(length: timedelta) -> int:
    """Whole minutes."""
    return int(length.total_seconds() // 60)


def move_until(start: datetime, stored: Mapping[str, Any]) -> datetime:
    """The last moment at which a contact may move the call."""
    return start - timedelta(minutes=stored["move_notice"])


def cancel_until(start: datetime, stored: Mapping[str, Any]) -> datetime:
    """The last moment at which a contact may cancel the call."""
    return start - timedelta(minutes=stored["cancel_notice"])


def cleaned(request: BookingRequest) -> BookingRequest:
    """The request with clean texts.

    Raises UncleanText, or WayRefused when it is neither a video call nor a phone number to ring.
    """
    if request.way not in {VIDEO, PHONE}:
        raise WayRefused("way")
    phone = one_line(request.phone, 40, required=False) if request.way == PHONE else ""
    if request.way == PHONE and not _PHONE.fullmatch(phone):
        raise WayRefused("phone")
    topic, key = many_lines(request.topic, TOPIC_LIMIT), one_line(request.key, 200)
    return replace(request, topic=topic, phone=phone, key=key)


def require_way(call_type: CallTypeValue, way: str) -> None:
    """Nothing, when calls of this kind go that way; raises WayRefused."""
    if way not in call_type.ways:
        raise WayRefused("way")


def fingerprint(request: BookingRequest) -> str:
    """The digest of what was asked for; the key, the hold and who was shown are no part of it."""
    start = request.start.astimezone(UTC).isoformat()
    parts = [request.slug, start, request.topic, request.way, request.phone]
    # Added only where they are, so that a request of before them still has its digest.
    if request.length is not None:
        parts.append(f"length={request.length}")
    parts += [f"answer={json.dumps(item)}" for item in sorted(request.answers.items())]
    parts += [f"senior={request.senior}"] if request.senior else []
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def spans_to_reserve(old: Interval, new: Interval | None) -> list[Interval]:
    """What a call takes, buffers included: while it moves both times, or their hull when they overlap."""
    if new is None or new == old:
        return [old]
    if old.overlaps(new):
        return [Interval(min(old.start, new.start), max(old.end, new.end))]
    return [old, new]


def outside(span: Interval, taken: Sequence[Interval]) -> list[Interval]:
    """The parts of a span that are not taken yet, in order."""
    parts = [span]
    for other in taken:
        parts = [
            piece
            for part in parts
            for piece in (
                Interval(part.start, min(part.end, other.start)),
                Interval(max(part.start, other.end), part.end),
            )
            if piece.start < piece.end
        ]
    return parts

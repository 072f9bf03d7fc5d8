"""A call's own rules, as they were when it was booked, and what they say about changing it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.availability.slots import SlotRules
from app.booking.errors import WayRefused
from app.booking.values import PHONE, VIDEO, BookingRequest, CallTypeValue
from app.lib.intervals import Interval
from app.lib.text import many_lines, one_line

HOLD_LENGTH = timedelta(minutes=5)
TOPIC_LIMIT = 2000

_MINUTES = ("length", "grid", "buffer_before", "buffer_after", "notice")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}[0-9]")


def stored_rules(call_type: CallTypeValue) -> dict[str, Any]:
    """The rules as a booking keeps them, so that a later change of the call type does not change the call."""
    rules = call_type.rules
    stored = {name: minutes(getattr(rules, name)) for name in _MINUTES}
    return stored | {
        "horizon_days": rules.horizon.days,
        "daily_cap": rules.daily_cap,
        "move_notice": minutes(call_type.move_notice),
        "cancel_notice": minutes(call_type.cancel_notice),
        "reminders": list(call_type.reminders),
    }


def slot_rules(stored: Mapping[str, Any]) -> SlotRules:
    """The rules from minutes and days again."""
    spans = {name: timedelta(minutes=stored[name]) for name in _MINUTES}
    return SlotRules(**spans, horizon=timedelta(days=stored["horizon_days"]), daily_cap=stored["daily_cap"])


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


def fingerprint(request: BookingRequest) -> str:
    """The digest of what was asked for; the key and the hold are not part of it."""
    start = request.start.astimezone(UTC).isoformat()
    parts = [request.slug, start, request.topic, request.way, request.phone]
    parts += [request.senior] if request.senior else []
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

"""Lengths of time as people write and read them: "30 min", "1 h 30 min", "3 days", "2 ч"."""

import re

_HOUR = 60
_DAY = 24 * _HOUR
_UNITS = {
    1: "min mins minute minutes m мин минута минуты минут м",
    _HOUR: "h hr hrs hour hours ч час часа часов",
    _DAY: "d day days д день дня дней",
    7 * _DAY: "w week weeks н нед неделя недели недель",
}
_MINUTES = {word: size for size, words in _UNITS.items() for word in words.split()}
_WORDS = {"en": ("min", "h", "days"), "ru": ("мин", "ч", "д")}
_PART = re.compile(r"(\d{1,6})\s*(?:([a-zа-я]+)\.?)?\s*")


def read_duration(text: str) -> int | None:
    """The minutes that a text means, None when it means none; a bare number is minutes."""
    rest, total = text.strip().lower(), 0
    if not rest:
        return None
    while rest:
        found = _PART.match(rest)
        size = _MINUTES.get(found[2] or "min") if found else None
        if found is None or size is None:
            return None
        total += int(found[1]) * size
        rest = rest[found.end() :]
    return total


def duration_text(minutes: int, language: str) -> str:
    """Minutes in words that read_duration reads: "90" is "1 h 30 min", a single day is "24 h"."""
    minute, hour, day = _WORDS.get(language, _WORDS["en"])
    if minutes >= 2 * _DAY and minutes % _DAY == 0:
        return f"{minutes // _DAY} {day}"
    hours, rest = divmod(minutes, _HOUR)
    parts = [f"{hours} {hour}"] if hours else []
    return " ".join([*parts, f"{rest} {minute}"] if rest or not hours else parts)

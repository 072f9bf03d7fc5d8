"""Recurrence rules (RFC 5545, 3.3.10) read with tolerance and made clean."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.ical.moments import Stamp, read_stamp
from app.ical.zone_book import Zone, ZoneBook

_FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = {
    "BYSECOND": (0, 60), "BYMINUTE": (0, 59), "BYHOUR": (0, 23), "BYMONTHDAY": (1, 31), "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53), "BYMONTH": (1, 12), "BYSETPOS": (1, 366),
}  # fmt: skip
_SIGNED = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
# Enough for every number that a calendar can mean, and few enough to reckon with.
_MOST_DIGITS = 18
# No series reaches it in the time of mankind; libraries fail at 32 bits.
_MOST_COUNTED = 10**9
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_TIMES = (("SECONDLY", "BYSECOND", "MINUTELY", 60), ("MINUTELY", "BYMINUTE", "HOURLY", 60),
          ("HOURLY", "BYHOUR", "DAILY", 24))  # fmt: skip


class BadRule(ValueError):
    """The rule cannot be understood, and its text says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in clean form; ``until`` on the master's wall clock, the last possible start, inclusive.

    ``is_fine``: it was written by the hour or finer, whatever ``frequency`` says the same more cheaply.
    ``is_whole``: every part was understood; without the others it means more moments, the safe side.
    """

    frequency: str
    interval: int
    count: int | None
    until: datetime | None
    parts: dict[str, str]
    is_fine: bool = False
    is_whole: bool = True

    def text(self) -> str:
        """The rule as RFC 5545 writes it, with a floating UNTIL; beside a COUNT it is left to the caller."""
        words = [f"FREQ={self.frequency}", f"INTERVAL={self.interval}"]
        if self.count is not None:
            words.append(f"COUNT={self.count}")
        if self.until is not None and self.count is None:
            words.append(f"UNTIL={self.until:%Y%m%dT%H%M%S}")
        return ";".join(words + [f"{name}={value}" for name, value in self.parts.items()])


def read_rule(text: str, master: Stamp, zone: Zone, book: ZoneBook) -> Rule:
    """The clean rule of a master that starts at ``master`` in ``zone``.

    Raises BadRule. Blanks and lower case are forgiven; unknown parts and RSCALE (RFC 7529) are ignored.
    """
    words: dict[str, str] = {}
    for word in re.sub(r"\s", "", text).upper().strip(";").split(";"):
        name, _, value = word.partition("=")
        words[name] = value
    frequency = words.pop("FREQ", "")
    if frequency not in _FREQUENCIES:
        raise BadRule("no FREQ that exists")
    is_whole = words.pop("RSCALE", "GREGORIAN") == "GREGORIAN"
    words.pop("SKIP", None)
    interval = max(_number(words.pop("INTERVAL", "1")), 1)
    count = _number(words.pop("COUNT")) if "COUNT" in words else None
    count = None if count is not None and not 0 <= count <= _MOST_COUNTED else count
    until = _until(words.pop("UNTIL"), master, zone, book) if "UNTIL" in words else None
    parts: dict[str, str] = {}
    for name, value in words.items():
        if master.is_date and name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            continue
        if cleaned := _part(name, value, frequency):
            parts[name] = cleaned
        is_whole = is_whole and (bool(cleaned) or not name or name.startswith("X-"))
    if "BYDAY" in parts:
        parts["BYDAY"] = _even_days(parts["BYDAY"], 5 if frequency == "MONTHLY" or "BYMONTH" in parts else 53)
    return _coarser(Rule(frequency, interval, count, until, parts, is_whole=is_whole))


def _number(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise BadRule(f"not a number: {text[:20]!r}")
    return int(text[:_MOST_DIGITS])


def _until(text: str, master: Stamp, zone: Zone, book: ZoneBook) -> datetime:
    try:
        stamp = read_stamp(text, master.tzid)
    except ValueError as error:
        raise BadRule(str(error)) from error
    if master.is_date:
        return stamp.wall.replace(hour=0, minute=0, second=0)
    try:
        if stamp.is_date:
            # A day alone beside a time (3.3.10 forbids it) ends the series as that day begins: so read most
            # programs, some by the clock of the series, others by UTC's; hence the later of the two.
            return max(stamp.wall, zone.to_wall(stamp.wall.replace(tzinfo=UTC)))
        return stamp.wall if stamp.offset is None else zone.to_wall(book.to_utc(stamp))
    except OverflowError:
        return stamp.wall


def _part(name: str, value: str, frequency: str) -> str:
    if name == "WKST" and value in WEEKDAYS:
        return value
    if name == "BYDAY":
        found = [_BYDAY.fullmatch(word) for word in value.split(",") if word]
        if not found or None in found:
            raise BadRule(f"not days: {value[:40]!r}")
        # An ordinal means nothing outside months and years (3.3.10).
        keep = frequency in ("MONTHLY", "YEARLY")
        return ",".join((match[1] or "" if keep else "") + match[2] for match in found if match)
    if name in _PARTS:
        low, high = _PARTS[name]
        numbers = [_number(word) for word in value.split(",") if word]
        sound = [n for n in numbers if low <= (abs(n) if name in _SIGNED else n) <= high]
        if not sound:
            raise BadRule(f"no {name} that exists: {value[:40]!r}")
        return ",".join(str(min(n, 59) if name == "BYSECOND" else n) for n in sound)
    return ""


def _even_days(value: str, most: int) -> str:
    """The days with ordinals on all or on none: dateutil finds nothing where the two are mixed."""
    words = value.split(",")
    if all(len(word) == 2 for word in words) or all(len(word) > 2 for word in words):
        return value
    each = [[word] if len(word) > 2 else [f"{n}{word}" for n in range(1, most + 1)] for word in words]
    return ",".join(word for group in each for word in group)


def _coarser(rule: Rule) -> Rule:
    """The same set of moments with a coarser FREQ, so that filters do not cost a step a second."""
    frequency, parts = rule.frequency, dict(rule.parts)
    if rule.interval == 1 and "BYSETPOS" not in parts:
        for finer, part, coarse, size in _TIMES:
            if frequency == finer:
                parts.setdefault(part, ",".join(str(n) for n in range(size)))
                frequency = coarse
    is_fine = rule.frequency in ("SECONDLY", "MINUTELY", "HOURLY")
    return replace(rule, frequency=frequency, parts=parts, is_fine=is_fine)

"""A time zone as a VTIMEZONE of the file defines it (RFC 5545, 3.6.5), without any process-wide memory."""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from app.ical.components import Component
from app.ical.moments import read_stamp, stamp_of, values_of

_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2}):?(\d{2})?")
_YEARS_BACK = 8
_FIRST_YEAR = 1600
# Zones with all their history have some twenty rules; each is looked at day by day.
_MOST_RULES = 100
_EARLIEST, _LATEST = datetime(2, 1, 1), datetime(9998, 12, 31)  # noqa: DTZ001
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class _Yearly:
    """The only rules that zones are made of: days of some months, every year, up to a last onset."""

    months: tuple[int, ...]
    weekdays: tuple[tuple[int, int], ...]
    month_days: tuple[int, ...]
    last: datetime

    def days(self, year: int) -> list[date]:
        """The days of a year on which the clock changes."""
        return [
            date(year, month, day)
            for month in self.months
            for day in range(1, monthrange(year, month)[1] + 1)
            if self._has(date(year, month, day), monthrange(year, month)[1])
        ]

    def _has(self, day: date, length: int) -> bool:
        if self.month_days and not {day.day, day.day - length - 1} & set(self.month_days):
            return False
        counted = {0, (day.day + 6) // 7, -((length - day.day) // 7 + 1)}
        return not self.weekdays or any(
            ordinal in counted and weekday == day.weekday() for ordinal, weekday in self.weekdays
        )


@dataclass(frozen=True, slots=True)
class _Observance:
    """One STANDARD or DAYLIGHT part: its first onset on the wall clock before it, and how it repeats."""

    start: datetime
    before: timedelta
    after: timedelta
    rule: _Yearly | None
    dates: tuple[datetime, ...]


@dataclass(slots=True)
class FileZone:
    """Offsets by the observances of one VTIMEZONE."""

    observances: tuple[_Observance, ...]
    _years: dict[int, list[tuple[datetime, timedelta, timedelta]]] = field(default_factory=dict)

    def to_utc(self, wall: datetime) -> datetime:
        """The UTC moment of a naive wall-clock time; in a gap and in an overlap the offset before it."""
        offset = self._initial()
        for onset, before, after in self._onsets(wall.year):
            if onset + max(after - before, timedelta(0)) > wall:
                break
            offset = after
        return (max(min(wall, _LATEST), _EARLIEST) - offset).replace(tzinfo=UTC)

    def to_wall(self, moment: datetime) -> datetime:
        """The naive wall-clock time of a UTC moment."""
        naive = moment.astimezone(UTC).replace(tzinfo=None)
        offset = self._initial()
        for onset, before, after in self._onsets(naive.year):
            if onset - before > naive:
                break
            offset = after
        return naive + offset

    def _initial(self) -> timedelta:
        return min(self.observances, key=lambda item: item.start).before

    def _onsets(self, year: int) -> list[tuple[datetime, timedelta, timedelta]]:
        """The last onsets before that year and those around it, in order: (wall clock before, from, to)."""
        if year not in self._years:
            limit = datetime(min(year + 1, 9998), 3, 1)  # noqa: DTZ001  compared with wall clocks
            self._years[year] = sorted(
                (onset, part.before, part.after) for part in self.observances for onset in _occur(part, limit)
            )
        return self._years[year]


def _occur(part: _Observance, limit: datetime) -> list[datetime]:
    dates = [part.start, *part.dates]
    if part.rule is not None:
        end = min(limit, part.rule.last)
        # Outlook begins in 1601; only the last onsets before the limit matter.
        for year in range(max(part.start.year, end.year - _YEARS_BACK), end.year + 1):
            onsets = (datetime.combine(day, part.start.time()) for day in part.rule.days(year))
            dates += [onset for onset in onsets if part.start <= onset <= end]
    return [moment for moment in dates if moment <= limit]


def read_zone(component: Component) -> FileZone | None:
    """The zone of a VTIMEZONE; None when no part of it can be used."""
    parts: list[_Observance] = []
    for child in component.children:
        if child.name in ("STANDARD", "DAYLIGHT"):
            try:
                parts.append(_read_part(child))
            except (ArithmeticError, ValueError):
                return None
    if not parts or sum(part.rule is not None for part in parts) > _MOST_RULES:
        return None
    return FileZone(tuple(parts))


def _read_part(component: Component) -> _Observance:
    before, after = _offset(component.text("TZOFFSETFROM")), _offset(component.text("TZOFFSETTO"))
    line = component.first("DTSTART")
    if line is None:
        raise ValueError("an observance without DTSTART")
    start = stamp_of(line).wall
    start = start.replace(year=max(start.year, _FIRST_YEAR))
    values = [value for item in component.all("RDATE") for value in values_of(item)[1]]
    dates = tuple(read_stamp(value.split("/")[0]).wall for value in values)
    rule = component.first("RRULE")
    return _Observance(start, before, after, _yearly(rule.value, start, before) if rule else None, dates)


def _yearly(text: str, start: datetime, before: timedelta) -> _Yearly:
    """The rule of an observance; raises ValueError for what no zone is made of, as FREQ=SECONDLY."""
    words = dict(word.partition("=")[::2] for word in text.strip().upper().split(";") if word)
    months, days = words.pop("BYMONTH", ""), words.pop("BYMONTHDAY", "")
    weekdays = [_BYDAY.fullmatch(word) for word in words.pop("BYDAY", "").split(",") if word]
    last = _last(words.pop("UNTIL", ""), words.pop("COUNT", ""), start, before)
    for name in ("WKST", "BYHOUR", "BYMINUTE", "BYSECOND"):
        # The time of day stands in DTSTART; some programs (the CalConnect examples) say it twice.
        words.pop(name, None)
    if words.pop("FREQ", "") != "YEARLY" or words.pop("INTERVAL", "1") != "1" or words or None in weekdays:
        raise ValueError(f"not a zone's rule: {text[:60]!r}")
    implied = (start.day,) if not weekdays and not days else ()
    return _Yearly(
        tuple(month for word in months.split(",") if word and 1 <= (month := int(word)) <= 12)
        or (start.month,),
        tuple((int(match[1] or 0), _WEEKDAYS.index(match[2])) for match in weekdays if match),
        tuple(int(word) for word in days.split(",") if word) or implied,
        last,
    )


def _last(until: str, count: str, start: datetime, before: timedelta) -> datetime:
    if until:
        stamp = read_stamp(until)
        return stamp.wall if stamp.offset is None else stamp.wall - stamp.offset + before
    if count:
        return datetime(min(start.year + max(int(count), 1) - 1, 9998), 12, 31)  # noqa: DTZ001
    return _LATEST


def _offset(text: str) -> timedelta:
    match = _OFFSET.fullmatch(text)
    if not match or int(match[2]) > 23:
        raise ValueError(f"not an offset: {text!r}")
    span = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    return -span if match[1] == "-" else span

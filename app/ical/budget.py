"""What expanding a rule would cost, weighed before it is done, and a start that makes it cheap."""

import math
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from app.ical.rules import WEEKDAYS, Rule

MAX_OCCURRENCES = 2_000
_MAX_STEPS = 60_000
_MAX_WORK = 200_000
_MAX_DAYS = 40_000
_UNITS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
    "MONTHLY": timedelta(days=28),
    "YEARLY": timedelta(days=365),
}
_FINER = {"MINUTELY": ("BYSECOND",), "SECONDLY": ()}
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
# By which times of day the set of one HOURLY, MINUTELY or SECONDLY step can have several members.
_SET = {"HOURLY": ("BYMINUTE", "BYSECOND"), "MINUTELY": ("BYSECOND",), "SECONDLY": ()}
_LEAP_MONTHS = 48


class Overrun(BaseException):
    """An event took all its time; no Exception, so that no library's tolerance swallows it."""


class TooCostly(ValueError):
    """The rule means more moments, or takes more work, than a calendar can be about."""


def fitted(rule: Rule, start: datetime, first: datetime, last: datetime) -> datetime | None:
    """A start for the rule that gives the same moments between the two, near them where that can be had.

    None when nothing but ``start`` itself can lie between. All on the master's wall clock. Raises TooCostly
    when expansion would not be cheap: no rule may hold a thread for long.
    """
    days = _days(rule, start, max(first, start), last)
    if not days or _is_never(rule):
        return None
    moved = start if rule.count is not None else _moved(rule, start, first - timedelta(days=1))
    steps = max((last - moved) // _step(rule), 0)
    times = math.prod(_size(rule, name) for name in _FINER.get(rule.frequency, _TIMES))
    is_by_time = _UNITS[rule.frequency] < timedelta(days=1)
    most = (last - max(first, start)) // _step(rule) + 1 if is_by_time else days
    work = times * (steps if is_by_time else (last - moved).days) if times > 1 else steps
    if min(rule.count or MAX_OCCURRENCES + 1, most * times) > MAX_OCCURRENCES or steps > _MAX_STEPS:
        raise TooCostly("more occurrences than a calendar can mean")
    if work > _MAX_WORK:
        raise TooCostly("too much work for what it can mean")
    return None if _is_off_beat(rule, start, moved, steps) else moved


def _is_off_beat(rule: Rule, start: datetime, moved: datetime, steps: int) -> bool:
    """Whether every so many days never meets a day that the rule allows; dateutil would try until 9999."""
    if rule.frequency != "DAILY" or rule.interval == 1:
        return False
    may_be = day_filter(rule, start)
    return not any(may_be(moved.date() + timedelta(days=n * rule.interval)) for n in range(steps + 1))


def _step(rule: Rule) -> timedelta:
    try:
        return _UNITS[rule.frequency] * rule.interval
    except OverflowError:
        return timedelta.max


def _size(rule: Rule, name: str) -> int:
    return rule.parts.get(name, "").count(",") + 1


def _moved(rule: Rule, start: datetime, target: datetime) -> datetime:
    """The last moment of the rule's own rhythm that is not after ``target``; the start when that is later."""
    if rule.frequency not in ("MONTHLY", "YEARLY"):
        return start + _step(rule) * max((target - start) // _step(rule), 0)
    step = rule.interval * (12 if rule.frequency == "YEARLY" else 1)
    if start.day > 28:
        # Only a rhythm of whole years keeps the day, and of leap years the 29th of February.
        step = math.lcm(step, _LEAP_MONTHS if start.month == 2 else 12)
    months = (target.year - start.year) * 12 + target.month - 1 - start.month
    months = max(months // step, 0) * step
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return start.replace(year=year, month=month + 1)
    except ValueError:
        return start


def _days(rule: Rule, start: datetime, first: datetime, last: datetime) -> int:
    """On how many days between the two an occurrence may start; never less than the truth."""
    if last < first:
        return 0
    total = (last.date() - first.date()).days + 1
    if total > _MAX_DAYS:
        return total
    may_be = day_filter(rule, start)
    return sum(may_be(first.date() + timedelta(days=n)) for n in range(total))


def day_filter(rule: Rule, start: datetime) -> Callable[[date], bool]:
    """Whether the rule allows a day, as far as that can be said of the day alone."""
    implied = _implied(rule, start)
    months, weekdays = _numbers(implied, "BYMONTH"), implied.get("BYDAY", "").split(",")
    month_days, year_days = _numbers(implied, "BYMONTHDAY"), _numbers(implied, "BYYEARDAY")
    days = frozenset(WEEKDAYS.index(word[-2:]) for word in weekdays if word)

    def may_be(day: date) -> bool:
        if months and day.month not in months or days and day.weekday() not in days:
            return False
        if month_days and not month_days & {day.day, day.day - monthrange(day.year, day.month)[1] - 1}:
            return False
        number, length = day.timetuple().tm_yday if year_days else 0, 366 if isleap(day.year) else 365
        return not year_days or bool(year_days & {number, number - length - 1})

    return may_be


def _implied(rule: Rule, start: datetime) -> dict[str, str]:
    """The rule's BY parts and those that it takes from its start (RFC 5545, 3.3.10)."""
    parts = dict(rule.parts)
    has_day = any(name in parts for name in ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"))
    if not has_day and rule.frequency == "WEEKLY":
        parts["BYDAY"] = WEEKDAYS[start.weekday()]
    elif not has_day and rule.frequency in ("MONTHLY", "YEARLY"):
        parts["BYMONTHDAY"] = str(start.day)
        if rule.frequency == "YEARLY":
            parts.setdefault("BYMONTH", str(start.month))
    return parts


def _numbers(parts: dict[str, str], name: str) -> frozenset[int]:
    return frozenset(int(word) for word in parts.get(name, "").split(",") if word)


def _is_never(rule: Rule) -> bool:
    """Whether BYSETPOS asks for more than its set can hold, or an ordinal for more than a month."""
    positions = _numbers(rule.parts, "BYSETPOS")
    if positions and rule.frequency != "YEARLY":
        return min(abs(position) for position in positions) > _most_in_set(rule)
    words = rule.parts.get("BYDAY", "").split(",") if rule.frequency == "MONTHLY" else []
    ordinals = [abs(int(word[:-2])) if word[:-2] else 1 for word in words if word]
    return bool(ordinals) and min(ordinals) > 5


def _most_in_set(rule: Rule) -> int:
    days = {"WEEKLY": _size(rule, "BYDAY"), "MONTHLY": _most_in_month(rule)}.get(rule.frequency, 1)
    return days * math.prod(_size(rule, name) for name in _SET.get(rule.frequency, _TIMES))


def _most_in_month(rule: Rule) -> int:
    words = rule.parts.get("BYDAY", "").split(",")
    by_day = sum(1 if word[:-2] else 5 for word in words) if words[0] else 31
    by_date = _size(rule, "BYMONTHDAY") if "BYMONTHDAY" in rule.parts else 31
    return min(by_day, by_date) if rule.parts.keys() & {"BYDAY", "BYMONTHDAY"} else 1


def is_filtered_out(rule: Rule, wall: datetime) -> bool:
    """Whether a BY part of the rule forbids that moment."""
    clock: time = wall.time()
    mine = {"BYHOUR": clock.hour, "BYMINUTE": clock.minute, "BYSECOND": clock.second}
    is_off = any(name in rule.parts and mine[name] not in _numbers(rule.parts, name) for name in mine)
    return is_off or not day_filter(rule, wall)(wall.date())

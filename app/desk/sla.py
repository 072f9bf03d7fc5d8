"""What a request was promised, and by when: its two clocks, which never look at each other.

All moments are aware UTC. A clock's *own time* is every hour on the wall clock, and business time on the
business clock. The first response is never paused; the next step is while the customer is waited for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.availability.holidays import OwnDay
from app.config import Settings
from app.desk.hours import BusinessHours, after, later, next_opening, time_between
from app.lib.intervals import Interval
from app.settings.registry import REGISTRY, read_setting
from app.settings.values import Clock, ResponseTime, ServiceWindow, Term, Unit

_BUSINESS_DAY = Term(1, Unit.DAYS)
_LAST_MINUTES = timedelta(minutes=15)
_STORED = {
    "response_times": "response_times",
    "window": "service_window",
    "zone": "service_time_zone",
    "country": "service_country",
    "region": "service_region",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What is promised, and on which hours; a request keeps the one that it was opened under."""

    response_times: tuple[ResponseTime, ...]
    window: ServiceWindow
    zone: str
    country: str
    region: str
    own_days: tuple[OwnDay, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """When the two clocks of a request run out; a tracked one has no ``next_step``."""

    first_response: datetime
    next_step: datetime | None


def policy_of(settings: Settings, own_days: Iterable[OwnDay]) -> Policy:
    """The policy that these settings and days off make."""
    return Policy(
        settings.response_times,
        settings.service_window,
        settings.service_time_zone,
        settings.service_country,
        settings.service_region,
        tuple(own_days),
    )


def to_stored(policy: Policy) -> dict[str, Any]:
    """The policy as JSON; two that come to the same are the same."""
    stored = {name: REGISTRY[key].write(getattr(policy, name)) for name, key in _STORED.items()}
    return stored | {"own_days": [day.isoformat() for day in sorted(business(policy).own_days)]}


def from_stored(stored: Mapping[str, Any]) -> Policy:
    """The policy that was stored, its days off without their names; raises Refused for nonsense."""
    values = {name: read_setting(key, stored[name]) for name, key in _STORED.items()}
    days = tuple(OwnDay("", date.fromisoformat(day), "", "", {}) for day in stored["own_days"])
    return Policy(**values, own_days=days)


def business(policy: Policy) -> BusinessHours:
    """The business time of a policy."""
    own = (item.day for item in policy.own_days if item.holds_in(policy.country, policy.region))
    return BusinessHours(policy.window, policy.zone, policy.country, policy.region, frozenset(own))


def targets(policy: Policy, severity: int, opened_at: datetime, pauses: Sequence[Interval] = ()) -> Targets:
    """When the clocks of a request run out that was opened then, and paused so far."""
    promise = _promise(policy, severity)
    first = after(business(policy), promise.clock, promise.first_response, opened_at)
    return Targets(first, next_step_due(policy, severity, opened_at, pauses))


def next_step_due(
    policy: Policy, severity: int, opened_at: datetime, pauses: Sequence[Interval]
) -> datetime | None:
    """When the next step is due after these pauses, which are over and do not overlap; None when tracked."""
    promise = _promise(policy, severity)
    if promise.next_step is None:
        return None
    due = after(business(policy), promise.clock, promise.next_step, opened_at)
    return _moved_by_all(policy, severity, due, pauses)


def retargeted(
    policy: Policy,
    severity: int,
    opened_at: datetime,
    pauses: Sequence[Interval],
    before: Targets,
    *,
    is_answered: bool,
    is_step_done: bool,
) -> Targets:
    """The clocks after a change of severity: anew from the opening moment, but what is met keeps its due."""
    anew = targets(policy, severity, opened_at, pauses)
    return Targets(
        before.first_response if is_answered else anew.first_response,
        before.next_step if is_step_done and before.next_step else anew.next_step,
    )


def moved_by_pause(policy: Policy, severity: int, due: datetime, pause: Interval) -> datetime:
    """The due moment after a pause: what was left of the clock when it began is left when it ends.

    A pause that begins when the clock has run out, or in which it would have stood still, moves nothing.
    """
    if pause.start >= due or not _own_time(policy, severity, pause):
        return due
    return _later(policy, severity, pause.end, _own_time(policy, severity, Interval(pause.start, due)))


def left(policy: Policy, severity: int, now: datetime, due: datetime) -> timedelta:
    """How much of the clock's own time is left, below zero for how long it is overdue.

    Zero all through the night after a due moment at closing time: whether one is over, ``due <= now`` says.
    """
    if now <= due:
        return _own_time(policy, severity, Interval(now, due))
    return -_own_time(policy, severity, Interval(due, now))


def taken(
    policy: Policy, severity: int, since: datetime, until: datetime, pauses: Iterable[Interval] = ()
) -> timedelta:
    """How much of the clock's own time lies between two moments in order, without pauses that began there."""
    stopped = [
        _own_time(policy, severity, Interval(pause.start, min(pause.end, until)))
        for pause in pauses
        if pause.start < until
    ]
    return _own_time(policy, severity, Interval(since, until)) - sum(stopped, timedelta(0))


def resumes_at(policy: Policy, severity: int, now: datetime) -> datetime | None:
    """When a clock goes on that stands still outside business time; None when it runs now."""
    if _promise(policy, severity).clock is Clock.WALL:
        return None
    opening = next_opening(business(policy), now)
    return opening if opening > now else None


def news_due(policy: Policy, since: datetime) -> datetime:
    """When the specialist of a tracked request is reminded that its customer had no news since then."""
    return after(business(policy), Clock.BUSINESS, _BUSINESS_DAY, since)


def warn_at(
    policy: Policy, severity: int, starts_at: datetime, due: datetime, pauses: Sequence[Interval] = ()
) -> tuple[datetime, datetime]:
    """When 75 % of a clock is over, and when 15 minutes of it are left, both in its own time.

    ``pauses`` are those that moved ``due``: they stop the clock, and so its warnings. A clock that has no
    such moment, being too short, warns when it starts.
    """
    whole = taken(policy, severity, starts_at, due, pauses)

    def when_over(length: timedelta) -> datetime:
        if length <= timedelta(0):
            return starts_at
        return _moved_by_all(policy, severity, _later(policy, severity, starts_at, length), pauses)

    return when_over(whole * 3 / 4), when_over(whole - _LAST_MINUTES)


def _moved_by_all(policy: Policy, severity: int, due: datetime, pauses: Sequence[Interval]) -> datetime:
    for pause in sorted(pauses):
        due = moved_by_pause(policy, severity, due, pause)
    return due


def _promise(policy: Policy, severity: int) -> ResponseTime:
    for promise in policy.response_times:
        if promise.severity == severity:
            return promise
    raise LookupError(f"the policy promises nothing for severity {severity!r}")


def _own_time(policy: Policy, severity: int, span: Interval) -> timedelta:
    if _promise(policy, severity).clock is Clock.WALL:
        return span.length
    return time_between(business(policy), span.start, span.end)


def _later(policy: Policy, severity: int, moment: datetime, length: timedelta) -> datetime:
    if _promise(policy, severity).clock is Clock.WALL:
        return moment + length
    return later(business(policy), moment, length)

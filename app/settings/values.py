"""What an administrator can choose beside plain texts: the service window, response times, features."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
SEVERITIES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class ServiceWindow:
    """When the service is open on the wall clock of its zone; ``days`` are weekdays from Monday (0) on."""

    opens: time = time(9)
    closes: time = time(17)
    days: tuple[int, ...] = MONDAY_TO_FRIDAY


class Clock(StrEnum):
    """What a response time is measured on: every hour, or the service window without public holidays."""

    WALL = "wall"
    BUSINESS = "business"


class Unit(StrEnum):
    """Hours, or days on the calendar: business days on the business clock, 24 hours on the wall clock."""

    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Term:
    """So many hours or days."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class ResponseTime:
    """What is promised for a severity; without a ``next_step`` the specialist keeps the customer informed."""

    severity: int
    clock: Clock
    first_response: Term
    next_step: Term | None


_HOUR, _FOUR_HOURS, _DAY = Term(1, Unit.HOURS), Term(4, Unit.HOURS), Term(1, Unit.DAYS)

RESPONSE_TIMES = (
    ResponseTime(1, Clock.WALL, _HOUR, _FOUR_HOURS),
    ResponseTime(2, Clock.WALL, _HOUR, _FOUR_HOURS),
    ResponseTime(3, Clock.BUSINESS, Term(2, Unit.HOURS), Term(2, Unit.DAYS)),
    ResponseTime(4, Clock.BUSINESS, _DAY, None),
    ResponseTime(5, Clock.BUSINESS, _DAY, None),
)


class Feature(StrEnum):
    """A part of the service that can be switched off."""

    WAITING_LIST = "waiting_list"
    SERIES = "series"
    SENIORS = "seniors"
    PRESENCE_FEEDS = "presence_feeds"
    GUESTS = "guests"
    CHAT = "chat"
    API = "api"
    CALLBACKS = "callbacks"

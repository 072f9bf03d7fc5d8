"""What the page of holidays shows: plain values, every text already in the reader's words."""

from dataclasses import dataclass

from app.admin.settings.pages import Input
from app.availability.pages import Problem


@dataclass(frozen=True, slots=True)
class DayCall:
    """A booked call on a day off of our own."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day off; one of our own has an ``id``, says ``where`` it holds, and lists the calls on it."""

    day: str
    name: str
    other_name: str
    where: str
    id: str = ""
    calls: tuple[DayCall, ...] = ()


@dataclass(frozen=True, slots=True)
class HolidaysPage:
    """The days off of a year in a place, and the form for another one; ``outcome`` right after a change."""

    country: str
    region: str
    year: int
    place: str
    choices: tuple[Input, ...]
    rows: tuple[HolidayRow, ...]
    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...] = ()
    outcome: str = ""

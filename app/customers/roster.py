"""Who serves a company on which day: the dedicated specialist, or who stands in while they are away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.customers.profiles import SpecialistProfile

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may serve, while ``is_active``: their account is open and their role is one that serves.

    ``stand_in_id`` is who usually serves in their place.
    """

    profile: SpecialistProfile
    is_active: bool
    stand_in_id: int | None


@dataclass(frozen=True, slots=True)
class Away:
    """Whole days on which a specialist is away, both included; ``stand_in_id`` is whom the time off names."""

    specialist_id: int
    first_day: date
    last_day: date
    stand_in_id: int | None


@dataclass(frozen=True, slots=True)
class Served:
    """Who serves: ``by`` is the dedicated specialist, or who stands in for them, or None for nobody.

    ``until`` is the last day in a row on which it is so (None: no end is known), ``back`` the first one on
    which the dedicated specialist serves again (None: not away, or not known).
    """

    dedicated: SpecialistProfile
    by: SpecialistProfile | None
    until: date | None = None
    back: date | None = None

    @property
    def is_away(self) -> bool:
        """Whether the dedicated specialist does not serve."""
        return self.by is None or self.by.user_id != self.dedicated.user_id

    @property
    def person(self) -> SpecialistProfile:
        """Who serves; where nobody does, whom the customer knows."""
        return self.by or self.dedicated


@dataclass(frozen=True, slots=True)
class Shift:
    """Days in a row, both included, on which the same is true."""

    first: date
    last: date
    served: Served


# The ids of the dedicated specialist and of who serves; None where nobody does, or nobody is assigned.
_Answer = tuple[int, int | None] | None


def shifts(
    assigned: Sequence[tuple[date, int]],
    people: Mapping[int, Person],
    away: Sequence[Away],
    first: date,
    last: date,
) -> list[Shift]:
    """The shifts from ``first`` to ``last``, in order; days before the first assignment are in none.

    ``assigned`` are the days from which a specialist is assigned, in order. A stand-in who is away that day,
    whose account is closed, or who is the same person does not count: then it is the usual one, then nobody.
    A specialist whose account is closed is away.
    """
    runs = _runs(assigned, people, away, first)
    found = []
    for number, (begins, answer) in enumerate(runs):
        if answer is None or begins > last:
            continue
        until = runs[number + 1][0] - _DAY if number + 1 < len(runs) else None
        served = Served(
            dedicated=people[answer[0]].profile,
            by=None if answer[1] is None else people[answer[1]].profile,
            until=until,
            back=None if answer[0] == answer[1] else _back(runs[number + 1 :]),
        )
        found.append(Shift(begins, last if until is None else min(until, last), served))
    return found


def _runs(
    assigned: Sequence[tuple[date, int]], people: Mapping[int, Person], away: Sequence[Away], first: date
) -> list[tuple[date, _Answer]]:
    """Each day from ``first`` on at which the answer becomes another one; the last holds for ever."""
    changes = {day for day, _ in assigned}
    changes |= {day for item in away for day in (item.first_day, item.last_day + _DAY)}
    runs: list[tuple[date, _Answer]] = []
    for day in sorted({first, *(day for day in changes if day > first)}):
        answer = _answer(assigned, people, away, day)
        if not runs or runs[-1][1] != answer:
            runs.append((day, answer))
    return runs


def _answer(
    assigned: Sequence[tuple[date, int]], people: Mapping[int, Person], away: Sequence[Away], day: date
) -> _Answer:
    begun = [specialist_id for starts_on, specialist_id in assigned if starts_on <= day]
    if not begun:
        return None
    dedicated = begun[-1]
    own = [item for item in away if item.specialist_id == dedicated and _is_on(item, day)]
    if not own and people[dedicated].is_active:
        return dedicated, dedicated
    absent = {item.specialist_id for item in away if _is_on(item, day)} | {dedicated}
    for candidate in (*(item.stand_in_id for item in own), people[dedicated].stand_in_id):
        if candidate is None or candidate in absent or candidate not in people:
            continue
        if people[candidate].is_active:
            return dedicated, candidate
    return dedicated, None


def _is_on(item: Away, day: date) -> bool:
    return item.first_day <= day <= item.last_day


def _back(later: Sequence[tuple[date, _Answer]]) -> date | None:
    return next((day for day, answer in later if answer and answer[0] == answer[1]), None)


def uncovered(
    specialist_id: int, people: Mapping[int, Person], away: Sequence[Away], first: date, last: date
) -> list[tuple[date, date]]:
    """The days from ``first`` to ``last`` on which nobody serves whom this specialist is dedicated to."""
    found = shifts([(first, specialist_id)], people, away, first, last)
    return [(shift.first, shift.last) for shift in found if shift.served.by is None]


def nobody_from(
    specialist_id: int, people: Mapping[int, Person], away: Sequence[Away], today: date
) -> date | None:
    """The first day on which nobody who is named serves whom this specialist is dedicated to, if it ends so.

    None when somebody is named in the long run. Days on which a stand-in is away do not count.
    """
    own = [item for item in away if item.specialist_id == specialist_id]
    found = shifts([(today, specialist_id)], people, own, today, date.max)
    if found[-1].served.by is not None:
        return None
    return next(shift.first for shift in found if shift.served.by is None)

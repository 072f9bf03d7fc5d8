"""Who is on call in which week: a plan of weeks, repeated in turn, and its gaps."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

WEEKS_AHEAD = 12
_WEEK = timedelta(weeks=1)

# The senior of each week, by its Monday; None where nobody is entered.
Plan = Mapping[date, int | None]


def weeks_from(monday: date, count: int = WEEKS_AHEAD) -> list[date]:
    """The Mondays of so many weeks in a row."""
    return [monday + number * _WEEK for number in range(count)]


def repeated(plan: Sequence[int | None]) -> list[int | None]:
    """The seniors of the first weeks up to the first gap, in turn for all weeks; nobody stays nobody."""
    turn = list(plan[: plan.index(None)] if None in plan else plan)
    return [turn[number % len(turn)] if turn else None for number in range(len(plan))]


def gaps(plan: Plan) -> list[date]:
    """The Mondays of the weeks for which nobody is entered, in order."""
    return sorted(monday for monday, senior_id in plan.items() if senior_id is None)


def differing(before: Plan, after: Plan) -> dict[date, tuple[int | None, int | None]]:
    """The weeks that change, each with who was and who will be on call."""
    return {
        monday: (before.get(monday), senior_id)
        for monday, senior_id in sorted(after.items())
        if before.get(monday) != senior_id
    }

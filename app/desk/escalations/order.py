"""Who is asked to take an escalation, in which order, and when the next one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ASK_FOR = timedelta(minutes=10)
NOBODY_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Senior:
    """Who may be asked: ``is_in`` when they can be reached now, ``is_away`` when they have time off today.

    ``open_work`` is how many escalations they have, or are asked to take, that are not over.
    """

    user_id: int
    name: str
    is_in: bool
    is_away: bool
    is_on_call: bool
    open_work: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody was asked; ``declined_at`` is when they said no."""

    senior_id: int
    asked_at: datetime
    declined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What to do now: ask ``senior_id`` (None: nobody yet), and look again at ``next_at``.

    ``round_at`` is when the round began or begins to which that belongs; ``is_over`` says that everybody was
    asked in the one before, in vain.
    """

    senior_id: int | None
    next_at: datetime
    round_at: datetime
    is_over: bool = False


def in_order(seniors: Sequence[Senior], *, is_open: bool) -> list[int]:
    """The ids of the seniors in the order in which they are asked.

    In hours those who are in come first, who has least open work before others; then, and at any other time
    at once, who is on call this week, then the rest by name. Whoever has time off today comes last.
    """

    def place(senior: Senior) -> tuple[bool, int, int, str, int]:
        if is_open and senior.is_in:
            return senior.is_away, 0, senior.open_work, senior.name, senior.user_id
        return senior.is_away, 1 if senior.is_on_call else 2, 0, senior.name, senior.user_id

    return [senior.user_id for senior in sorted(seniors, key=place)]


def next_turn(
    now: datetime, order: Sequence[int], asks: Sequence[Ask], round_at: datetime, not_before: datetime
) -> Turn:
    """Whose turn it is in a round that began at ``round_at``: the first in order who was not asked in it.

    Once all were asked the next round begins, at ``not_before`` at the earliest and never sooner than whoever
    was asked last had their time. While there is nobody to ask, an hour later at the earliest.
    """
    asked = {ask.senior_id: ask.asked_at for ask in asks if ask.asked_at >= round_at}
    for senior_id in order:
        if senior_id not in asked:
            return Turn(senior_id, now + ASK_FOR, round_at)
    if not order:
        again = max(now + NOBODY_FOR, not_before)
        return Turn(None, again, again, is_over=True)
    begins = max(now, not_before, max(asked.values()) + ASK_FOR)
    if begins > now:
        return Turn(None, begins, begins, is_over=True)
    return Turn(order[0], now + ASK_FOR, begins, is_over=True)


def has_time(now: datetime, asks: Sequence[Ask], round_at: datetime) -> bool:
    """Whether somebody was asked in this round who said nothing yet and has time left to."""
    return any(
        ask.asked_at >= round_at and ask.declined_at is None and now < ask.asked_at + ASK_FOR for ask in asks
    )

"""Whose time is wanted for what, day by day."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from app.availability.offer import Offer
from app.availability.slots import SlotRules
from app.booking.values import CallValue, OpenTimes, Share
from app.customers.profiles import SpecialistProfile
from app.customers.roster import Served
from app.lib.intervals import Interval

_ALWAYS = Interval(datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose time is wanted for what: a new call of a type, or a new time for the call ``moving``.

    ``holder_id`` is who asks: what they keep for themselves does not stand in their way. ``senior`` is who
    takes part besides, if anybody. ``away``: when the specialist is away and nobody stands in.
    """

    specialist: SpecialistProfile
    call_type_id: int
    rules: SlotRules
    last_day: date | None
    holder_id: int
    moving: CallValue | None = None
    senior: SpecialistProfile | None = None
    away: tuple[Interval, ...] = ()

    def is_as_shown(self, specialist: str) -> bool:
        """Whether it is of whom a page named by this public id: '' stands for anybody.

        Where nobody serves there is nobody else either: then the time cannot be had at all.
        """
        return bool(self.away) or specialist in {"", self.specialist.public_id}

    def is_same_as(self, other: "Wish | None") -> bool:
        """Whether another turn's wish is for the same person's time."""
        return other is not None and (self.people, self.away) == (other.people, other.away)

    @property
    def people(self) -> tuple[int, ...]:
        """Whose time is wanted."""
        others = () if self.senior is None else (self.senior.user_id,)
        return (self.specialist.user_id, *others)


@dataclass(frozen=True, slots=True)
class Turn:
    """Days in a row (service zone) on which the same person's time is wanted; ``served`` says why theirs.

    A call that moves keeps its person whatever the day: there is one turn then, and nothing to say.
    """

    span: Interval
    wish: Wish
    served: Served | None = None


@dataclass(frozen=True, slots=True)
class OpenTime:
    """A time that can be had, and in whose turn it lies."""

    slot: Interval
    turn: Turn

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self.slot.start

    @property
    def specialist(self) -> SpecialistProfile:
        """Whom a call then is with."""
        return self.turn.wish.specialist


@dataclass(frozen=True, slots=True)
class Wishes:
    """The same wish on all days, in order; days on which it cannot be had of whoever serves are in none."""

    turns: tuple[Turn, ...]

    @property
    def first(self) -> Wish:
        """The wish as it is today, or on the first day on which it can be had."""
        return self.turns[0].wish

    def within(self, span: Interval) -> list[tuple[Turn, Interval]]:
        """The turns that a span meets, each with what of the span is its."""
        met = []
        for turn in self.turns:
            start, end = max(span.start, turn.span.start), min(span.end, turn.span.end)
            if start < end:
                met.append((turn, Interval(start, end)))
        return met

    def at(self, start: datetime) -> Wish | None:
        """The wish for a call that begins then."""
        turn = self.turn_at(start)
        return None if turn is None else turn.wish

    def turn_at(self, start: datetime) -> Turn | None:
        """The turn in which a call lies that begins then."""
        return next((turn for turn in self.turns if turn.span.start <= start < turn.span.end), None)

    def open_times(self, slots: Iterable[Interval]) -> tuple[OpenTime, ...]:
        """Open times with whose they are."""
        whose = ((slot, self.turn_at(slot.start)) for slot in slots)
        return tuple(OpenTime(slot, turn) for slot, turn in whose if turn is not None)

    @property
    def served(self) -> list[Served | None]:
        """Who serves from today on, and why."""
        return [turn.served for turn in self.turns]

    @property
    def specialists(self) -> frozenset[int]:
        """Everybody whose time it is on some day."""
        return frozenset(turn.wish.specialist.user_id for turn in self.turns)

    def of_length(self, length: timedelta) -> "Wishes":
        """The turns in which a call is as long as this."""
        return Wishes(tuple(turn for turn in self.turns if turn.wish.rules.length == length))

    def each(self, change: Callable[[Wish], Wish]) -> "Wishes":
        """The same with every wish changed."""
        return Wishes(tuple(Turn(turn.span, change(turn.wish), turn.served) for turn in self.turns))


def only(wish: Wish) -> Wishes:
    """One person's time, whatever the day."""
    return Wishes((Turn(_ALWAYS, wish),))


def asked_once(parts: Sequence[tuple[Turn, Interval]]) -> list[tuple[Wish, Interval]]:
    """Each person's wish with the span from the first to the last of their days, none of nobody's."""
    found: dict[int, tuple[Wish, Interval]] = {}
    for turn, part in parts:
        if not turn.wish.away:
            wish, known = found.get(turn.wish.specialist.user_id, (turn.wish, part))
            whole = Interval(min(known.start, part.start), max(known.end, part.end))
            found[turn.wish.specialist.user_id] = wish, whole
    return list(found.values())


def starting_in(span: Interval, offer: Offer) -> Offer:
    """What of an offer begins in a span."""
    slots = tuple(slot for slot in offer.slots if span.start <= slot.start < span.end)
    return offer if len(slots) == len(offer.slots) else replace(offer, slots=slots)


def joined(shares: list[Share]) -> Offer:
    """What is open of everybody, as old as the oldest; nothing while the first one's calendar is away.

    Times of who serves later would look as if there were none before.
    """
    asked = [share.offer for share in shares if not share.is_nobodys]
    readable = [item for item in asked if item.closed is None]
    closed = asked[0].closed if asked else None
    slots = () if closed else tuple(slot for share in shares for slot in share.offer.slots)
    moments = [item.as_of for item in (readable or asked) if item.as_of is not None]
    return Offer(slots, closed, min(moments, default=None))


def open_times_of(wishes: Wishes, shares: list[Share]) -> OpenTimes:
    """The times that wishes can have, by whom."""
    first = wishes.first
    return OpenTimes(
        first.specialist, first.rules, joined(shares), first.last_day, first.senior, tuple(shares)
    )

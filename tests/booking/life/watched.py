"""How each step of a play is watched: what may change, what must have a cause, and whose time is taken."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import TypeVar

from hypothesis.stateful import invariant
from sqlalchemy import or_, select

from app.availability.models import Reservation
from app.booking.models import Waiting
from app.booking.series.values import SeriesValue
from app.booking.values import CallValue
from app.booking.waiting.line import Place, State, is_offered
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from tests.booking.life.causes import Causes
from tests.booking.life.model import Seen, starts_of, taken_of

Made = TypeVar("Made")
# How long a time is kept for the first in line.
_KEPT_FOR = timedelta(minutes=30)


class Watched(Causes):
    """A play whose every step is held against the model."""

    before: Seen

    # Whose time is taken, after every step.

    @invariant()
    def nobody_is_taken_twice(self) -> None:
        session = self.stage.session
        columns = (Reservation.person_id, Reservation.starts_at, Reservation.ends_at, Reservation.booking_id)
        rows = session.execute(select(*columns).order_by(*columns[:2])).all()
        session.rollback()
        for left, right in zip(rows, rows[1:], strict=False):
            assert left.person_id != right.person_id or left.ends_at <= right.starts_at, (left, right)
        for call in self.model.calls.values():
            mine: dict[int, list[Interval]] = {}
            for row in rows:
                if row.booking_id == call.id:
                    mine.setdefault(row.person_id, []).append(Interval(row.starts_at, row.ends_at))
            self._has_its_time(call, mine)

    def _has_its_time(self, call: CallValue, mine: dict[int, list[Interval]]) -> None:
        """All who take part are taken at all its times, and nobody else; who comes along only at the new."""
        starts = starts_of(call)
        people = {*people_in(call), *filter(None, [call.successor_id])} if starts else set()
        assert mine.keys() == people, (mine, call)
        for person in people:
            comes_along = call.id in self.model.along and person != call.specialist.user_id
            for at in starts - ({call.start} if comes_along else set()):
                span = call.rules.taken_by(at)
                assert any(one.start <= span.start and span.end <= one.end for one in mine[person]), call

    @invariant()
    def an_offer_holds_its_time_and_no_longer_than_half_an_hour(self) -> None:
        session = self.stage.session
        kept = or_(Reservation.id == Waiting.reservation_id, Reservation.id == Waiting.senior_reservation_id)
        rows = session.execute(
            select(Waiting.id, Reservation.starts_at, Reservation.ends_at, Reservation.expires_at).join(
                Reservation, kept
            )
        ).all()
        session.rollback()
        for place in self.model.seen.places.values():
            if place.offer is None or place.offer_expires_at is None or place.state != "offered":
                continue
            began = self.model.offered_at[place.id, place.offer.start]
            assert place.offer_expires_at <= began + _KEPT_FOR, place
            mine = [row for row in rows if row.id == place.id]
            assert all(row.expires_at == place.offer_expires_at for row in mine), (mine, place)
            if not is_offered(place, self.stage.now) or place.is_moving:
                continue
            span = place.offer
            assert any(row.starts_at <= span.start and span.end <= row.ends_at for row in mine), place

    @invariant()
    def nothing_went_wrong_unseen(self) -> None:
        assert not self.stage.surprises, self.stage.surprises

    # How a step is watched.

    def attempt(
        self, who: int, step: Callable[[], Made], *, may: Collection[int] = (), must: bool = False
    ) -> Made | None:
        """What this person's step gave, None when it was refused; nothing else has changed then.

        ``may`` are the calls that it is about, besides those it gives.
        """
        before = self.before = self.model.seen
        try:
            done = step()
        except DomainError as refused:
            self.stage.session.rollback()
            assert not must or type(refused).__name__ == "AlreadyYours", f"offered, but {refused!r}"
            after = self.stage.seen()
            assert (after.calls, after.guests) == (before.calls, before.guests), "refused, but changed"
            return None
        after = self.stage.seen()
        self._others_unchanged(before, after, who, {*may, *_calls_in(done)})
        self._remember(after)
        return done

    def _others_unchanged(self, before: Seen, after: Seen, who: int, own: Collection[int]) -> None:
        for old, new in ((before.calls, after.calls), (before.guests, after.guests)):
            assert _without(new, own) == _without(old, own)
        for number in own & before.calls.keys():
            sequence = before.calls[number].sequence
            assert after.calls[number].sequence in {sequence, sequence + 1}
        for place in before.places.values():
            if place.contact_id != who and is_offered(place, self.stage.now):
                assert after.places[place.id] == place, "what is kept for somebody stays so"

    def watch(self, step: Callable[[], None]) -> None:
        """A step of the worker: what it makes of each call must have a cause."""
        before, people = self.model.seen, self.stage.servers
        standing = {person: self.stage.standing(person) for person in people}
        step()
        after = self.stage.seen()
        assert after.calls.keys() == before.calls.keys() and after.guests == before.guests
        for key, call in after.calls.items():
            old = before.calls[key]
            others = [
                item.span
                for person in {*people_in(old), *filter(None, [old.successor_id])}
                for item in standing[person]
                if item.uid != call.uid
            ]
            self.has_cause(old, call, others)
            self.passes_with_a_cause(old, call, others)
        self._remember(after)

    def _remember(self, after: Seen) -> None:
        before, self.model.seen = self.model.seen.places, after
        for place in after.places.values():
            if place.offer is not None and not _has_this_offer(before.get(place.id), place):
                self.model.offered_at[place.id, place.offer.start] = self.stage.now
        self.model.along = {
            number
            for number in self.model.along
            if after.calls[number].move is not None and after.calls[number].senior is not None
        }

    def require_free(
        self, span: Interval, people: Iterable[int], *, who: int, without: int | None = None
    ) -> None:
        """No call of theirs had it, and nobody else was offered it, as it was before the last step."""
        calls = [call for call in self.before.calls.values() if call.id != without]
        for person in people:
            taken = taken_of(calls, person)
            assert not any(span.overlaps(other) for other in taken), (span, taken)
        for place in self.before.places.values():
            if place.offer is not None and place.contact_id != who and is_offered(place, self.stage.now):
                is_elsewhere = place.specialist_id not in people
                assert is_elsewhere or not span.overlaps(place.offer), "somebody else was offered it"

    def pass_time(self, length: timedelta) -> None:
        """The clock goes on."""
        self.stage.now += length


def people_in(call: CallValue) -> list[int]:
    """Whose time a call takes."""
    return [person.user_id for person in call.people]


def _calls_in(done: object) -> set[int]:
    if isinstance(done, SeriesValue):
        return {call.id for call in done.calls}
    return {done.id} if isinstance(done, CallValue) else set()


def _without(items: object, own: Collection[int]) -> dict[int, object]:
    return {key: item for key, item in dict(items).items() if key not in own}  # type: ignore[call-overload]


def _has_this_offer(old: Place | None, place: Place) -> bool:
    """Whether it is the same time with the same person as before, and was offered then."""
    if old is None or old.state is not State.OFFERED:
        return False
    return (old.offer, old.specialist_id) == (place.offer, place.specialist_id)

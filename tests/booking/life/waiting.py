"""The waiting list: contacts take places in line, are offered what comes free, and answer, or do not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.booking.waiting.line import LIVE, Place, State, is_offered
from app.lib.intervals import Interval
from app.lib.wording import rfc3339
from tests.booking.life.calls import Calls, number
from tests.world import Member

DAYS = (date(2027, 10, 29), date(2027, 11, 2), date(2027, 11, 3))


class Waiting(Calls):
    """Sam's line."""

    @rule(who=st.booleans(), day=st.sampled_from(DAYS), more=st.sampled_from([0, 1]), which=number)
    def join(self, who: bool, day: date, more: int, which: int) -> None:
        """For a kind of call, or every other time for an earlier time of one of theirs."""
        member = self.contact(who)
        mine = [call for call in self.model.calls.values() if call.contact_id == member.id and call.is_active]
        moving = mine[which % len(mine)].public_id if mine and which % 2 else ""
        last = day + timedelta(days=more)
        place = self.attempt(member.id, lambda: self.stage.join(member, day, last, moving))
        if place is not None:
            assert place.contact_id == member.id and place.state in LIVE
            assert bool(moving) == place.is_moving

    @precondition(lambda self: self.offered())
    @rule(which=number)
    def take_offer_in_hand(self, which: int) -> None:
        place, member = self._offered(which)
        if place.is_moving:
            return
        held = self.attempt(member.id, lambda: self.stage.hold_offer(member, place), must=True)
        assert held is not None and (held.start, held.expires_at) == self._kept(place)
        self.model.holds[member.id] = held

    @precondition(lambda self: self.offered())
    @rule(which=number)
    def move_to_offer(self, which: int) -> None:
        place, member = self._offered(which)
        if not place.is_moving or place.moving_id is None or place.offer is None:
            return
        call = self.model.calls[place.moving_id]
        moved = self.attempt(member.id, lambda: self.stage.move_to_offer(member, place), may=[call.id])
        if moved is not None:
            assert moved.id == call.id and moved.move is not None and moved.move.start == place.offer.start
            assert self.model.seen.places[place.id].state is State.TAKEN

    @precondition(lambda self: self.offered())
    @rule(which=number)
    def let_offer_go(self, which: int) -> None:
        place, member = self._offered(which)
        assert place.offer is not None

        def work() -> bool:
            self.stage.decline(member, place)
            return True

        assert self.attempt(member.id, work, must=True)
        assert self.model.seen.places[place.id].state is State.WAITING
        self.model.let_go.add((place.id, place.offer.start))

    @precondition(lambda self: self.model.seen.places)
    @rule(which=number)
    def leave_line(self, which: int) -> None:
        places = list(self.model.seen.places.values())
        place = places[which % len(places)]
        member = self._member(place)

        def work() -> bool:
            self.stage.leave(member, place)
            return True

        assert self.attempt(member.id, work, must=True)
        assert self.model.seen.places[place.id].state not in LIVE

    def watch(self, step: Callable[[], None]) -> None:
        """What the pass offers goes to whoever stands first in line for it."""
        before = self.model.seen.places
        super().watch(step)
        places = self.model.seen.places.values()
        for place in places:
            if place.state is State.OFFERED and before[place.id].state is State.WAITING:
                assert place.offer is not None and (place.id, place.offer.start) not in self.model.let_go
                assert is_offered(place, self.stage.now), "nothing is offered that is not kept"
                self._is_of_whoever_serves(place)
                for other in places:
                    stood = before[other.id]
                    is_behind = stood.state is other.state is State.WAITING and _want_the_same(place, other)
                    # Who is served by others stands in their lines.
                    in_one = before[place.id].specialist_id == stood.specialist_id == other.specialist_id
                    if is_behind and in_one and self._served_by(other, place.offer) == place.specialist_id:
                        assert _turn(place) < _turn(other), (place, other)

    def offered(self) -> list[Place]:
        """The places for which a time is kept at this moment."""
        return [place for place in self.model.seen.places.values() if self._stands_offered(place)]

    def _stands_offered(self, place: Place) -> bool:
        """Whether it is offered, and was not taken or overtaken by what its contact did since."""
        return is_offered(place, self.stage.now) and self.stage.stands(self._member(place), place).state is (
            State.OFFERED
        )

    def _offered(self, which: int) -> tuple[Place, Member]:
        places = self.offered()
        place = places[which % len(places)]
        return place, self._member(place)

    def _member(self, place: Place) -> Member:
        world = self.stage.world
        return next(member for member in (world.vera, world.pavel) if member.id == place.contact_id)

    def _is_of_whoever_serves(self, place: Place) -> None:
        assert place.offer is not None
        if place.moving_id is None or not place.is_moving:
            assert place.specialist_id == self._served_by(place, place.offer), place
        else:
            assert place.specialist_id == self.model.calls[place.moving_id].specialist.user_id, place

    def _served_by(self, place: Place, span: Interval) -> int | None:
        return self.serves(self._member(place).profile.company_id, self.day(span.start))

    def _kept(self, place: Place) -> tuple[object, object]:
        assert place.offer is not None
        return place.offer.start, place.offer_expires_at


def _want_the_same(place: Place, other: Place) -> bool:
    """Whether what was offered to one would have done for the other; both wait for a new call."""
    days = [(one.call_type_id, one.first_day, one.last_day, one.is_moving) for one in (place, other)]
    assert place.offer is not None
    return (
        days[0] == days[1] and not place.is_moving and rfc3339(place.offer.start) not in other.passed_starts
    )


def _turn(place: Place) -> tuple[datetime, int]:
    return place.passed_at or place.created_at, place.id

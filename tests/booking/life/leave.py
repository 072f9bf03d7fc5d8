"""Time off comes and goes in the calendars, names a stand-in or nobody, and calls in it are decided on."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy.orm import Session

from app.booking.standins.service import days_away, keep, move_to_stand_in, stand_in_for
from app.booking.values import CallValue
from tests.booking.life.calls import Calls, number
from tests.booking.life.hands import whose
from tests.booking.life.model import Leave
from tests.world import Member

# Of the first day of calls, of the day with most of them, of the days after it, and of all.
LEAVES = tuple(
    (date(2027, month, day), date(2027, month, day) + timedelta(days=more))
    for month, day, more in ((10, 29, 0), (11, 2, 0), (11, 2, 0), (11, 3, 6), (10, 30, 20))
)


class Leaves(Calls):
    """Sam and Lev go on leave, for each other or for whoever usually stands in."""

    @rule(owner=whose, days=st.sampled_from(LEAVES), names_other=st.sampled_from([True, True, False]))
    def go_on_leave(self, owner: str, days: tuple[date, date], names_other: bool) -> None:
        person = getattr(self.stage.world, owner).id
        other = self.other(person)
        uid = f"off-{len(self.model.calls)}-{len(self.model.leaves)}-{days[0]:%d}-{self.stage.now:%d%H%M%S}"
        self.stage.go_on_leave(person, uid, *days, other.user.name if names_other else "")
        self.model.leaves[person, uid] = Leave(*days, other.id if names_other else None)

    @precondition(lambda self: self.model.leaves)
    @rule(which=number)
    def come_back(self, which: int) -> None:
        owner, uid = list(self.model.leaves)[which % len(self.model.leaves)]
        del self.model.leaves[owner, uid]
        self.stage.take_away(owner, uid)

    @precondition(lambda self: self.in_leave())
    @rule(which=number, by_ada=st.booleans())
    def keep_in_leave(self, which: int, by_ada: bool) -> None:
        """It takes place although its specialist is away: whoever booked it is told so, once."""
        call = self._in_leave(which)
        user = (self.stage.world.ada if by_ada else self.host(call)).user
        inside = {(call.id, uid) for uid in self.leaves_of(call)}
        is_new = not inside <= self.model.kept

        def work(session: Session) -> bool:
            keep(session, self.stage.now, self.stage.settings, user, call.public_id)
            return True

        for _ in range(2):
            assert self.attempt(user.id, lambda: self.stage.write_for_all(work), may=[call.id], must=True)
            new = self.model.calls[call.id]
            assert new.successor_id is None, "who decides that it stays has it stay"
            assert (new.status, new.span, new.move, new.sequence) == (
                call.status,
                call.span,
                call.move,
                call.sequence,
            )
        is_told = is_new and call.confirmed_at is not None
        assert [letter.recipient for letter in self.news()] == [call.contact_email] * is_told
        self.model.kept |= inside

    @precondition(lambda self: self.in_leave())
    @rule(which=number, by_ada=st.booleans())
    def move_to_stand_in(self, which: int, by_ada: bool) -> None:
        """What the page offers works, and nobody is told before the other's calendar has it."""
        stage, call = self.stage, self._in_leave(which)
        user = (stage.world.ada if by_ada else self.host(call)).user
        expected = self.takes_place_of(call.specialist.user_id, self.day_of(call))
        _, to = stand_in_for(stage.session, stage.now, stage.settings, user, call.public_id)
        assert (to.user_id if to else None) == expected
        must = self._is_offered(call, user_of=stage.world.ada)

        def work(session: Session) -> bool:
            shown = to.public_id if to else ""
            move_to_stand_in(session, stage.now, stage.settings, user, call.public_id, shown)
            return True

        done = self.attempt(user.id, lambda: stage.write_for_all(work), may=[call.id], must=must)
        if done:
            new = self.model.calls[call.id]
            assert expected is not None and new.successor_id == expected
            assert (new.specialist, new.status, new.span, new.sequence) == (
                call.specialist,
                call.status,
                call.span,
                call.sequence,
            )
            if call.successor_id is None:
                self.require_free(call.rules.taken_by(call.start), [expected], who=user.id)
        assert not self.news(), "it is theirs when their calendar has it"

    def _is_offered(self, call: CallValue, user_of: Member) -> bool:
        """Whether the page of time off has a button for it."""
        stage = self.stage
        found, _ = days_away(stage.session, stage.now, stage.settings, user_of.user, None, 50)
        stage.session.rollback()
        listed = [one for item in found for one in item.calls if one.call.id == call.id]
        assert bool(listed) == any((call.id, uid) not in self.model.kept for uid in self.leaves_of(call))
        return any(one.can_pass and one.why_not is None for one in listed)

    def in_leave(self) -> list[CallValue]:
        """The calls ahead that lie in their specialist's time off."""
        calls = self.model.calls.values()
        return [
            call for call in calls if call.is_active and call.start > self.stage.now and self.leaves_of(call)
        ]

    def _in_leave(self, which: int) -> CallValue:
        """Mostly one that passes on already, if there is one."""
        calls = self.in_leave()
        passing = [call for call in calls if call.successor_id]
        return (chosen := calls if which % 3 == 0 or not passing else passing)[which % len(chosen)]

    def notice(self) -> None:
        """What a look makes known of time off; of a calendar that is away nothing."""
        for owner in self.stage.servers:
            if not self.stage.is_away(owner):
                known = {key: leave for key, leave in self.model.noticed.items() if key[0] != owner}
                new = {key: leave for key, leave in self.model.leaves.items() if key[0] == owner}
                self.model.noticed = known | new

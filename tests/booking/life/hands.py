"""What the owners of calendars do with their own hands, and what they answer when so much is asked about."""

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.booking.service import let_go, move_along, put_back, write_again
from app.booking.values import CallValue
from app.lib.intervals import Interval
from tests.booking.life.calls import HALF_HOUR, HOUR, TUESDAY, Calls, elsewhere, number, start

whose = st.sampled_from(["sam", "sam", "lev"])
LUNCH = TUESDAY + 3 * HOUR
_DAY_LONG = Interval(TUESDAY - 3 * HOUR, TUESDAY + 9 * HOUR)


class Hands(Calls):
    """Sam's calendar, and Lev's, as they change them themselves."""

    @rule(owner=whose, at=start)
    def appoint(self, owner: str, at: datetime) -> None:
        self._appoint(owner, Interval(at, at + HALF_HOUR))

    @rule(lunch=st.booleans())
    def block_tuesday(self, lunch: bool) -> None:
        """With ``lunch`` but for half an hour."""
        if lunch:
            self._appoint("sam", Interval(_DAY_LONG.start, LUNCH))
            self._appoint("sam", Interval(LUNCH + HALF_HOUR, _DAY_LONG.end))
        else:
            self._appoint("sam", _DAY_LONG)

    def _appoint(self, owner: str, span: Interval) -> None:
        person = getattr(self.stage.world, owner).id
        name = f"own-{len(self.model.calls)}-{len(self.model.appointments)}-{span.start:%d%H%M}"
        self.model.appointments.append((person, name))
        self.stage.appoint(person, name, span)

    @precondition(lambda self: self.model.appointments)
    @rule(which=number)
    def give_up_appointment(self, which: int) -> None:
        person, name = self.model.appointments.pop(which % len(self.model.appointments))
        self.stage.take_away(person, name)

    @precondition(lambda self: self.model.calls)
    @rule(owner=whose, which=number, at=elsewhere)
    def drag(self, owner: str, which: int, at: datetime) -> None:
        call = self.call(which)
        if self.stage.drag(self._id_of(owner), call, at):
            self._touched(owner, call)

    @precondition(lambda self: self.model.calls)
    @rule(owner=whose, which=number)
    def take_out(self, owner: str, which: int) -> None:
        call = self.call(which)
        if self.stage.take_away(self._id_of(owner), call.uid):
            self._touched(owner, call)

    @precondition(lambda self: len(self.model.calls) > 2)
    @rule(owner=whose, hours=st.sampled_from([None, 1, 24]))
    def change_all(self, owner: str, hours: int | None) -> None:
        """A program, or a slip: every event of a call is gone, or elsewhere."""
        for call in self.model.calls.values():
            person = self._id_of(owner)
            there = [item for item in self.stage.standing(person) if item.uid == call.uid]
            if not there:
                continue
            if hours is None:
                self.stage.take_away(person, call.uid)
            else:
                self.stage.drag(person, call, there[0].span.start + hours * HOUR)
            self._touched(owner, call)

    @precondition(lambda self: self.model.calls)
    @rule(owner=whose, which=number)
    def retitle(self, owner: str, which: int) -> None:
        call = self.call(which)
        self.stage.retitle(self._id_of(owner), call)

    @precondition(lambda self: self.asked())
    @rule(
        which=number, all_of_them=st.booleans(), verb=st.sampled_from(["cancel", "write", "follow", "back"])
    )
    def answer_what_is_asked(self, which: int, all_of_them: bool, verb: str) -> None:
        stage, asked = self.stage, self.asked()
        user = self.host(asked[which % len(asked)]).user
        asked = [call for call in asked if call.specialist.user_id == user.id]
        chosen = asked if all_of_them else [asked[which % len(asked)]]
        one = None if all_of_them else chosen[0].public_id

        def work() -> int:
            if verb in {"write", "back"}:
                do = write_again if verb == "write" else put_back
                return stage.write_for_all(lambda s: do(s, stage.now, user, one))
            go = let_go if verb == "cancel" else move_along
            return stage.write_for_all(lambda s: go(s, stage.now, stage.settings, user, one))

        answered = self.attempt(user.id, work, may=[call.id for call in chosen])
        for call in chosen if answered else ():
            new = self.model.calls[call.id]
            if verb == "follow":
                assert new.is_active
            elif new.asked_at is None:
                # What was moved and what is gone are asked about at a time, and answered each its own way.
                is_off = verb == "cancel"
                assert (new.status == "cancelled") == is_off
                assert (new.span, new.sequence - call.sequence) == (call.span, 1 if is_off else 0)
        assert answered is None or all_of_them or answered == 1

    def asked(self) -> list[CallValue]:
        """The calls ahead that their specialists have to decide on."""
        calls = self.model.calls.values()
        return [call for call in calls if call.is_active and call.asked_at and call.start > self.stage.now]

    def _id_of(self, owner: str) -> int:
        """The owner's id."""
        person: int = getattr(self.stage.world, owner).id
        return person

    def _touched(self, owner: str, call: CallValue) -> None:
        is_own = self._id_of(owner) == call.specialist.user_id
        (self.model.touched if is_own else self.model.touched_copies).add(call.id)

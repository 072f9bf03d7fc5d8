"""Bringing the senior into calls, and taking them off again."""

from dataclasses import replace

from hypothesis.stateful import precondition, rule
from sqlalchemy.orm import Session

from app.booking.lifecycle import Event, is_possible, who_in
from app.booking.models import Booking
from app.booking.queries import required_call
from app.booking.reassigning.service import reassign, stay
from app.booking.seniors.choice.service import choose_senior
from app.booking.service import why_not_free
from app.booking.values import CallValue
from app.lib.errors import DomainError
from tests.booking.life.calls import Calls, number


class Seniors(Calls):
    """Lev in Sam's calls."""

    @precondition(lambda self: self.model.calls)
    @rule(which=number, who=number)
    def bring_in(self, which: int, who: int) -> None:
        call = self.call(which)
        user, lev = self.anybody(call, who), self.stage.world.lev
        had_lev = call.senior is not None and call.is_active
        must = had_lev or (is_possible(call, Event.ADD_SENIOR, who_in(call, user), self.stage.now))
        is_somebody_else = lev.id not in {call.specialist.user_id, call.successor_id}
        must = must and is_somebody_else and (had_lev or self._is_free(call))
        new = self.attempt(user.id, lambda: self.stage.add_senior(user, call), may=[call.id], must=must)
        if new is None:
            return
        assert new.senior is not None and new.senior.user_id == lev.id
        assert (new.status, new.span, new.move) == (call.status, call.span, call.move)
        assert new.sequence == call.sequence + (0 if had_lev else 1)
        if not had_lev:
            self.require_free(call.rules.taken_by(call.start), [lev.id], who=user.id)
            assert not self.news(), "who takes part is told when the calendar has it"

    @precondition(lambda self: self.with_lev())
    @rule(which=number, who=number)
    def take_off(self, which: int, who: int) -> None:
        calls = self.with_lev()
        call = calls[which % len(calls)]
        world = self.stage.world
        user = (self.contact_of(call), world.sam, world.lev, world.ada)[who % 4].user
        is_theirs = user.is_staff and call.move is None and call.start > self.stage.now
        new = self.attempt(
            user.id, lambda: self.stage.remove_senior(user, call), may=[call.id], must=is_theirs
        )
        assert (new is not None) == is_theirs
        if new is not None:
            assert (new.senior, new.status, new.span) == (None, call.status, call.span)
            assert new.sequence == call.sequence + 1
            written = {letter.recipient for letter in self.news()} - {world.sam.email}
            invited = {call.contact_email, *self.model.seen.guests[call.id]}
            assert written == (invited if call.confirmed_at else set())

    @precondition(lambda self: self.model.calls)
    @rule(which=number)
    def ask_to_take_over_in_vain(self, which: int) -> None:
        """Ada has the other take a call over, and thinks better of it before their calendar has it."""
        call, stage = self.call(which), self.stage
        world, settings, now = stage.world, stage.settings, stage.now
        to = self.other(call.specialist.user_id)

        def work(session: Session) -> CallValue:
            reassign(session, now, settings, world.ada.user, call.id, to.profile, "")
            assert required_call(session, call.id).successor_id == to.id
            return stay(session, now, settings, session.get_one(Booking, call.id), world.ada.user)

        new = self.attempt(world.ada.id, lambda: stage.write_for_all(work), may=[call.id])
        if new is not None:
            if call.successor_id is None:
                self.require_free(call.rules.taken_by(call.start), [to.id], who=world.ada.id)
            assert call.senior is None and call.status in {"confirmed", "clash"}
            assert replace(new, changed_at=call.changed_at) == replace(call, successor_id=None)
            assert not self.news(), "a call that stays is no news"

    def with_lev(self) -> list[CallValue]:
        """The calls that Lev takes part in."""
        return [call for call in self.model.calls.values() if call.is_active and call.senior is not None]

    def _is_free(self, call: CallValue) -> bool:
        stage = self.stage
        lev = stage.world.lev.profile
        try:
            if choose_senior(stage.session, stage.now, stage.settings, "1", call.specialist.user_id) != lev:
                return False
            return why_not_free(stage.session, stage.now, stage.settings, call, lev) is None
        except DomainError:
            return False
        finally:
            stage.session.rollback()

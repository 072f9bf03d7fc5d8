"""Time off that is entered and removed on the page of working hours; it gets to the calendar by itself."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy.orm import Session

from app.availability.hours_edit import DONE
from app.availability.service_hours import (
    add_time_off,
    current_hours,
    edit_by_id,
    edit_by_public_id,
    remove_time_off,
)
from app.lib.db import write
from tests.booking.life.calls import number
from tests.booking.life.hands import whose
from tests.booking.life.leave import LEAVES, Leaves
from tests.booking.life.model import Leave
from tests.booking.life.passing import Passings


class Editor(Leaves, Passings):
    """The page of Sam and Lev, while their calendars answer; the worker looks at what came of it."""

    @precondition(lambda self: not any(map(self.stage.is_away, self.stage.servers)))
    @rule(owner=whose, days=st.sampled_from(LEAVES), names_other=st.sampled_from([True, True, False]))
    def enter_leave(self, owner: str, days: tuple[date, date], names_other: bool) -> None:
        stage, member = self.stage, getattr(self.stage.world, owner)
        other, there = self.other(member.id), self._uids(member.id)

        def work(session: Session) -> str:
            named = other.profile if names_other else None
            return add_time_off(session, stage.now, member.user, *days, "Leave", named)

        self._carry_out(member.id, self.attempt(member.id, lambda: write(stage.session, [member.id], work)))
        (uid,) = self._uids(member.id) - there
        self.model.leaves[member.id, uid] = Leave(*days, other.id if names_other else None)
        self.see()

    @precondition(lambda self: self._removable())
    @rule(which=number)
    def remove_leave(self, which: int) -> None:
        stage, keys = self.stage, self._removable()
        owner, uid = keys[which % len(keys)]
        member = stage.hosts[owner]
        shown = current_hours(stage.session, owner, member.profile.time_zone)
        (existing,) = (item for item in shown if item.hours.is_time_off and f"UID:{uid}" in item.text)

        def work(session: Session) -> str:
            return remove_time_off(session, stage.now, member.user, existing)

        self._carry_out(owner, self.attempt(owner, lambda: write(stage.session, [owner], work)))
        assert uid not in self._uids(owner)
        del self.model.leaves[owner, uid]
        self.see()

    def see(self) -> None:
        """The worker looks at the calendars."""
        self.notice()
        self.watch(self.stage.look)
        self.hand_overs_have_come_on()

    def _carry_out(self, owner: int, public_id: str | None) -> None:
        session = self.stage.session
        assert public_id is not None
        edit = edit_by_public_id(session, owner, public_id)
        session.rollback()
        assert edit is not None
        self.watch(lambda: self.stage.carry_out(edit))
        done = edit_by_id(session, edit.id)
        session.rollback()
        assert done is not None and done.state == DONE, done

    def _removable(self) -> list[tuple[int, str]]:
        """The time off that pages show, unless a calendar is away."""
        if any(map(self.stage.is_away, self.stage.servers)):
            return []
        return [key for key in self.model.noticed if key in self.model.leaves]

    def _uids(self, owner: int) -> set[str]:
        return {item.uid for item in self.stage.standing(owner)}

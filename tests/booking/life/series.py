"""Calls that are booked together, all or none, and the rest of them called off together."""

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.booking.lifecycle import Event, is_possible, who_in
from app.booking.series.service import series_of
from app.booking.series.values import Repeat
from app.lib.errors import DomainError
from tests.booking.life.calls import Calls, number, senior, start
from tests.booking.life.watched import people_in


class SeriesOfCalls(Calls):
    """Series of Sam's customers."""

    @rule(
        who=st.booleans(),
        at=start,
        weeks=st.sampled_from([1, 2]),
        count=st.sampled_from([2, 4]),
        also=senior,
    )
    def book_series(self, who: bool, at: datetime, weeks: int, count: int, also: str = "") -> None:
        member, stage, repeat = self.contact(who), self.stage, Repeat(weeks, count=count)
        try:
            plan = stage.plan(member, at, repeat, also)
        except DomainError:
            stage.session.rollback()
            return
        is_offered = not any(call.why for call in plan.calls) and (plan.room is None or plan.room >= count)
        wanted = stage.wanted(repeat, at, senior=also)
        found = self.attempt(member.id, lambda: stage.book_series(member, wanted), must=is_offered)
        assert (found is not None) == is_offered
        if found is None:
            return
        self.model.series.append(found.public_id)
        assert [call.start for call in found.calls] == [call.start for call in plan.calls]
        assert len({call.uid for call in found.calls}) == count
        for call in found.calls:
            assert (call.status, call.sequence, call.senior is not None) == ("pending", 0, bool(also))
            assert call.specialist.user_id == self.serves(call.company_id, self.day(call.start))
            self.require_free(call.rules.taken_by(call.start), people_in(call), who=member.id)
        again = self.attempt(member.id, lambda: stage.book_series(member, wanted), must=True)
        assert again is not None and again.public_id == found.public_id
        assert [call.id for call in again.calls] == [call.id for call in found.calls]

    @precondition(lambda self: self.model.series)
    @rule(which=number, who=number)
    def cancel_rest(self, which: int, who: int) -> None:
        stage, public_id = self.stage, self.model.series[which % len(self.model.series)]
        found = series_of(stage.session, stage.world.ada.user, public_id)
        stage.session.rollback()
        user, ids = self.anybody(found.calls[0], who), [call.id for call in found.calls]
        before = self.model.calls
        open_still = {
            number
            for number in ids
            if is_possible(before[number], Event.CANCEL, who_in(before[number], user), stage.now)
        }
        self.attempt(user.id, lambda: stage.cancel_rest(user, found), may=ids, must=True)
        for each in ids:
            new, old = self.model.calls[each], before[each]
            assert (new.status == "cancelled") if each in open_still else (new == old)

"""Colleagues who are added to calls and taken off them; each is told alone."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.booking.service import add_guest, remove_guest
from tests.booking.life.calls import Calls, number
from tests.booking.life.model import Told

address = st.sampled_from(["olga@nordwind.example", "ivan@sever.example", "sam@attache.example"])


class Guests(Calls):
    """Colleagues of the contacts; whoever has the call is none."""

    @precondition(lambda self: self.model.calls)
    @rule(which=number, who=number, email=address)
    def add(self, which: int, who: int, email: str) -> None:
        call, stage = self.call(which), self.stage
        user, there = self.anybody(call, who), self.model.seen.guests[call.id]
        is_welcome = (
            call.is_active and call.start > stage.now and email not in {*there, call.specialist.email}
        )

        def work() -> bool:
            stage.write_as(
                user, call, lambda s: add_guest(s, stage.now, stage.settings, user, call.public_id, email)
            )
            return True

        done = self.attempt(user.id, work, may=[call.id], must=is_welcome)
        assert bool(done) == is_welcome
        if done:
            assert self.model.seen.guests[call.id] == there | {email}
            assert self.model.calls[call.id] == call
            assert [letter.recipient for letter in self.news()] == ([email] if call.confirmed_at else [])

    @precondition(lambda self: any(self.model.seen.guests.values()))
    @rule(which=number, who=number, email=address)
    def remove(self, which: int, who: int, email: str) -> None:
        hosting = [number for number, emails in self.model.seen.guests.items() if emails]
        call, stage = self.model.calls[hosting[which % len(hosting)]], self.stage
        user, there = self.anybody(call, who), self.model.seen.guests[call.id]
        is_there = call.is_active and call.start > stage.now and email in there
        was_invited = self.model.told.get((call.uid, email), Told()).method == "REQUEST"

        def work() -> bool:
            stage.write_as(
                user, call, lambda s: remove_guest(s, stage.now, stage.settings, user, call.public_id, email)
            )
            return True

        done = self.attempt(user.id, work, may=[call.id], must=is_there)
        assert bool(done) == is_there
        if done:
            assert self.model.seen.guests[call.id] == there - {email}
            assert self.model.calls[call.id] == call
            assert [letter.recipient for letter in self.news()] == ([email] if was_invited else [])

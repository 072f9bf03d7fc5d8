"""What customers and staff do with calls on the pages: hold, book, move, cancel, tell what became of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.accounts.values import SignedIn
from app.booking.lifecycle import Event
from app.booking.outcomes.notes import Notes
from app.booking.service import mark
from app.booking.values import CallValue
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from tests.booking.life.ground import NOW
from tests.booking.life.mails import Mailed
from tests.booking.life.watched import people_in
from tests.world import Member

HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)
TUESDAY = datetime(2027, 11, 2, 9, 0, tzinfo=UTC)
# Near each other, so that calls meet; on the day itself, so that they begin; one on a holiday.
STARTS = (
    NOW + 3 * HOUR,
    NOW + 4 * HOUR,
    datetime(2027, 11, 1, 9, 0, tzinfo=UTC),
    TUESDAY,
    TUESDAY + HALF_HOUR,
    TUESDAY + HOUR,
    TUESDAY + 3 * HOUR,
)
start = st.sampled_from(STARTS)
# Where mostly nothing is in the way.
elsewhere = st.sampled_from([*STARTS, *(TUESDAY + timedelta(days=2, hours=hour) for hour in range(4))])
number = st.integers(0, 30)
slug = st.sampled_from(["product-support", "feature-training"])
# Mostly without: a senior is an exception.
senior = st.sampled_from(["", "", "1"])


class Calls(Mailed):
    """Single calls."""

    @rule(who=st.booleans(), at=start, kind=slug, also=senior)
    def book(self, who: bool, at: datetime, kind: str, also: str) -> None:
        member, stage = self.contact(who), self.stage
        is_offered = at in self.offered_starts(member, kind, also)
        call = self.attempt(
            member.id, lambda: stage.book(member, at, slug=kind, senior=also), must=is_offered
        )
        if call is not None:
            assert (call.status, call.start, call.sequence) == ("pending", at, 0)
            assert bool(also) == (call.senior is not None)
            assert call.specialist.user_id == self.serves(call.company_id, self.day(at))
            self.require_free(call.rules.taken_by(at), people_in(call), who=member.id)
            assert at >= stage.now + call.rules.notice

    @rule(who=st.booleans(), at=start, kind=slug, also=senior)
    def hold(self, who: bool, at: datetime, kind: str, also: str) -> None:
        member = self.contact(who)
        held = self.attempt(member.id, lambda: self.stage.hold(member, at, slug=kind, senior=also))
        if held is not None:
            people = [one.user_id for one in (held.specialist, held.senior) if one]
            assert people[0] == self.serves(member.profile.company_id, self.day(at))
            self.require_free(held.call_type.rules.taken_by(at), people, who=member.id)
            self.model.holds[member.id] = held

    @precondition(lambda self: self.model.holds)
    @rule(who=st.booleans())
    def book_what_is_held(self, who: bool) -> None:
        member, stage = self.contact(who), self.stage
        held = self.model.holds.pop(member.id, None)
        if held is None:
            return
        is_kept = stage.now < held.expires_at and held.start >= stage.now + held.call_type.rules.notice
        wanted = {"slug": held.call_type.slug, "senior": "1" if held.senior else ""}
        call = self.attempt(member.id, lambda: stage.book(member, held.start, hold=held.public_id, **wanted))
        assert call is None or (call.start, call.status) == (held.start, "pending")
        assert call is None or is_kept, "a hold that has run out books nothing"

    @precondition(lambda self: self.model.calls)
    @rule(which=number, who=number, at=elsewhere, also=senior)
    def move(self, which: int, who: int, at: datetime, also: str) -> None:
        call = self.call(which)
        user = self.anybody(call, who)
        moved = self.attempt(user.id, lambda: self.stage.move(user, call, at, senior=also), may=[call.id])
        if moved is None:
            return
        if at not in {call.start, call.move.start if call.move else call.start}:
            self.require_free(call.rules.taken_by(at), people_in(moved), who=user.id, without=call.id)
        assert moved.start == call.start and moved.status == call.status
        assert moved.move == (None if at == call.start else Interval(at, at + call.length))
        if call.senior is None and moved.senior is not None:
            self.model.along.add(call.id)

    @precondition(lambda self: self.model.calls)
    @rule(which=number, who=number)
    def cancel(self, which: int, who: int) -> None:
        call = self.call(which)
        user = self.anybody(call, who)
        gone = self.attempt(user.id, lambda: self.stage.cancel(user, call), may=[call.id])
        assert gone is None or (gone.status, gone.move) == ("cancelled", None)

    @precondition(lambda self: self.begun())
    @rule(which=number, who=number, event=st.sampled_from([Event.TAKE_PLACE, Event.MISS]))
    def say_what_became_of_it(self, which: int, who: int, event: Event) -> None:
        begun, stage = self.begun(), self.stage
        call = begun[which % len(begun)]
        user = self.anybody(call, who)
        is_theirs = user.is_staff and call.move is None and call.status not in {"pending"}

        def work() -> CallValue:
            notes = Notes("next time", "inside")
            return stage.write_as(
                user,
                call,
                lambda s: mark(s, stage.now, stage.settings, user, call.public_id, event, notes),
            )

        marked = self.attempt(user.id, work, must=is_theirs)
        assert (marked is not None) == is_theirs
        if marked is not None:
            said = "took_place" if event is Event.TAKE_PLACE else "no_show"
            assert (marked.status, marked.sequence) == (said, call.sequence)
            assert not self.news(), "what became of a call is no news to its guests"

    # Who and which.

    def contact(self, who: bool) -> Member:
        """One of two contacts of different companies that Sam serves."""
        return self.stage.world.vera if who else self.stage.world.pavel

    def contact_of(self, call: CallValue) -> Member:
        """The call's own."""
        world = self.stage.world
        return next(member for member in (world.vera, world.pavel) if member.id == call.contact_id)

    def anybody(self, call: CallValue, who: int) -> SignedIn:
        """The call's contact, its specialist or the administrator."""
        world = self.stage.world
        return (self.contact_of(call), self.host(call), world.ada)[who % 3].user

    def offered_starts(self, member: Member, kind: str, also: str) -> list[datetime]:
        """What the page offers them, none where it says why."""
        try:
            return self.stage.open_starts(member, kind, senior=also)
        except DomainError:
            self.stage.session.rollback()
            return []

    def call(self, which: int) -> CallValue:
        """Any call."""
        calls = list(self.model.calls.values())
        return calls[which % len(calls)]

    def begun(self) -> list[CallValue]:
        """The calls that have begun and were not called off."""
        ends = {"cancelled", "declined", "expired"}
        return [
            call
            for call in self.model.calls.values()
            if call.start <= self.stage.now and call.status not in ends
        ]

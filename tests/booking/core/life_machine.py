"""Calls' lives played at random: what people, calendars, the worker and the clock may do."""

import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from app.accounts.values import SignedIn
from app.booking.values import CallValue
from app.lib.intervals import Interval
from tests.booking.core.life_ground import NOW, Ground
from tests.booking.core.life_watched import Model, Watched
from tests.world import Member

HALF_HOUR, HOUR, MINUTE = timedelta(minutes=30), timedelta(hours=1), timedelta(minutes=1)
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
number = st.integers(0, 30)
slug = st.sampled_from(["product-support", "feature-training"])


class Life(Watched):
    """One play; a subclass says on which ground."""

    ground: ClassVar[Ground]

    @initialize()
    def begin(self) -> None:
        self.open = ExitStack()
        self.stage = self.open.enter_context(self.ground.stage())
        self.model = Model()

    def teardown(self) -> None:
        if hasattr(self, "open"):
            with self.open:
                # A play that failed is not played on.
                if sys.exc_info()[0] is None:
                    self.quiet()

    # What people do.

    @rule(who=st.booleans(), at=start, kind=slug)
    def book(self, who: bool, at: datetime, kind: str) -> None:
        member, stage = self._contact(who), self.stage
        is_offered = at in stage.open_starts(member, kind)
        call = self.attempt(lambda: stage.book(member, at, slug=kind), must=is_offered)
        if call is not None:
            assert (call.status, call.start, call.sequence) == ("pending", at, 0)
            self.require_free(call.rules.taken_by(at))
            assert at >= stage.now + call.rules.notice

    @rule(who=st.booleans(), at=start, kind=slug)
    def hold(self, who: bool, at: datetime, kind: str) -> None:
        member = self._contact(who)
        held = self.attempt(lambda: self.stage.hold(member, at, slug=kind))
        if held is not None:
            self.require_free(held.call_type.rules.taken_by(at))
            self.model.holds[member.id] = held

    @precondition(lambda self: self.model.holds)
    @rule(who=st.booleans())
    def book_what_is_held(self, who: bool) -> None:
        member, stage = self._contact(who), self.stage
        held = self.model.holds.pop(member.id, None)
        if held is None:
            return
        is_kept = stage.now < held.expires_at and held.start >= stage.now + held.call_type.rules.notice
        kind = held.call_type.slug
        call = self.attempt(lambda: stage.book(member, held.start, hold=held.public_id, slug=kind))
        assert call is None or (call.start, call.status) == (held.start, "pending")
        assert call is None or is_kept, "a hold that has run out books nothing"

    @precondition(lambda self: self.model.calls)
    @rule(which=number, who=number, at=start)
    def move(self, which: int, who: int, at: datetime) -> None:
        call = self._call(which)
        moved = self.attempt(lambda: self.stage.move(self._anybody(call, who), call, at))
        if moved is not None:
            self.require_free(call.rules.taken_by(at), without=call.id)
            assert moved.start == call.start and moved.status == call.status
            wanted = Interval(at, at + call.length)
            assert moved.move == (None if at == call.start else wanted)

    @precondition(lambda self: self.model.calls)
    @rule(which=number, who=number)
    def cancel(self, which: int, who: int) -> None:
        call = self._call(which)
        gone = self.attempt(lambda: self.stage.cancel(self._anybody(call, who), call))
        assert gone is None or (gone.status, gone.move) == ("cancelled", None)

    @rule(at=start)
    def appoint(self, at: datetime) -> None:
        name = f"own-{len(self.model.appointments)}"
        self.model.appointments.append(name)
        self.stage.appoint(name, Interval(at, at + HALF_HOUR))

    @precondition(lambda self: self.model.appointments)
    @rule()
    def give_up_appointment(self) -> None:
        self.stage.take_away(self.model.appointments.pop())

    @precondition(lambda self: self.model.calls)
    @rule(which=number, at=start)
    def drag(self, which: int, at: datetime) -> None:
        self.stage.drag(self._touched(which), at)

    @precondition(lambda self: self.model.calls)
    @rule(which=number)
    def take_out(self, which: int) -> None:
        self.stage.take_away(self._touched(which).uid)

    @precondition(lambda self: self.model.calls)
    @rule(which=number)
    def retitle(self, which: int) -> None:
        self.stage.retitle(self._call(which))

    # What the worker and the clock do.

    @rule()
    def look(self) -> None:
        self._pass(timedelta(seconds=61))
        self.watch(self.stage.look)

    @rule()
    def work(self) -> None:
        self.watch(self.stage.work)

    @rule(minutes=st.sampled_from([1, 6, 60, 170, 1440]))
    def time_passes(self, minutes: int) -> None:
        self._pass(minutes * MINUTE)
        self.watch(self.stage.look)
        self.watch(self.stage.passes)

    @rule()
    def quiet(self) -> None:
        """Nobody does anything for some minutes: then everything agrees."""
        for _ in range(4):
            self._pass(timedelta(seconds=70))
            self.watch(self.stage.look)
            self.watch(self.stage.work)
        self.each_change_is_mailed_once_and_in_order()
        self.everything_agrees()
        self.model.touched.clear()

    def _pass(self, length: timedelta) -> None:
        self.stage.now += length

    def _contact(self, who: bool) -> Member:
        return self.stage.world.vera if who else self.stage.world.pavel

    def _anybody(self, call: CallValue, who: int) -> SignedIn:
        world = self.stage.world
        contact = next(member for member in (world.vera, world.pavel) if member.id == call.contact_id)
        return (contact, world.sam, world.ada)[who % 3].user

    def _call(self, which: int) -> CallValue:
        calls = list(self.model.calls.values())
        return calls[which % len(calls)]

    def _touched(self, which: int) -> CallValue:
        call = self._call(which)
        self.model.touched.add(call.id)
        return call

"""Calls' lives played at random: what people, calendars, the worker and the clock may do."""

import sys
from contextlib import ExitStack
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.booking.life.agreement import Agreement
from tests.booking.life.answers import Answers
from tests.booking.life.calls import HOUR, TUESDAY, number
from tests.booking.life.editor import Editor
from tests.booking.life.ground import NOTHING, Ground
from tests.booking.life.guests import Guests
from tests.booking.life.hands import LUNCH, Hands
from tests.booking.life.outage import Outages
from tests.booking.life.seniors import Seniors
from tests.booking.life.series import SeriesOfCalls
from tests.booking.life.waiting import Waiting

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# What each begins with but the first, by the opening that it goes on from.
OPENINGS = {
    "busy": NOTHING,
    "begun": "busy",
    "proposal": "busy",
    "question": "busy",
    "line": "busy",
    "offer": "line",
    "leave": "busy",
    "passing": "busy",
}


class Life(Editor, Outages, Hands, Seniors, SeriesOfCalls, Guests, Answers, Waiting, Agreement):
    """One play; a subclass says on which ground."""

    ground: ClassVar[Ground]

    @initialize(opening=st.sampled_from([NOTHING, *OPENINGS, "leave", "passing"]))
    def begin(self, opening: str) -> None:
        """On an empty stage, or where much can happen at once."""
        make_opening(self.ground, opening)
        self.open = ExitStack()
        self.stage, self.model = self.open.enter_context(self.ground.stage(opening))

    def teardown(self) -> None:
        if hasattr(self, "open"):
            with self.open:
                # A play that failed is not played on.
                if sys.exc_info()[0] is None:
                    self.quiet()

    # What the worker and the clock do.

    @rule()
    def look(self) -> None:
        self.pass_time(timedelta(seconds=61))
        self.see()

    @rule()
    def work(self) -> None:
        self.watch(self.stage.work)

    @precondition(lambda self: self.model.calls)
    @rule(which=number)
    def work_for_one(self, which: int) -> None:
        """One piece of the work, be it enqueued or left over; the others wait."""
        call = self.call(which)
        self.watch(lambda: self.stage.work_for(call.id))

    @rule(minutes=st.sampled_from([None, 1, 6, 31, 60, 170, 1440]))
    def time_passes(self, minutes: int | None) -> None:
        """So long, or until the next call has begun."""
        now = self.stage.now
        starts = [call.start for call in self.model.calls.values() if call.is_active and call.start > now]
        until = now + minutes * MINUTE if minutes else min(starts, default=now) + MINUTE
        self.pass_time(until - now)
        self.see()
        self.watch(self.stage.passes)

    @rule()
    def quiet(self) -> None:
        """Nobody does anything for some minutes: then everything agrees."""
        self.calendars_are_back()
        for _ in range(3):
            self.pass_time(timedelta(seconds=70))
            self.see()
            self.watch(self.stage.work)
            self.each_change_is_mailed_once_and_in_order()
        self.the_roster_says_who_serves()
        self.nobody_is_taken_twice()
        self.everything_agrees()
        self.calls_are_with_whoever_serves()
        # What is asked about waits for the answer.
        asked = {call.id for call in self.asked()}
        self.model.touched &= asked
        self.model.touched_copies &= asked

    # Where plays begin, made by the rules that are played.

    def make_busy(self) -> None:
        """Calls with a colleague, with the senior, and in a series."""
        self.book(who=True, at=TUESDAY, kind="product-support", also="")
        self.add(which=0, who=0, email="olga@nordwind.example")
        self.book(who=False, at=TUESDAY + 5 * HOUR, kind="product-support", also="1")
        self.book_series(who=True, at=LUNCH, weeks=1, count=4)
        self.quiet()

    def make_begun(self) -> None:
        """The first of the calls takes place."""
        self.time_passes(minutes=None)
        assert self.begun()

    def make_proposal(self) -> None:
        """One would rather talk on Thursday."""
        self.counter(which=0, at=TUESDAY + 48 * HOUR)
        assert self.model.seen.proposals

    def make_line(self) -> None:
        """Two wait for a day on which nothing is free, and one of them for an earlier time of their call."""
        self.block_tuesday(lunch=True)
        self.look()
        for who, moving in ((True, 0), (False, 0), (False, 1)):
            self.join(who=who, day=TUESDAY.date(), more=0, which=moving)
        assert [place.is_moving for place in self.model.seen.places.values()] == [False, False, True]

    def make_offer(self) -> None:
        """The first of them is offered what came free."""
        (call,) = (call for call in self.model.calls.values() if call.start == LUNCH)
        self.cancel(which=call.id - 1, who=0)
        self.quiet()
        assert len(self.offered()) == 1

    def make_leave(self) -> None:
        """Lev stands in for Sam until Tuesday; of the calls there one is his, one on its way to him."""
        tuesday = TUESDAY.date()
        self.go_on_leave(owner="lev", days=(tuesday, tuesday), names_other=False)
        self.look()
        self.come_back(which=0)
        self.go_on_leave(owner="sam", days=(tuesday - DAY, tuesday), names_other=True)
        self.look()
        self.the_roster_says_who_serves()
        assert len(self.in_leave()) > 1
        self.book(who=False, at=TUESDAY + HOUR, kind="product-support", also="")
        assert self.stage.world.lev.id in [call.specialist.user_id for call in self.model.calls.values()]
        self.work()
        self.each_change_is_mailed_once_and_in_order()
        self.move_to_stand_in(which=0, by_ada=False)
        self.keep_in_leave(which=0, by_ada=False)
        self.each_change_is_mailed_once_and_in_order()
        self.move_to_stand_in(which=0, by_ada=True)
        assert [call.id for call in self.in_leave() if call.successor_id] == [1]

    def make_passing(self) -> None:
        """Nordwind is handed over: Lev's time is taken for its calls, his calendar does not have them yet."""
        self.plan_hand_over(who=True, days=1)
        self.each_change_is_mailed_once_and_in_order()
        self.answer_plan(which=0, verb="confirm")
        self.post_goes_out()
        self.look()
        assert len(self.passing_calls()) > 2
        self.decide_on_call(which=0, by=0, verb="keep")
        self.look()
        assert any(call.successor_id for call in self.model.calls.values())

    def make_question(self) -> None:
        """Sam is asked about many calls that were moved at once."""
        self.change_all(owner="sam", hours=1)
        self.look()
        assert len(self.asked()) > 3


def make_opening(ground: Ground, name: str) -> None:
    """Play it when it is first asked for, so that each play that begins with it has a copy."""
    if name in ground.openings:
        return
    make_opening(ground, OPENINGS[name])
    life = Life()
    with ground.stage(OPENINGS[name], keep_as=name) as (life.stage, life.model):
        getattr(life, f"make_{name}")()

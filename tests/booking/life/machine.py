"""Calls' lives played at random: what people, calendars, the worker and the clock may do."""

import sys
from contextlib import ExitStack
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tests.booking.life.agreement import Agreement
from tests.booking.life.answers import Answers
from tests.booking.life.ground import Ground
from tests.booking.life.guests import Guests
from tests.booking.life.hands import Hands
from tests.booking.life.model import Model
from tests.booking.life.seniors import Seniors
from tests.booking.life.series import SeriesOfCalls
from tests.booking.life.waiting import Waiting

MINUTE = timedelta(minutes=1)


class Life(Hands, Seniors, SeriesOfCalls, Guests, Answers, Waiting, Agreement):
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

    # What the worker and the clock do.

    @rule()
    def look(self) -> None:
        self.pass_time(timedelta(seconds=61))
        self.watch(self.stage.look)

    @rule()
    def work(self) -> None:
        self.watch(self.stage.work)

    @rule(minutes=st.sampled_from([1, 6, 31, 60, 170, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.pass_time(minutes * MINUTE)
        self.watch(self.stage.look)
        self.watch(self.stage.passes)

    @rule()
    def quiet(self) -> None:
        """Nobody does anything for some minutes: then everything agrees."""
        for _ in range(4):
            self.pass_time(timedelta(seconds=70))
            self.watch(self.stage.look)
            self.watch(self.stage.work)
        self.each_change_is_mailed_once_and_in_order()
        self.everything_agrees()
        self.model.touched.clear()
        self.model.touched_copies.clear()

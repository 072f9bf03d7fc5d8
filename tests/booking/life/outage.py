"""Calendars that do not answer for a while."""

from hypothesis.stateful import precondition, rule

from tests.booking.life.calls import Calls
from tests.booking.life.hands import whose


class Outages(Calls):
    """The servers of Sam and Lev, each its own."""

    @precondition(lambda self: not any(map(self.stage.is_away, self.stage.servers)))
    @rule(owner=whose)
    def calendar_goes_away(self, owner: str) -> None:
        self.stage.servers[getattr(self.stage.world, owner).id].is_away = True

    @precondition(lambda self: any(map(self.stage.is_away, self.stage.servers)))
    @rule()
    def calendars_are_back(self) -> None:
        for server in self.stage.servers.values():
            server.is_away = False

"""Who serves whom on which day, as the model has it; the service must say the same."""

from datetime import date, datetime, timedelta

from hypothesis.stateful import RuleBasedStateMachine, invariant

from app.booking.values import CallValue
from app.customers.service import roster
from app.lib.wording import local_date
from tests.booking.life.model import Leave, Model
from tests.booking.life.stage import Stage
from tests.world import Member

_AHEAD = timedelta(days=14)


class Serving(RuleBasedStateMachine):
    """A play in which specialists come and go; Rita usually stands in for Sam, and has no calendar."""

    stage: Stage
    model: Model

    @invariant()
    def the_roster_says_who_serves(self) -> None:
        session, today = self.stage.session, self.today()
        for member in (self.stage.world.vera, self.stage.world.pavel):
            company = member.profile.company_id
            for shift in roster(session, company, today, today + _AHEAD):
                by = None if shift.served.by is None else shift.served.by.user_id
                for more in range((shift.last - shift.first).days + 1):
                    day = shift.first + timedelta(days=more)
                    assert by == self.serves(company, day), (day, shift)
        session.rollback()

    def serves(self, company_id: int, day: date) -> int | None:
        """Who serves a company on a day; None for nobody."""
        dedicated = self.stage.world.sam.id
        for first, person in self.model.assigned.get(company_id, []):
            dedicated = person if first <= day else dedicated
        return self.takes_place_of(dedicated, day)

    def takes_place_of(self, person_id: int, day: date) -> int | None:
        """They themselves, or who stands in for them that day."""
        off = {
            person: [
                leave
                for (owner, _), leave in self.model.noticed.items()
                if owner == person and leave.has(day)
            ]
            for person in self.stage.servers
        }
        if not off[person_id]:
            return person_id
        world = self.stage.world
        usual = world.rita.id if person_id == world.sam.id else None
        named = [leave.named for leave in sorted(off[person_id], key=lambda leave: leave.first)]
        wanted = [number for number in (*named, usual) if number not in {None, person_id}]
        return next((number for number in wanted if not off.get(number or 0)), None)

    def leaves_of(self, call: CallValue) -> dict[str, Leave]:
        """The time off that a call lies in, by UID; where it is on its way to if it moves."""
        day, host = self.day_of(call), call.specialist.user_id
        return {
            uid: leave
            for (owner, uid), leave in self.model.noticed.items()
            if owner == host and leave.has(day)
        }

    def day_of(self, call: CallValue) -> date:
        """The day on which it takes place, or is on its way to."""
        return self.day((call.move or call.span).start)

    def day(self, at: datetime) -> date:
        """The day of the service zone."""
        return local_date(at, self.stage.settings.service_time_zone)

    def today(self) -> date:
        """The day of the service zone that it is."""
        return self.day(self.stage.now)

    def host(self, call: CallValue) -> Member:
        """Its specialist."""
        return self.stage.hosts[call.specialist.user_id]

    def other(self, person_id: int) -> Member:
        """The other of the two."""
        return next(member for number, member in self.stage.hosts.items() if number != person_id)

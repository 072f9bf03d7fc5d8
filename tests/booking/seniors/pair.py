"""Sam's and Lev's calendars on a real server, and calls that both take part in."""

from dataclasses import dataclass
from datetime import timedelta

import icalendar

from app.booking import jobs, service
from app.booking.values import CallValue
from app.calendars.jobs import sync_person
from app.calendars.service import choose, connect
from app.jobs.client import client_of, live_keys
from app.lib.intervals import Interval
from app.verify.service import verify
from tests.booking.core.office import HOURS, WORK, Office
from tests.calendars.world import ics
from tests.support.radicale import password

LEVS, LEVS_HOURS = "/lev/work/", "/lev/hours/"


@dataclass
class Pair(Office):
    """An office in which the senior Lev has calendars too, with the same hours."""

    def levs_events(self) -> list[icalendar.Event]:
        texts = [self.radicale.get(path) for path in self.radicale.paths(LEVS)]
        return [event for text in texts for event in icalendar.Calendar.from_ical(text).walk("VEVENT")]

    def times(self) -> dict[str, list[object]]:
        """When the events stand in whose calendar."""
        return {
            "sam": [event.start for event in self.events()],
            "lev": [event.start for event in self.levs_events()],
        }

    def appoint_lev(self, span: Interval, uid: str = "doctor") -> None:
        """Lev's own appointment, made in another client."""
        stamps = (f"{at:%Y%m%dT%H%M%SZ}" for at in (span.start, span.end))
        self.radicale.put(f"{LEVS}{uid}.ics", ics(uid, *stamps))

    def sync_lev(self) -> None:
        sync_person(self.session, self.settings, self.now, self.world.lev.id)

    def look_at_both(self, seconds: float = 30) -> None:
        """One sync of both and one pass, ``seconds`` after the last."""
        self.now += timedelta(seconds=seconds)
        sync_person(self.session, self.settings, self.now, self.world.lev.id)
        self.look(0)
        jobs.follow_seniors_pass(self.session, self.settings, self.now)

    def levs_path(self, call: CallValue) -> str:
        return f"{LEVS}{call.uid}.ics"

    def wrong(self) -> list[str]:
        """What verify finds, but for the work (V4) that tests carry out and the mails (V5) that they drop."""
        self.session.rollback()
        for key in live_keys(self.session):
            client_of(self.session).cancel_workflow(key)
        self.session.rollback()
        found = verify(self.session, self.now, self.settings)
        return [line for line in found if not line.startswith(("V4", "V5"))]

    def add_guest(self, call: CallValue, email: str) -> None:
        vera = self.world.vera.user
        self._write(
            vera.id,
            lambda s: service.add_guest(s, self.now, self.settings, vera, call.public_id, email),
            call.public_id,
        )

    def call_now(self, call: CallValue) -> CallValue:
        self.session.rollback()
        return service.call_of(self.session, self.world.sam.user, call.public_id)


def open_pair(office: Office) -> Pair:
    """Connect Lev's calendars as Sam's are."""
    radicale = office.radicale
    for slug in ("work", "hours"):
        radicale.make_calendar("lev", slug)
    radicale.put(f"{LEVS_HOURS}hours.ics", radicale.get(f"{HOURS}hours.ics"))
    lev = office.world.lev.id
    account = connect(
        office.session, office.now, office.settings, lev, f"{radicale.url}/lev/", "lev", password("lev")
    )
    choose(office.session, account, {LEVS: "busy", LEVS_HOURS: "working_hours"}, LEVS)
    office.session.commit()
    pair = Pair(office.session, office.settings, office.world, office.now, radicale=radicale)
    pair.sync_lev()
    return pair


__all__ = ["LEVS", "WORK", "Pair", "open_pair"]

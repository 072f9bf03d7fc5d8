"""Sam's and Rita's calendars on a real server, and calls that pass from one to the other."""

from dataclasses import dataclass
from datetime import timedelta

import icalendar
from sqlalchemy import select

from app.accounts.models import User
from app.availability.models import Reservation
from app.booking import jobs, service
from app.booking.models import Booking
from app.booking.reassigning.service import people_to_lock, reassign
from app.booking.values import CallValue
from app.calendars.jobs import sync_person
from app.calendars.models import CalendarAccount
from app.calendars.service import choose, connect
from app.jobs.client import client_of, live_keys
from app.lib.db import write
from app.lib.intervals import Interval
from app.verify.service import verify
from tests.booking.core.office import HOURS, Office
from tests.calendars.world import ics
from tests.support.radicale import password
from tests.world import Member

RITAS = "/rita/work/"


@dataclass
class Crew(Office):
    """An office in which Rita has calendars too, with the same hours as Sam."""

    def times(self) -> dict[str, list[object]]:
        """When events of ours stand in whose calendar."""
        people = ("sam", "rita")
        return {name: sorted(event.start for event in self.events_in(f"/{name}/work/")) for name in people}

    def events_in(self, calendar: str) -> list[icalendar.Event]:
        texts = [self.radicale.get(path) for path in self.radicale.paths(calendar)]
        found = [event for text in texts for event in icalendar.Calendar.from_ical(text).walk("VEVENT")]
        return [event for event in found if str(event["UID"]).startswith("attache")]

    def pass_on(self, call: CallValue, to: Member | None = None, reason: str = "") -> None:
        """Ada has somebody, Rita by default, take the call over."""
        profile = (to or self.world.rita).profile
        people = people_to_lock(self.session, call.id, profile)
        ada = self.world.ada.user
        write(
            self.session,
            people,
            lambda s: reassign(s, self.now, self.settings, ada, call.id, profile, reason),
        )

    def appoint_rita(self, span: Interval, uid: str = "doctor") -> None:
        """Rita's own appointment, made in another client."""
        stamps = (f"{at:%Y%m%dT%H%M%SZ}" for at in (span.start, span.end))
        self.radicale.put(f"{RITAS}{uid}.ics", ics(uid, *stamps))

    def look_at_both(self, seconds: float = 30) -> None:
        self.now += timedelta(seconds=seconds)
        sync_person(self.session, self.settings, self.now, self.world.rita.id)
        self.look(0)
        jobs.follow_seniors_pass(self.session, self.settings, self.now)

    def call_now(self, call: CallValue) -> CallValue:
        """The call as it is now, whoever has it."""
        self.session.rollback()
        return service.call_of(self.session, self.world.ada.user, call.public_id)

    def connect(self, name: str, member: Member) -> None:
        """Calendars with the same hours as Sam's."""
        for slug in ("work", "hours"):
            self.radicale.make_calendar(name, slug)
        work, hours = f"/{name}/work/", f"/{name}/hours/"
        self.radicale.put(f"{hours}hours.ics", self.radicale.get(f"{HOURS}hours.ics"))
        home = f"{self.radicale.url}/{name}/"
        account = connect(self.session, self.now, self.settings, member.id, home, name, password(name))
        choose(self.session, account, {work: "busy", hours: "working_hours"}, work)
        self.session.commit()
        sync_person(self.session, self.settings, self.now, member.id)

    def unplug(self, member: Member, url: str = "http://127.0.0.1:9/") -> str:
        """Their calendar server is not there, or with the former ``url`` there again; the url of before."""
        account = self.session.query(CalendarAccount).filter_by(person_id=member.id).one()
        before, account.url = account.url, url
        self.session.commit()
        return before

    def clash(self, call: CallValue) -> None:
        """Something of Sam's own appeared beside the call, and he was told."""
        row = self.session.get_one(Booking, call.id)
        row.status = "clash"
        self.session.commit()

    def taken(self) -> dict[str, list[Interval]]:
        """What is reserved of whose time."""
        rows = self.session.execute(
            select(User.email, Reservation.starts_at, Reservation.ends_at)
            .join(User, User.id == Reservation.person_id)
            .order_by(Reservation.starts_at)
        )
        found: dict[str, list[Interval]] = {}
        for email, start, end in rows:
            found.setdefault(email.split("@")[0], []).append(Interval(start, end))
        self.session.rollback()
        return found

    def wrong(self) -> list[str]:
        """What verify finds, but for the work (V4) that tests carry out and the mails (V5) that they drop."""
        self.session.rollback()
        for key in live_keys(self.session):
            client_of(self.session).cancel_workflow(key)
        self.session.rollback()
        found = verify(self.session, self.now, self.settings)
        return [line for line in found if not line.startswith(("V4", "V5"))]


def open_crew(office: Office) -> Crew:
    """Connect Rita's calendars as Sam's are."""
    crew = Crew(office.session, office.settings, office.world, office.now, radicale=office.radicale)
    crew.connect("rita", office.world.rita)
    return crew

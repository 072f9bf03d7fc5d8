"""Sam's calendars on a real server, and a desk that books into them at the present time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.availability.models import Reservation
from app.booking import jobs, service
from app.booking.following.answering.service import let_go, move_along, put_back, write_again
from app.booking.models import Booking
from app.booking.values import CallValue
from app.calendars.jobs import sync_person
from app.calendars.models import CalendarAccount
from app.calendars.service import choose, connect
from app.config import Settings
from app.lib import clock
from app.lib.db import write
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from tests.booking.core.desk import Desk
from tests.calendars.world import ics
from tests.support.radicale import Radicale, password
from tests.world import Member, build_world

WORK, HOURS = "/sam/work/", "/sam/hours/"


@dataclass
class Office(Desk):
    """A desk whose specialist Sam has calendars on a real server, at the present time."""

    radicale: Radicale = None  # type: ignore[assignment]

    def write(self, call: CallValue) -> timedelta | None:
        return jobs.write_booking(self.session, self.settings, call.id, 0)

    def now_of(self, call: CallValue) -> CallValue:
        self.session.rollback()
        return service.call_of(self.session, self.world.sam.user, call.public_id)

    def events(self) -> list[icalendar.Event]:
        texts = [self.radicale.get(path) for path in self.radicale.paths(WORK)]
        return [event for text in texts for event in icalendar.Calendar.from_ical(text).walk("VEVENT")]

    def edit(self, call: CallValue, change: Callable[[str], str], calendar: str = WORK) -> None:
        """Sam edits the event in her own client."""
        path = f"{calendar}{call.uid}.ics"
        self.radicale.put(path, change(self.radicale.get(path)))

    def drag(self, call: CallValue, start: datetime, length: timedelta | None = None) -> None:
        """Sam moves the event in her own client."""
        end = start + (length or call.length)
        stamps = [f"{at:%Y%m%dT%H%M%SZ}" for at in (call.start, call.end, start, end)]
        self.edit(call, lambda text: text.replace(stamps[0], stamps[2]).replace(stamps[1], stamps[3]))

    def take_out(self, call: CallValue) -> None:
        """Sam deletes the event in her own client."""
        self.radicale.delete(f"{WORK}{call.uid}.ics")

    def choose_also(self, calendar: str) -> None:
        """Sam connects another calendar."""
        self._choose({WORK: "busy", HOURS: "working_hours", calendar: "busy"}, WORK)

    def choose_instead(self, calendar: str) -> None:
        """Sam connects another calendar for her calls in place of the first."""
        self._choose({HOURS: "working_hours", calendar: "busy"}, calendar)

    def _choose(self, purposes: dict[str, str], receives: str) -> None:
        account = self.session.query(CalendarAccount).one()
        choose(self.session, account, purposes, receives)
        self.session.commit()
        sync_person(self.session, self.settings, self.now, self.world.sam.id)

    def answer(self, verb: str, call: CallValue | None) -> int:
        """Sam answers what is asked about her calls."""
        sam, number = self.world.sam.user, call.public_id if call else None

        def work(session: Session) -> int:
            if verb in {"write", "back"}:
                return (write_again if verb == "write" else put_back)(session, self.now, sam, number)
            do = {"cancel": let_go, "follow": move_along}[verb]
            return do(session, self.now, self.settings, sam, number)

        return write(self.session, [sam.id], work)

    def look(self, seconds: float = 30) -> None:
        """One sync and one pass, ``seconds`` after the last."""
        self.now += timedelta(seconds=seconds)
        sync_person(self.session, self.settings, self.now, self.world.sam.id)
        jobs.follow_pass(self.session, self.settings, self.now)

    def work(self, call: CallValue) -> None:
        """The worker carries out whatever was enqueued for the call."""
        assert self.write(call) is None

    def kinds(self) -> list[str]:
        """What was mailed, in order, with whom it went to."""
        return [f"{key.split(':')[1]} {mail['To'].addresses[0].username}" for key, mail in self.mails()]

    def booked(self, start: datetime, member: Member | None = None, **changes: str) -> CallValue:
        """A confirmed call, its invitation out of the way."""
        call = self.book(member or self.world.vera, start, **changes)
        self.work(call)
        self.session.execute(OutgoingMail.__table__.delete())
        self.session.commit()
        return self.now_of(call)

    def appoint(self, span: Interval, uid: str = "dentist") -> None:
        """Sam's own appointment, made in another client."""
        stamps = (f"{at:%Y%m%dT%H%M%SZ}" for at in (span.start, span.end))
        self.radicale.put(f"{WORK}{uid}.ics", ics(uid, *stamps))

    def mails(self) -> list[tuple[str, EmailMessage]]:
        self.session.rollback()
        rows = self.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        parsed = [(row.subject_key, message_from_bytes(row.content, policy=policy.default)) for row in rows]
        return [(key.split(":", 2)[2], mail) for key, mail in parsed if isinstance(mail, EmailMessage)]

    def reserved(self) -> list[Interval]:
        rows = self.session.execute(select(Reservation.starts_at, Reservation.ends_at))
        return sorted(Interval(*row) for row in rows)


def open_office(session: Session, settings: Settings, radicale: Radicale, origin: str = "") -> Office:
    """Sam's calendars, 6:00 to 18:00 UTC on weekdays, in step; ``origin`` where a proxy stands in between."""
    now = clock.now().replace(microsecond=0)
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "hours")
    monday = (now - timedelta(days=now.weekday() + 7)).date()
    first, last = f"{monday:%Y%m%d}T060000Z", f"{monday:%Y%m%d}T180000Z"
    hours = ics("hours", first, last, "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    radicale.put(f"{HOURS}hours.ics", hours)
    world = build_world(session, now)
    home = f"{origin or radicale.url}/sam/"
    account = connect(session, now, settings, world.sam.id, home, "sam", password("sam"))
    choose(session, account, {WORK: "busy", HOURS: "working_hours"}, WORK)
    session.commit()
    sync_person(session, settings, now, world.sam.id)
    return Office(session, settings, world, now, radicale=radicale)


def two_starts(office: Office) -> tuple[datetime, datetime]:
    """Two open starts on a later day that do not touch."""
    tomorrow = office.now + timedelta(days=1)
    starts = [start for start in office.open_starts(office.world.vera) if start > tomorrow]
    later = next(start for start in starts if start >= starts[0] + timedelta(hours=2))
    return starts[0], later


def row_of(office: Office, call: CallValue) -> Booking:
    office.session.rollback()
    return office.session.get_one(Booking, call.id, populate_existing=True)


def starts(office: Office, count: int) -> list[datetime]:
    """Open starts of one later day, an hour apart."""
    tomorrow = office.now + timedelta(days=1)
    found = [at for at in office.open_starts(office.world.vera) if at > tomorrow]
    days = {at.date() for at in found}
    for day in sorted(days):
        chosen = [at for at in found if at.date() == day][::2]
        if len(chosen) >= count:
            return chosen[:count]
    raise AssertionError("no such day")


def text_of(office: Office, call: CallValue) -> str:
    return office.radicale.get(f"{WORK}{call.uid}.ics")

"""Sam's calendars on a real server, and a desk that books into them at the present time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.availability.models import Reservation
from app.booking import jobs, service
from app.booking.values import CallValue
from app.calendars.jobs import sync_account
from app.calendars.service import choose, connect
from app.config import Settings
from app.lib import clock
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from tests.booking.core.desk import Desk
from tests.calendars.world import ics
from tests.support.radicale import Radicale, password
from tests.world import build_world

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


def open_office(session: Session, settings: Settings, radicale: Radicale) -> Office:
    """Sam's calendars, 6:00 to 18:00 UTC on weekdays, in step."""
    now = clock.now().replace(microsecond=0)
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "hours")
    monday = (now - timedelta(days=now.weekday() + 7)).date()
    first, last = f"{monday:%Y%m%d}T060000Z", f"{monday:%Y%m%d}T180000Z"
    hours = ics("hours", first, last, "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    radicale.put(f"{HOURS}hours.ics", hours)
    world = build_world(session, now)
    account = connect(session, now, settings, world.sam.id, radicale.home("sam"), "sam", password("sam"))
    choose(session, account, {WORK: "busy", HOURS: "working_hours"}, WORK)
    session.commit()
    sync_account(session, settings, now, world.sam.id)
    return Office(session, settings, world, now, radicale=radicale)


def two_starts(office: Office) -> tuple[datetime, datetime]:
    """Two open starts on a later day that do not touch."""
    tomorrow = office.now + timedelta(days=1)
    starts = [start for start in office.open_starts(office.world.vera) if start > tomorrow]
    later = next(start for start in starts if start >= starts[0] + timedelta(hours=2))
    return starts[0], later

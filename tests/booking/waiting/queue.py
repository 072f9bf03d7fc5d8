"""Short ways to wait in line as one of the cast."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update

from app.accounts.models import AuditEntry
from app.booking import service as booking
from app.booking.models import Waiting
from app.booking.values import CallValue, HeldCall
from app.booking.waiting import service
from app.booking.waiting.jobs import waiting_pass
from app.booking.waiting.line import Place
from app.booking.waiting.service import PlaceNow, Wanted
from app.calendars.models import CalendarAccount
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from tests.booking.core.desk import TUESDAY, Desk
from tests.world import Member

HALF_HOUR = timedelta(minutes=30)
FIRST, LAST = date(2026, 11, 24), date(2026, 11, 25)
NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DAY = [
    Interval(NINE, NINE + timedelta(hours=3)),
    Interval(NINE + timedelta(days=1), NINE + timedelta(hours=25)),
]
SLUG = "product-support"


@dataclass
class Queue(Desk):
    """A desk whose times can be all taken."""

    def fill(self, member: Member) -> list[CallValue]:
        """Book everything that is open, until nothing is."""
        calls = []
        while starts := self.open_starts(member):
            calls.append(self.book(member, starts[0]))
        return calls

    def join(self, member: Member, first: date = FIRST, last: date = LAST, moving: str = "") -> Place:
        wanted = Wanted(SLUG, first, last, moving)
        return self._write(member.id, lambda s: service.join(s, self.now, self.settings, member.user, wanted))

    def leave(self, member: Member, place: Place) -> None:
        self._write(member.id, lambda s: service.leave(s, self.now, member.user, place.public_id))

    def hold_offer(self, member: Member, place: Place) -> HeldCall:
        return self._write(
            member.id,
            lambda s: service.hold_offer(s, self.now, self.settings, member.user, place.public_id),
        )

    def move_to_offer(self, member: Member, place: Place) -> CallValue:
        return self._write(
            member.id,
            lambda s: service.move_to_offer(s, self.now, self.settings, member.user, place.public_id),
        )

    def decline(self, member: Member, place: Place) -> None:
        self._write(
            member.id, lambda s: service.decline(s, self.now, self.settings, member.user, place.public_id)
        )

    def later(self, minutes: float = 0) -> None:
        """The pass, some minutes after the last, with all calendars in step."""
        self.now += timedelta(minutes=minutes)
        self.in_step()
        self.pass_by()

    def pass_by(self) -> None:
        """The pass at this moment."""
        waiting_pass(self.session, self.settings, self.now)

    def in_step(self, behind: timedelta = timedelta(0)) -> None:
        """Calendars were read last at this moment, or some time ago."""
        self.session.execute(update(CalendarAccount).values(in_step_at=self.now - behind))
        self.session.commit()

    def stands(self, member: Member, place: Place) -> PlaceNow:
        self.session.rollback()
        return service.place_now(self.session, self.now, self.settings, member.user, place.public_id)

    def states(self) -> list[str]:
        """The states of all places as written down, in the order in which they were taken."""
        self.session.rollback()
        return [str(state) for state in self.session.scalars(select(Waiting.state).order_by(Waiting.id))]

    def mailed(self) -> list[str]:
        """Who was written about an offer, in order."""
        self.session.rollback()
        wanted = select(OutgoingMail.recipient).where(OutgoingMail.subject_key.contains(":offer:"))
        return [
            address.partition("@")[0] for address in self.session.scalars(wanted.order_by(OutgoingMail.id))
        ]

    def facts(self) -> list[str]:
        """What the audit log says of places, in order."""
        self.session.rollback()
        wanted = select(AuditEntry.verb).where(AuditEntry.object_type == "waiting")
        return list(self.session.scalars(wanted.order_by(AuditEntry.id)))

    def call_now(self, member: Member, call: CallValue) -> CallValue:
        self.session.rollback()
        return booking.call_of(self.session, member.user, call.public_id)


__all__ = ["DAY", "FIRST", "HALF_HOUR", "LAST", "NINE", "SLUG", "TUESDAY", "Queue"]

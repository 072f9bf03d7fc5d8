"""Short ways to book as one of the cast."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.booking import service
from app.booking.values import BookingRequest, CallValue, HeldCall
from app.config import Settings
from app.lib.db import write
from app.lib.intervals import Interval
from tests.world import Member, World

T = TypeVar("T")

# Monday 23 November 2026, 9:00 in Bratislava.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
# The days after it, at full hours of the service zone.
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class Desk:
    """Booking as an entry point does it: the lock, the transaction, and ``now`` that tests move on."""

    session: Session
    settings: Settings
    world: World
    now: datetime = NOW
    _keys: "count[int]" = field(default_factory=count)

    def open_starts(
        self,
        member: Member,
        slug: str = "product-support",
        days: int = 14,
        length: int | None = None,
        senior: str = "",
    ) -> list[datetime]:
        call_type = service.call_type(self.session, slug)
        span = Interval(self.now, self.now + timedelta(days=days))
        wanted: dict[str, Any] = {"length": length, "senior": senior}
        found = service.open_times(
            self.session, self.now, self.settings, member.profile, call_type, span, **wanted
        )
        starts = [slot.start for slot in found.offer.slots]
        self.session.rollback()
        return starts

    def request(self, start: datetime, **changes: Any) -> BookingRequest:
        values: dict[str, Any] = {"slug": "product-support", "topic": "Import", "way": "video", "phone": ""}
        values |= {"key": f"key-{next(self._keys)}"} | changes
        return BookingRequest(start=start, **values)

    def book(self, member: Member, start: datetime = TUESDAY, **changes: Any) -> CallValue:
        request = self.request(start, **changes)
        return self._write(
            member.id,
            lambda s: service.book(s, self.now, self.settings, member.id, request),
            senior=request.senior,
        )

    def hold(
        self,
        member: Member,
        start: datetime,
        moving: str | None = None,
        slug: str = "product-support",
        length: int | None = None,
        senior: str = "",
    ) -> HeldCall:
        def work(session: Session) -> HeldCall:
            if moving is None:
                wanted: dict[str, Any] = {"length": length, "senior": senior}
                return service.hold(session, self.now, self.settings, member.id, slug, start, **wanted)
            call = service.call_of(session, member.user, moving)
            return service.hold_to_move(session, self.now, self.settings, member.user, call, start, senior)

        return self._write(member.id, work, moving or "", senior)

    def move(
        self, user: SignedIn, call: CallValue, start: datetime, reason: str = "", senior: str = ""
    ) -> CallValue:
        def work(session: Session) -> CallValue:
            return service.reschedule(
                session, self.now, self.settings, user, call.public_id, start, reason, senior
            )

        return self._write(user.id, work, call.public_id, senior)

    def add_senior(self, user: SignedIn, call: CallValue, asked: str = "1") -> CallValue:
        def work(session: Session) -> CallValue:
            return service.add_senior(session, self.now, self.settings, user, call.public_id, asked)

        return self._write(user.id, work, call.public_id, asked)

    def remove_senior(self, user: SignedIn, call: CallValue) -> CallValue:
        def work(session: Session) -> CallValue:
            return service.remove_senior(session, self.now, self.settings, user, call.public_id)

        return self._write(user.id, work, call.public_id)

    def cancel(self, user: SignedIn, call: CallValue, reason: str = "") -> CallValue:
        def work(session: Session) -> CallValue:
            return service.cancel(session, self.now, self.settings, user, call.public_id, reason)

        return self._write(user.id, work, call.public_id)

    def _write(self, user_id: int, work: Callable[[Session], T], call: str = "", senior: str = "") -> T:
        people = service.people_to_lock(self.session, self.now, user_id, call, senior)
        return write(self.session, people, work)

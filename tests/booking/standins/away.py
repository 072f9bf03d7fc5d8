"""Sam goes on leave, and Rita stands in."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.calendars.models import CalendarPicture
from app.customers.models import Specialist, TimeOff
from app.lib.packed import pack, unpack
from app.lib.zones import day_interval
from tests.booking.core.desk import NOW
from tests.world import Member

ZONE = "Europe/Bratislava"
# The leave of most tests: from the Tuesday after next until that Thursday.
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 3)


def stands_in(session: Session, usual: Member | None, member: Member) -> None:
    """``usual`` stands in for ``member`` unless a time off says otherwise."""
    values = {"stand_in_id": None if usual is None else usual.id}
    session.execute(update(Specialist).where(Specialist.user_id == member.id).values(**values))
    session.commit()


def goes_on_leave(
    session: Session,
    member: Member,
    first: date = FIRST,
    last: date = LAST,
    named: Member | None = None,
    noticed_at: datetime = NOW,
) -> TimeOff:
    """As the pass writes it down, and with the days in the picture, as sync leaves it."""
    row = TimeOff(
        specialist_id=member.id,
        uid=f"off-{first}",
        first_day=first,
        last_day=last,
        stand_in_id=None if named is None else named.id,
        noticed_at=noticed_at,
    )
    session.add(row)
    picture = session.get(CalendarPicture, member.id)
    if picture is not None:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        known = list(unpack(picture.time_off))
        picture.time_off = pack([*known, *(day_interval(day, ZONE) for day in days)])
    session.commit()
    return row


def comes_back(session: Session, member: Member) -> None:
    """No time off of theirs is left, in the table and in the picture."""
    session.execute(delete(TimeOff).where(TimeOff.specialist_id == member.id))
    session.execute(
        update(CalendarPicture).where(CalendarPicture.person_id == member.id).values(time_off=pack([]))
    )
    session.commit()

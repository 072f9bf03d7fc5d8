"""The rows of a call's events in the calendars of seniors; no network here."""

from sqlalchemy.orm import Session

from app.availability.errors import CalendarAway
from app.booking.models import Booking, BookingCopy
from app.booking.seniors.queries import copy_of, receiving_calendar


def place_for(session: Session, person_id: int, uid: str) -> tuple[int, str]:
    """Id of the calendar and href where a person's event of a call is going to stand; raises CalendarAway."""
    calendar = receiving_calendar(session, person_id)
    if calendar is None:
        raise CalendarAway("no_calendar", None)
    calendar_id, calendar_href = calendar
    return calendar_id, f"{calendar_href.rstrip('/')}/{uid}.ics"


def make_copy(session: Session, row: Booking) -> None:
    """The call's senior, if it has one, gets the event as well; raises CalendarAway.

    What may still stand in their calendar from before stays known: it is written over.
    """
    if row.senior_id is not None:
        make_copy_for(session, row, row.senior_id)


def make_copy_for(session: Session, row: Booking, person_id: int) -> None:
    """The same for anybody who is to have the call's event beside its specialist."""
    if copy_of(session, row.id, person_id) is not None:
        return
    calendar_id, href = place_for(session, person_id, row.uid)
    session.add(BookingCopy(booking_id=row.id, person_id=person_id, calendar_id=calendar_id, href=href))
    session.flush()

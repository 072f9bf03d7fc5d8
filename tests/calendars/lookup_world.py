"""Sam asks for a calendar, and the worker answers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.connecting.jobs_lookup import look_up
from app.calendars.connecting.lookup_values import LookupView
from app.calendars.connecting.service_lookup import lookup_of, start_lookup, start_subscription_lookup
from app.calendars.models import Calendar, CalendarLookup
from app.config import Settings
from tests.calendars.world import NOW, add_sam, ics

SECRET = "sam-secret"
FILE = ics("a", "20261124T090000Z").replace("VERSION:2.0", "VERSION:2.0\r\nX-WR-CALNAME:Team")


def row_of(session: Session, public_id: str) -> CalendarLookup:
    session.expire_all()
    return session.scalars(select(CalendarLookup).where(CalendarLookup.public_id == public_id)).one()


def ask(session: Session, settings: Settings, address: str, user: str = "sam", password: str = SECRET) -> str:
    """Sam asks and the worker answers; the look-up's public id."""
    person_id = session.scalars(select(CalendarLookup.person_id)).first() or add_sam(session).id
    public_id = start_lookup(session, NOW, settings, person_id, address, user, password)
    return answer(session, settings, public_id)


def answer(session: Session, settings: Settings, public_id: str) -> str:
    session.commit()
    assert look_up(session, settings, row_of(session, public_id).id, 0) is None
    return public_id


def view(session: Session, public_id: str) -> LookupView:
    found = lookup_of(session, row_of(session, public_id).person_id, public_id)
    assert found is not None
    return found


def rows(session: Session) -> set[tuple[str, str, str, bool]]:
    return {
        (row.href, row.source, row.purpose, row.receives_bookings)
        for row in session.scalars(select(Calendar))
    }


def subscribe(session: Session, settings: Settings, address: str) -> str:
    """Sam asks for a file and the worker answers."""
    sam = add_sam(session)
    return answer(session, settings, start_subscription_lookup(session, NOW, settings, sam.id, address))

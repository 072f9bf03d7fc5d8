"""What the database says and learns of a call's events beside its specialist's; no network here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.booking.models import Booking, BookingCopy
from app.booking.seniors.queries import copies_of
from app.booking.values import CallValue
from app.booking.writing.plan import Copy, Home, home_of, lies_in
from app.booking.writing.queries import homes
from app.calendars.server.writing import version_of
from app.calendars.service import objects_with_uid, remember
from app.calendars.values import Fetched, Standing
from app.customers.service import specialist_profile


def read_copies(session: Session, call: CallValue) -> tuple[Copy, ...]:
    """The events of a call in the calendars of seniors as they are now."""
    return tuple(_copy(session, row, call) for row in copies_of(session, call.id))


def _copy(session: Session, row: BookingCopy, call: CallValue) -> Copy:
    known = homes(session, row.person_id)
    person = call.senior if call.senior and call.senior.user_id == row.person_id else None
    if row.person_id == call.successor_id:
        person = specialist_profile(session, row.person_id)
    return Copy(
        id=row.id,
        person_id=row.person_id,
        person=person,
        href=row.href,
        etag=row.etag,
        sequence=row.written_sequence,
        has_joined=row.joined_at is not None,
        home=home_of(known, row.calendar_id, row.href),
        target_home=next((home for home in known if home.receives_bookings), None),
    )


def copy_places(session: Session, copy: Copy, uid: str) -> Sequence[Standing]:
    """What has the call's UID in the senior's calendars, by the replica: first where it was written."""
    found = [
        item
        for item in objects_with_uid(session, copy.person_id, uid)
        if lies_in(item.href, item.calendar_href)
    ]
    return sorted(found, key=lambda item: (item.href != copy.href, item.calendar_id, item.href))


def keep_copy(
    session: Session, now: datetime, copy: Copy, home: Home, stored: Fetched, sequence: int | None, uid: str
) -> None:
    """Remember what stands there since our write, as is done of the specialist's event.

    With its ``sequence`` it counts, and its owner takes part; without, it is to be written anew, or goes.
    """
    row = session.get_one(BookingCopy, copy.id, populate_existing=True)
    row.href, row.etag = stored.href, version_of(stored.etag, stored.text)
    row.calendar_id, row.written_sequence, row.missing_since = home.calendar_id, sequence, None
    if sequence is not None:
        row.joined_at = row.joined_at or now
    session.get_one(Booking, row.booking_id).calendar_trouble = ""
    there = next((item for item in copy_places(session, copy, uid) if item.href == copy.href), None)
    if there is not None and version_of(there.etag, there.text) == copy.etag:
        account = home.account_id
        remember(session, now, copy.person_id, stored.href, stored.etag, stored.text, account_id=account)


def forget_copy(session: Session, now: datetime, copy: Copy) -> None:
    """It is out of the calendar; who was taken off the call has nothing to do with it any more."""
    row = session.get_one(BookingCopy, copy.id, populate_existing=True)
    account = copy.home.account_id if copy.home else None
    remember(session, now, copy.person_id, copy.href, "", None, account_id=account)
    booking = session.get_one(Booking, row.booking_id, populate_existing=True)
    booking.calendar_trouble = ""
    if row.person_id in {booking.senior_id, booking.successor_id}:
        row.etag, row.written_sequence = "", None
    else:
        session.delete(row)


def place_copy(session: Session, copy: Copy, calendar_id: int, href: str) -> None:
    """It is to be written somewhere else, or stands there already."""
    row = session.get_one(BookingCopy, copy.id, populate_existing=True)
    row.calendar_id, row.href, row.etag, row.written_sequence = calendar_id, href, "", None

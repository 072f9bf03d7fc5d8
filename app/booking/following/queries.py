"""Which calls may have been changed in their specialist's calendar."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.booking.lifecycle import ACTIVE, Status
from app.booking.models import Booking
from app.calendars.models import Calendar, CalendarAccount, CalendarObject
from app.calendars.queries import CHOSEN
from app.calendars.server.writing import is_told, version_of
from app.calendars.values import COLLECTION


def suspects(session: Session, now: datetime) -> dict[int, list[int]]:
    """Ids of the calls ahead whose event is not exactly what was last written, by specialist.

    Calls that are on their way into the calendar are left out: what is found then may be our own doing.
    Those that their specialist is asked about wait for the answer, unless their event is back.
    """
    place = select(CalendarObject.id).where(*_AT_ITS_PLACE).correlate(Booking)
    is_exact = place.where(CalendarObject.etag == Booking.etag, CalendarObject.etag != "")
    is_doubted = and_(Booking.missing_since.is_not(None), Booking.asked_at.is_(None))
    is_changed = and_(~is_exact.exists(), or_(Booking.asked_at.is_(None), _objects().exists()))
    rows = session.execute(
        select(Booking.id, Booking.specialist_id, Booking.etag, is_doubted)
        .where(
            Booking.status.in_((Status.CONFIRMED, Status.CLASH)),
            Booking.starts_at > now,
            Booking.move_starts_at.is_(None),
            Booking.written_sequence == Booking.sequence,
            or_(is_changed, is_doubted),
            _connected().exists(),
        )
        .order_by(Booking.specialist_id, Booking.starts_at, Booking.id)
    ).all()
    digests = {number for number, _, etag, _ in rows if etag and not is_told(etag)}
    same = _same_texts(session, digests) if digests else set()
    found: dict[int, list[int]] = defaultdict(list)
    for booking_id, specialist_id, _, doubted in rows:
        if doubted or booking_id not in same:
            found[specialist_id].append(booking_id)
    return dict(found)


# The object where the event was last seen; the same path may be another's on another server.
_AT_ITS_PLACE = (CalendarObject.calendar_id == Booking.calendar_id, CalendarObject.href == Booking.href)


def _same_texts(session: Session, booking_ids: Collection[int]) -> set[int]:
    """Those of the calls whose server tells no ETags and whose event says what it said."""
    rows = session.execute(
        select(Booking.id, Booking.etag, CalendarObject.text)
        .join(CalendarObject, and_(*_AT_ITS_PLACE))
        .where(Booking.id.in_(booking_ids), CalendarObject.etag == "")
    )
    return {number for number, etag, text in rows if version_of("", text) == etag}


def _connected() -> Select[*tuple[Any, ...]]:
    """The calendars on servers of a call's specialist."""
    return (
        select(Calendar.id)
        .join(CalendarAccount, CalendarAccount.id == Calendar.account_id)
        .where(
            CalendarAccount.person_id == Booking.specialist_id,
            Calendar.source == COLLECTION,
            Calendar.purpose.in_(CHOSEN),
        )
        .correlate(Booking)
    )


def _objects() -> Select[*tuple[Any, ...]]:
    """The objects with a call's UID in them."""
    return (
        select(CalendarObject.id)
        .join(Calendar, Calendar.id == CalendarObject.calendar_id)
        .join(CalendarAccount, CalendarAccount.id == Calendar.account_id)
        .where(
            CalendarObject.uid == Booking.uid,
            CalendarAccount.person_id == Booking.specialist_id,
            Calendar.source == COLLECTION,
        )
        .correlate(Booking)
    )


def _ahead(person_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    return select(func.count()).where(
        Booking.specialist_id == person_id, Booking.status.in_(ACTIVE), Booking.starts_at > now
    )


def count_ahead(session: Session, person_id: int, now: datetime) -> int:
    """How many calls a specialist has ahead."""
    return int(session.execute(_ahead(person_id, now)).scalar_one())


def count_missed(session: Session, person_id: int, now: datetime) -> int:
    """How many of them are not in the calendar at the moment, believed or not."""
    is_missed = or_(Booking.missing_since.is_not(None), Booking.asked_at.is_not(None))
    return int(session.execute(_ahead(person_id, now).where(is_missed)).scalar_one())


def asked_about(session: Session, person_id: int, now: datetime) -> list[Booking]:
    """The rows of the calls ahead that their specialist has to decide on, by start."""
    wanted = select(Booking).where(
        Booking.specialist_id == person_id,
        Booking.status.in_(ACTIVE),
        Booking.starts_at > now,
        Booking.asked_at.is_not(None),
    )
    return list(session.scalars(wanted.order_by(Booking.starts_at, Booking.id)))

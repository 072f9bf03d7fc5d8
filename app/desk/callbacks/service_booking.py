"""A booked call in place of a callback."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.booking import service as booking
from app.booking.errors import WayRefused
from app.booking.values import PHONE, VIDEO, BookingRequest, CallTypeValue
from app.config import Settings
from app.desk.callbacks import service
from app.desk.callbacks.values import CallbackValue


def call_type_for(session: Session) -> CallTypeValue | None:
    """The kind of call that can be booked without another word: the first that asks nothing."""
    for kind in booking.call_types(session):
        if not any(question.required for question in kind.questions):
            return kind
    return None


def book_instead(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    public_id: str,
    start: datetime,
    shown: str,
    client_address: str,
) -> str:
    """Book a call about the same that begins then, and close the callback; the call's public id.

    ``shown`` is the public id of who was shown to take it. Needs the write lock. Raises NotFound,
    CallbackClosed, and what booking.service.book raises; nothing is written then.
    """
    value = service.require_open(session, now, settings, user, public_id)
    kind = call_type_for(session)
    if kind is None:
        raise WayRefused("way")
    call = booking.book(session, now, settings, user.id, _request(value, kind, start, shown, client_address))
    service.close_as_booked(session, now, settings, user, public_id, call.public_id)
    return call.public_id


def _request(
    value: CallbackValue, kind: CallTypeValue, start: datetime, shown: str, client_address: str
) -> BookingRequest:
    is_by_phone = bool(value.number) and PHONE in kind.ways
    return BookingRequest(
        slug=kind.slug,
        start=start,
        topic=value.topic,
        way=PHONE if is_by_phone else VIDEO,
        phone=value.number if is_by_phone else "",
        key=f"callback-{value.public_id}",
        specialist=shown,
        client_address=client_address,
    )

"""A booked call in place of a callback."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.booking import service as booking
from app.booking.errors import WayRefused
from app.booking.lifecycle import STANDING, Status
from app.booking.models import Booking
from app.booking.values import PHONE, VIDEO, BookingRequest, CallTypeValue
from app.config import Settings
from app.desk.callbacks import queries, service
from app.desk.callbacks.models import Callback
from app.desk.callbacks.values import CallbackState, CallbackValue
from app.lib.tokens import new_public_id


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
    """Book a call about the same that begins then; the call's public id, also of one that is under way.

    The callback stays open until that call is confirmed. ``shown`` is the public id of who was shown to take
    it. Needs the write lock. Raises NotFound, CallbackClosed, and what booking.service.book raises; nothing
    is written then.
    """
    row = service.locked(session, now, settings, user, public_id)
    value = queries.callback(session, row.id)
    if value.booking:
        return value.booking
    kind = call_type_for(session)
    if kind is None:
        raise WayRefused("way")
    call = booking.book(session, now, settings, user.id, _request(value, kind, start, shown, client_address))
    row.booking_id = call.id
    session.flush()
    return call.public_id


def settle_booked(session: Session, now: datetime, settings: Settings) -> None:
    """A call that was booked in place of a callback is confirmed, which ends it, or failed: then it stands.

    Needs a write transaction.
    """
    decided = (
        select(Callback, Booking.status)
        .join(Booking, Booking.id == Callback.booking_id)
        .where(Callback.state == CallbackState.WAITING, Booking.status != Status.PENDING)
        .with_for_update(of=Callback)
        .execution_options(populate_existing=True)
    )
    for row, status in session.execute(decided).all():
        if status in STANDING:
            service.close(session, now, settings, row, CallbackState.BOOKED, row.contact_id)
        else:
            row.booking_id = None


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
        key=new_public_id(),
        specialist=shown,
        client_address=client_address,
    )

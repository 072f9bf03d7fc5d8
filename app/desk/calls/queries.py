"""Which calls belong to which requests, and which may be said to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.accounts.values import CONTACT, SignedIn
from app.booking import queries as booking
from app.booking.lifecycle import ACTIVE, STANDING
from app.booking.models import Booking
from app.booking.values import CallValue
from app.config import Settings
from app.desk.calls.values import NamedRequest
from app.desk.models import Conversation, LinkedCall
from app.desk.queries import visible_to
from app.desk.requests.models import Request
from app.desk.requests.values import reference

_OFFERED = 20
# A call that is over is linked soon after, or looked for by who remembers it.
_PAST = timedelta(days=90)


def linked_calls(session: Session, conversation_id: int) -> list[CallValue]:
    """The calls of a conversation, in the order of their times."""
    theirs = select(LinkedCall.booking_id).where(LinkedCall.conversation_id == conversation_id)
    return booking.calls(session, Booking.id.in_(theirs))


def linkable_calls(
    session: Session, now: datetime, user: SignedIn, company_id: int, conversation_id: int
) -> list[CallValue]:
    """Calls of the company that may be linked, the latest first: coming ones and those of the last 90 days.

    Contacts link their own.
    """
    linked = select(LinkedCall.booking_id).where(LinkedCall.conversation_id == conversation_id)
    return booking.calls(
        session,
        *of_customer(user, company_id),
        Booking.status.in_(ACTIVE | STANDING),
        Booking.ends_at > now - _PAST,
        Booking.id.not_in(linked),
        order=Booking.starts_at.desc(),
        limit=_OFFERED,
    )


def of_customer(user: SignedIn, company_id: int) -> Sequence[ColumnElement[bool]]:
    """Which calls somebody may link to a request of this company."""
    own = Booking.contact_id == user.id if user.role == CONTACT else true()
    return (Booking.company_id == company_id, own)


def requests_of_call(
    session: Session, now: datetime, settings: Settings, user: SignedIn, call: str
) -> list[NamedRequest]:
    """The requests that a call (by public id) belongs to, of those that somebody may see."""
    belongs = select(LinkedCall.conversation_id).join(Booking, Booking.id == LinkedCall.booking_id)
    found = Conversation.id.in_(belongs.where(Booking.public_id == call))
    return _named(session, found, visible_to(session, now, settings, user))


def linkable_requests(
    session: Session, now: datetime, settings: Settings, user: SignedIn, call: str
) -> list[NamedRequest]:
    """Open requests of the call's company that it does not belong to yet, of those that somebody may see."""
    linked = select(LinkedCall.conversation_id).join(Booking, Booking.id == LinkedCall.booking_id)
    company = select(Booking.company_id).where(Booking.public_id == call).scalar_subquery()
    return _named(
        session,
        Conversation.company_id == company,
        Conversation.id.not_in(linked.where(Booking.public_id == call)),
        Request.solved_at.is_(None),
        visible_to(session, now, settings, user),
    )


def _named(session: Session, *conditions: ColumnElement[bool]) -> list[NamedRequest]:
    rows = session.execute(
        select(Conversation.public_id, Request.id, Conversation.subject, Request.solved_at)
        .join(Request, Request.conversation_id == Conversation.id)
        .where(*conditions)
        .order_by(Request.id.desc())
        .limit(_OFFERED)
    )
    return [NamedRequest(row[0], reference(row[1]), row[2], row[3] is not None) for row in rows]

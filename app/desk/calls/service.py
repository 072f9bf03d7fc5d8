"""Saying that a call belongs to a conversation, and that it does not."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import SignedIn
from app.booking.models import Booking
from app.config import Settings
from app.desk import queries as desk
from app.desk import service as conversations
from app.desk.calls.queries import of_customer
from app.desk.models import Conversation, LinkedCall
from app.desk.values import ConversationValue, Happening


def link(
    session: Session, now: datetime, settings: Settings, user: SignedIn, conversation: str, call: str
) -> None:
    """Say that a call belongs to a conversation, both by public id; said before, nothing changes.

    Needs a write transaction. Raises NotFound when either is not somebody's to see, or they are of different
    companies.
    """
    about = desk.find(session, now, settings, user, conversation)
    booking_id, reference = _call(session, user, about, call)
    session.get_one(Conversation, about.id, populate_existing=True, with_for_update=True)
    if session.get(LinkedCall, (about.id, booking_id)) is not None:
        return
    session.add(LinkedCall(conversation_id=about.id, booking_id=booking_id, linked_at=now))
    facts = {"call": reference}
    conversations.note_happening(
        session, now, settings, about.id, Happening.CALL_LINKED, user.id, user.name, facts
    )


def unlink(
    session: Session, now: datetime, settings: Settings, user: SignedIn, conversation: str, call: str
) -> None:
    """Say that a call does not belong to a conversation; raises NotFound like ``link``."""
    about = desk.find(session, now, settings, user, conversation)
    booking_id, _reference = _call(session, user, about, call)
    session.execute(
        delete(LinkedCall).where(LinkedCall.conversation_id == about.id, LinkedCall.booking_id == booking_id)
    )


def _call(session: Session, user: SignedIn, about: ConversationValue, public_id: str) -> tuple[int, str]:
    wanted = select(Booking.id, Booking.reference).where(
        Booking.public_id == public_id, *of_customer(user, about.company_id)
    )
    row = session.execute(wanted).first() if public_id.isprintable() else None
    if row is None:
        raise NotFound(f"no call {public_id!r} of company {about.company_id} for {user.id}")
    return row[0], row[1]

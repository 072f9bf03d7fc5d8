"""Who is written to about a conversation, and what they were written already."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR, CONTACT
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.service import serving
from app.desk.escalations.models import Escalation
from app.desk.letters.letter import Addressee, Matter
from app.desk.mailbox.addresses import reply_address
from app.desk.models import Message
from app.desk.requests.models import Request
from app.desk.requests.queries import request_of
from app.desk.values import ConversationValue
from app.lib.zones import local


def matter_of(session: Session, conversation: ConversationValue) -> Matter:
    """The conversation with its request, as both are now."""
    wanted = select(Request.id).where(Request.conversation_id == conversation.id)
    is_request = session.scalars(wanted).first() is not None
    return Matter(conversation, request_of(session, conversation.id) if is_request else None)


def contact_of(session: Session, settings: Settings, conversation: ConversationValue) -> list[Addressee]:
    """Whose conversation it is, while their account is open."""
    ids = [conversation.contact_id] if conversation.contact_id is not None else []
    return _addressees(session, settings, conversation, ids)


def staff_of(
    session: Session, now: datetime, settings: Settings, conversation: ConversationValue
) -> list[Addressee]:
    """Who serves the company today, and seniors who took it; the administrators where nobody is assigned.

    Of somebody who is away their stand-in hears, and they themselves read it when they are back.
    """
    today = local(now, settings.service_time_zone).date()
    taken = select(Escalation.taken_by_id).where(
        Escalation.conversation_id == conversation.id,
        Escalation.taken_by_id.is_not(None),
        Escalation.ended_at.is_(None),
    )
    ids = [number for number in session.scalars(taken) if number is not None]
    try:
        ids.append(serving(session, conversation.company_id, today).person.user_id)
    except NoSpecialist:
        ids += session.scalars(select(User.id).where(User.role == ADMINISTRATOR))
    return _addressees(session, settings, conversation, ids)


def is_contact(session: Session, user_id: int | None) -> bool:
    """Whether somebody is on the customers' side."""
    wanted = select(User.id).where(User.id == user_id, User.role == CONTACT)
    return session.scalars(wanted).first() is not None


def last_mail_of(session: Session, conversation_id: int, user_id: int) -> str:
    """The Message-ID of the last mail that somebody wrote into a conversation; empty for none."""
    wanted = select(Message.mail_id).where(
        Message.conversation_id == conversation_id, Message.author_id == user_id, Message.mail_id != ""
    )
    return session.scalars(wanted.order_by(Message.number.desc()).limit(1)).first() or ""


def _addressees(
    session: Session, settings: Settings, conversation: ConversationValue, ids: Iterable[int]
) -> list[Addressee]:
    rows = session.scalars(select(User).where(User.id.in_(list(ids)), User.is_active).order_by(User.id))
    return [
        Addressee(
            row.id,
            row.name,
            row.email,
            row.language,
            row.time_zone,
            row.role != CONTACT,
            reply_address(settings, conversation.id, row.email),
        )
        for row in rows
    ]

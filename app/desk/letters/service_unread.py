"""What was said in chats and not read for a while: mailed once, in one mail for each reader."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.accounts.values import CONTACT
from app.config import Settings
from app.desk import queries as desk
from app.desk.letters import queries
from app.desk.letters.letter import message_letter
from app.desk.letters.service import post_to, thread_of
from app.desk.models import Conversation, Message, Reading
from app.desk.values import Channel, Side
from app.mail.models import OutgoingMail


@dataclass(frozen=True, slots=True)
class UnreadChat:
    """One side's lines of a conversation up to ``number``, the last that has waited long enough."""

    conversation_id: int
    side: Side
    number: int


def unread_chats(session: Session, since: datetime, until: datetime) -> list[UnreadChat]:
    """The chats with lines written between two moments that nobody of the other side has read; one query."""
    wanted = (
        select(Message.conversation_id, Message.side, func.max(Message.number))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(*_said(), Message.written_at > since, Message.written_at <= until, ~_is_read())
        .group_by(Message.conversation_id, Message.side)
        .order_by(Message.conversation_id)
    )
    return [UnreadChat(number, Side(side), last) for number, side, last in session.execute(wanted)]


def mail_unread(session: Session, now: datetime, settings: Settings, unread: UnreadChat) -> None:
    """Mail what a reader has neither read nor been mailed; nothing when they have meanwhile."""
    conversation = desk.conversation(session, unread.conversation_id)
    is_ours = unread.side is Side.STAFF
    readers = (
        queries.contact_of(session, settings, conversation)
        if is_ours
        else queries.staff_of(session, now, settings, conversation)
    )
    for reader in readers:
        known = max(
            _read_up_to(session, conversation.id, reader.user_id),
            _mailed_up_to(session, conversation.id, reader.user_id),
        )
        found = [
            message
            for message in desk.messages(session, conversation.id, for_staff=False, after=known)
            if message.channel is Channel.CHAT and message.side is unread.side and not message.happening
        ]
        said = [message for message in found if message.number <= unread.number]
        if said:
            draft = message_letter(queries.matter_of(session, conversation), said, reader, settings)
            key = f"{_key(conversation.id, reader.user_id)}{said[-1].number}"
            post_to(session, now, conversation, key, reader, draft)


def _said() -> tuple[ColumnElement[bool], ...]:
    return (
        Message.channel == Channel.CHAT,
        Message.happening == "",
        Message.side.in_((Side.CUSTOMER, Side.STAFF)),
        ~Message.is_internal,
    )


def _is_read() -> ColumnElement[bool]:
    """The contact has read what we wrote, or one of us what the customer wrote."""
    reader = aliased(User)
    return (
        select(Reading.user_id)
        .join(reader, reader.id == Reading.user_id)
        .where(
            Reading.conversation_id == Message.conversation_id,
            Reading.number >= Message.number,
            or_(
                and_(Message.side == Side.STAFF, Reading.user_id == Conversation.contact_id),
                and_(Message.side == Side.CUSTOMER, reader.role != CONTACT),
            ),
        )
        .correlate(Message, Conversation)
        .exists()
    )


def _read_up_to(session: Session, conversation_id: int, user_id: int) -> int:
    wanted = select(Reading.number).where(
        Reading.conversation_id == conversation_id, Reading.user_id == user_id
    )
    return session.scalars(wanted).first() or 0


def _mailed_up_to(session: Session, conversation_id: int, user_id: int) -> int:
    """By the keys of the mails themselves, which end with the number of the last line."""
    wanted = select(OutgoingMail.subject_key).where(
        OutgoingMail.thread == thread_of(conversation_id, user_id),
        OutgoingMail.subject_key.like(f"{_key(conversation_id, user_id)}%"),
    )
    last = session.scalars(wanted.order_by(OutgoingMail.id.desc()).limit(1)).first()
    return int(last.rpartition(":")[2]) if last else 0


def _key(conversation_id: int, user_id: int) -> str:
    return f"desk:chat:{conversation_id}:{user_id}:"

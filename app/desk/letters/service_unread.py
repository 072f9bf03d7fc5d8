"""What was said in chats and not read for a while: mailed once, in one mail for each reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.accounts.values import SENIOR, SPECIALIST
from app.config import Settings
from app.desk import queries as desk
from app.desk.letters import queries
from app.desk.letters.letter import Addressee, draft_of, house_of, message_mail
from app.desk.letters.service import post_to, thread_of
from app.desk.models import Conversation, Message, Reading
from app.desk.values import Channel, ConversationValue, MessageValue, Side
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


def is_owed(session: Session, now: datetime, settings: Settings, unread: UnreadChat) -> bool:
    """Whether anybody has neither read it nor been mailed it; asked without a lock, as a pass asks often."""
    conversation = desk.conversation(session, unread.conversation_id)
    return any(said for _reader, said in _owed(session, now, settings, conversation, unread))


def mail_unread(session: Session, now: datetime, settings: Settings, unread: UnreadChat) -> None:
    """Mail what a reader has neither read nor been mailed; nothing when they have meanwhile."""
    # Of several workers the later one finds what the first has mailed.
    session.get_one(Conversation, unread.conversation_id, with_for_update=True)
    conversation = desk.conversation(session, unread.conversation_id)
    for reader, said in _owed(session, now, settings, conversation, unread):
        if said:
            matter = queries.matter_of(session, conversation)
            mail = message_mail(matter, said, reader, house_of(settings))
            draft = draft_of(matter, mail, said[-1].author_name, reader, settings)
            key = f"{_key(conversation.id, reader.user_id)}{said[-1].number}"
            post_to(session, now, conversation, key, reader, draft)


def _owed(
    session: Session, now: datetime, settings: Settings, conversation: ConversationValue, unread: UnreadChat
) -> Iterator[tuple[Addressee, list[MessageValue]]]:
    readers = (
        queries.contact_of(session, settings, conversation)
        if unread.side is Side.STAFF
        else queries.staff_of(session, now, settings, conversation)
    )
    for reader in readers:
        known = max(
            _read_up_to(session, conversation.id, reader.user_id),
            _mailed_up_to(session, conversation.id, reader.user_id),
        )
        found = desk.messages(
            session, conversation.id, for_staff=False, after=known, before=unread.number + 1
        )
        yield (
            reader,
            [
                message
                for message in found
                if message.channel is Channel.CHAT and message.side is unread.side and not message.happening
            ],
        )


def _said() -> tuple[ColumnElement[bool], ...]:
    return (
        Message.channel == Channel.CHAT,
        Message.happening == "",
        Message.side.in_((Side.CUSTOMER, Side.STAFF)),
        ~Message.is_internal,
    )


def _is_read() -> ColumnElement[bool]:
    """The contact has read what we wrote, or one of us who can answer what the customer wrote."""
    reader = aliased(User)
    return (
        select(Reading.user_id)
        .join(reader, reader.id == Reading.user_id)
        .where(
            Reading.conversation_id == Message.conversation_id,
            Reading.number >= Message.number,
            or_(
                and_(Message.side == Side.STAFF, Reading.user_id == Conversation.contact_id),
                and_(Message.side == Side.CUSTOMER, reader.role.in_((SPECIALIST, SENIOR))),
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

"""Conversations as values: which somebody may see, their messages and files."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR, CONTACT, SignedIn
from app.config import Settings
from app.customers.models import Company, Contact
from app.customers.queries_served import served_by
from app.desk.escalations.models import Escalation, EscalationAsk
from app.desk.models import Conversation, FileContent, Message, MessageFile
from app.desk.requests.models import Request
from app.desk.values import Channel, ConversationValue, FileValue, MessageValue, Side
from app.lib.zones import local

_FIELDS = tuple(item.name for item in fields(ConversationValue))
# Conversations with what ``conversation_value`` makes values of, to be narrowed and joined to.
CONVERSATIONS: Select[*tuple[Any, ...]] = (
    select(
        Conversation.id,
        Conversation.public_id,
        Conversation.company_id,
        Company.public_id.label("company_public_id"),
        Company.name.label("company_name"),
        Conversation.contact_id,
        User.name.label("contact_name"),
        User.email.label("contact_email"),
        User.language.label("contact_language"),
        User.time_zone.label("contact_time_zone"),
        Conversation.subject,
        Conversation.channel,
        Conversation.opened_at,
        Conversation.last_at,
        Conversation.last_number,
        Request.id.label("request_id"),
    )
    .join(Company, Company.id == Conversation.company_id)
    .outerjoin(User, User.id == Conversation.contact_id)
    .outerjoin(Request, Request.conversation_id == Conversation.id)
)


# Which conversations somebody may see, as a condition of queries.
Seen = ColumnElement[bool]


def visible_to(session: Session, now: datetime, settings: Settings, user: SignedIn) -> Seen:
    """The conversations that somebody may see, as a condition.

    A contact sees their own, and the requests of their company; specialists those of the companies that they
    serve today, dedicated or standing in; seniors those that they are asked into or have until that is over,
    and the requests that they had; administrators all.
    """
    if user.role == ADMINISTRATOR:
        return true()
    if user.role == CONTACT:
        own = select(Contact.company_id).where(Contact.user_id == user.id).scalar_subquery()
        return (Conversation.company_id == own) & or_(
            Conversation.contact_id == user.id,
            Conversation.id.in_(select(Request.conversation_id)),
        )
    today = local(now, settings.service_time_zone).date()
    asked = select(EscalationAsk.escalation_id).where(EscalationAsk.senior_id == user.id)
    has = Escalation.taken_by_id == user.id
    wanted = select(Escalation.conversation_id).where(
        Escalation.ended_at.is_(None), or_(has, Escalation.id.in_(asked))
    )
    had = select(Request.conversation_id).join(
        Escalation, Escalation.conversation_id == Request.conversation_id
    )
    return or_(
        served_by(session, user.id, today, Conversation.company_id),
        Conversation.id.in_(wanted),
        Conversation.id.in_(had.where(has)),
    )


def find(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> ConversationValue:
    """The conversation with this public id; raises NotFound when there is none, or it is somebody else's."""
    if public_id.isprintable():
        seen = visible_to(session, now, settings, user)
        for value in conversations(session, Conversation.public_id == public_id, seen):
            return value
    raise NotFound(f"no conversation {public_id!r}")


def conversation(session: Session, conversation_id: int) -> ConversationValue:
    """The conversation with this id; raises NotFound."""
    for value in conversations(session, Conversation.id == conversation_id):
        return value
    raise NotFound(f"no conversation {conversation_id}")


def conversations(session: Session, *conditions: ColumnElement[bool]) -> list[ConversationValue]:
    """The conversations that meet the conditions, the last one written in first."""
    rows = session.execute(CONVERSATIONS.where(*conditions).order_by(Conversation.last_at.desc()))
    return [conversation_value(row) for row in rows]


def messages(
    session: Session,
    conversation_id: int,
    *,
    for_staff: bool,
    after: int = 0,
    before: int | None = None,
    most: int | None = None,
) -> list[MessageValue]:
    """The messages with numbers above ``after``, in order, with their files; what is internal only for staff.

    With ``before`` only those with lower numbers, with ``most`` at most the last so many. Two queries.
    """
    wanted = select(Message).where(Message.conversation_id == conversation_id, Message.number > after)
    if before is not None:
        wanted = wanted.where(Message.number < before)
    if not for_staff:
        wanted = wanted.where(~Message.is_internal)
    rows = list(session.scalars(wanted.order_by(Message.number.desc()).limit(most)))[::-1]
    found = _files(session, [row.id for row in rows])
    return [message_value(row, found.get(row.id, ())) for row in rows]


def message(session: Session, conversation_id: int, number: int) -> MessageValue:
    """The message with this number; two queries."""
    wanted = (Message.conversation_id == conversation_id, Message.number == number)
    row = session.scalars(select(Message).where(*wanted)).one()
    return message_value(row, _files(session, [row.id]).get(row.id, ()))


def message_value(row: Message, files: Sequence[FileValue] = ()) -> MessageValue:
    """A row as a value."""
    return MessageValue(
        id=row.id,
        public_id=row.public_id,
        conversation_id=row.conversation_id,
        number=row.number,
        side=Side(row.side),
        channel=Channel(row.channel),
        author_id=row.author_id,
        author_name=row.author_name,
        text=row.text,
        quoted=row.quoted,
        html=row.html,
        is_internal=row.is_internal,
        happening=row.happening,
        facts=row.facts,
        written_at=row.written_at,
        files=tuple(files),
        key=row.key,
    )


def _files(session: Session, message_ids: Iterable[int]) -> dict[int, list[FileValue]]:
    found: dict[int, list[FileValue]] = {}
    wanted = select(MessageFile).where(MessageFile.message_id.in_(list(message_ids)))
    for row in session.scalars(wanted.order_by(MessageFile.id)):
        found.setdefault(row.message_id, []).append(file_value(row))
    return found


def file_value(row: MessageFile) -> FileValue:
    """A row as a value."""
    return FileValue(row.public_id, row.name, row.media_type, row.size)


def file_of(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> tuple[FileValue, bytes]:
    """A file and its bytes; raises NotFound when its message is not somebody's to see."""
    is_hidden = Message.is_internal if user.role == CONTACT else None
    wanted = (
        select(MessageFile, FileContent.content)
        .join(FileContent, FileContent.file_id == MessageFile.id)
        .join(Message, Message.id == MessageFile.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(MessageFile.public_id == public_id, visible_to(session, now, settings, user))
    )
    if is_hidden is not None:
        wanted = wanted.where(~is_hidden)
    row = session.execute(wanted).first() if public_id.isprintable() else None
    if row is None:
        raise NotFound(f"no file {public_id!r}")
    return file_value(row[0]), row[1]


def conversation_value(row: Row[*tuple[Any, ...]]) -> ConversationValue:
    """The conversation in a row of CONVERSATIONS, whatever else is in it."""
    values = {name: getattr(row, name) for name in _FIELDS}
    values["channel"] = Channel(row.channel)
    for name in ("contact_name", "contact_email", "contact_language", "contact_time_zone"):
        values[name] = values[name] or ""
    return ConversationValue(**values)

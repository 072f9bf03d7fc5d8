"""Chats: the conversations of contacts that belong to no request, and what is new in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import False_

from app.accounts.models import User
from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.models import Company
from app.customers.queries_served import served_by
from app.desk.chat.values import ChatRow, Tip
from app.desk.models import Conversation, Message, Reading
from app.desk.queries import conversations, message, visible_to
from app.desk.values import ConversationValue, MessageValue, Side
from app.lib.db import fetch
from app.lib.paging import PAGE_SIZE, Place, Slice, cut, key_of, parts_of
from app.lib.zones import local

_IS_CHAT = Conversation.is_standing.is_(True)
_TIP: Select[*tuple[Any, ...]] = select(
    Conversation.id, Conversation.public_id, Conversation.last_number, Conversation.is_standing
)
_OWN_TIP = _TIP.where(Conversation.contact_id == bindparam("user_id"), Conversation.is_standing)
_TIP_OF = _TIP.where(Conversation.public_id == bindparam("public_id"))

_seen = func.coalesce(Reading.number, 0)
_READ_BY_THEM: Any = (Reading.conversation_id == Conversation.id) & (Reading.user_id == bindparam("user_id"))

_UNREAD_BY_CONTACT = (
    select(func.count(Message.id))
    .join(Conversation, Conversation.id == Message.conversation_id)
    .outerjoin(Reading, _READ_BY_THEM)
    .where(
        Conversation.contact_id == bindparam("user_id"),
        Conversation.is_standing,
        Message.number > _seen,
        Message.side == Side.STAFF,
        ~Message.is_internal,
    )
)
_answer = aliased(Message)
# What a colleague has answered waits for nobody.
_WAITS_FOR_US = (
    (Message.conversation_id == Conversation.id)
    & (Message.number > _seen)
    & (Message.side == Side.CUSTOMER)
    & ~exists().where(
        _answer.conversation_id == Message.conversation_id,
        _answer.number > Message.number,
        _answer.side == Side.STAFF,
        ~_answer.is_internal,
    )
)


def own_tip(session: Session, user_id: int) -> Tip | None:
    """How far the contact's own conversation has come; None when there is none. One query."""
    row = fetch(session, _OWN_TIP, user_id=user_id).first()
    return None if row is None else Tip(row.id, row.last_number, row.public_id, not row.is_standing)


def tip_of(session: Session, public_id: str) -> Tip | None:
    """How far a conversation has come, whoever asks; None when there is none. One query."""
    row = fetch(session, _TIP_OF, public_id=public_id).first() if public_id.isprintable() else None
    return None if row is None else Tip(row.id, row.last_number, row.public_id, not row.is_standing)


def said_before(session: Session, user_id: int, key: str) -> MessageValue | None:
    """What somebody said under this key, wherever it stands by now; two queries for each."""
    wanted = (Message.author_id == user_id, Message.key == key)
    row = session.execute(select(Message.conversation_id, Message.number).where(*wanted)).first()
    return None if row is None else message(session, row.conversation_id, row.number)


def own_chat(session: Session, user_id: int) -> ConversationValue | None:
    """The contact's own conversation; None as long as nobody has written in it."""
    found = conversations(session, Conversation.contact_id == user_id, _IS_CHAT)
    return found[0] if found else None


def unread_by_contact(session: Session, user_id: int) -> int:
    """How many messages of ours the contact has not read in their own conversation. One query."""
    return int(fetch(session, _UNREAD_BY_CONTACT, user_id=user_id).scalar_one())


def unread_by_staff(session: Session, now: datetime, settings: Settings, user: SignedIn) -> int:
    """In how many chats of whom they serve something waits that they have not read. Two queries at most."""
    today = local(now, settings.service_time_zone).date()
    served = served_by(session, user.id, today, Conversation.company_id)
    if isinstance(served, False_):
        return 0
    wanted = (
        select(func.count(Conversation.id))
        .outerjoin(Reading, _READ_BY_THEM)
        .where(Conversation.is_standing, served, exists().where(_WAITS_FOR_US))
    )
    return int(session.scalar(wanted, {"user_id": user.id}) or 0)


def inbox(
    session: Session, now: datetime, settings: Settings, user: SignedIn, place: Place
) -> Slice[ChatRow]:
    """The chats that somebody may see, the last one written in first; three queries."""
    spoken = aliased(Message)
    last = (
        select(func.max(spoken.number))
        .where(spoken.conversation_id == Conversation.id, spoken.side != Side.SERVICE)
        .correlate(Conversation)
        .scalar_subquery()
    )
    unread = select(func.count(Message.id)).where(_WAITS_FOR_US).correlate(Conversation, Reading)
    shown = aliased(Message)
    wanted = (
        select(
            Conversation.id,
            Conversation.public_id,
            Company.name.label("company_name"),
            func.coalesce(User.name, "").label("contact_name"),
            Conversation.last_at,
            shown.side,
            shown.author_name,
            func.substr(shown.text, 1, 200).label("text"),
            unread.scalar_subquery().label("unread"),
        )
        .join(Company, Company.id == Conversation.company_id)
        .join(shown, (shown.conversation_id == Conversation.id) & (shown.number == last))
        .outerjoin(User, User.id == Conversation.contact_id)
        .outerjoin(Reading, _READ_BY_THEM)
        .where(Conversation.is_standing, visible_to(session, now, settings, user), *_beyond(place))
    )
    order = (Conversation.last_at.desc(), Conversation.id.desc())
    if place.before and not place.after:
        order = (Conversation.last_at.asc(), Conversation.id.asc())
    rows = session.execute(wanted.order_by(*order).limit(PAGE_SIZE + 1), {"user_id": user.id})
    return cut([(key_of(row.id, row.last_at.isoformat()), _chat_row(row)) for row in rows], place)


def _beyond(place: Place) -> list[ColumnElement[bool]]:
    number, text = parts_of(place.after or place.before)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return []
    if moment.tzinfo is None:
        return []
    here, there = tuple_(Conversation.last_at, Conversation.id), (moment, number)
    return [here < there if place.after else here > there]


def _chat_row(row: Any) -> ChatRow:
    values = dict(row._mapping)
    del values["id"]
    return ChatRow(**{**values, "side": Side(row.side)})

"""The one door into conversations: whatever the channel, a message is written here, once and in order."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.customers.models import Contact
from app.customers.profiles import ContactProfile
from app.desk import queries
from app.desk.letters.service import tell_of
from app.desk.models import Conversation, FileContent, Message, MessageFile, Reading
from app.desk.requests.service_clocks import note_message
from app.desk.values import Channel, ConversationValue, Happening, MessageValue, NewFile, Side, Written
from app.lib.tokens import new_public_id


def open_conversation(
    session: Session,
    now: datetime,
    company_id: int,
    contact_id: int | None,
    channel: Channel,
    subject: str = "",
    *,
    is_standing: bool = False,
) -> int:
    """A new conversation without any message; its id."""
    row = Conversation(
        public_id=new_public_id(),
        company_id=company_id,
        contact_id=contact_id,
        channel=channel,
        subject=subject,
        is_standing=is_standing,
        opened_at=now,
        last_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def standing_conversation(
    session: Session, now: datetime, contact: ContactProfile, channel: Channel
) -> ConversationValue:
    """The contact's own conversation, made when there is none yet."""
    # Who asks at the same time waits for this row, and then finds the conversation.
    session.get_one(Contact, contact.user_id, with_for_update=True)
    wanted = (Conversation.contact_id == contact.user_id, Conversation.is_standing)
    found = session.scalars(select(Conversation.id).where(*wanted)).first()
    if found is None:
        found = open_conversation(
            session, now, contact.company_id, contact.user_id, channel, is_standing=True
        )
    return queries.conversation(session, found)


def write_message(
    session: Session, now: datetime, settings: Settings, conversation_id: int, written: Written
) -> MessageValue:
    """Write a message down and let it have its effects; the same key again gives the message of before.

    Needs a write transaction. Messages are numbered under the conversation's lock: whoever has read up to a
    number has missed none before it. A message of ours that the customer sees is the first response to a
    request; one of the customer ends a pause and opens a solved request again.
    """
    row = session.get_one(Conversation, conversation_id, populate_existing=True, with_for_update=True)
    known = select(Message.number).where(
        Message.conversation_id == conversation_id, Message.key == written.key
    )
    number = session.scalars(known).first()
    if number is None:
        number = row.last_number = row.last_number + 1
        row.last_at = now
        _add(session, now, row.id, number, written)
        if written.author_id is not None:
            mark_read(session, row.id, written.author_id, number)
        happenings = note_message(session, now, settings, row.id, written)
        message = queries.message(session, row.id, number)
        tell_of(session, now, settings, queries.conversation(session, row.id), message)
        for happening in happenings:
            note_happening(session, now, settings, row.id, happening, written.author_id, written.author_name)
        return message
    return queries.message(session, row.id, number)


def note_happening(
    session: Session,
    now: datetime,
    settings: Settings,
    conversation_id: int,
    happening: Happening,
    author_id: int | None = None,
    author_name: str = "",
    facts: Mapping[str, object] | None = None,
    *,
    is_internal: bool = False,
) -> MessageValue:
    """A line of the service: what happened, and by whom; ``facts`` are what its words are made of."""
    count = session.get_one(Conversation, conversation_id).last_number
    written = Written(
        side=Side.SERVICE,
        channel=Channel.PAGE,
        text="",
        key=f"{happening}:{count}",
        author_id=author_id,
        author_name=author_name,
        happening=happening,
        facts=facts or {},
        is_internal=is_internal,
    )
    return write_message(session, now, settings, conversation_id, written)


def mark_read(session: Session, conversation_id: int, user_id: int, number: int) -> None:
    """Somebody has read up to a number; never less than before. Needs a write transaction."""
    wanted = (Reading.conversation_id == conversation_id, Reading.user_id == user_id)
    known = select(Reading.number).where(*wanted)
    if session.scalars(known).first() is None:
        # Two browsers of one person may come at the same moment.
        session.get_one(Conversation, conversation_id, with_for_update=True)
        if session.scalars(known).first() is None:
            session.add(Reading(conversation_id=conversation_id, user_id=user_id, number=number))
            session.flush()
            return
    session.execute(update(Reading).where(*wanted, Reading.number < number).values(number=number))


def _add(session: Session, now: datetime, conversation_id: int, number: int, written: Written) -> None:
    row = Message(
        public_id=new_public_id(),
        conversation_id=conversation_id,
        number=number,
        key=written.key,
        side=written.side,
        channel=written.channel,
        author_id=written.author_id,
        author_name=written.author_name,
        text=written.text,
        quoted=written.quoted,
        html=written.html,
        is_internal=written.is_internal,
        happening=written.happening or "",
        facts=dict(written.facts),
        mail_id=written.mail_id,
        written_at=now,
    )
    session.add(row)
    session.flush()
    add_files(session, row.id, written.files)


def add_files(session: Session, message_id: int, files: Sequence[NewFile]) -> None:
    """Keep files with a message."""
    for file in files:
        kept = MessageFile(
            public_id=new_public_id(),
            message_id=message_id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
        )
        session.add(kept)
        session.flush()
        session.add(FileContent(file_id=kept.id, content=file.content))
    session.flush()

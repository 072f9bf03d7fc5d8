"""Mails that tell of what is new in a conversation, written down with the message itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.letters import queries
from app.desk.letters.letter import (
    Addressee,
    DeskMail,
    House,
    Matter,
    draft_of,
    house_of,
    message_mail,
    opened_mail,
    severity_mail,
    solved_mail,
)
from app.desk.values import Channel, ConversationValue, Happening, MessageValue, Side
from app.mail.draft import Draft
from app.mail.service import post

_Mail = Callable[[Matter, MessageValue, Addressee, House], DeskMail]


def tell_of(
    session: Session,
    now: datetime,
    settings: Settings,
    conversation: ConversationValue,
    message: MessageValue,
) -> None:
    """Write to either side of a new message, or of a request that was opened, changed or solved.

    Nobody is told of what they wrote themselves, but for the receipt of a request. What is said in a chat is
    mailed later, to who has not read it by then (jobs.unread_pass). A voicemail is told of with its callback.
    """
    if message.is_internal or message.channel is Channel.VOICEMAIL:
        return
    matter = queries.matter_of(session, conversation)
    compose = _mail_for(matter, message)
    if compose is None:
        return
    readers = queries.contact_of(session, settings, conversation)
    readers += queries.staff_of(session, now, settings, conversation)
    for reader in readers:
        if _is_told(session, matter, message, reader):
            mail = compose(matter, message, reader, house_of(settings))
            draft = draft_of(matter, mail, message.author_name, reader, settings)
            post_to(session, now, conversation, f"desk:{message.id}:{reader.user_id}", reader, draft)


def post_to(
    session: Session,
    now: datetime,
    conversation: ConversationValue,
    key: str,
    reader: Addressee,
    draft: Draft,
) -> None:
    """Post a mail about a conversation once; it answers the last mail that its reader wrote in it."""
    answers = draft.answers or queries.last_mail_of(session, conversation.id, reader.user_id)
    thread = thread_of(conversation.id, reader.user_id)
    post(session, now, key, thread, replace(draft, answers=answers))


def thread_of(conversation_id: int, user_id: int) -> str:
    """The thread of all that somebody is written about a conversation."""
    return f"conversation:{conversation_id}:{user_id}"


def _mail_for(matter: Matter, message: MessageValue) -> _Mail | None:
    if message.happening:
        return _HAPPENINGS.get(message.happening) if matter.request is not None else None
    if message.side is Side.SERVICE:
        return None
    if message.number == 1 and matter.request is not None:
        return opened_mail
    return None if message.channel is Channel.CHAT else _one


def _one(matter: Matter, message: MessageValue, reader: Addressee, house: House) -> DeskMail:
    return message_mail(matter, (message,), reader, house)


_HAPPENINGS: dict[str, _Mail] = {
    Happening.OPENED: opened_mail,
    Happening.SEVERITY_CHANGED: severity_mail,
    Happening.SOLVED: solved_mail,
}


def _is_told(session: Session, matter: Matter, message: MessageValue, reader: Addressee) -> bool:
    is_receipt = not reader.is_staff and _mail_for(matter, message) is opened_mail
    if message.author_id == reader.user_id:
        # A mail gets its own receipt (mailbox.service_receipts).
        return is_receipt and message.channel is not Channel.MAIL
    if not message.happening:
        return is_receipt or reader.is_staff is (message.side is Side.CUSTOMER)
    return True

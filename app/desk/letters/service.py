"""Mails that tell of what is new in a conversation, written down with the message itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.letters import queries
from app.desk.letters.letter import (
    Addressee,
    Matter,
    message_letter,
    opened_letter,
    severity_letter,
    solved_letter,
)
from app.desk.values import Channel, ConversationValue, Happening, MessageValue, Side
from app.mail.draft import Draft
from app.mail.service import post

_Letter = Callable[[Matter, MessageValue, Addressee, Settings], Draft]


def tell_of(
    session: Session,
    now: datetime,
    settings: Settings,
    conversation: ConversationValue,
    message: MessageValue,
) -> None:
    """Write to either side of a new message, or of a request that was opened, changed or solved.

    Nobody is told of what they wrote themselves, but for the receipt of a request. What is said in a chat is
    mailed later, to who has not read it by then (jobs.unread_pass).
    """
    if message.is_internal:
        return
    matter = queries.matter_of(session, conversation)
    letter = _letter_for(matter, message)
    if letter is None:
        return
    readers = queries.contact_of(session, settings, conversation)
    readers += queries.staff_of(session, now, settings, conversation)
    for reader in readers:
        if _is_told(session, matter, message, reader):
            draft = letter(matter, message, reader, settings)
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


def _letter_for(matter: Matter, message: MessageValue) -> _Letter | None:
    if message.happening:
        return _HAPPENINGS.get(message.happening) if matter.request is not None else None
    if message.side is Side.SERVICE:
        return None
    if message.number == 1 and matter.request is not None:
        return opened_letter
    return None if message.channel is Channel.CHAT else _one


def _one(matter: Matter, message: MessageValue, reader: Addressee, settings: Settings) -> Draft:
    return message_letter(matter, (message,), reader, settings)


_HAPPENINGS: dict[str, _Letter] = {
    Happening.OPENED: opened_letter,
    Happening.SEVERITY_CHANGED: severity_letter,
    Happening.SOLVED: solved_letter,
}


def _is_told(session: Session, matter: Matter, message: MessageValue, reader: Addressee) -> bool:
    is_receipt = not reader.is_staff and _letter_for(matter, message) is opened_letter
    if message.author_id == reader.user_id:
        # A mail gets its own receipt (mailbox.service_receipts).
        return is_receipt and message.channel is not Channel.MAIL
    if not message.happening:
        return is_receipt or reader.is_staff is (message.side is Side.CUSTOMER)
    return True

"""What is said in a chat, how far it was read, and its transcript."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import SignedIn
from app.config import Settings
from app.customers import service as customers
from app.desk.chat import queries
from app.desk.chat.live import message_key
from app.desk.chat.transcript import transcript_letter
from app.desk.chat.values import Said, SpokenLine
from app.desk.queries import find, messages
from app.desk.service import mark_read, standing_conversation, write_message
from app.desk.values import MOST_TEXT, Channel, ConversationValue, MessageValue, Side, Written
from app.lib.text import UncleanText, many_lines, unlinked
from app.lib.zones import local
from app.mail.service import post


def say_as_contact(
    session: Session, now: datetime, settings: Settings, user: SignedIn, said: Said
) -> MessageValue:
    """A contact says something in their own conversation, which begins with it.

    Raises NotEntitled, and UncleanText for what cannot be said. Needs a write transaction.
    """
    contact = customers.contact_profile(session, user.id)
    customers.require_entitled(contact, now, settings)
    _require_words(said)
    chat = standing_conversation(session, now, contact, Channel.CHAT)
    # It may stand in what was their chat when they sent it first, and is a request by now.
    known = queries.said_before(session, user.id, message_key(user.id, said))
    if known is not None:
        return known
    return _say(session, now, settings, user, chat.id, said, Side.CUSTOMER)


def say_as_staff(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str, said: Said
) -> MessageValue:
    """One of ours says something in a chat of whom they serve.

    Raises NotFound, and UncleanText for what cannot be said. Needs a write transaction.
    """
    if not user.is_staff:
        raise NotFound("contacts write in their own chat")
    chat = find(session, now, settings, user, public_id)
    _require_words(said)
    return _say(session, now, settings, user, chat.id, said, Side.STAFF)


def _require_words(said: Said) -> None:
    if not many_lines(said.text, MOST_TEXT) and not said.files:
        raise UncleanText("empty", MOST_TEXT)


def _say(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    conversation_id: int,
    said: Said,
    side: Side,
) -> MessageValue:
    written = Written(
        side=side,
        channel=Channel.CHAT,
        text=many_lines(said.text, MOST_TEXT),
        key=message_key(user.id, said),
        author_id=user.id,
        author_name=user.name,
        files=said.files,
    )
    return write_message(session, now, settings, conversation_id, written)


def see(session: Session, chat: ConversationValue, user: SignedIn, number: int) -> None:
    """Somebody has read a chat up to a number, of those that there are. Needs a write transaction."""
    mark_read(session, chat.id, user.id, max(0, min(number, chat.last_number)))


def send_transcript(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    chat: ConversationValue,
    *,
    only_today: bool,
) -> None:
    """Post the messages of a chat to whoever asks: all, or those of today on their clock.

    What is internal is in no mail. Needs a write transaction.
    """
    today = local(now, user.time_zone).date()
    spoken = [
        # What customers write makes no link in our people's mail programs.
        SpokenLine(
            message.written_at,
            message.author_name,
            unlinked(message.text) if user.is_staff and message.side is Side.CUSTOMER else message.text,
            message.files,
        )
        for message in messages(session, chat.id, for_staff=False)
        if not message.happening
        and (not only_today or local(message.written_at, user.time_zone).date() == today)
    ]
    key = f"transcript:{chat.public_id}:{user.id}:{chat.last_number}:{only_today}:{now:%Y%m%d%H%M}"
    post(session, now, key, key, transcript_letter(settings, user, chat, spoken, today))

"""The periodic pass that mails what was said in a chat to who has not read it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.letters import service_unread
from app.lib.db import write

_PATIENCE = timedelta(minutes=3)
# Older than this it would tell nobody anything; it is longer than the worker may stand still.
_OLDEST = timedelta(days=1)


def unread_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Mail what nobody of the other side has read for three minutes: each line once, several in one mail."""
    found = service_unread.unread_chats(session, now - _OLDEST, now - _PATIENCE)
    waiting = [item for item in found if service_unread.is_owed(session, now, settings, item)]
    session.rollback()
    for item in waiting:
        write(session, [], lambda s, item=item: service_unread.mail_unread(s, now, settings, item))  # type: ignore[misc]

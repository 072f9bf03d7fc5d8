"""A conversation becomes a request."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.config import Settings
from app.desk.models import Conversation
from app.desk.requests import queries, service
from app.desk.requests.values import RequestValue


def turn_into_request(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    conversation_id: int,
    severity: int,
    subject: str,
) -> RequestValue:
    """Give a conversation a severity and a subject; its clocks run from now on. Needs a write transaction.

    One that is a request already stays as it is. What stands for all that belongs to no request does so no
    more: the contact's next words there begin another one.
    """
    row = session.get_one(Conversation, conversation_id, populate_existing=True, with_for_update=True)
    if queries.row_of(session, conversation_id) is None:
        row.subject, row.is_standing = subject, False
        service.make_request(session, now, settings, user, conversation_id, severity)
    return queries.request_of(session, conversation_id)

"""The requests that somebody may see, page by page, the newest first."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.config import Settings
from app.desk.models import Conversation
from app.desk.queries import visible_to
from app.desk.requests.models import Request, RequestClock
from app.desk.requests.queries import requests
from app.desk.requests.values import OPEN, ClockName, RequestState, RequestValue


def newest_requests(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    *,
    state: str = "",
    before: int | None = None,
    limit: int,
) -> list[RequestValue]:
    """Up to so many requests with ids below ``before``; ``state`` is one of RequestState, OPEN, or all."""
    wanted = (
        select(Request.conversation_id)
        .join(Conversation, Conversation.id == Request.conversation_id)
        .where(visible_to(session, now, settings, user), _stands(state))
        .order_by(Request.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(Request.id < before)
    found = session.scalars(wanted).all()
    return requests(session, Conversation.id.in_(found))[::-1] if found else []


def _stands(state: str) -> ColumnElement[bool]:
    if state == RequestState.SOLVED:
        return Request.solved_at.is_not(None)
    if not state:
        return true()
    is_open, waits = Request.solved_at.is_(None), Request.waiting_since.is_not(None)
    if state == OPEN:
        return is_open
    if state == RequestState.WAITING:
        return is_open & waits
    is_answered = exists().where(
        RequestClock.request_id == Request.id,
        RequestClock.name == ClockName.FIRST_RESPONSE,
        RequestClock.met_at.is_not(None),
    )
    return is_open & ~waits & (is_answered if state == RequestState.IN_WORK else ~is_answered)

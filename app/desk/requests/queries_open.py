"""The open requests that somebody may see, as far as a short list of them needs it."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.desk.models import Conversation
from app.desk.requests.models import Request, RequestClock
from app.desk.requests.open_request import OpenRequest
from app.desk.requests.values import ClockName, RequestState, reference


def open_requests(session: Session, seen: ColumnElement[bool], most: int) -> list[OpenRequest]:
    """Those among the conversations ``seen``, what runs out first comes first, at most so many; one query."""
    is_first = (RequestClock.request_id == Request.id) & (RequestClock.name == ClockName.FIRST_RESPONSE)
    wanted = (
        select(
            Request.id,
            Conversation.public_id,
            Conversation.subject,
            Request.waiting_since,
            Request.runs_out_at,
            RequestClock.due_at,
            RequestClock.met_at,
        )
        .join(Conversation, Conversation.id == Request.conversation_id)
        .outerjoin(RequestClock, is_first)
        .where(seen, Request.solved_at.is_(None))
        .order_by(Request.runs_out_at.is_(None), Request.runs_out_at, Request.id)
        .limit(most)
    )
    return [
        OpenRequest(
            row.public_id,
            reference(row.id),
            row.subject,
            _state(row.waiting_since, row.met_at),
            row.due_at if row.met_at is None else None,
            row.runs_out_at,
        )
        for row in session.execute(wanted)
    ]


def _state(waiting_since: datetime | None, met_at: datetime | None) -> RequestState:
    if waiting_since is not None:
        return RequestState.WAITING
    return RequestState.NEW if met_at is None else RequestState.IN_WORK

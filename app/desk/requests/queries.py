"""Requests with their clocks, and the policy they were opened under."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.desk import queries as desk
from app.desk.models import Conversation
from app.desk.requests.models import PolicyVersion, Request, RequestClock, RequestPause
from app.desk.requests.values import ClockName, ClockValue, RequestValue
from app.desk.sla import Policy, from_stored
from app.lib.intervals import Interval

REQUESTS: Select[*tuple[Any, ...]] = desk.CONVERSATIONS.add_columns(Request).where(Request.id.is_not(None))


def policy(session: Session, policy_id: int) -> Policy:
    """The policy version with this id."""
    return from_stored(session.get_one(PolicyVersion, policy_id).content)


def row_of(session: Session, conversation_id: int) -> Request | None:
    """The request of a conversation, as it is now; its conversation is to be locked before."""
    wanted = select(Request).where(Request.conversation_id == conversation_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).first()


def clock_rows(session: Session, request_id: int) -> dict[str, RequestClock]:
    """The clocks of a request by name, as they are now."""
    wanted = select(RequestClock).where(RequestClock.request_id == request_id)
    rows = session.scalars(wanted.execution_options(populate_existing=True))
    return {row.name: row for row in rows}


def ended_pauses(session: Session, request_id: int) -> list[Interval]:
    """The pauses of a request that are over, in order."""
    wanted = select(RequestPause).where(
        RequestPause.request_id == request_id, RequestPause.until.is_not(None)
    )
    rows = session.scalars(wanted.order_by(RequestPause.since))
    return [Interval(row.since, row.until) for row in rows if row.until is not None]


def request_of(session: Session, conversation_id: int) -> RequestValue:
    """The request of a conversation; raises NotFound when it is none."""
    for value in requests(session, Conversation.id == conversation_id):
        return value
    raise NotFound(f"conversation {conversation_id} is no request")


def requests(session: Session, *conditions: ColumnElement[bool]) -> list[RequestValue]:
    """The requests whose conversations meet the conditions, by id; three queries."""
    return values_of(session, session.execute(REQUESTS.where(*conditions).order_by(Request.id)).all())


def values_of(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> list[RequestValue]:
    """Rows of REQUESTS as values, in their order; two queries, none without rows."""
    if not found:
        return []
    rows: list[Request] = [row.Request for row in found]
    numbers = [row.id for row in rows]
    clocks, pauses = _clocks(session, numbers), _pauses(session, numbers)
    return [
        RequestValue(
            id=row.id,
            conversation=desk.conversation_value(line),
            policy_id=row.policy_id,
            severity=row.severity,
            opened_at=row.opened_at,
            waiting_since=row.waiting_since,
            solved_at=row.solved_at,
            news_due_at=row.news_due_at,
            runs_out_at=row.runs_out_at,
            clocks=clocks.get(row.id, {}),
            pauses=tuple(pauses.get(row.id, ())),
        )
        for row, line in zip(rows, found, strict=True)
    ]


def _clocks(session: Session, request_ids: Iterable[int]) -> dict[int, dict[ClockName, ClockValue]]:
    found: dict[int, dict[ClockName, ClockValue]] = {}
    wanted = select(RequestClock).where(RequestClock.request_id.in_(list(request_ids)))
    for row in session.scalars(wanted.order_by(RequestClock.name)):
        name = ClockName(row.name)
        found.setdefault(row.request_id, {})[name] = ClockValue(
            name=name,
            severity=row.severity,
            due_at=row.due_at,
            met_at=row.met_at,
            breached_at=row.breached_at,
            reason=row.reason,
            reason_at=row.reason_at,
            warned_at=row.warned_share_at or row.warned_minutes_at,
        )
    return found


def _pauses(session: Session, request_ids: Iterable[int]) -> dict[int, list[Interval]]:
    found: dict[int, list[Interval]] = {}
    wanted = select(RequestPause).where(
        RequestPause.request_id.in_(list(request_ids)), RequestPause.until.is_not(None)
    )
    for row in session.scalars(wanted.order_by(RequestPause.since)):
        if row.until is not None:
            found.setdefault(row.request_id, []).append(Interval(row.since, row.until))
    return found

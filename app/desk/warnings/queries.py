"""Who is told of a request's clocks, and of which there is something to tell."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import PERSON, signed_in
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.service import serving
from app.desk.models import Conversation
from app.desk.queries import Seen
from app.desk.requests.models import Request, RequestClock
from app.desk.warnings.values import Alerts
from app.lib.zones import local

_A_PASS = 200


def to_tell(session: Session, now: datetime) -> list[tuple[int, str]]:
    """Conversation and name of the clocks of which there is something to tell, what came first first."""
    rows = session.execute(
        select(Request.conversation_id, RequestClock.name)
        .join(Request, Request.id == RequestClock.request_id)
        .where(RequestClock.tell_at <= now)
        .order_by(RequestClock.tell_at, RequestClock.request_id)
        .limit(_A_PASS)
    )
    return [(row.conversation_id, row.name) for row in rows]


def to_remind(session: Session, now: datetime) -> list[int]:
    """The conversations of tracked requests whose customers had no news for a business day."""
    wanted = select(Request.conversation_id).where(Request.news_due_at <= now)
    return list(session.scalars(wanted.order_by(Request.news_due_at, Request.id).limit(_A_PASS)))


def whoever_serves(session: Session, now: datetime, settings: Settings, company_id: int) -> set[int]:
    """Who serves a company today: the dedicated specialist, and who stands in while they are away."""
    try:
        served = serving(session, company_id, local(now, settings.service_time_zone).date())
    except NoSpecialist:
        return set()
    return {served.dedicated.user_id, served.person.user_id}


def readers(
    session: Session, person_ids: Collection[int], *, with_administrators: bool = False
) -> list[SignedIn]:
    """Those of these people whose accounts are open, and perhaps all administrators."""
    wanted: ColumnElement[bool] = User.id.in_(person_ids)
    if with_administrators:
        wanted = or_(wanted, User.role == ADMINISTRATOR)
    rows = session.execute(select(*PERSON).where(wanted, User.is_active).order_by(User.id))
    return [signed_in(row) for row in rows]


def alerts(session: Session, now: datetime, seen: Seen) -> Alerts:
    """What somebody is to look at; ``seen`` are the conversations that they may see."""
    is_warned = or_(RequestClock.warned_share_at.is_not(None), RequestClock.warned_minutes_at.is_not(None))
    is_late = RequestClock.breached_at.is_not(None)
    # Of a clock that stands still there is nothing to be told.
    is_soon = is_warned & RequestClock.tell_at.is_not(None) & (RequestClock.due_at > now)
    rows = session.execute(
        select(Request.id, Conversation.public_id, is_late.label("is_late"))
        .join(RequestClock, RequestClock.request_id == Request.id)
        .join(Conversation, Conversation.id == Request.conversation_id)
        .where(
            or_(is_late & RequestClock.reason_at.is_(None), ~is_late & is_soon),
            seen,
        )
        .order_by(RequestClock.due_at, Request.id)
        .limit(_A_PASS)
    ).all()
    late = {row.id: row.public_id for row in rows if row.is_late}
    return Alerts(len({row.id for row in rows if not row.is_late}), tuple(late.items()))

"""Who is told of a request's clocks, and of which there is something to tell."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import PERSON, signed_in
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.service import serving
from app.desk import queries as desk
from app.desk.models import Conversation
from app.desk.requests.models import Request, RequestClock
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


def running_out(session: Session, now: datetime, settings: Settings, user: SignedIn) -> int:
    """How many requests that somebody may see were warned of and can still be kept; three queries."""
    is_warned = or_(RequestClock.warned_share_at.is_not(None), RequestClock.warned_minutes_at.is_not(None))
    # A clock that stands still, waiting for the customer, has nothing to be told of.
    wanted = (
        select(func.count(Request.id.distinct()))
        .join(RequestClock, RequestClock.request_id == Request.id)
        .join(Conversation, Conversation.id == Request.conversation_id)
        .where(
            RequestClock.tell_at.is_not(None),
            RequestClock.met_at.is_(None),
            RequestClock.due_at > now,
            is_warned,
            desk.visible_to(session, now, settings, user),
        )
    )
    return session.scalars(wanted).one()


def without_reason(session: Session, now: datetime, settings: Settings, user: SignedIn) -> list[int]:
    """The requests that somebody may see of which a breach still has no reason, by id."""
    wanted = (
        select(Request.id)
        .join(RequestClock, RequestClock.request_id == Request.id)
        .join(Conversation, Conversation.id == Request.conversation_id)
        .where(
            RequestClock.breached_at.is_not(None),
            RequestClock.reason == "",
            desk.visible_to(session, now, settings, user),
        )
        .distinct()
        .order_by(Request.id)
    )
    return list(session.scalars(wanted))

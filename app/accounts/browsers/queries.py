"""Looking up a person's sessions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import Session

from app.accounts.browsers.values import OwnSession
from app.accounts.models import UserSession
from app.accounts.sessions import lifetime
from app.accounts.values import SignedIn

_COLUMNS = (
    UserSession.id,
    UserSession.public_id,
    UserSession.method,
    UserSession.user_agent,
    UserSession.client_address,
    UserSession.created_at,
    UserSession.last_seen_at,
    UserSession.ends_at,
    UserSession.ended_at,
)


def living(session: Session, now: datetime, user: SignedIn, limit: int) -> Sequence[OwnSession]:
    """Those that open something, the latest used first."""
    wanted = select(*_COLUMNS).where(UserSession.user_id == user.id, _is_living(now, user))
    order = (UserSession.last_seen_at.desc(), UserSession.id.desc())
    return [OwnSession(*row) for row in session.execute(wanted.order_by(*order).limit(limit))]


def ended(
    session: Session, now: datetime, user: SignedIn, since: datetime, before: int | None, limit: int
) -> Sequence[OwnSession]:
    """Those that ended since then, the latest begun first, older than ``before`` (an id) if it is given."""
    is_recent = or_(
        UserSession.ended_at > since, and_(UserSession.ended_at.is_(None), UserSession.last_seen_at > since)
    )
    wanted = select(*_COLUMNS).where(UserSession.user_id == user.id, is_recent, not_(_is_living(now, user)))
    if before is not None:
        wanted = wanted.where(UserSession.id < before)
    return [OwnSession(*row) for row in session.execute(wanted.order_by(UserSession.id.desc()).limit(limit))]


def _is_living(now: datetime, user: SignedIn) -> ColumnElement[bool]:
    """As sessions.is_over says it of one."""
    used_since = now - lifetime(user.role).idle
    return and_(
        UserSession.ended_at.is_(None), UserSession.ends_at > now, UserSession.last_seen_at > used_since
    )

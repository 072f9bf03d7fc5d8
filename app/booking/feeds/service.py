"""Private calendar links: made, listed, replaced, removed."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.booking.feeds.errors import TooManyLinks
from app.booking.feeds.secrets import new_feed_token
from app.booking.models import FeedLink
from app.booking.values import CALLS, PRESENCE, FeedLinkValue
from app.lib.text import one_line
from app.lib.tokens import new_public_id, token_hash

MOST_LINKS = 20


def make_feed(
    session: Session, now: datetime, owner: SignedIn, name: str, kind: str = CALLS
) -> tuple[FeedLinkValue, str]:
    """A new private link and its token, which nobody can read again.

    Raises UncleanText for the name, NotFound for a kind that the owner cannot have, TooManyLinks.
    """
    if kind not in kinds_for(owner):
        raise NotFound(f"no feed {kind!r} for the role {owner.role}")
    if len(feeds(session, owner.id)) >= MOST_LINKS:
        raise TooManyLinks(MOST_LINKS)
    token = new_feed_token(kind)
    row = FeedLink(
        public_id=new_public_id(),
        user_id=owner.id,
        name=one_line(name, 100),
        kind=kind,
        token_hash=token_hash(token),
        created_at=now,
    )
    session.add(row)
    session.flush()
    record(session, now, owner, "feed_made", "feed", row.public_id, name=row.name, kind=kind)
    return _value(row), token


def kinds_for(owner: SignedIn) -> tuple[str, ...]:
    """What links this person can have: only contacts have a specialist."""
    return (CALLS,) if owner.is_staff else (CALLS, PRESENCE)


def feeds(session: Session, user_id: int) -> list[FeedLinkValue]:
    """The person's links, oldest first."""
    rows = session.scalars(select(FeedLink).where(FeedLink.user_id == user_id).order_by(FeedLink.id))
    return [_value(row) for row in rows]


def replace_feed(
    session: Session, now: datetime, owner: SignedIn, public_id: str
) -> tuple[FeedLinkValue, str]:
    """The same link with a new token; from now on there is nothing at the old address.

    Raises NotFound when the person has no such link.
    """
    row = session.scalars(select(FeedLink).where(*_own(owner, public_id))).first()
    if row is None:
        raise NotFound(f"no feed {public_id} of {owner.id}")
    token = new_feed_token(row.kind)
    renewed = update(FeedLink).where(FeedLink.id == row.id)
    session.execute(renewed.values(token_hash=token_hash(token), created_at=now))
    record(session, now, owner, "feed_replaced", "feed", public_id)
    session.refresh(row)
    return _value(row), token


def remove_feed(session: Session, now: datetime, owner: SignedIn, public_id: str) -> None:
    """Close a link for ever. Raises NotFound when the person has no such link."""
    own = _own(owner, public_id)
    if session.execute(select(FeedLink.id).where(*own)).first() is None:
        raise NotFound(f"no feed {public_id} of {owner.id}")
    session.execute(delete(FeedLink).where(*own))
    record(session, now, owner, "feed_removed", "feed", public_id)


def _own(owner: SignedIn, public_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return FeedLink.public_id == public_id, FeedLink.user_id == owner.id


def _value(row: FeedLink) -> FeedLinkValue:
    return FeedLinkValue(row.public_id, row.name, row.created_at, row.kind)

"""Private calendar links, and the calendar that stands behind each."""

import hashlib
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.service import record
from app.accounts.values import CONTACT
from app.booking import queries
from app.booking.events import event_for_contact, event_for_specialist
from app.booking.lifecycle import Status
from app.booking.models import Booking, FeedLink
from app.booking.values import CallValue, Feed, FeedLinkValue
from app.config import Settings
from app.ical.event import CalendarEvent
from app.ical.feed import compose_feed
from app.lib.text import one_line
from app.lib.tokens import new_public_id, new_token, token_hash
from app.lib.wording import local_date
from app.lib.zones import to_utc
from app.mail.wording import words

_BACK = timedelta(days=30)
_AHEAD = timedelta(days=366)
_MOST_CALLS = 2000


def make_feed(session: Session, now: datetime, user_id: int, name: str) -> tuple[FeedLinkValue, str]:
    """A new private link and its token, which nobody can read again. Raises UncleanText for the name."""
    token = new_token()
    row = FeedLink(
        public_id=new_public_id(),
        user_id=user_id,
        name=one_line(name, 100),
        token_hash=token_hash(token),
        created_at=now,
    )
    session.add(row)
    session.flush()
    record(session, now, _address(session, user_id), "feed_made", "feed", row.public_id, name=row.name)
    return _value(row), token


def feeds(session: Session, user_id: int) -> list[FeedLinkValue]:
    """The person's links, oldest first."""
    rows = session.scalars(select(FeedLink).where(FeedLink.user_id == user_id).order_by(FeedLink.id))
    return [_value(row) for row in rows]


def remove_feed(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """Close a link for ever. Raises NotFound when the person has no such link."""
    own = (FeedLink.public_id == public_id, FeedLink.user_id == user_id)
    if session.execute(select(FeedLink.id).where(*own)).first() is None:
        raise NotFound(f"no feed {public_id} of {user_id}")
    session.execute(delete(FeedLink).where(*own))
    record(session, now, _address(session, user_id), "feed_removed", "feed", public_id)


def feed(session: Session, now: datetime, settings: Settings, token: str) -> Feed:
    """The calendar behind a token: exactly its owner's calls, the same bytes while nothing changes.

    From 30 days back (by the service zone's date) to a year ahead; only calls that were confirmed, those on
    the move at their old time. Raises NotFound for a token that is none, and for a disabled owner.
    """
    owner = session.execute(
        select(User.id, User.role, User.language, FeedLink.created_at)
        .join(FeedLink, FeedLink.user_id == User.id)
        .where(FeedLink.token_hash == token_hash(token), User.is_active)
    ).first()
    if owner is None:
        raise NotFound("no feed with this token")
    calls = _calls(session, now, settings, owner.id, owner.role)
    body = compose_feed(
        words(owner.language).gettext("Calls, %(organisation)s") % {"organisation": settings.organisation},
        [_event(call, owner.role, settings) for call in calls],
    )
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Feed(body, etag, max([owner.created_at, *(call.changed_at for call in calls)]))


def _calls(session: Session, now: datetime, settings: Settings, user_id: int, role: str) -> list[CallValue]:
    today = local_date(now, settings.service_time_zone)
    first, last = (
        to_utc(day, time(0), settings.service_time_zone) for day in (today - _BACK, today + _AHEAD)
    )
    return queries.calls(
        session,
        Booking.contact_id == user_id
        if role == CONTACT
        else or_(Booking.specialist_id == user_id, Booking.senior_id == user_id),
        or_(Booking.status == Status.CONFIRMED, Booking.status == Status.CLASH),
        Booking.confirmed_at.is_not(None),
        Booking.ends_at > first,
        Booking.starts_at < last,
        limit=_MOST_CALLS,
    )


def _event(call: CallValue, role: str, settings: Settings) -> CalendarEvent:
    write = event_for_contact if role == CONTACT else event_for_specialist
    event = write(call, call.span, settings.public_url)
    if call.move is None:
        return event
    # The new SEQUENCE belongs to the new time, which nobody has been told of yet.
    return replace(event, sequence=call.written_sequence or 0)


def _value(row: FeedLink) -> FeedLinkValue:
    return FeedLinkValue(row.public_id, row.name, row.created_at)


def _address(session: Session, user_id: int) -> str:
    return session.execute(select(User.email).where(User.id == user_id)).scalar_one()

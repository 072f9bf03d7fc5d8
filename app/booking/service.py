"""All that can be done with calls: the one door of this package for views, the API and commands."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.booking import queries
from app.booking.changes.service import cancel, reschedule
from app.booking.feeds.service import feed, feeds, make_feed, remove_feed
from app.booking.following.answering.service import let_go, move_along, put_back, questions, write_again
from app.booking.holds.service import held, hold, hold_to_move
from app.booking.lifecycle import ACTIVE
from app.booking.models import Booking
from app.booking.offers.service import (
    alternatives,
    alternatives_to_move,
    open_times,
    open_times_to_move,
)
from app.booking.outcomes.service import mark, notes_of
from app.booking.queries import call_type, call_types
from app.booking.taking.service import book
from app.booking.values import CallValue

__all__ = [
    "alternatives",
    "alternatives_to_move",
    "book",
    "call_of",
    "call_type",
    "call_types",
    "calls_of",
    "cancel",
    "coming_calls",
    "feed",
    "feeds",
    "held",
    "hold",
    "hold_to_move",
    "let_go",
    "make_feed",
    "mark",
    "move_along",
    "notes_of",
    "open_times",
    "open_times_to_move",
    "people_to_lock",
    "put_back",
    "questions",
    "remove_feed",
    "reschedule",
    "write_again",
]


def people_to_lock(session: Session, now: datetime, user_id: int, call: str = "") -> list[int]:
    """Whose time anything that this person asks for may touch, in id order; ``call`` is one it is about."""
    people = {*queries.specialists_of(session, user_id, now), *queries.as_specialist(session, user_id)}
    return sorted(people | queries.people_of_call(session, call))


def call_of(session: Session, user: SignedIn, public_id: str) -> CallValue:
    """The call, for its contact, its specialist, or an administrator.

    Raises NotFound for everybody else, as for a call that does not exist.
    """
    mine = [] if user.role == ADMINISTRATOR else [_is_of(user)]
    found = queries.calls(session, Booking.public_id == public_id, *mine)
    if not found:
        raise NotFound(f"no call {public_id} of {user.id}")
    return found[0]


def calls_of(session: Session, now: datetime, user: SignedIn, *, when: str) -> list[CallValue]:
    """The person's calls: ``coming`` those that are still to end, the next one first; ``past`` all others.

    A call that was cancelled or declined is past at once.
    """
    ahead = and_(Booking.status.in_(ACTIVE), _last_end() > now)
    if when == "coming":
        return queries.calls(session, _is_of(user), ahead)
    return queries.calls(session, _is_of(user), ~ahead, order=Booking.starts_at.desc(), limit=200)


def coming_calls(session: Session, now: datetime) -> list[CallValue]:
    """Everybody's calls that are still to end, the next one first; those of people who left among them."""
    return queries.calls(session, Booking.status.in_(ACTIVE), _last_end() > now)


def _last_end() -> ColumnElement[datetime]:
    move = func.coalesce(Booking.move_ends_at, Booking.ends_at)
    return case((move > Booking.ends_at, move), else_=Booking.ends_at)


def _is_of(user: SignedIn) -> ColumnElement[bool]:
    return or_(Booking.contact_id == user.id, Booking.specialist_id == user.id)

"""All that can be done with calls: the one door of this package for views, the API and commands."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.booking import queries
from app.booking.answers.service import accept_proposal, decline_proposal, proposals
from app.booking.answers.service_mailbox import mailbox_trouble
from app.booking.call_types.queries import call_type, call_types
from app.booking.call_types.service import change_call_type, change_for_specialist, make_call_type
from app.booking.changes.service import cancel, reschedule
from app.booking.coming.queries import calls_on, calls_outside, calls_today, coming_page
from app.booking.feeds.service import feeds, kinds_for, make_feed, remove_feed, replace_feed
from app.booking.feeds.service_reading import feed
from app.booking.following.answering.service import let_go, move_along, put_back, questions, write_again
from app.booking.guests.queries import attendees, attendees_of, everybody
from app.booking.guests.service import add_guest, add_guests, remove_guest
from app.booking.holds.service import held, hold, hold_to_move
from app.booking.lifecycle import ACTIVE
from app.booking.models import Booking
from app.booking.offers.service import (
    alternatives,
    alternatives_among,
    alternatives_to_move,
    only,
    open_times,
    times_for,
    wish_for,
    wish_to_move,
    wishes_for,
)
from app.booking.outcomes.service import mark, notes_of
from app.booking.reassigning.service import can_take, reassign
from app.booking.seniors import queries as lookups
from app.booking.seniors.choice.service import choose_senior
from app.booking.seniors.queries import has_seniors
from app.booking.seniors.service import add_senior, remove_senior, senior_for, why_not_free
from app.booking.series.service import (
    SERIES_KEY_LIMIT,
    book_series,
    cancel_rest,
    plan_series,
    series_of,
)
from app.booking.taking.service import book
from app.booking.values import CallValue

__all__ = [
    "SERIES_KEY_LIMIT",
    "accept_proposal",
    "add_guest",
    "add_guests",
    "add_senior",
    "alternatives",
    "alternatives_among",
    "alternatives_to_move",
    "attendees",
    "attendees_of",
    "book",
    "book_series",
    "call_of",
    "can_take",
    "call_type",
    "call_types",
    "calls_of",
    "calls_on",
    "calls_outside",
    "calls_today",
    "cancel",
    "cancel_rest",
    "change_call_type",
    "change_for_specialist",
    "choose_senior",
    "coming_calls_of_company",
    "coming_calls_with",
    "coming_page",
    "decline_proposal",
    "everybody",
    "feed",
    "feeds",
    "has_seniors",
    "held",
    "hold",
    "hold_to_move",
    "kinds_for",
    "let_go",
    "make_call_type",
    "mailbox_trouble",
    "make_feed",
    "mark",
    "move_along",
    "notes_of",
    "only",
    "open_times",
    "people_to_lock",
    "plan_series",
    "proposals",
    "put_back",
    "questions",
    "reassign",
    "remove_feed",
    "remove_guest",
    "replace_feed",
    "remove_senior",
    "reschedule",
    "senior_for",
    "times_for",
    "why_not_free",
    "wish_for",
    "wish_to_move",
    "wishes_for",
    "series_of",
    "write_again",
]


def people_to_lock(
    session: Session, now: datetime, user_id: int, call: str = "", senior: str = ""
) -> list[int]:
    """Whose time anything that this person asks for may touch, in id order.

    ``call`` is one it is about; with ``senior`` somebody is to be brought in, and it can be any of them.
    """
    people = {*lookups.people_around(session, user_id, now), *lookups.as_specialist(session, user_id)}
    if senior:
        people |= {person.user_id for person in lookups.seniors(session)}
    return sorted(people | lookups.people_of_call(session, call))


def call_of(session: Session, user: SignedIn, public_id: str) -> CallValue:
    """The call, for its contact, its specialist, the senior who takes part, or an administrator.

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


def coming_calls_of_company(session: Session, now: datetime, company_id: int, limit: int) -> list[CallValue]:
    """A company's calls that are still to end, the next one first, at most so many."""
    of_it = (Booking.company_id == company_id, Booking.status.in_(ACTIVE), _last_end() > now)
    return queries.calls(session, *of_it, limit=limit)


def coming_calls_with(session: Session, now: datetime, person_id: int, limit: int) -> list[CallValue]:
    """The calls of a specialist or senior that are still to end, the next one first, at most so many."""
    theirs = or_(Booking.specialist_id == person_id, Booking.senior_id == person_id)
    return queries.calls(session, theirs, Booking.status.in_(ACTIVE), _last_end() > now, limit=limit)


def has_calls_ahead(session: Session, now: datetime, person_id: int) -> bool:
    """Whether calls that are still to end count on somebody; asked under their lock before they leave."""
    ahead = (_counts_on(person_id), Booking.status.in_(ACTIVE), _last_end() > now)
    return session.scalars(select(Booking.id).where(*ahead).limit(1)).first() is not None


def _last_end() -> ColumnElement[datetime]:
    move = func.coalesce(Booking.move_ends_at, Booking.ends_at)
    return case((move > Booking.ends_at, move), else_=Booking.ends_at)


def _is_of(user: SignedIn) -> ColumnElement[bool]:
    return _counts_on(user.id)


def _counts_on(person_id: int) -> ColumnElement[bool]:
    mine = (Booking.contact_id, Booking.specialist_id, Booking.senior_id)
    return or_(*(column == person_id for column in mine))

"""What a poll of a feed reads: whose it is, and what changes when its bytes do, in one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.accounts.values import CONTACT
from app.booking.lifecycle import STANDING
from app.booking.models import Booking, CallType, FeedLink
from app.booking.queries import calls
from app.booking.values import CALLS, CallValue
from app.customers.models import Company
from app.lib.db import fetch, in_one_text
from app.lib.intervals import Interval
from app.lib.tokens import token_hash

_MOST_CALLS = 2000
# No call is longer: lets the index on starts find those that have begun before the window.
_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose feed a token opens; ``made_at`` is when the link was made."""

    id: int
    role: str
    language: str
    made_at: datetime

    @property
    def is_staff(self) -> bool:
        """Whether the calls are those that this person takes."""
        return self.role != CONTACT


_contact, _host, _senior = aliased(User), aliased(User), aliased(User)
# A list of statuses would be written into the statement anew for each poll.
_STANDING = (
    or_(*(Booking.status == status for status in sorted(STANDING))),
    Booking.confirmed_at.is_not(None),
)
_IN_WINDOW = (
    Booking.starts_at > bindparam("earliest"),
    Booking.ends_at > bindparam("first"),
    Booking.starts_at < bindparam("last"),
)
_PEOPLE = (Booking.contact_id, Booking.specialist_id, Booking.senior_id)
_NAMES = (_contact.name, _host.name, _senior.name, Company.name)


def _is_of(person: Any) -> ColumnElement[bool]:
    return or_(*(column == person for column in _PEOPLE))


_TOGETHER = (
    select(*_PEOPLE, Booking.company_id)
    .where(_is_of(User.id), *_IN_WINDOW)
    .distinct()
    .correlate(User)
    .subquery()
)
_ALL_NAMES = (
    select(in_one_text(*_NAMES))
    .select_from(_TOGETHER)
    .join(Company, Company.id == _TOGETHER.c.company_id)
    .join(_contact, _contact.id == _TOGETHER.c.contact_id)
    .join(_host, _host.id == _TOGETHER.c.specialist_id)
    .outerjoin(_senior, _senior.id == _TOGETHER.c.senior_id)
)
OWNER = (User.id, User.role, User.language, FeedLink.created_at)
_POLL: Select[*tuple[Any, ...]] = (
    select(
        *OWNER,
        # Of calls that are gone from the feed, too: the going is a change.
        func.max(Booking.changed_at),
        func.count(Booking.id).filter(*_STANDING),
        func.sum(Booking.sequence),
        func.count(Booking.move_starts_at),
        _ALL_NAMES.scalar_subquery(),
        select(in_one_text(CallType.names)).scalar_subquery(),
    )
    .join(User, User.id == FeedLink.user_id)
    .outerjoin(Booking, and_(_is_of(User.id), *_IN_WINDOW))
    .where(FeedLink.token_hash == bindparam("token_hash"), FeedLink.kind == CALLS, User.is_active)
    .group_by(FeedLink.id, User.id)
)
_VERSIONS: Select[*tuple[Any, ...]] = (
    select(
        Booking.id,
        Booking.uid,
        Booking.changed_at,
        Booking.sequence,
        Booking.move_starts_at,
        *_NAMES,
        cast(CallType.names, String),
    )
    .join(CallType, CallType.id == Booking.call_type_id)
    .join(Company, Company.id == Booking.company_id)
    .join(_contact, _contact.id == Booking.contact_id)
    .join(_host, _host.id == Booking.specialist_id)
    .outerjoin(_senior, _senior.id == Booking.senior_id)
    .where(_is_of(bindparam("person_id")), *_STANDING, *_IN_WINDOW)
    .order_by(Booking.starts_at, Booking.uid)
    .limit(_MOST_CALLS)
)


def poll(connection: Connection, token: str, window: Interval) -> tuple[Owner, tuple[Any, ...]] | None:
    """The active owner of a link to calls, and what changes whenever those in the window do.

    In one query, because a poll is little else. First of the facts is when the last of the calls changed
    (None without any): each change of one in words or times comes with a new ``changed_at``. Names have no
    such column, so they are among the facts themselves.
    """
    row = connection.execute(_POLL, {"token_hash": token_hash(token), **_bounds(window)}).first()
    return None if row is None else (Owner(*row[:4]), tuple(row[4:]))


def _bounds(window: Interval) -> dict[str, datetime]:
    return {"earliest": window.start - _LONGEST, "first": window.start, "last": window.end}


def versions(session: Session, owner: Owner, window: Interval) -> list[tuple[Any, ...]]:
    """The owner's calls in the window that were confirmed and not called off, by start.

    A row a call: its id, and what changes whenever its entry does (see poll).
    """
    return [tuple(row) for row in fetch(session, _VERSIONS, person_id=owner.id, **_bounds(window))]


def these_calls(session: Session, booking_ids: Sequence[int]) -> list[CallValue]:
    """The calls with these ids."""
    return calls(session, Booking.id.in_(booking_ids), limit=_MOST_CALLS)

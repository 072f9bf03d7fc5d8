"""What a poll of a feed reads: whose it is, and what changes when its bytes do, in one row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.accounts.values import CONTACT
from app.booking.lifecycle import STANDING
from app.booking.models import Booking, CallType, FeedLink
from app.booking.queries import calls
from app.booking.values import CALLS, CallValue
from app.customers.models import Company
from app.lib.db import fetch
from app.lib.intervals import Interval
from app.lib.tokens import token_hash

_MOST_CALLS = 2000
# No call is longer: lets the index on starts find those that have begun before the window.
_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose feed a token opens, and of which kind; ``made_at`` is when the link was made."""

    id: int
    role: str
    language: str
    kind: str
    made_at: datetime

    @property
    def is_staff(self) -> bool:
        """Whether the calls are those that this person takes."""
        return self.role != CONTACT


_contact, _host = aliased(User), aliased(User)
# A list of statuses would be written into the statement anew for each poll.
_STANDING = (
    or_(*(Booking.status == status for status in sorted(STANDING))),
    Booking.confirmed_at.is_not(None),
)
# Likewise the separator.
_SLASH: Any = literal_column("'/'")
_FACTS = (
    # Of calls that are gone from the feed, too: the going is a change.
    func.max(Booking.changed_at),
    func.count(Booking.id).filter(*_STANDING),
    func.sum(Booking.sequence),
    func.sum(Booking.written_sequence),
    func.count(Booking.move_starts_at),
    func.aggregate_strings(_contact.name + _host.name + Company.name, _SLASH),
    select(func.aggregate_strings(cast(CallType.names, String), _SLASH)).scalar_subquery(),
)


def _is_of(person: Any) -> ColumnElement[bool]:
    columns = (Booking.contact_id, Booking.specialist_id, Booking.senior_id)
    return or_(*(column == person for column in columns))


_POLL: Select[*tuple[Any, ...]] = (
    select(User.id, User.role, User.language, FeedLink.kind, FeedLink.created_at, *_FACTS)
    .join(User, User.id == FeedLink.user_id)
    .outerjoin(
        Booking,
        and_(
            FeedLink.kind == CALLS,
            _is_of(User.id),
            Booking.starts_at > bindparam("earliest"),
            Booking.ends_at > bindparam("first"),
            Booking.starts_at < bindparam("last"),
        ),
    )
    .outerjoin(Company, Company.id == Booking.company_id)
    .outerjoin(_contact, _contact.id == Booking.contact_id)
    .outerjoin(_host, _host.id == Booking.specialist_id)
    .where(FeedLink.token_hash == bindparam("token_hash"), User.is_active)
    .group_by(FeedLink.id, User.id)
)


def poll(session: Session, token: str, window: Interval) -> tuple[Owner, tuple[Any, ...]] | None:
    """The active owner of a link, and what changes whenever the entries of their calls in the window do.

    In one query, because a poll is little else. First of the facts is when the last of the calls changed
    (None without any): each change of one in words or times comes with a new ``changed_at``. Names have no
    such column, so they are among the facts themselves. Of a link that shows no calls they are empty.
    """
    window_of = {"earliest": window.start - _LONGEST, "first": window.start, "last": window.end}
    row = fetch(session, _POLL, token_hash=token_hash(token), **window_of).first()
    return None if row is None else (Owner(*row[:5]), tuple(row[5:]))


def standing_calls(session: Session, owner: Owner, window: Interval) -> list[CallValue]:
    """The owner's calls in the window that were confirmed and not called off."""
    return calls(
        session,
        _is_of(owner.id),
        *_STANDING,
        Booking.ends_at > window.start,
        Booking.starts_at < window.end,
        limit=_MOST_CALLS,
    )

"""What a poll of a feed reads: whose it is, and the facts that its bytes are made from, in one row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.accounts.values import CONTACT
from app.booking.lifecycle import STANDING
from app.booking.models import Booking, CallType, FeedLink
from app.booking.queries import calls
from app.booking.values import CallValue
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


_OWNER = (
    select(User.id, User.role, User.language, FeedLink.kind, FeedLink.created_at)
    .join(FeedLink, FeedLink.user_id == User.id)
    .where(FeedLink.token_hash == bindparam("token_hash"), User.is_active)
)


def owner_of(session: Session, token: str) -> Owner | None:
    """The active owner of a private link."""
    row = fetch(session, _OWNER, token_hash=token_hash(token)).first()
    return None if row is None else Owner(*row)


_contact, _host = aliased(User), aliased(User)
# Everything that app/booking/events.py makes an entry from; what never changes is left out.
_FACTS: tuple[Any, ...] = (
    Booking.uid,
    Booking.starts_at,
    Booking.ends_at,
    Booking.changed_at,
    Booking.sequence,
    func.coalesce(Booking.written_sequence, -1),
    Booking.move_starts_at.is_(None),
    Booking.topic,
    Booking.answers,
    Booking.way,
    Booking.phone,
    Booking.room_url,
    CallType.names,
    Company.name,
    _contact.name,
    _host.name,
)
_CONDITIONS = (Booking.status.in_(STANDING), Booking.confirmed_at.is_not(None))


def _facts_of(owner: Any) -> Select[datetime, str]:
    columns: Iterable[ColumnElement[str]] = (cast(fact, String) for fact in _FACTS)
    whole = reduce(lambda left, right: left + "\x1f" + right, columns)
    return (
        select(
            # Of calls that are gone from the feed, too: the going is a change.
            func.max(Booking.changed_at),
            func.aggregate_strings(whole, "\x1e").filter(*_CONDITIONS),
        )
        .join(CallType, CallType.id == Booking.call_type_id)
        .join(Company, Company.id == Booking.company_id)
        .join(_contact, _contact.id == Booking.contact_id)
        .join(_host, _host.id == Booking.specialist_id)
        .where(
            owner == bindparam("owner_id"),
            Booking.starts_at > bindparam("earliest"),
            Booking.ends_at > bindparam("first"),
            Booking.starts_at < bindparam("last"),
        )
    )


_OF_CONTACT, _OF_SPECIALIST = _facts_of(Booking.contact_id), _facts_of(Booking.specialist_id)


def facts(session: Session, owner: Owner, window: Interval) -> tuple[datetime | None, str]:
    """When the last of the owner's calls in the window changed, and all that their entries are made from."""
    row = fetch(
        session,
        _OF_SPECIALIST if owner.is_staff else _OF_CONTACT,
        owner_id=owner.id,
        earliest=window.start - _LONGEST,
        first=window.start,
        last=window.end,
    ).one()
    return row[0], row[1] or ""


def standing_calls(session: Session, owner: Owner, window: Interval) -> list[CallValue]:
    """The owner's calls in the window that were confirmed and not called off."""
    return calls(
        session,
        (Booking.specialist_id if owner.is_staff else Booking.contact_id) == owner.id,
        *_CONDITIONS,
        Booking.ends_at > window.start,
        Booking.starts_at < window.end,
        limit=_MOST_CALLS,
    )

"""What is read of the waiting list."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.availability.models import Reservation
from app.booking import queries
from app.booking.lifecycle import ACTIVE
from app.booking.models import Booking, CallType, Waiting
from app.booking.seniors.queries import deputies_of
from app.booking.values import CallValue
from app.booking.waiting.line import LIVE, Place, State
from app.customers.models import Assignment, Contact
from app.lib.intervals import Interval

_PLACES = (
    select(
        *Waiting.__table__.columns,
        User.name.label("specialist_name"),
        Contact.company_id,
        CallType.slug.label("call_type_slug"),
        CallType.names.label("call_type_names"),
    )
    .join(User, User.id == Waiting.specialist_id)
    .join(Contact, Contact.user_id == Waiting.contact_id)
    .join(CallType, CallType.id == Waiting.call_type_id)
    .order_by(Waiting.created_at, Waiting.id)
)


def places(session: Session, *conditions: ColumnElement[bool]) -> list[Place]:
    """The places that meet the conditions, in the order in which they were taken."""
    return [_place(row) for row in session.execute(_PLACES.where(*conditions))]


def live_places(session: Session, *conditions: ColumnElement[bool]) -> list[Place]:
    """Those of them that wait or have an offer."""
    return places(session, Waiting.state.in_(LIVE), *conditions)


def specialists_waited_for(session: Session) -> list[int]:
    """The specialists with people in line."""
    wanted = select(Waiting.specialist_id).where(Waiting.state.in_(LIVE)).distinct()
    return list(session.scalars(wanted.order_by(Waiting.specialist_id)))


def people_in_line(session: Session, specialist_id: int) -> list[int]:
    """Whose time a pass over this specialist's line may take or free: theirs, and that of others.

    Of who serves the companies of those in line (be it later on), of all who may stand in for any of these,
    of seniors on the calls that wait to be moved, and of those whose time is kept for an offer.
    """
    in_line = (Waiting.specialist_id == specialist_id, Waiting.state.in_(LIVE))
    on_calls = select(Booking.senior_id).join(Waiting, Waiting.moving_id == Booking.id).where(*in_line)
    kept = (
        select(Reservation.person_id)
        .join(Waiting, Waiting.senior_reservation_id == Reservation.id)
        .where(*in_line)
    )
    assigned = (
        select(Assignment.specialist_id)
        .join(Contact, Contact.company_id == Assignment.company_id)
        .join(Waiting, Waiting.contact_id == Contact.user_id)
        .where(*in_line)
    )
    deputies = (*deputies_of([specialist_id]), *deputies_of(assigned.scalar_subquery()))
    people = session.scalars(union(assigned, on_calls, kept, *deputies))
    return sorted({specialist_id, *(person for person in people if person is not None)})


def place_of(session: Session, contact_id: int, public_id: str) -> Place:
    """The contact's own place; raises NotFound."""
    found = places(session, Waiting.public_id == public_id, Waiting.contact_id == contact_id)
    if not found:
        raise NotFound(f"no place {public_id} of contact {contact_id}")
    return found[0]


def row_of(session: Session, place: Place) -> Waiting:
    """The row, to be changed."""
    return session.get_one(Waiting, place.id)


def active_calls(session: Session, now: datetime, contact_ids: set[int]) -> dict[int, list[CallValue]]:
    """The calls of these contacts that are still to end, by contact."""
    mine = Booking.contact_id.in_(contact_ids)
    found: dict[int, list[CallValue]] = {}
    for call in queries.calls(session, mine, Booking.status.in_(ACTIVE), Booking.ends_at > now):
        found.setdefault(call.contact_id, []).append(call)
    return found


def _place(row: Any) -> Place:
    offer = None if row.offer_starts_at is None else Interval(row.offer_starts_at, row.offer_ends_at)
    return Place(
        id=row.id,
        public_id=row.public_id,
        contact_id=row.contact_id,
        company_id=row.company_id,
        specialist_id=row.specialist_id,
        specialist_name=row.specialist_name,
        call_type_id=row.call_type_id,
        call_type_slug=row.call_type_slug,
        call_type_names=row.call_type_names,
        moving_id=row.moving_id,
        moves_from=row.moves_from,
        first_day=row.first_day,
        last_day=row.last_day,
        state=State(row.state),
        created_at=row.created_at,
        passed_at=row.passed_at,
        passed_starts=frozenset(row.passed_starts),
        offer=offer,
        offer_expires_at=row.offer_expires_at,
        is_kept=row.reservation_id is not None,
    )

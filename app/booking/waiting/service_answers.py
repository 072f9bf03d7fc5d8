"""Answering what is offered: taking it, moving a call to it, or letting it go."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.service import record
from app.accounts.values import SignedIn
from app.booking import queries as booking_queries
from app.booking.changes.service import reschedule
from app.booking.errors import CannotChange, OtherServes
from app.booking.holds.service import drop_hold, held
from app.booking.models import Hold
from app.booking.values import CallValue, HeldCall
from app.booking.waiting import queries
from app.booking.waiting.errors import OfferGone
from app.booking.waiting.line import Place, PlaceNow, Shown, State, passed
from app.booking.waiting.service_places import end_place, give_back, stands
from app.config import Settings
from app.lib.tokens import new_public_id

ANY = Shown()


def hold_offer(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str, shown: Shown = ANY
) -> HeldCall:
    """Take the offered time in hand, to write the details: the contact's hold until the offer runs out.

    Raises NotFound, OfferGone (also when another time was shown), OtherServes; needs the write lock.
    """
    place = _offered(session, now, settings, user, public_id, shown).place
    return held(session, now, user.id, _as_hold(session, place))


def move_to_offer(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str, shown: Shown = ANY
) -> CallValue:
    """Move the call to the time that is offered to it; needs the write lock.

    Raises what ``hold_offer`` and ``reschedule`` raise; nothing is written then.
    """
    found = _offered(session, now, settings, user, public_id, shown)
    place, call = found.place, found.moving
    if call is None or place.offer is None:
        raise CannotChange("ended")
    _as_hold(session, place)
    moved = reschedule(session, now, settings, user, call.public_id, place.offer.start)
    row = queries.row_of(session, place)
    session.refresh(row)
    end_place(session, now, user, row, State.TAKEN, "taken")
    return moved


def decline(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str, shown: Shown = ANY
) -> None:
    """Let the offered time go and stay in line; needs the write lock. Raises what ``hold_offer`` raises."""
    place = _offered(session, now, settings, user, public_id, shown).place
    row = queries.row_of(session, place)
    row.state, row.passed_starts = State.WAITING, passed(place, (), now)
    give_back(session, row)
    record(session, now, user, "declined", "waiting", row.public_id)


def _offered(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str, shown: Shown = ANY
) -> PlaceNow:
    found = stands(session, now, settings, user.id, public_id)
    if found.state is not State.OFFERED:
        raise OfferGone(f"nothing is kept for place {public_id}")
    if found.place.offer is None or shown.start not in {None, found.place.offer.start}:
        raise OfferGone(f"another time is kept for place {public_id}")
    if found.taken_by is not None and shown.specialist not in {"", found.taken_by.public_id}:
        raise OtherServes(found.taken_by)
    return found


def _as_hold(session: Session, place: Place) -> str:
    """Make the reservation of the offer the contact's own hold, in place of another; its public id."""
    row, old = queries.row_of(session, place), booking_queries.hold_of(session, place.contact_id)
    if old is not None and old.reservation_id == row.reservation_id:
        return old.public_id
    drop_hold(session, place.contact_id)
    kept = Hold(
        public_id=new_public_id(),
        contact_id=place.contact_id,
        specialist_id=row.specialist_id,
        call_type_id=row.call_type_id,
        reservation_id=row.reservation_id,
        senior_reservation_id=row.senior_reservation_id,
        starts_at=row.offer_starts_at,
        ends_at=row.offer_ends_at,
        expires_at=row.offer_expires_at,
    )
    session.add(kept)
    session.flush()
    return kept.public_id

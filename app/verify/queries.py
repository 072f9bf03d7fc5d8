"""What the checks V0–V9 read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.accounts.models import ApiToken, AuditEntry, SignInLink, User, UserSession
from app.accounts.models_proofs import SignInStep, Totp
from app.accounts.proofs.service import seed_place
from app.availability.models import Reservation
from app.booking.models import Booking, BookingCopy, FeedLink, IdempotencyKey, Waiting
from app.calendars.models import Calendar, CalendarAccount, CalendarObject, CalendarSpan
from app.calendars.service import seal_place
from app.calendars.values import COLLECTION
from app.ical.event import OWN_MARK
from app.lib.db import Utc
from app.mail.models import OutgoingMail

ACTIVE = ("pending", "confirmed", "clash")
HASH_LENGTH = 64


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """Somebody's secret as it is kept, and the place it was sealed for."""

    email: str
    sealed: str
    place: tuple[str, ...]


def integrity(session: Session) -> str:
    """What SQLite says of its own file; always ``ok`` elsewhere."""
    if session.get_bind().dialect.name != "sqlite":
        return "ok"
    return str(session.execute(text("PRAGMA integrity_check(1)")).scalar())


def overlapping_reservations(session: Session) -> Sequence[Row[int, int, int]]:
    """Pairs of reservations that take one person twice."""
    other = aliased(Reservation)
    return session.execute(
        select(Reservation.person_id, Reservation.id, other.id).join(
            other,
            and_(
                other.person_id == Reservation.person_id,
                other.id > Reservation.id,
                other.starts_at < Reservation.ends_at,
                Reservation.starts_at < other.ends_at,
            ),
        )
    ).all()


def overlapping_bookings(session: Session) -> Sequence[Row[str, str]]:
    """Pairs of active bookings of one specialist at one time."""
    other = aliased(Booking)
    return session.execute(
        select(Booking.reference, other.reference)
        .join(
            other,
            and_(
                other.specialist_id == Booking.specialist_id,
                other.id > Booking.id,
                other.starts_at < Booking.ends_at,
                Booking.starts_at < other.ends_at,
            ),
        )
        .where(Booking.status.in_(ACTIVE), other.status.in_(ACTIVE))
    ).all()


def bookings_without_reservation(session: Session, now: datetime) -> Sequence[str]:
    """Active bookings that lie ahead and do not take everybody who takes part.

    A senior who is brought in along with a move has only the new time.
    """
    on_the_way = and_(
        Booking.senior_id == Reservation.person_id,
        Reservation.starts_at <= Booking.move_starts_at,
        Reservation.ends_at >= Booking.move_ends_at,
    )
    here = and_(Reservation.starts_at <= Booking.starts_at, Reservation.ends_at >= Booking.ends_at)
    held = exists().where(Reservation.booking_id == Booking.id, or_(here, on_the_way))
    hosted = held.where(Reservation.person_id == Booking.specialist_id)
    helped = held.where(Reservation.person_id == Booking.senior_id)
    followed = held.where(Reservation.person_id == Booking.successor_id)
    lacks_one = or_(
        ~hosted,
        and_(Booking.senior_id.is_not(None), ~helped),
        and_(Booking.successor_id.is_not(None), ~followed),
    )
    return session.scalars(
        select(Booking.reference).where(Booking.status.in_(ACTIVE), Booking.ends_at > now, lacks_one)
    ).all()


def active_bookings(session: Session, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Active bookings ahead; ``in_step_at`` is that of their specialist's oldest account on a server.

    It is None when there is no account, or one that was never read.
    """
    mine = (CalendarAccount.person_id == Booking.specialist_id, CalendarAccount.kind == "caldav")
    oldest = select(func.min(CalendarAccount.in_step_at)).where(*mine)
    unread = select(CalendarAccount.id).where(*mine, CalendarAccount.in_step_at.is_(None))
    in_step_at = case((unread.correlate(Booking).exists(), null()), else_=_scalar(oldest))
    return session.execute(
        select(
            Booking.id,
            Booking.reference,
            Booking.status,
            Booking.uid,
            Booking.href,
            Booking.starts_at,
            Booking.ends_at,
            Booking.changed_at,
            Booking.missing_since,
            Booking.asked_at,
            type_coerce(in_step_at, Utc()).label("in_step_at"),
        ).where(Booking.status.in_(ACTIVE), Booking.ends_at > now)
    ).all()


def _scalar(statement: Any) -> Any:
    return statement.correlate(Booking).scalar_subquery()


def own_events(session: Session) -> Sequence[Row[str, str, int]]:
    """UID, href and calendar of every object on a server that bears our mark, by the replica."""
    mark = CalendarObject.uid.startswith(OWN_MARK, autoescape=True)
    return session.execute(
        select(CalendarObject.uid, CalendarObject.href, CalendarObject.calendar_id)
        .join(Calendar, Calendar.id == CalendarObject.calendar_id)
        .where(mark, Calendar.source == COLLECTION)
    ).all()


def own_times(session: Session) -> dict[str, set[tuple[datetime, datetime]]]:
    """When each event with our mark takes somebody's time, by UID: nothing when it was set free."""
    rows = session.execute(
        select(CalendarSpan.uid, CalendarSpan.starts_at, CalendarSpan.ends_at).where(CalendarSpan.is_own)
    )
    found: dict[str, set[tuple[datetime, datetime]]] = {}
    for uid, starts_at, ends_at in rows:
        found.setdefault(uid, set()).add((starts_at, ends_at))
    return found


def uids(session: Session) -> dict[str, Row[*tuple[Any, ...]]]:
    """Every booking's id, status, end, last change, href and calendar, by UID."""
    rows = session.execute(
        select(
            Booking.uid,
            Booking.id,
            Booking.status,
            Booking.ends_at,
            Booking.changed_at,
            Booking.href,
            Booking.calendar_id,
        )
    )
    return {row.uid: row for row in rows}


def unfinished_bookings(session: Session) -> Sequence[Row[int, str]]:
    """Bookings whose last change the calendar has not confirmed yet."""
    waiting = or_(
        Booking.status == "pending",
        Booking.move_starts_at.is_not(None),
        Booking.successor_id.is_not(None),
    )
    return session.execute(select(Booking.id, Booking.reference).where(waiting)).all()


def leases(session: Session) -> Sequence[Row[str, datetime | None]]:
    """Calendar accounts that a worker has claimed, and until when."""
    return session.execute(
        select(User.email, CalendarAccount.claimed_until)
        .join(User, User.id == CalendarAccount.person_id)
        .where(CalendarAccount.claimed_until.is_not(None))
    ).all()


def confirmed_without_mail(session: Session) -> Sequence[str]:
    """Confirmed bookings for which no mail was ever written."""
    prefix = literal("booking:").concat(cast(Booking.id, String)).concat(":%")
    mailed = exists().where(OutgoingMail.subject_key.like(prefix))
    return session.scalars(select(Booking.reference).where(Booking.confirmed_at.is_not(None), ~mailed)).all()


def sequences(session: Session) -> Sequence[Row[str, int, int | None]]:
    """Every booking's SEQUENCE and those that were last written."""
    theirs = select(Booking.reference, Booking.sequence, BookingCopy.written_sequence).join(
        BookingCopy, BookingCopy.booking_id == Booking.id
    )
    return session.execute(
        union_all(select(Booking.reference, Booking.sequence, Booking.written_sequence), theirs)
    ).all()


def keys_of_other_contacts(session: Session) -> Sequence[int]:
    """Idempotency keys that stand for somebody else's booking."""
    return session.scalars(
        select(IdempotencyKey.id)
        .join(Booking, Booking.id == IdempotencyKey.booking_id)
        .where(Booking.contact_id != IdempotencyKey.contact_id)
    ).all()


def changes_without_audit(session: Session, since: datetime) -> list[tuple[str, str]]:
    """Bookings made after ``since`` whose making or ending the audit log does not know, and what it lacks."""

    def lacks(verb: str, *conditions: Any) -> list[tuple[str, str]]:
        entry = exists().where(
            AuditEntry.object_type == "booking",
            AuditEntry.object_id == Booking.public_id,
            AuditEntry.verb == verb,
        )
        return [
            (name, verb)
            for name in session.scalars(select(Booking.reference).where(~entry, is_young, *conditions))
        ]

    is_young = Booking.created_at > since
    return [
        *lacks("booked"),
        *lacks("confirmed", Booking.confirmed_at.is_not(None)),
        *lacks("cancelled", Booking.status == "cancelled"),
    ]


def stale_offers(session: Session, since: datetime) -> Sequence[str]:
    """Places in the waiting list whose offer ran out before ``since`` and was not written down as that."""
    is_stale = (Waiting.state == "offered", Waiting.offer_expires_at < since)
    return session.scalars(select(Waiting.public_id).where(*is_stale)).all()


def short_hashes(session: Session) -> list[tuple[str, int]]:
    """Rows whose token column does not hold a SHA-256 in hex."""
    found: list[tuple[str, int]] = []
    for model in (UserSession, ApiToken, FeedLink, SignInLink, SignInStep):
        wrong = func.length(model.token_hash) != HASH_LENGTH
        found += [(model.__tablename__, row_id) for row_id in session.scalars(select(model.id).where(wrong))]
    return found


def sealed_passwords(session: Session) -> list[SealedSecret]:
    """Every calendar account's sealed password."""
    rows = session.execute(
        select(User.email, CalendarAccount).join(User, User.id == CalendarAccount.person_id)
    )
    return [SealedSecret(email, account.sealed_password, seal_place(account)) for email, account in rows]


def sealed_seeds(session: Session) -> list[SealedSecret]:
    """Every authenticator's sealed seed."""
    rows = session.execute(
        select(User.email, User.public_id, Totp.sealed_seed).join(User, User.id == Totp.user_id)
    )
    return [SealedSecret(row.email, row.sealed_seed, seed_place(row.public_id)) for row in rows]

"""All rows that are about one contact, as plain values."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import ApiToken, AuditEntry, User, UserSession
from app.accounts.models_proofs import KnownDevice
from app.accounts.values import CONTACT
from app.booking.models import Attendee, Booking, CallType, FeedLink, Proposal, Waiting
from app.customers.models import Company, Contact
from app.mail.models import IncomingMail, OutgoingMail


def contact(session: Session, condition: ColumnElement[bool]) -> Row[int, str, str, str, str] | None:
    """Id, public id, name, address and company of the contact that fits, unless they were erased."""
    return session.execute(
        select(User.id, User.public_id, User.name, User.email, Company.name)
        .join(Contact, Contact.user_id == User.id)
        .join(Company, Company.id == Contact.company_id)
        .where(condition, User.role == CONTACT, User.erased_at.is_(None))
    ).first()


def contact_row(session: Session, condition: ColumnElement[bool]) -> User | None:
    """The contact that fits, unless they were erased."""
    wanted = select(User).where(condition, User.role == CONTACT, User.erased_at.is_(None))
    return session.scalars(wanted).first()


def profile(session: Session, user_id: int) -> dict[str, Any]:
    """Who they are."""
    row = session.execute(
        select(
            User.name,
            User.email,
            Contact.phone,
            User.language,
            User.time_zone,
            Contact.wants_reminders,
            User.created_at,
            Company.name.label("company"),
            Company.plan,
        )
        .join(Contact, Contact.user_id == User.id)
        .join(Company, Company.id == Contact.company_id)
        .where(User.id == user_id)
    ).one()
    return dict(row._mapping)


def bookings(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Their calls with everything that they may know of them; what stays inside is left out."""
    rows = session.execute(
        select(
            Booking.id,
            Booking.reference,
            Booking.status,
            Booking.starts_at,
            Booking.ends_at,
            CallType.names.label("call_type"),
            User.name.label("specialist"),
            Booking.topic,
            Booking.answers,
            Booking.way,
            Booking.phone,
            Booking.room_url,
            Booking.note,
            Booking.ended_reason,
            Booking.created_at,
            Booking.confirmed_at,
            Booking.changed_at,
        )
        .join(CallType, CallType.id == Booking.call_type_id)
        .join(User, User.id == Booking.specialist_id)
        .where(Booking.contact_id == user_id)
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    people = _by_booking(session, Attendee, user_id, "email name partstat comment added_at removed_at")
    proposals = _by_booking(session, Proposal, user_id, "starts_at ends_at comment state created_at")
    found = []
    for row in rows:
        fields = dict(row._mapping)
        number = fields.pop("id")
        found.append({**fields, "attendees": people.get(number, []), "proposals": proposals.get(number, [])})
    return found


def _by_booking(session: Session, model: Any, user_id: int, names: str) -> dict[int, list[dict[str, Any]]]:
    columns = [getattr(model, name) for name in names.split()]
    rows = session.execute(
        select(model.booking_id, *columns)
        .join(Booking, Booking.id == model.booking_id)
        .where(Booking.contact_id == user_id)
        .order_by(model.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for number, *values in rows:
        found.setdefault(number, []).append(dict(zip(names.split(), values, strict=True)))
    return found


def invitations(session: Session, user_id: int, email: str) -> list[dict[str, Any]]:
    """Calls of others that they were invited to."""
    return _rows(
        session,
        select(Booking.starts_at, Booking.ends_at, Attendee.name, Attendee.partstat, Attendee.comment)
        .join(Booking, Booking.id == Attendee.booking_id)
        .where(Attendee.email == email, Booking.contact_id != user_id)
        .order_by(Booking.starts_at),
    )


def mails_to(session: Session, email: str) -> list[dict[str, Any]]:
    """The messages that were written to them."""
    columns = (OutgoingMail.content, OutgoingMail.created_at, OutgoingMail.sent_at, OutgoingMail.state)
    return _rows(session, select(*columns).where(OutgoingMail.recipient == email).order_by(OutgoingMail.id))


def mails_from(session: Session, email: str) -> list[dict[str, Any]]:
    """What came in from them and what became of it."""
    columns = (IncomingMail.subject, IncomingMail.received_at, IncomingMail.outcome)
    is_theirs = func.lower(IncomingMail.sender) == email
    return _rows(session, select(*columns).where(is_theirs).order_by(IncomingMail.id))


def facts(session: Session, user_id: int, email: str) -> list[dict[str, Any]]:
    """What the audit log says that they did, and what was done to their account."""
    return _rows(
        session,
        select(AuditEntry.at, AuditEntry.verb, AuditEntry.object_type, AuditEntry.object_id)
        .where(or_(is_by(user_id, [email]), is_about("user", [str(user_id)])))
        .order_by(AuditEntry.id),
    )


def is_by(user_id: int, emails: Sequence[str]) -> ColumnElement[bool]:
    """Facts of which this person is the actor, by id or by an address."""
    return or_(AuditEntry.actor_id == user_id, func.lower(AuditEntry.actor).in_(emails))


def is_about(object_type: str, ids: Sequence[str]) -> ColumnElement[bool]:
    """Facts about these objects."""
    return (AuditEntry.object_type == object_type) & AuditEntry.object_id.in_(ids)


def belongings(session: Session, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """Links, places in the waiting list, sessions and tokens, without their secrets."""
    waiting = (CallType.names.label("call_type"), Waiting.first_day, Waiting.last_day, Waiting.state)
    where = (UserSession.method, UserSession.user_agent, UserSession.client_address)
    seen = (UserSession.created_at, UserSession.last_seen_at, UserSession.ends_at, UserSession.ended_at)
    known = (KnownDevice.user_agent, KnownDevice.first_seen_at, KnownDevice.last_seen_at)
    return {
        "feed_links": _rows(
            session,
            select(FeedLink.name, FeedLink.kind, FeedLink.created_at).where(FeedLink.user_id == user_id),
        ),
        "waiting_list": _rows(
            session,
            select(*waiting, Waiting.created_at)
            .join(CallType, CallType.id == Waiting.call_type_id)
            .where(Waiting.contact_id == user_id),
        ),
        "sessions": _rows(session, select(*where, *seen).where(UserSession.user_id == user_id)),
        "known_browsers": _rows(session, select(*known).where(KnownDevice.user_id == user_id)),
        "api_tokens": _rows(session, select(ApiToken.created_at).where(ApiToken.user_id == user_id)),
    }


def _rows(session: Session, statement: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(statement)]

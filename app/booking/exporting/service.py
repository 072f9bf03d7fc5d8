"""Handing a contact all that is kept about them (a data request)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.booking.exporting import queries
from app.booking.exporting.personal_data import as_json, subject_of
from app.booking.exporting.values import ContactItem
from app.booking.feeds.standing import standing_event
from app.booking.lifecycle import STANDING
from app.booking.models import Booking
from app.booking.queries import calls
from app.config import Settings
from app.ical.feed import compose_feed
from app.mail.wording import words

_MOST_CALLS = 100_000


def contact(session: Session, public_id: str) -> ContactItem:
    """The contact with this public id; raises NotFound, also when they were erased."""
    row = queries.contact(session, User.public_id == public_id)
    if row is None:
        raise NotFound(f"no contact {public_id}")
    return ContactItem(*row)


def contact_with_address(session: Session, email: str) -> ContactItem:
    """The contact with this address; raises NotFound."""
    row = queries.contact(session, User.email == email.strip().lower())
    if row is None:
        raise NotFound(f"no contact has the address {email!r}")
    return ContactItem(*row)


def export_contact(
    session: Session, now: datetime, settings: Settings, actor: SignedIn | str, public_id: str
) -> dict[str, bytes]:
    """All that is kept about a contact, as files by name: ``data.json`` and ``calls.ics``.

    Raises NotFound for somebody who is no contact.
    """
    user = queries.contact_row(session, User.public_id == public_id)
    if user is None:
        raise NotFound(f"no contact {public_id}")
    record(session, now, actor, "exported", "user", user.id)
    document = _document(session, now, user)
    return {"data.json": as_json(document), "calls.ics": _calls(session, settings, user)}


def _document(session: Session, now: datetime, user: User) -> dict[str, Any]:
    sent = [
        {"subject": subject_of(mail.pop("content")), **mail} for mail in queries.mails_to(session, user.email)
    ]
    return {
        "exported_at": now,
        "profile": queries.profile(session, user.id),
        "bookings": queries.bookings(session, user.id),
        "invited_to": queries.invitations(session, user.id, user.email),
        "mails_to_you": sent,
        "mails_from_you": queries.mails_from(session, user.email),
        **queries.belongings(session, user.id),
        "log": queries.facts(session, user.id, user.email),
    }


def _calls(session: Session, settings: Settings, user: User) -> bytes:
    title = words(user.language).gettext("Calls, %(organisation)s") % {"organisation": settings.organisation}
    conditions = (
        Booking.contact_id == user.id,
        Booking.status.in_(STANDING),
        Booking.confirmed_at.is_not(None),
    )
    standing = calls(session, *conditions, limit=_MOST_CALLS)
    url = settings.public_url
    return compose_feed(title, [standing_event(call, public_url=url) for call in standing])

"""What the service's mailbox tells besides answers: mail that came back, and that it cannot be read."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.accounts.service import record
from app.booking.answers.values import MailboxTrouble
from app.booking.guests.queries import attendee_row
from app.booking.models import Booking
from app.mail.service import note_returned

_MAILBOX, _LOST, _FOUND = "mailbox", "lost", "found"


def note_undelivered(session: Session, now: datetime, message_id: str) -> bool:
    """Write into a call's history that a mail about it came back; whether it is a mail of ours.

    Only whoever was sent a mail knows its Message-ID. Once for each mail.
    """
    returned = note_returned(session, message_id)
    if returned is None:
        return False
    key, recipient = returned
    what, _colon, rest = key.partition(":")
    number = rest.partition(":")[0]
    row = session.get(Booking, int(number)) if what == "booking" and number.isdecimal() else None
    if row is not None:
        guest = attendee_row(session, row.id, recipient)
        record(session, now, None, "undelivered", "booking", row.public_id, guest=guest.id if guest else 0)
    return True


def mailbox_trouble(session: Session) -> MailboxTrouble | None:
    """Since when and why the mailbox cannot be read; None while it can."""
    last = session.execute(
        select(AuditEntry.at, AuditEntry.verb, AuditEntry.detail)
        .where(AuditEntry.object_type == _MAILBOX, AuditEntry.object_id == _MAILBOX)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    return MailboxTrouble(last.at, str(last.detail.get("said", ""))) if last and last.verb == _LOST else None


def note_lost(session: Session, now: datetime, said: str) -> None:
    """The mailbox cannot be read; said once, until it can."""
    if mailbox_trouble(session) is None:
        record(session, now, None, _LOST, _MAILBOX, _MAILBOX, said=said)


def note_found(session: Session, now: datetime) -> None:
    """The mailbox can be read again."""
    record(session, now, None, _FOUND, _MAILBOX, _MAILBOX)

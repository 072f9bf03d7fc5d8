"""Mails that belong to no conversation until somebody says so."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.queries import person
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.config import Settings
from app.desk.mailbox import queries
from app.desk.mailbox.errors import NoSuchContact
from app.desk.mailbox.letter import Letter, read_letter
from app.desk.mailbox.models import QuarantinedMail
from app.desk.mailbox.service_receipts import post_receipt
from app.desk.mailbox.service_writing import write_contact_mail
from app.desk.mailbox.values import Delivered, Reason
from app.desk.values import ConversationValue
from app.invites.replies import Outcome
from app.lib.tokens import new_public_id
from app.mail.values import Received

# Anybody can write: what is kept here for them has an end, and the mailbox keeps the rest.
_MOST_BYTES = 5 << 20
_MOST_WAITING = 500
_EXCERPT = 600


def hold(
    session: Session, now: datetime, received: Received, letter: Letter | None, reason: Reason
) -> Outcome | None:
    """Keep a mail until somebody decides; None when it is too large for that, or too many wait."""
    if received.size > _MOST_BYTES or queries.count_waiting(session) >= _MOST_WAITING:
        return None
    session.add(
        QuarantinedMail(
            public_id=new_public_id(),
            identity=received.identity,
            sender=received.mail.sender,
            subject=received.mail.subject,
            excerpt=(letter.text or letter.quoted)[:_EXCERPT] if letter else "",
            reason=reason,
            content=received.content,
            received_at=now,
        )
    )
    session.flush()
    return Outcome.QUARANTINED


def take_quarantined(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str, address: str
) -> ConversationValue:
    """Take a mail into the conversation of the contact with this address, who gets the receipt.

    Raises NotFound for what is decided, cannot be a contact's message or is not theirs to decide, and
    NoSuchContact for an address of nobody whom they serve. Needs a write transaction.
    """
    row = _required(session, now, settings, user, public_id)
    contact_id = queries.contact_id_of(session, now, settings, user, address)
    contact = person(session, User.id == contact_id) if contact_id is not None else None
    if contact is None:
        raise NoSuchContact(f"{user.id} serves no contact {address!r}")
    letter = read_letter(row.content)
    if letter is None or not Reason(row.reason).can_be_taken:
        raise NotFound(f"mail {public_id!r} is no contact's message")
    found = queries.thread_of_mail(session, now, settings, contact, None, letter.answers, letter.reference)
    is_theirs = row.sender == contact.email
    author = (contact.id, contact.name) if is_theirs else (None, row.sender)
    delivered = Delivered(row.identity, letter)
    conversation = write_contact_mail(session, now, settings, contact, delivered, found, author=author)
    post_receipt(session, now, settings, contact, conversation, letter)
    _decide(session, now, user, row, "taken")
    return conversation


def drop_quarantined(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> None:
    """Throw a mail away; raises NotFound as take_quarantined does."""
    _decide(session, now, user, _required(session, now, settings, user, public_id), "dropped")


def _required(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> QuarantinedMail:
    row = queries.waiting_row(session, now, settings, user, public_id) if public_id.isprintable() else None
    if row is None:
        raise NotFound(f"no mail {public_id!r} in quarantine")
    return row


def _decide(session: Session, now: datetime, user: SignedIn, row: QuarantinedMail, decision: str) -> None:
    row.decision, row.decided_at, row.decided_by_id, row.content = decision, now, user.id, b""
    session.flush()
    record(session, now, user, f"{decision} a mail", "quarantine", row.public_id)
